"""RegisterModel: a new version in a model package group of the registry."""

from collections.abc import Mapping

from engine.problems import Problem
from engine.steps import findings
from engine.steps.base import Family, Json, Nature, Port, StepType
from engine.steps.jobs import register_model as effect

SCIKIT_LEARN_IMAGE = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-scikit-learn:1.2-1-cpu-py3"


def _check(step: Mapping[str, Json]) -> tuple[Problem, ...]:
    return tuple(findings.impossible_group(step))


TYPE = StepType(
    type="RegisterModel",
    title="Register model",
    family=Family.MODEL,
    description="Add a trained model to the registry as a new version, with its metrics.",
    nature=Nature.EFFECT,
    synonyms=("register", "registry", "model package", "version", "publish", "approve"),
    ports=(
        Port(
            name="model",
            direction="in",
            pattern="/Arguments/InferenceSpecification/Containers/*/ModelDataUrl",
            kind="model",
            folder_file="model.tar.gz",
            item={"Image": SCIKIT_LEARN_IMAGE, "ModelDataUrl": "{value}"},
            title="Model",
        ),
        Port(
            name="metrics",
            direction="in",
            pattern="/Arguments/ModelMetrics/ModelQuality/Statistics/S3Uri",
            kind="report",
            report_as="uri",
            beside={"ContentType": "application/json"},
            title="Model quality report",
        ),
        Port(
            name="package",
            direction="out",
            pattern="/Arguments",
            kind="package",
            reference="ModelPackageArn",
            title="Model package",
        ),
    ),
    check=_check,
    describe=effect.describe,
    template={
        "Type": "RegisterModel",
        "Arguments": {
            "ModelPackageGroupName": "models",
            "ModelApprovalStatus": "PendingManualApproval",
            "InferenceSpecification": {
                "Containers": [{"Image": SCIKIT_LEARN_IMAGE, "ModelDataUrl": ""}],
                "SupportedContentTypes": ["text/csv"],
                "SupportedResponseMIMETypes": ["text/csv"],
            },
        },
    },
)
