"""InferenceComponent: a model placed on an endpoint."""

from engine.steps.base import Family, Nature, Port, StepType

TYPE = StepType(
    type="InferenceComponent",
    title="Create inference component",
    family=Family.MODEL,
    description="Place a model on an endpoint, with a share of its machines.",
    nature=Nature.UNSUPPORTED,
    reason="Serving endpoints do not run in this release.",
    synonyms=("inference component", "serve", "deploy", "endpoint"),
    ports=(
        Port(name="endpoint", direction="in", pattern="/Arguments/EndpointName", kind="endpoint", title="Endpoint"),
        Port(
            name="model",
            direction="in",
            pattern="/Arguments/Specification/ModelName",
            kind="model-name",
            title="Model name",
        ),
        Port(
            name="name",
            direction="out",
            pattern="/Arguments",
            kind="any",
            reference="InferenceComponentName",
            title="Component",
        ),
    ),
    template={
        "Type": "InferenceComponent",
        "Arguments": {
            "InferenceComponentName": "{step}",
            "EndpointName": "",
            "Specification": {
                "ModelName": "",
                "ComputeResourceRequirements": {"NumberOfCpuCoresRequired": 1, "MinMemoryRequiredInMb": 512},
            },
            "RuntimeConfig": {"CopyCount": 1},
        },
    },
)
