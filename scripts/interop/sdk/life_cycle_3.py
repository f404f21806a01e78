"""SageMaker Python SDK 3: a script as its users write it. Only the settings of the shell point at Clary."""

import os
from pathlib import Path
from types import SimpleNamespace

import life_cycle
from sagemaker.core import image_uris
from sagemaker.core.processing import ScriptProcessor
from sagemaker.core.shapes import ProcessingInput, ProcessingOutput, ProcessingS3Input, ProcessingS3Output
from sagemaker.core.workflow.conditions import ConditionGreaterThanOrEqualTo
from sagemaker.core.workflow.functions import JsonGet
from sagemaker.core.workflow.parameters import ParameterFloat, ParameterInteger, ParameterString
from sagemaker.core.workflow.pipeline_context import PipelineSession
from sagemaker.core.workflow.properties import PropertyFile
from sagemaker.mlops.workflow.condition_step import ConditionStep
from sagemaker.mlops.workflow.fail_step import FailStep
from sagemaker.mlops.workflow.function_step import step
from sagemaker.mlops.workflow.pipeline import Pipeline, PipelineExecution
from sagemaker.mlops.workflow.selective_execution_config import SelectiveExecutionConfig
from sagemaker.mlops.workflow.steps import ProcessingStep, TrainingStep
from sagemaker.mlops.workflow.triggers import PipelineSchedule
from sagemaker.train import ModelTrainer
from sagemaker.train.configs import Compute, InputData, SourceCode

CODE = Path(__file__).parent / "code"
# The SDK has a default image for other versions of Python only.
IMAGE = "885854791233.dkr.ecr.us-east-1.amazonaws.com/sagemaker-distribution-prod:3-cpu"
ROLE = os.environ["ROLE_ARN"]  # what a script may have to change: a role ARN, written out


def read(name: str, uri: object, folder: str) -> ProcessingInput:
    s3 = ProcessingS3Input(
        s3_uri=uri, local_path=f"/opt/ml/processing/{folder}", s3_data_type="S3Prefix", s3_input_mode="File"
    )
    return ProcessingInput(input_name=name, s3_input=s3)


def written(bucket: str, name: str) -> ProcessingOutput:
    s3 = ProcessingS3Output(
        s3_uri=f"s3://{bucket}/interop-sdk-3/{name}",
        local_path=f"/opt/ml/processing/{name}",
        s3_upload_mode="EndOfJob",
    )
    return ProcessingOutput(output_name=name, s3_output=s3)


def train_and_evaluate(session: PipelineSession) -> Pipeline:
    test_size = ParameterFloat("TestSize", default_value=0.2)
    trees = ParameterInteger("Trees", default_value=20)
    seconds = ParameterInteger("Seconds", default_value=0)
    bucket = session.default_bucket()
    image = image_uris.retrieve("sklearn", session.boto_region_name, version="1.2-1", instance_type="ml.m5.large")
    processor = ScriptProcessor(
        role=ROLE,
        image_uri=image,
        command=["python3"],
        instance_count=1,
        instance_type="ml.m5.large",
        sagemaker_session=session,
    )
    prepare = ProcessingStep(
        "Prepare",
        step_args=processor.run(
            code=str(CODE / "prepare.py"),
            arguments=["--test-size", test_size.to_string(), "--seconds", seconds.to_string()],
            outputs=[written(bucket, "train"), written(bucket, "test")],
        ),
    )
    outputs = prepare.properties.ProcessingOutputConfig.Outputs
    trainer = ModelTrainer(
        training_image=image,
        source_code=SourceCode(source_dir=str(CODE), entry_script="train.py"),
        compute=Compute(instance_type="ml.m5.large", instance_count=1, volume_size_in_gb=30),
        role=ROLE,
        base_job_name="interop",
        hyperparameters={"trees": trees},
        sagemaker_session=session,
    )
    channel = InputData(channel_name="train", data_source=outputs["train"].S3Output.S3Uri)
    train = TrainingStep("Train", step_args=trainer.train(input_data_config=[channel]))
    report = PropertyFile("Report", output_name="evaluation", path="evaluation.json")
    evaluate = ProcessingStep(
        "Evaluate",
        step_args=processor.run(
            code=str(CODE / "evaluate.py"),
            inputs=[
                read("model", train.properties.ModelArtifacts.S3ModelArtifacts, "model"),
                read("test", outputs["test"].S3Output.S3Uri, "test"),
            ],
            outputs=[written(bucket, "evaluation")],
        ),
        property_files=[report],
    )
    accuracy = JsonGet(step_name=evaluate.name, property_file=report, json_path="metrics.accuracy.value")
    decide = ConditionStep(
        "GoodEnough",
        conditions=[ConditionGreaterThanOrEqualTo(accuracy, 0.7)],
        if_steps=[],
        else_steps=[FailStep("TooWeak", error_message="The model is too weak.")],
    )
    return Pipeline(
        "interop-sdk-3",
        parameters=[test_size, trees, seconds],
        steps=[prepare, train, evaluate, decide],
        sagemaker_session=session,
    )


@step(name="double", image_uri=IMAGE, instance_type="ml.m5.large", role=ROLE)
def double(value):
    return value * 2


@step(name="add", image_uri=IMAGE, instance_type="ml.m5.large", role=ROLE)
def add(left, right):
    return {"sum": left + right}


def main() -> None:
    session = PipelineSession()
    sdk = SimpleNamespace(
        SelectiveExecutionConfig=SelectiveExecutionConfig,
        PipelineSchedule=PipelineSchedule,
        PipelineExecution=PipelineExecution,
    )
    life_cycle.run(sdk, train_and_evaluate(session), ROLE)
    many = [ParameterString(f"Text{n}", default_value="x" * 1000) for n in range(120)]
    failing = FailStep("Stop", error_message="never run")
    life_cycle.large_definition(
        Pipeline("interop-large-3", parameters=many, steps=[failing], sagemaker_session=session), ROLE
    )
    total = add(double(20), 2)
    life_cycle.functions(
        Pipeline("interop-functions-3", steps=[total], sagemaker_session=session), ROLE, "add", {"sum": 42}
    )


if __name__ == "__main__":
    life_cycle.script(main)
