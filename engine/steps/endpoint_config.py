"""EndpointConfig: which models an endpoint serves, on what."""

from engine.steps.base import Family, Nature, Port, StepType

TYPE = StepType(
    type="EndpointConfig",
    title="Create endpoint configuration",
    family=Family.MODEL,
    description="Say which models an endpoint serves, and on which machines.",
    nature=Nature.UNSUPPORTED,
    reason="Serving endpoints do not run in this release.",
    synonyms=("endpoint", "configuration", "serve", "deploy"),
    ports=(
        Port(
            name="model",
            direction="in",
            pattern="/Arguments/ProductionVariants/*/ModelName",
            kind="model-name",
            item={
                "VariantName": "{name}",
                "ModelName": "{value}",
                "InstanceType": "ml.m5.large",
                "InitialInstanceCount": 1,
            },
            item_name="VariantName",
            title="Model name",
        ),
        Port(
            name="name",
            direction="out",
            pattern="/Arguments",
            kind="endpoint-config",
            reference="EndpointConfigName",
            title="Configuration",
        ),
    ),
    template={"Type": "EndpointConfig", "Arguments": {"ProductionVariants": []}},
)
