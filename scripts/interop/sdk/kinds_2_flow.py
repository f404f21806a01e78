"""SDK 2: conditions, messages, functions and what an execution knows."""

import kinds
from kinds_2_base import BUCKET, CODE, IMAGE, ROLE, estimator, fitted, script
from sagemaker.lambda_helper import Lambda
from sagemaker.workflow.callback_step import CallbackOutput, CallbackOutputTypeEnum, CallbackStep
from sagemaker.workflow.condition_step import ConditionStep
from sagemaker.workflow.conditions import (
    ConditionEquals,
    ConditionGreaterThan,
    ConditionIn,
    ConditionLessThanOrEqualTo,
    ConditionNot,
    ConditionOr,
)
from sagemaker.workflow.execution_variables import ExecutionVariables
from sagemaker.workflow.fail_step import FailStep
from sagemaker.workflow.function_step import step
from sagemaker.workflow.functions import Join
from sagemaker.workflow.lambda_step import LambdaOutput, LambdaOutputTypeEnum, LambdaStep
from sagemaker.workflow.parameters import ParameterBoolean, ParameterFloat, ParameterInteger, ParameterString
from sagemaker.workflow.pipeline_experiment_config import PipelineExperimentConfig
from sagemaker.workflow.retry import (
    StepExceptionTypeEnum,
    StepRetryPolicy,
)
from sagemaker.workflow.steps import CacheConfig, ProcessingStep, TrainingStep


@kinds.pipeline
def functions_and_messages():
    """Lambda and Callback with outputs of every type, wired to each other."""
    call = LambdaStep(
        "Call",
        lambda_func=Lambda(function_arn="arn:aws:lambda:us-east-1:123456789012:function:f"),
        inputs={"text": "x", "number": 1, "yes": True, "run": ExecutionVariables.PIPELINE_EXECUTION_ARN},
        outputs=[LambdaOutput(f"out{kind.value}", kind) for kind in LambdaOutputTypeEnum],
        cache_config=CacheConfig(enable_caching=True, expire_after="P1D"),
    )
    wait = CallbackStep(
        "Wait",
        sqs_queue_url="https://sqs.us-east-1.amazonaws.com/123456789012/queue",
        inputs={"from": call.properties.Outputs["outString"], "n": call.properties.Outputs["outInteger"]},
        outputs=[CallbackOutput(f"out{kind.value}", kind) for kind in CallbackOutputTypeEnum],
    )
    check = ConditionStep(
        "Check",
        conditions=[ConditionGreaterThan(wait.properties.Outputs["outFloat"], 0.5)],
        if_steps=[FailStep("Enough", error_message=wait.properties.Outputs["outString"])],
        else_steps=[],
    )
    return [call, wait, check], []


@kinds.pipeline
def conditions_in_conditions():
    """And, or, not, in, parameters of every type, conditions inside of branches."""
    text = ParameterString("Text", default_value="b", enum_values=["a", "b", ""])
    whole = ParameterInteger("Whole", default_value=0)
    part = ParameterFloat("Part", default_value=0.0)
    yes = ParameterBoolean("Yes", default_value=False)
    needed = ParameterString("Needed")
    deep = ConditionStep(
        "Deep",
        conditions=[ConditionOr([ConditionEquals(yes, True), ConditionNot(ConditionIn(text, ["a", "c"]))])],
        if_steps=[
            FailStep(
                "DeepFail", error_message=Join(on="/", values=[text, whole, part, yes, Join(on="", values=[needed])])
            )
        ],
        else_steps=[],
    )
    top = ConditionStep(
        "Top",
        display_name="Top, of all",
        conditions=[
            ConditionLessThanOrEqualTo(whole, 3),
            ConditionOr([ConditionNot(ConditionOr([ConditionEquals(part, 1.5), ConditionIn(whole, [7, 8])]))]),
        ],
        if_steps=[deep],
        else_steps=[FailStep("TopFail", error_message="no")],
    )
    return [top], [text, whole, part, yes, needed]


@kinds.pipeline
def what_an_execution_knows():
    """Every variable of an execution, an experiment named by expressions, a limit of parallel steps."""
    names = [
        ExecutionVariables.START_DATETIME,
        ExecutionVariables.CURRENT_DATETIME,
        ExecutionVariables.PIPELINE_NAME,
        ExecutionVariables.PIPELINE_ARN,
        ExecutionVariables.PIPELINE_EXECUTION_ID,
        ExecutionVariables.PIPELINE_EXECUTION_ARN,
        ExecutionVariables.PROCESSING_JOB_NAME,
    ]
    arguments = [word for name in names for word in ("--x", Join(on=":", values=["v", name]), name)]
    say = ProcessingStep("Say", step_args=script().run(code=str(CODE / "prepare.py"), arguments=arguments))
    train = TrainingStep(
        "Train",
        step_args=estimator(environment={"JOB": ExecutionVariables.TRAINING_JOB_NAME}).fit(
            {"train": Join(on="/", values=[f"s3://{BUCKET}", ExecutionVariables.PIPELINE_NAME, "train"])}
        ),
    )
    return (
        [say, train],
        [],
        {
            "pipeline_experiment_config": PipelineExperimentConfig(
                Join(on="-", values=["exp", ExecutionVariables.PIPELINE_NAME]),
                Join(on="-", values=["trial", ExecutionVariables.PIPELINE_EXECUTION_ID]),
            )
        },
    )


@kinds.pipeline
def functions_among_steps():
    """@step beside steps of the classic kind: its value in a condition, in a message, as an input."""
    words = {"image_uri": IMAGE, "instance_type": "ml.m5.large", "role": ROLE}

    @step(name="measure", display_name="Measure!", description="by a function", **words)
    def measure(uri, run):
        return {"accuracy": 0.5, "uri": uri, "run": run}

    @step(
        name="decide",
        retry_policies=[StepRetryPolicy(exception_types=[StepExceptionTypeEnum.THROTTLING], max_attempts=2)],
        max_retry_attempts=2,
        **words,
    )
    def decide(accuracy):
        return accuracy > 0.4

    train = fitted("Train")
    found = measure(train.properties.ModelArtifacts.S3ModelArtifacts, ExecutionVariables.PIPELINE_EXECUTION_ID)
    good = decide(found["accuracy"])
    stop = FailStep("TooLow", error_message=Join(on=" ", values=["was", found["accuracy"]]))
    check = ConditionStep(
        "Check", conditions=[ConditionGreaterThan(found["accuracy"], 0.9)], if_steps=[good], else_steps=[stop]
    )
    return [check], []
