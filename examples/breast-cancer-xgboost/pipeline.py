"""Builds definition.json with the SageMaker Python SDK 2.x. Not needed to run the sample: the result is committed.

    pip install sagemaker==2.257.7
    python pipeline.py

Nothing is sent anywhere: uploads are only noted, because Clary uploads the files when it imports the sample.
"""

import json
import os
import sys
from unittest import mock

import boto3
import sagemaker
from sagemaker.estimator import Estimator
from sagemaker.inputs import TrainingInput
from sagemaker.model import Model
from sagemaker.model_metrics import MetricsSource, ModelMetrics
from sagemaker.processing import ProcessingInput, ProcessingOutput, ScriptProcessor
from sagemaker.sklearn.processing import SKLearnProcessor
from sagemaker.workflow.condition_step import ConditionStep
from sagemaker.workflow.conditions import ConditionGreaterThanOrEqualTo
from sagemaker.workflow.fail_step import FailStep
from sagemaker.workflow.functions import Join, JsonGet
from sagemaker.workflow.model_step import ModelStep
from sagemaker.workflow.parameters import ParameterFloat, ParameterInteger, ParameterString
from sagemaker.workflow.pipeline import Pipeline
from sagemaker.workflow.pipeline_context import PipelineSession
from sagemaker.workflow.properties import PropertyFile
from sagemaker.workflow.steps import CacheConfig, ProcessingStep, TrainingStep

BUCKET = "bucket-placeholder"
ROLE = "arn:aws:iam::000000000000:role/clary"
FOLDER = os.path.dirname(os.path.abspath(__file__))


def build(session):
    input_data = ParameterString(
        "InputData", default_value=f"s3://{BUCKET}/breast-cancer-xgboost/data/breast_cancer.csv"
    )
    instance_type = ParameterString("InstanceType", default_value="ml.m5.large")
    rounds = ParameterInteger("Rounds", default_value=200)
    min_auc = ParameterFloat("MinAuc", default_value=0.95)
    approval = ParameterString(
        "ModelApprovalStatus", default_value="PendingManualApproval", enum_values=["PendingManualApproval", "Approved"]
    )
    cache = CacheConfig(enable_caching=True, expire_after="P30D")

    processor = SKLearnProcessor(
        framework_version="1.2-1", role=ROLE, instance_type=instance_type, instance_count=1, sagemaker_session=session
    )
    prepare = ProcessingStep(
        "Prepare",
        step_args=processor.run(
            code="code/prepare.py",
            inputs=[ProcessingInput(source=input_data, destination="/opt/ml/processing/input/data", input_name="data")],
            outputs=[
                ProcessingOutput(output_name=name, source=f"/opt/ml/processing/{name}")
                for name in ("train", "validation", "test")
            ],
            arguments=["--input", "/opt/ml/processing/input/data", "--output"]
            + [f"/opt/ml/processing/{name}" for name in ("train", "validation", "test")],
        ),
        cache_config=cache,
    )

    image = sagemaker.image_uris.retrieve("xgboost", region="us-east-1", version="1.7-1")
    estimator = Estimator(
        image,
        role=ROLE,
        instance_count=1,
        instance_type=instance_type,
        output_path=f"s3://{BUCKET}/breast-cancer-xgboost/models",
        sagemaker_session=session,
        hyperparameters={
            "objective": "binary:logistic",
            "eval_metric": "auc,logloss",
            "num_round": rounds,
            "max_depth": "4",
            "eta": "0.1",
            "subsample": "0.8",
            "early_stopping_rounds": "20",
            "seed": "7",
        },
    )

    def channel(name):
        uri = prepare.properties.ProcessingOutputConfig.Outputs[name].S3Output.S3Uri
        return TrainingInput(s3_data=uri, content_type="text/csv")

    train = TrainingStep(
        "Train",
        step_args=estimator.fit(inputs={name: channel(name) for name in ("train", "validation")}),
        cache_config=cache,
    )

    evaluator = ScriptProcessor(
        image_uri=image,
        command=["python3"],
        role=ROLE,
        instance_type=instance_type,
        instance_count=1,
        sagemaker_session=session,
    )
    report = PropertyFile(name="EvaluationReport", output_name="evaluation", path="evaluation.json")
    evaluate = ProcessingStep(
        "Evaluate",
        step_args=evaluator.run(
            code="code/evaluate.py",
            inputs=[
                ProcessingInput(
                    source=train.properties.ModelArtifacts.S3ModelArtifacts,
                    destination="/opt/ml/processing/model",
                    input_name="model",
                ),
                ProcessingInput(
                    source=prepare.properties.ProcessingOutputConfig.Outputs["test"].S3Output.S3Uri,
                    destination="/opt/ml/processing/test",
                    input_name="test",
                ),
            ],
            outputs=[ProcessingOutput(output_name="evaluation", source="/opt/ml/processing/evaluation")],
            arguments=[
                "--model",
                "/opt/ml/processing/model",
                "--test",
                "/opt/ml/processing/test",
                "--output",
                "/opt/ml/processing/evaluation",
            ],
        ),
        property_files=[report],
    )

    auc = JsonGet(step_name=evaluate.name, property_file=report, json_path="binary_classification_metrics.auc.value")
    statistics = MetricsSource(
        s3_uri=Join(
            on="/",
            values=[
                evaluate.properties.ProcessingOutputConfig.Outputs["evaluation"].S3Output.S3Uri,
                "evaluation.json",
            ],
        ),
        content_type="application/json",
    )
    model = Model(
        image_uri=image,
        model_data=train.properties.ModelArtifacts.S3ModelArtifacts,
        role=ROLE,
        sagemaker_session=session,
    )
    register = ModelStep(
        "Register",
        step_args=model.register(
            content_types=["text/csv"],
            response_types=["text/csv"],
            inference_instances=["ml.m5.large"],
            transform_instances=["ml.m5.large"],
            model_package_group_name="breast-cancer-xgboost",
            approval_status=approval,
            model_metrics=ModelMetrics(model_statistics=statistics),
        ),
    )
    weak = FailStep("TooWeak", error_message=Join(on=" ", values=["The AUC", auc, "is less than MinAuc =", min_auc]))
    gate = ConditionStep(
        "GoodEnough",
        conditions=[ConditionGreaterThanOrEqualTo(left=auc, right=min_auc)],
        if_steps=[register],
        else_steps=[weak],
    )
    return Pipeline(
        "breast-cancer-xgboost",
        parameters=[input_data, instance_type, rounds, min_auc, approval],
        steps=[prepare, train, evaluate, gate],
        sagemaker_session=session,
    )


def main():
    os.chdir(FOLDER)  # the SDK names code by path and content, so paths are relative
    uploads = []

    def note(local_path, desired_s3_uri, **_):
        uri = f"{desired_s3_uri}/{os.path.basename(local_path)}"  # a file keeps its name under the given folder
        uploads.append((local_path, uri))
        return uri

    boto = boto3.Session(region_name="us-east-1", aws_access_key_id="none", aws_secret_access_key="none")
    with mock.patch("sagemaker.s3.S3Uploader.upload", side_effect=note):
        session = PipelineSession(boto_session=boto, default_bucket=BUCKET)
        session.default_bucket = lambda: BUCKET
        text = build(session).definition()

    bucket = f"s3://{BUCKET}/"
    files = [{"path": "data/breast_cancer.csv", "key": "breast-cancer-xgboost/data/breast_cancer.csv"}]
    for path, uri in uploads:
        entry = {"path": os.path.relpath(path.removeprefix("file://")), "key": uri.removeprefix(bucket)}
        if entry not in files:
            files.append(entry)
    with open("sample.json") as file:
        manifest = json.load(file)
    with open("sample.json", "w") as file:
        json.dump({**manifest, "files": files}, file, indent=2)
        file.write("\n")
    with open("definition.json", "w") as file:
        json.dump(json.loads(text.replace(BUCKET, "{bucket}")), file, indent=1)
        file.write("\n")


if __name__ == "__main__":
    sys.exit(main())
