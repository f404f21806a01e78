"""Model: a named model that endpoints and batch transforms use."""

from engine.steps.base import Family, Nature, Port, StepType
from engine.steps.jobs import model as effect

TYPE = StepType(
    type="Model",
    title="Create model",
    family=Family.MODEL,
    description="Make a named model of an image and a model file.",
    nature=Nature.EFFECT,
    describe=effect.describe,
    name_argument="ModelName",
    synonyms=("create model", "model", "container", "deploy"),
    ports=(
        Port(
            name="model",
            direction="in",
            pattern="/Arguments/PrimaryContainer/ModelDataUrl",
            kind="model",
            folder_file="model.tar.gz",
            title="Model",
        ),
        Port(
            name="name",
            direction="out",
            pattern="/Arguments",
            kind="model-name",
            reference="ModelName",
            title="Model name",
        ),
    ),
    template={
        "Type": "Model",
        "Arguments": {
            "PrimaryContainer": {
                "Image": "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-scikit-learn:1.2-1-cpu-py3",
                "ModelDataUrl": "",
            }
        },
    },
)
