"""Endpoint: a model that answers requests."""

from engine.steps.base import Family, Nature, Port, StepType

TYPE = StepType(
    type="Endpoint",
    title="Deploy model (endpoint)",
    family=Family.MODEL,
    description="Serve a model at an endpoint that answers requests.",
    nature=Nature.UNSUPPORTED,
    reason="Serving endpoints do not run in this release.",
    synonyms=("endpoint", "serve", "deploy", "real time", "inference"),
    ports=(
        Port(
            name="config",
            direction="in",
            pattern="/Arguments/EndpointConfigName",
            kind="endpoint-config",
            title="Configuration",
        ),
        Port(
            name="name",
            direction="out",
            pattern="/Arguments",
            kind="endpoint",
            reference="EndpointName",
            title="Endpoint",
        ),
    ),
    template={"Type": "Endpoint", "Arguments": {"EndpointName": "{step}", "EndpointConfigName": ""}},
)
