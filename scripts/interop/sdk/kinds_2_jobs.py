"""SDK 2: processing, training, tuning and AutoML jobs with every member the SDK writes."""

import kinds
from kinds_2_base import BUCKET, CODE, IMAGE, JOB, ROLE, SESSION, estimator, script
from sagemaker.automl.automl import AutoML, AutoMLInput
from sagemaker.debugger import ProfilerConfig, Rule, rule_configs
from sagemaker.inputs import FileSystemInput, TrainingInput
from sagemaker.model import Model
from sagemaker.model_metrics import MetricsSource, ModelMetrics
from sagemaker.network import NetworkConfig
from sagemaker.processing import ProcessingInput, ProcessingOutput
from sagemaker.pytorch import PyTorch, PyTorchProcessor
from sagemaker.spark.processing import PySparkProcessor, SparkJarProcessor
from sagemaker.tuner import (
    CategoricalParameter,
    ContinuousParameter,
    HyperbandStrategyConfig,
    HyperparameterTuner,
    IntegerParameter,
    StrategyConfig,
    WarmStartConfig,
    WarmStartTypes,
)
from sagemaker.workflow.automl_step import AutoMLStep
from sagemaker.workflow.condition_step import ConditionStep
from sagemaker.workflow.conditions import (
    ConditionEquals,
)
from sagemaker.workflow.execution_variables import ExecutionVariables
from sagemaker.workflow.fail_step import FailStep
from sagemaker.workflow.functions import Join, JsonGet
from sagemaker.workflow.model_step import ModelStep
from sagemaker.workflow.parameters import ParameterFloat, ParameterInteger, ParameterString
from sagemaker.workflow.properties import PropertyFile
from sagemaker.workflow.retry import (
    SageMakerJobExceptionTypeEnum,
    SageMakerJobStepRetryPolicy,
    StepExceptionTypeEnum,
    StepRetryPolicy,
)
from sagemaker.workflow.steps import CacheConfig, ProcessingStep, TrainingStep, TuningStep


@kinds.pipeline
def processing_in_full():
    """Every member of a processing job, retries of both kinds, a cache, order."""
    count = ParameterInteger("Count", default_value=2)
    secret = ParameterString("Secret", default_value="s3cr3t")
    processor = script(
        instance_count=count,
        volume_size_in_gb=50,
        volume_kms_key="alias/k",
        output_kms_key="alias/o",
        max_runtime_in_seconds=600,
        base_job_name="full",
        env={"SECRET": secret, "PLAIN": "1"},
        tags=[{"Key": "team", "Value": "ml"}],
        network_config=NetworkConfig(
            enable_network_isolation=True,
            security_group_ids=["sg-1"],
            subnets=["subnet-1"],
            encrypt_inter_container_traffic=True,
        ),
    )
    files = [PropertyFile(f"File{n}", output_name="report", path=f"r/{n}.json") for n in (1, 2)]
    full = ProcessingStep(
        "Full",
        display_name="In full: all of it",
        description="Every member.",
        step_args=processor.run(
            code=str(CODE / "prepare.py"),
            arguments=["--count", count.to_string(), "--at", ExecutionVariables.START_DATETIME],
            inputs=[
                ProcessingInput(
                    source=f"s3://{BUCKET}/in",
                    destination="/opt/ml/processing/in",
                    input_name="in",
                    s3_data_distribution_type="ShardedByS3Key",
                    s3_compression_type="Gzip",
                    s3_input_mode="Pipe",
                ),
                ProcessingInput(source=f"s3://{BUCKET}/m", destination="/opt/ml/m", s3_data_type="ManifestFile"),
            ],
            outputs=[
                ProcessingOutput(output_name="report", source="/opt/ml/processing/report"),
                ProcessingOutput(
                    output_name="live",
                    source="/opt/ml/processing/live",
                    destination=Join(on="/", values=["s3:/", BUCKET, ExecutionVariables.PIPELINE_EXECUTION_ID, "live"]),
                    s3_upload_mode="Continuous",
                ),
            ],
            kms_key="alias/code",
        ),
        property_files=files,
        cache_config=CacheConfig(enable_caching=True, expire_after="T12H"),
        retry_policies=[
            StepRetryPolicy(
                exception_types=[StepExceptionTypeEnum.SERVICE_FAULT, StepExceptionTypeEnum.THROTTLING],
                interval_seconds=5,
                backoff_rate=1.5,
                expire_after_mins=30,
            ),
            SageMakerJobStepRetryPolicy(
                exception_types=[SageMakerJobExceptionTypeEnum.RESOURCE_LIMIT],
                failure_reason_types=[SageMakerJobExceptionTypeEnum.CAPACITY_ERROR],
                max_attempts=3,
            ),
        ],
    )
    value = JsonGet(step_name="Full", property_file=files[1], json_path="a['b c'][0].d")
    after = ProcessingStep("After", step_args=script().run(code=str(CODE / "prepare.py"), arguments=["--x", "1"]))
    after.add_depends_on([full])
    fail = FailStep(
        "Fail", error_message=Join(on=" ", values=["Value was", value, "in", ExecutionVariables.PIPELINE_NAME])
    )
    check = ConditionStep("Check", conditions=[ConditionEquals(value, "good")], if_steps=[], else_steps=[fail])
    return [full, after, check], [count, secret]


@kinds.pipeline
def processing_of_frameworks():
    """Spark in Python and on the JVM, PyTorch with a folder of sources."""
    spark = PySparkProcessor(base_job_name="spark", framework_version="3.3", **{**JOB, "instance_count": 2})
    jar = SparkJarProcessor(base_job_name="jar", framework_version="3.3", **JOB)
    settings = [{"Classification": "spark-defaults", "Properties": {"spark.executor.memory": "2g"}}]
    torch = PyTorchProcessor(framework_version="2.0.1", py_version="py310", **JOB)
    return [
        ProcessingStep(
            "PySpark",
            step_args=spark.run(
                submit_app=str(CODE / "prepare.py"),
                submit_py_files=[str(CODE / "train.py")],
                arguments=["--day", ParameterString("Day", default_value="1")],
                configuration=settings,
                spark_event_logs_s3_uri=f"s3://{BUCKET}/events",
            ),
        ),
        ProcessingStep(
            "Jar",
            step_args=jar.run(submit_app=f"s3://{BUCKET}/app.jar", submit_class="org.example.App", arguments=["a"]),
        ),
        ProcessingStep(
            "Torch",
            step_args=torch.run(code="prepare.py", source_dir=str(CODE), inputs=[], outputs=[]),
        ),
    ], [ParameterString("Day", default_value="1")]


@kinds.pipeline
def training_in_full():
    """Spot instances, checkpoints, debugger and profiler rules, file systems, manifests, distribution."""
    epochs = ParameterInteger("Epochs", default_value=3)
    rate = ParameterFloat("Rate", default_value=0.05)
    spot = estimator(
        use_spot_instances=True,
        max_run=3600,
        max_wait=7200,
        checkpoint_s3_uri=f"s3://{BUCKET}/checkpoints",
        checkpoint_local_path="/opt/ml/checkpoints",
        hyperparameters={"epochs": epochs, "rate": rate, "deep": True, "layers": [1, 2]},
        environment={"A": "b"},
        keep_alive_period_in_seconds=60,
        max_retry_attempts=2,
        enable_network_isolation=True,
        subnets=["subnet-1"],
        security_group_ids=["sg-1"],
        tags=[{"Key": "a", "Value": "b"}],
        input_mode="FastFile",
    )
    files = FileSystemInput("fs-0123456789abcdef0", "EFS", "/data", file_system_access_mode="ro")
    manifest = TrainingInput(
        f"s3://{BUCKET}/list.manifest",
        s3_data_type="ManifestFile",
        content_type="text/csv",
        distribution="ShardedByS3Key",
        compression="Gzip",
        record_wrapping="RecordIO",
        input_mode="Pipe",
    )
    torch = PyTorch(
        entry_point="train.py",
        source_dir=str(CODE),
        framework_version="2.0.1",
        py_version="py310",
        distribution={"torch_distributed": {"enabled": True}},
        profiler_config=ProfilerConfig(system_monitor_interval_millis=500),
        rules=[Rule.sagemaker(rule_configs.loss_not_decreasing())],
        hyperparameters={"lr": 0.1, "name": "x y", "flag": True},
        **{**JOB, "instance_type": "ml.g5.xlarge", "instance_count": 2},
    )
    return [
        TrainingStep("Spot", step_args=spot.fit({"files": files, "list": manifest})),
        TrainingStep("Torch", step_args=torch.fit(f"s3://{BUCKET}/train"), depends_on=["Spot"]),
    ], [epochs, rate]


@kinds.pipeline
def tuning_in_full():
    """Every strategy, several estimators, a warm start, and the best model of them registered."""
    ranges = {
        "lr": ContinuousParameter(1e-4, 1.0, scaling_type="Logarithmic"),
        "depth": IntegerParameter(2, 9),
        "opt": CategoricalParameter(["sgd", "adam"]),
    }
    words = {"objective_metric_name": "val:acc", "max_jobs": 4, "max_parallel_jobs": 2}
    tuners = {
        "Bayesian": HyperparameterTuner(
            estimator(),
            hyperparameter_ranges=ranges,
            metric_definitions=[{"Name": "val:acc", "Regex": "acc=([0-9.]+)"}],
            warm_start_config=WarmStartConfig(WarmStartTypes.TRANSFER_LEARNING, parents={"parent-job"}),
            early_stopping_type="Auto",
            **words,
        ),
        "Grid": HyperparameterTuner(
            estimator(),
            hyperparameter_ranges={"opt": ranges["opt"]},
            strategy="Grid",
            metric_definitions=[{"Name": "val:acc", "Regex": "acc=([0-9.]+)"}],
            objective_metric_name="val:acc",
            max_parallel_jobs=1,
        ),
        "Hyperband": HyperparameterTuner(
            estimator(),
            hyperparameter_ranges=ranges,
            strategy="Hyperband",
            strategy_config=StrategyConfig(HyperbandStrategyConfig(max_resource=9, min_resource=1)),
            metric_definitions=[{"Name": "val:acc", "Regex": "acc=([0-9.]+)"}],
            **words,
        ),
        "Several": HyperparameterTuner.create(
            estimator_dict={"one": estimator(), "two": estimator()},
            objective_metric_name_dict={"one": "val:acc", "two": "val:acc"},
            hyperparameter_ranges_dict={"one": ranges, "two": {"lr": ranges["lr"]}},
            metric_definitions_dict={name: [{"Name": "val:acc", "Regex": "acc=([0-9.]+)"}] for name in ("one", "two")},
        ),
    }
    channel = {"train": TrainingInput(f"s3://{BUCKET}/train")}
    steps = [
        TuningStep(
            name,
            step_args=one.fit(
                {"one": channel, "two": channel} if name == "Several" else channel,
                include_cls_metadata={"one": False, "two": False} if name == "Several" else False,
            ),
        )
        for name, one in tuners.items()
    ]
    best = Model(IMAGE, steps[0].get_top_model_s3_uri(0, BUCKET, prefix="models"), ROLE, sagemaker_session=SESSION)
    made = ModelStep("Best", step_args=best.create(instance_type="ml.m5.large"))
    return [*steps, made], []


@kinds.pipeline
def best_of_automl():
    job = AutoML(
        role=ROLE,
        target_attribute_name="y",
        mode="ENSEMBLING",
        sagemaker_session=SESSION,
        max_candidates=2,
        problem_type="BinaryClassification",
        job_objective={"MetricName": "AUC"},
        output_path=f"s3://{BUCKET}/auto",
    )
    training = AutoMLInput(inputs=f"s3://{BUCKET}/auto.csv", target_attribute_name="y", channel_type="training")
    auto = AutoMLStep("Auto", step_args=job.fit(inputs=[training]))
    best = auto.get_best_auto_ml_model(ROLE, sagemaker_session=SESSION)
    metrics = ModelMetrics(
        model_statistics=MetricsSource(
            s3_uri=auto.properties.BestCandidateProperties.ModelInsightsJsonReportPath, content_type="application/json"
        ),
        explainability=MetricsSource(
            s3_uri=auto.properties.BestCandidateProperties.ExplainabilityJsonReportPath, content_type="application/json"
        ),
    )
    words = best.register(
        content_types=["text/csv"],
        response_types=["text/csv"],
        inference_instances=["ml.m5.large"],
        transform_instances=["ml.m5.large"],
        model_package_group_name="auto",
        model_metrics=metrics,
        approval_status=ParameterString("Approval", default_value="PendingManualApproval"),
    )
    return [auto, ModelStep("Register", step_args=words)], [
        ParameterString("Approval", default_value="PendingManualApproval")
    ]
