"""SageMaker Python SDK 3: a pipeline for every kind of step this generation adds or writes in its own way."""

import os
from pathlib import Path

import kinds
from sagemaker.core.lambda_helper import Lambda
from sagemaker.core.parameter import CategoricalParameter, ContinuousParameter
from sagemaker.core.processing import ScriptProcessor
from sagemaker.core.shapes import ProcessingOutput, ProcessingS3Output
from sagemaker.core.transformer import Transformer
from sagemaker.core.workflow.conditions import (
    ConditionEquals,
    ConditionGreaterThan,
    ConditionIn,
    ConditionNot,
    ConditionOr,
)
from sagemaker.core.workflow.execution_variables import ExecutionVariables
from sagemaker.core.workflow.functions import Join
from sagemaker.core.workflow.parameters import ParameterBoolean, ParameterFloat, ParameterInteger, ParameterString
from sagemaker.core.workflow.pipeline_context import PipelineSession
from sagemaker.core.workflow.properties import PropertyFile
from sagemaker.mlops.workflow.callback_step import CallbackOutput, CallbackOutputTypeEnum, CallbackStep
from sagemaker.mlops.workflow.cleanup_step import CleanupStep, S3CleanupSource
from sagemaker.mlops.workflow.condition_step import ConditionStep
from sagemaker.mlops.workflow.emr_serverless_step import EMRServerlessJobConfig, EMRServerlessStep
from sagemaker.mlops.workflow.endpoint_step import EndpointConfigStep, EndpointStep
from sagemaker.mlops.workflow.fail_step import FailStep
from sagemaker.mlops.workflow.for_each_step import (
    CurrentItem,
    ForEachSelector,
    ForEachSelectorPickType,
    ForEachStep,
    IterationOutput,
)
from sagemaker.mlops.workflow.function_step import step
from sagemaker.mlops.workflow.lambda_step import LambdaOutput, LambdaOutputTypeEnum, LambdaStep
from sagemaker.mlops.workflow.parallelism_config import ParallelismConfiguration
from sagemaker.mlops.workflow.pipeline import Pipeline
from sagemaker.mlops.workflow.retry import (
    SageMakerJobExceptionTypeEnum,
    SageMakerJobStepRetryPolicy,
    StepExceptionTypeEnum,
    StepRetryPolicy,
)
from sagemaker.mlops.workflow.step_dependency import StepDependency, TriggerCondition
from sagemaker.mlops.workflow.steps import CacheConfig, ProcessingStep, TrainingStep, TransformStep, TuningStep
from sagemaker.train import ModelTrainer
from sagemaker.train.configs import Compute, InputData, SourceCode, StoppingCondition
from sagemaker.train.tuner import HyperparameterTuner

CODE = Path(__file__).parent / "code"
ROLE = os.environ["ROLE_ARN"]
IMAGE = "123456789012.dkr.ecr.us-east-1.amazonaws.com/my-image:1"
SESSION = PipelineSession()
BUCKET = SESSION.default_bucket()


def processed(name, arguments=(), inputs=None, outputs=None, **more):
    processor = ScriptProcessor(
        role=ROLE,
        image_uri=IMAGE,
        command=["python3"],
        instance_count=1,
        instance_type="ml.m5.large",
        sagemaker_session=SESSION,
    )
    words = processor.run(
        code=str(CODE / "prepare.py"), arguments=list(arguments), inputs=inputs or [], outputs=outputs or []
    )
    return ProcessingStep(name, step_args=words, **more)


def written(name):
    s3 = ProcessingS3Output(
        s3_uri=Join(on="/", values=[f"s3://{BUCKET}", ExecutionVariables.PIPELINE_EXECUTION_ID, name]),
        local_path=f"/opt/ml/processing/{name}",
        s3_upload_mode="EndOfJob",
    )
    return ProcessingOutput(output_name=name, s3_output=s3)


def trainer(**more):
    return ModelTrainer(
        training_image=IMAGE,
        source_code=SourceCode(source_dir=str(CODE), entry_script="train.py"),
        compute=Compute(instance_type="ml.m5.large", instance_count=1, volume_size_in_gb=30),
        role=ROLE,
        base_job_name="kinds",
        sagemaker_session=SESSION,
        **more,
    )


@kinds.pipeline
def whatever_happens():
    """Dependencies on failure, on a stop, on any end; policies, caches, property files."""
    first = processed(
        "First",
        ["--at", ExecutionVariables.START_DATETIME],
        outputs=[written("report")],
        property_files=[PropertyFile("Report", output_name="report", path="r.json")],
        cache_config=CacheConfig(enable_caching=True, expire_after="PT1H"),
        retry_policies=[
            StepRetryPolicy(exception_types=[StepExceptionTypeEnum.THROTTLING], max_attempts=2),
            SageMakerJobStepRetryPolicy(
                exception_types=[SageMakerJobExceptionTypeEnum.CAPACITY_ERROR], expire_after_mins=5
            ),
        ],
    )
    failed = processed("OnFailure", depends_on=[StepDependency(first, TriggerCondition.FAILED)])
    stopped = processed("OnStop", depends_on=[StepDependency("First", TriggerCondition.STOPPED)])
    always = processed(
        "Always", depends_on=[StepDependency(first, TriggerCondition.ANY), StepDependency(failed, TriggerCondition.ANY)]
    )
    after = processed("After", depends_on=[StepDependency(always, TriggerCondition.COMPLETED)])
    return [first, failed, stopped, always, after], []


@kinds.pipeline
def serverless_clusters():
    job = EMRServerlessJobConfig(
        job_driver={"sparkSubmit": {"entryPoint": f"s3://{BUCKET}/a.py", "entryPointArguments": ["x"]}},
        execution_role_arn=ROLE,
        configuration_overrides={"monitoringConfiguration": {}},
        execution_timeout_minutes=5,
        name="job",
        tags={"a": "b"},
    )
    return [
        EMRServerlessStep("Running", "Running app", "said", job, application_id="00abcdefghijklmn"),
        EMRServerlessStep(
            "Own",
            "Own app",
            "said",
            job,
            application_config={"name": "a", "releaseLabel": "emr-6.15.0", "type": "SPARK"},
            depends_on=["Running"],
            cache_config=CacheConfig(enable_caching=True, expire_after="30d"),
            retry_policies=[StepRetryPolicy(exception_types=[StepExceptionTypeEnum.SERVICE_FAULT], max_attempts=1)],
        ),
    ], []


@kinds.pipeline
def each_of_some():
    """Literals, expressions and objects to go through; the best one; how many there were."""
    item = CurrentItem()
    call = LambdaStep(
        "Call",
        lambda_func=Lambda(function_arn="arn:aws:lambda:us-east-1:123456789012:function:f"),
        inputs={"item": item, "deep": item["a b"], "deeper": item.c.d},
        outputs=[LambdaOutput("score", LambdaOutputTypeEnum.Float)],
    )
    next_one = processed("Next", ["--x", call.properties.Outputs["score"].to_string()])
    each = ForEachStep(
        "Each",
        for_each_body=[call, next_one],
        iterable_items=['{"a b": 1, "c": {"d": 2}}', '{"a b": 3, "c": {"d": 4}}'],
        max_concurrency=50,
        selector=ForEachSelector(
            pick=ForEachSelectorPickType.MIN_BY, field=IterationOutput(call).OutputParameters["score"]
        ),
    )
    best = processed(
        "Best",
        [
            "--status",
            each.properties.Status,
            "--count",
            each.properties.InputItemCount,
            "--first",
            each.properties.IterationOutputs[0].Call.OutputParameters["score"],
        ],
    )
    return [each, best], []


@kinds.pipeline
def cleaned_behind():
    made = processed("Made", outputs=[written("big")])
    train = TrainingStep(
        "Train",
        step_args=trainer().train(
            input_data_config=[
                InputData(
                    channel_name="train",
                    data_source=made.properties.ProcessingOutputConfig.Outputs["big"].S3Output.S3Uri,
                )
            ]
        ),
    )
    tidy = CleanupStep(
        "Tidy",
        s3_sources=[
            S3CleanupSource(
                made,
                s3_uris=[
                    Join(on="/", values=[made.properties.ProcessingOutputConfig.Outputs["big"].S3Output.S3Uri, "x.bin"])
                ],
            ),
            S3CleanupSource("Train"),
        ],
        depends_on=[StepDependency(train, TriggerCondition.ANY)],
    )
    return [made, train, tidy], []


@kinds.pipeline
def tuned_and_scored():
    tuner = HyperparameterTuner(
        model_trainer=trainer(hyperparameters={"epochs": 3}),
        objective_metric_name="val:acc",
        hyperparameter_ranges={"lr": ContinuousParameter(1e-4, 1.0), "opt": CategoricalParameter(["a", "b"])},
        metric_definitions=[{"Name": "val:acc", "Regex": "acc=([0-9.]+)"}],
        strategy="Random",
        max_jobs=2,
        max_parallel_jobs=1,
    )
    channel = InputData(channel_name="train", data_source=f"s3://{BUCKET}/train")
    tune = TuningStep("Tune", step_args=tuner.tune(inputs=[channel]))
    plain = TrainingStep(
        "Plain",
        step_args=trainer(
            stopping_condition=StoppingCondition(max_runtime_in_seconds=60),
            environment={"A": "b"},
            hyperparameters={"lr": ParameterFloat("Rate", default_value=0.1), "deep": {"a": [1]}, "flag": True},
        ).train(input_data_config=[channel], wait=False),
    )
    model = ParameterString("Model", default_value="a-model")
    score = TransformStep(
        "Score",
        step_args=Transformer(model, 1, "ml.m5.large", sagemaker_session=SESSION, strategy="MultiRecord").transform(
            data=f"s3://{BUCKET}/i", content_type="text/csv", split_type="Line", join_source="Input"
        ),
    )
    return [tune, plain, score], [ParameterFloat("Rate", default_value=0.1), model]


@kinds.pipeline
def conditions_of_every_type():
    text = ParameterString("Text", default_value='ü"\\/\u2028', enum_values=['ü"\\/\u2028', "b"])
    whole, part = ParameterInteger("Whole", default_value=-1), ParameterFloat("Part", default_value=1e-7)
    yes = ParameterBoolean("Yes", default_value=True)
    wait = CallbackStep(
        "Wait",
        sqs_queue_url="https://sqs.us-east-1.amazonaws.com/123456789012/q",
        inputs={"a": text, "b": whole},
        outputs=[CallbackOutput("out", CallbackOutputTypeEnum.Integer)],
    )
    inner = ConditionStep(
        "Inner",
        conditions=[ConditionOr([ConditionIn(text, ["b", text]), ConditionNot(ConditionEquals(yes, False))])],
        if_steps=[wait],
        else_steps=[],
    )
    outer = ConditionStep(
        "Outer",
        conditions=[ConditionGreaterThan(part, 0.5)],
        if_steps=[inner],
        else_steps=[FailStep("No", error_message=Join(on="", values=["no: ", text, whole, part, yes]))],
    )
    return [outer], [text, whole, part, yes]


@kinds.pipeline
def served_by_an_endpoint():
    variants = [{"VariantName": "All", "ModelName": "m", "InitialInstanceCount": 1, "InstanceType": "ml.m5.large"}]
    config = EndpointConfigStep(
        "Config", step_args=SESSION.create_endpoint_config(name="config", production_variants=variants)
    )
    served = EndpointStep(
        "Served",
        step_args=SESSION.create_endpoint(endpoint_name="served", config_name=config.properties.EndpointConfigName),
    )
    return [config, served], []


@kinds.pipeline
def functions_among_steps():
    words = {"image_uri": IMAGE, "instance_type": "ml.m5.large", "role": ROLE}

    @step(name="measure", display_name="Measure!", description="by a function", **words)
    def measure(uri, run):
        return {"accuracy": 0.5, "uri": uri, "run": run}

    @step(name="decide", keep_alive_period_in_seconds=10, **words)
    def decide(accuracy):
        return accuracy > 0.4

    made = processed("Made", outputs=[written("big")])
    uri = made.properties.ProcessingOutputConfig.Outputs["big"].S3Output.S3Uri
    found = measure(uri, ExecutionVariables.PIPELINE_EXECUTION_ID)
    stop = FailStep("TooLow", error_message=Join(on=" ", values=["was", found["accuracy"]]))
    check = ConditionStep(
        "Check",
        conditions=[ConditionGreaterThan(found["accuracy"], 0.9)],
        if_steps=[decide(found["accuracy"])],
        else_steps=[stop],
    )
    return [check], []


if __name__ == "__main__":
    kinds.main(
        lambda name, steps, parameters, **more: Pipeline(
            name, parameters=parameters, steps=steps, sagemaker_session=SESSION, **more
        ),
        ROLE,
        parallelism=ParallelismConfiguration(max_parallel_execution_steps=3),
    )
