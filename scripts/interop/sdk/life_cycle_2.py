"""SageMaker Python SDK 2: a script as its users write it. Only the settings of the shell point at Clary."""

import contextlib
import io
import os
from pathlib import Path
from types import SimpleNamespace

import life_cycle
from sagemaker.inputs import TrainingInput
from sagemaker.processing import ProcessingInput, ProcessingOutput
from sagemaker.sklearn import SKLearn
from sagemaker.sklearn.processing import SKLearnProcessor
from sagemaker.workflow.condition_step import ConditionStep
from sagemaker.workflow.conditions import ConditionGreaterThanOrEqualTo
from sagemaker.workflow.fail_step import FailStep
from sagemaker.workflow.function_step import step
from sagemaker.workflow.functions import JsonGet
from sagemaker.workflow.parameters import ParameterFloat, ParameterInteger, ParameterString
from sagemaker.workflow.pipeline import Pipeline, _PipelineExecution
from sagemaker.workflow.pipeline_context import PipelineSession
from sagemaker.workflow.properties import PropertyFile
from sagemaker.workflow.selective_execution_config import SelectiveExecutionConfig
from sagemaker.workflow.steps import ProcessingStep, TrainingStep
from sagemaker.workflow.triggers import PipelineSchedule

CODE = Path(__file__).parent / "code"
# The SDK has a default image for Python 3.8 and 3.10 only.
IMAGE = "885854791233.dkr.ecr.us-east-1.amazonaws.com/sagemaker-distribution-prod:3-cpu"
ROLE = os.environ["ROLE_ARN"]  # what a script may have to change: a role ARN, written out


def train_and_evaluate(session: PipelineSession) -> Pipeline:
    test_size = ParameterFloat("TestSize", default_value=0.2)
    trees = ParameterInteger("Trees", default_value=20)
    seconds = ParameterInteger("Seconds", default_value=0)
    processor = SKLearnProcessor(
        framework_version="1.2-1", role=ROLE, instance_type="ml.m5.large", instance_count=1, sagemaker_session=session
    )
    prepare = ProcessingStep(
        "Prepare",
        step_args=processor.run(
            code=str(CODE / "prepare.py"),
            arguments=["--test-size", test_size.to_string(), "--seconds", seconds.to_string()],
            outputs=[
                ProcessingOutput(output_name=name, source=f"/opt/ml/processing/{name}") for name in ("train", "test")
            ],
        ),
    )
    outputs = prepare.properties.ProcessingOutputConfig.Outputs
    estimator = SKLearn(
        entry_point=str(CODE / "train.py"),
        framework_version="1.2-1",
        role=ROLE,
        instance_type="ml.m5.large",
        hyperparameters={"trees": trees},
        sagemaker_session=session,
    )
    train = TrainingStep("Train", step_args=estimator.fit({"train": TrainingInput(outputs["train"].S3Output.S3Uri)}))
    report = PropertyFile("Report", output_name="evaluation", path="evaluation.json")
    evaluate = ProcessingStep(
        "Evaluate",
        step_args=processor.run(
            code=str(CODE / "evaluate.py"),
            inputs=[
                ProcessingInput(
                    source=train.properties.ModelArtifacts.S3ModelArtifacts, destination="/opt/ml/processing/model"
                ),
                ProcessingInput(source=outputs["test"].S3Output.S3Uri, destination="/opt/ml/processing/test"),
            ],
            outputs=[ProcessingOutput(output_name="evaluation", source="/opt/ml/processing/evaluation")],
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
        "interop-sdk-2",
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


def plain_job() -> None:
    """Outside of pipelines: a job by itself, its log on this terminal."""
    printed = io.StringIO()
    processor = SKLearnProcessor(framework_version="1.2-1", role=ROLE, instance_type="ml.m5.large", instance_count=1)
    with life_cycle.check("run a processing job by itself and read its log"):
        with contextlib.redirect_stdout(printed):
            processor.run(code=str(CODE / "prepare.py"), wait=True, logs=True)
        assert "rows to train" in printed.getvalue(), printed.getvalue()


def main() -> None:
    session = PipelineSession()
    sdk = SimpleNamespace(
        SelectiveExecutionConfig=SelectiveExecutionConfig,
        PipelineSchedule=PipelineSchedule,
        PipelineExecution=_PipelineExecution,
    )
    life_cycle.run(sdk, train_and_evaluate(session), ROLE)
    plain_job()
    many = [ParameterString(f"Text{n}", default_value="x" * 1000) for n in range(120)]
    failing = FailStep("Stop", error_message="never run")
    life_cycle.large_definition(
        Pipeline("interop-large-2", parameters=many, steps=[failing], sagemaker_session=session), ROLE
    )
    total = add(double(20), 2)
    life_cycle.functions(
        Pipeline("interop-functions-2", steps=[total], sagemaker_session=session), ROLE, "add", {"sum": 42}
    )


if __name__ == "__main__":
    life_cycle.script(main)
