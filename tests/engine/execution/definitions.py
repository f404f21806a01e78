"""Small definitions as the SageMaker SDK writes them, cut down to what makes an edge."""

from __future__ import annotations

from typing import Any

Json = Any
IMAGE = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-scikit-learn:1.2-1-cpu-py3"


def get(step: str, path: str) -> Json:
    return {"Get": f"Steps.{step}.{path}"}


def output_of(step: str, output: str = "out") -> Json:
    return get(step, f"ProcessingOutputConfig.Outputs['{output}'].S3Output.S3Uri")


def pipeline(*steps: Json) -> Json:
    return {"Version": "2020-12-01", "Metadata": {}, "Parameters": [], "Steps": list(steps)}


def step(name: str, type: str, arguments: Json, **envelope: Json) -> Json:
    return {"Name": name, "Type": type, "Arguments": arguments, **envelope}


def processing(name: str, *inputs: Json, **envelope: Json) -> Json:
    return step(
        name,
        "Processing",
        {
            "AppSpecification": {"ImageUri": IMAGE, "ContainerEntrypoint": ["python3", f"/code/{name}.py"]},
            "ProcessingInputs": [
                {"InputName": f"in{n}", "S3Input": {"S3Uri": uri, "LocalPath": f"/opt/ml/processing/in{n}"}}
                for n, uri in enumerate(inputs)
            ],
            "ProcessingOutputConfig": {
                "Outputs": [{"OutputName": "out", "S3Output": {"S3Uri": f"s3://b/{name}", "LocalPath": "/out"}}]
            },
        },
        **envelope,
    )


def training(name: str, uri: Json, **envelope: Json) -> Json:
    channel = {"ChannelName": "train", "DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": uri}}}
    arguments = {"AlgorithmSpecification": {"TrainingImage": IMAGE}, "InputDataConfig": [channel]}
    return step(name, "Training", arguments, **envelope)


def condition(name: str, left: Json, then: list[Json], otherwise: list[Json], **envelope: Json) -> Json:
    test = {"Type": "GreaterThanOrEqualTo", "LeftValue": left, "RightValue": 0.9}
    return step(name, "Condition", {"Conditions": [test], "IfSteps": then, "ElseSteps": otherwise}, **envelope)


def callback(name: str, *outputs: str, **envelope: Json) -> Json:
    url = "https://sqs.us-east-1.amazonaws.com/111122223333/answers"
    declared = [{"OutputName": output, "OutputType": "String"} for output in outputs]
    return step(name, "Callback", {"for": name}, SqsQueueUrl=url, OutputParameters=declared, **envelope)


def fail(name: str, message: str, **envelope: Json) -> Json:
    return step(name, "Fail", {"ErrorMessage": message}, **envelope)


def after(*steps: str, trigger: str | None = None) -> list[Json]:
    return [{"Step": name, "Trigger": trigger} if trigger else name for name in steps]


def headline() -> Json:
    """Split, train two models side by side, compare them, register the better one or fail."""
    report = {"PropertyFileName": "report", "OutputName": "out", "FilePath": "report.json"}
    auc = {"Std:JsonGet": {"PropertyFile": get("Evaluate", "PropertyFiles.report"), "Path": "auc"}}
    model = get("TrainForest", "ModelArtifacts.S3ModelArtifacts")
    register = step(
        "Register",
        "RegisterModel",
        {
            "ModelPackageGroupName": "breast-cancer",
            "InferenceSpecification": {"Containers": [{"Image": IMAGE, "ModelDataUrl": model}]},
        },
    )
    cached = {"Enabled": True, "ExpireAfter": "P30D"}
    return pipeline(
        processing("Split", "s3://b/table.csv", CacheConfig=cached),
        training("TrainForest", output_of("Split"), CacheConfig=cached),
        training("TrainBoosted", output_of("Split"), CacheConfig=cached),
        processing(
            "Evaluate",
            model,
            get("TrainBoosted", "ModelArtifacts.S3ModelArtifacts"),
            PropertyFiles=[report],
        ),
        condition("GoodEnough", auc, [register], [fail("TooWeak", "AUC is below 0.9.")]),
    )


def run_conditions() -> Json:
    """The run-condition triggers of the SDK's third generation: one step per way Train can end."""
    return pipeline(
        training("Train", "s3://b/train"),
        processing("OnFail", DependsOn=after("Train", trigger="Failed")),
        processing("OnStop", DependsOn=after("Train", trigger="Stopped")),
        processing("Always", DependsOn=after("Train", trigger="Any")),
        processing("Ok", DependsOn=after("Train")),
    )


def fan_out(width: int) -> Json:
    parts = [f"Part{n}" for n in range(1, width + 1)]
    return pipeline(
        processing("Split", "s3://b/all"),
        *(processing(name, output_of("Split")) for name in parts),
        processing("Merge", *(output_of(name) for name in parts)),
    )
