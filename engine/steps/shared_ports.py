"""Ports and templates that several step types have, so that each type's module only names them."""

from typing import Any

from engine.steps.base import Port

#: Any value of a flat map of arguments (Lambda, Callback).
ARGUMENT = Port(name="argument", direction="in", pattern="/Arguments/*", json_type="any", kind="any", title="Argument")

#: What a Lambda or Callback step declares to return.
OUTPUT_PARAMETER = Port(
    name="output",
    direction="out",
    pattern="/OutputParameters/*",
    json_type="any",
    kind="any",
    reference="OutputParameters['{name}']",
    item_name="OutputName",
    title="Output",
)

#: Data of a checking job (QualityCheck, ClarifyCheck): a processing input of its own.
CHECKED_DATA = Port(
    name="input",
    direction="in",
    pattern="/Arguments/ProcessingInputs/*/S3Input/S3Uri",
    item={
        "InputName": "{name}",
        "S3Input": {
            "S3Uri": "{value}",
            "LocalPath": "/opt/ml/processing/input/{name}",
            "S3DataType": "S3Prefix",
            "S3InputMode": "File",
        },
    },
    item_name="InputName",
    report_as="uri",
    title="Data",
)

#: What such a job finds usual in its data, to be checked against later.
BASELINE_CONSTRAINTS = Port(
    name="constraints",
    direction="out",
    pattern="/Arguments",
    kind="report",
    reference="CalculatedBaselineConstraints",
    title="Constraints",
)


def checking_template(type: str, image: str, check: str) -> dict[str, Any]:
    """A new step of a checking type: one small machine, no inputs yet."""
    return {
        "Type": type,
        "Arguments": {
            "ProcessingResources": {
                "ClusterConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 30}
            },
            "AppSpecification": {"ImageUri": image},
            "ProcessingInputs": [],
            "ProcessingOutputConfig": {"Outputs": []},
        },
        "CheckType": check,
        "SkipCheck": False,
        "FailOnViolation": True,
        "RegisterNewBaseline": False,
    }
