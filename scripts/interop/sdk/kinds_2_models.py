"""SDK 2: models, endpoints, transforms, checks and clusters."""

import kinds
from kinds_2_base import BUCKET, CODE, IMAGE, ROLE, SESSION, fitted
from sagemaker import clarify
from sagemaker.lineage.action import Action
from sagemaker.lineage.artifact import Artifact
from sagemaker.model import Model
from sagemaker.model_monitor import DatasetFormat
from sagemaker.pipeline import PipelineModel
from sagemaker.pytorch import PyTorchModel
from sagemaker.transformer import Transformer
from sagemaker.workflow.check_job_config import CheckJobConfig
from sagemaker.workflow.clarify_check_step import (
    ClarifyCheckStep,
    ModelBiasCheckConfig,
    ModelExplainabilityCheckConfig,
)
from sagemaker.workflow.emr_step import EMRStep, EMRStepConfig
from sagemaker.workflow.endpoint_step import EndpointConfigStep, EndpointStep
from sagemaker.workflow.execution_variables import ExecutionVariables
from sagemaker.workflow.functions import Join
from sagemaker.workflow.lineage_step import LineageAssociation, LineageEntityReference, LineageStep
from sagemaker.workflow.model_step import ModelStep
from sagemaker.workflow.monitor_batch_transform_step import MonitorBatchTransformStep
from sagemaker.workflow.parameters import ParameterBoolean, ParameterString
from sagemaker.workflow.quality_check_step import ModelQualityCheckConfig, QualityCheckStep
from sagemaker.workflow.retry import (
    StepExceptionTypeEnum,
    StepRetryPolicy,
)
from sagemaker.workflow.steps import CacheConfig, TransformStep


@kinds.pipeline
def checks_of_models():
    """Quality and bias of a model, what explains it, checks skipped and baselines registered by parameters."""
    cluster = CheckJobConfig(role=ROLE, instance_count=1, instance_type="ml.m5.large", sagemaker_session=SESSION)
    quality = QualityCheckStep(
        "Quality",
        quality_check_config=ModelQualityCheckConfig(
            baseline_dataset=f"s3://{BUCKET}/base.csv",
            dataset_format=DatasetFormat.csv(header=True),
            problem_type="BinaryClassification",
            inference_attribute="p",
            ground_truth_attribute="y",
            output_s3_uri=Join(on="/", values=["s3:/", BUCKET, ExecutionVariables.PIPELINE_EXECUTION_ID, "quality"]),
        ),
        check_job_config=cluster,
        skip_check=ParameterBoolean("Skip", default_value=True),
        register_new_baseline=True,
        model_package_group_name="group",
        supplied_baseline_statistics=f"s3://{BUCKET}/statistics.json",
        supplied_baseline_constraints=f"s3://{BUCKET}/constraints.json",
        cache_config=CacheConfig(enable_caching=True, expire_after="p30d"),
    )
    data = clarify.DataConfig(
        s3_data_input_path=f"s3://{BUCKET}/base.csv",
        s3_output_path=f"s3://{BUCKET}/clarify",
        s3_analysis_config_output_path=f"s3://{BUCKET}/clarify",
        label="y",
        headers=["a", "b", "y"],
        dataset_type="text/csv",
    )
    model = clarify.ModelConfig(model_name="a-model", instance_type="ml.m5.large", instance_count=1)
    bias = clarify.BiasConfig(label_values_or_threshold=[1], facet_name="a", facet_values_or_threshold=[0])
    return [
        quality,
        ClarifyCheckStep(
            "Bias",
            clarify_check_config=ModelBiasCheckConfig(
                data_config=data,
                data_bias_config=bias,
                model_config=model,
                model_predicted_label_config=clarify.ModelPredictedLabelConfig(probability_threshold=0.5),
            ),
            check_job_config=cluster,
            fail_on_violation=False,
            depends_on=["Quality"],
        ),
        ClarifyCheckStep(
            "Explain",
            clarify_check_config=ModelExplainabilityCheckConfig(
                data_config=data,
                model_config=model,
                explainability_config=clarify.SHAPConfig(baseline=[[0, 0]], num_samples=5, agg_method="mean_abs"),
            ),
            check_job_config=cluster,
            depends_on=["Bias"],
        ),
    ], [ParameterBoolean("Skip", default_value=True)]


@kinds.pipeline
def monitored_transform():
    """Transform and check as one, in either order; a transform with filters."""
    model = ParameterString("Model", default_value="a-model")
    plain = Transformer(
        model_name=model,
        instance_count=1,
        instance_type="ml.m5.large",
        output_path=f"s3://{BUCKET}/scored",
        sagemaker_session=SESSION,
        accept="text/csv",
        assemble_with="Line",
        strategy="SingleRecord",
        max_concurrent_transforms=2,
        max_payload=3,
        env={"A": "b"},
        volume_kms_key="alias/k",
        tags=[],
    )
    words = {
        "data": f"s3://{BUCKET}/in",
        "content_type": "text/csv",
        "split_type": "Line",
        "input_filter": "$[1:]",
        "output_filter": "$[0,-1]",
        "join_source": "Input",
        "compression_type": "Gzip",
    }
    cluster = CheckJobConfig(role=ROLE, instance_count=1, instance_type="ml.m5.large", sagemaker_session=SESSION)
    watch = ModelQualityCheckConfig(
        baseline_dataset=f"s3://{BUCKET}/base.csv",
        dataset_format=DatasetFormat.json(lines=True),
        problem_type="Regression",
        inference_attribute="0",
        ground_truth_attribute="1",
        output_s3_uri=f"s3://{BUCKET}/watch",
    )
    watched = MonitorBatchTransformStep(
        name="Watch",
        transform_step_args=plain.transform(**words),
        monitor_configuration=watch,
        check_job_configuration=cluster,
        monitor_before_transform=False,
        fail_on_violation=False,
        supplied_baseline_statistics=f"s3://{BUCKET}/s.json",
        supplied_baseline_constraints=f"s3://{BUCKET}/c.json",
    )
    last = TransformStep("Last", step_args=plain.transform(**words), depends_on=[watched], description="behind both")
    return [watched, last], [model]


@kinds.pipeline
def clusters():
    """EMR on a cluster that runs and on one of its own."""
    own = {
        "Applications": [{"Name": "Spark"}],
        "Instances": {"InstanceGroups": [{"InstanceRole": "MASTER", "InstanceCount": 1, "InstanceType": "m5.xlarge"}]},
        "ReleaseLabel": "emr-6.6.0",
        "ServiceRole": "s",
        "JobFlowRole": "j",
    }
    words = EMRStepConfig(
        jar="command-runner.jar",
        args=["spark-submit", "x.py"],
        main_class="a.B",
        properties=[{"Key": "a", "Value": "b"}],
    )
    return [
        EMRStep(
            "Running",
            "shown",
            "said",
            "j-1ABCDEFGHIJKL",
            words,
            execution_role_arn=ROLE,
            cache_config=CacheConfig(enable_caching=True, expire_after="30d"),
        ),
        EMRStep("Own", "Own cluster", "its own", None, words, cluster_config=own, depends_on=["Running"]),
    ], []


@kinds.pipeline
def models_in_a_row():
    """Models of several containers, created and registered; a collection others wait for."""
    train = fitted()
    artifacts = train.properties.ModelArtifacts.S3ModelArtifacts
    torch = PyTorchModel(
        model_data=artifacts,
        role=ROLE,
        entry_point=str(CODE / "train.py"),
        framework_version="2.0.1",
        py_version="py310",
        sagemaker_session=SESSION,
    )
    plain = Model(
        IMAGE, artifacts, ROLE, env={"A": ParameterString("Env", default_value="e")}, sagemaker_session=SESSION
    )
    row = PipelineModel([plain, torch], ROLE, sagemaker_session=SESSION)
    created = ModelStep(
        "Row",
        step_args=row.create(instance_type="ml.m5.large"),
        retry_policies=[StepRetryPolicy(exception_types=[StepExceptionTypeEnum.SERVICE_FAULT], max_attempts=2)],
    )
    registered = ModelStep(
        "Torch",
        step_args=torch.register(
            content_types=["text/csv"],
            response_types=["text/csv"],
            model_package_group_name="torch",
            inference_instances=["ml.m5.large"],
            transform_instances=["ml.m5.large"],
            customer_metadata_properties={"of": train.properties.TrainingJobName},
            description="d",
            domain="COMPUTER_VISION",
            task="OTHER",
            sample_payload_url=f"s3://{BUCKET}/p.tar.gz",
            skip_model_validation="All",
            source_uri=f"s3://{BUCKET}/src",
        ),
        depends_on=[created],
    )
    score = TransformStep(
        "Score",
        step_args=Transformer(
            created.properties.ModelName, 1, "ml.m5.large", sagemaker_session=SESSION, output_path=f"s3://{BUCKET}/o"
        ).transform(data=f"s3://{BUCKET}/i"),
        depends_on=[registered],
        cache_config=CacheConfig(enable_caching=True, expire_after="PT1H"),
    )
    return [train, created, registered, score], [ParameterString("Env", default_value="e")]


@kinds.pipeline
def served_and_traced():
    """An endpoint of a model made before, and what became of what."""
    made = ModelStep(
        "Made", step_args=Model(IMAGE, f"s3://{BUCKET}/m.tar.gz", ROLE, sagemaker_session=SESSION).create()
    )
    words = SESSION.create_endpoint_config("config", made.properties.ModelName, 1, "ml.m5.large")
    config = EndpointConfigStep("Config", step_args=words)
    served = EndpointStep("Served", step_args=SESSION.create_endpoint("served", config.properties.EndpointConfigName))
    run = Action.create(
        action_name="run",
        source_uri=f"s3://{BUCKET}/run",
        source_type="S3ETag",
        action_type="ModelTraining",
        sagemaker_session=SESSION,
    )
    file = Artifact.create(
        artifact_name="file", source_uri=f"s3://{BUCKET}/m.tar.gz", artifact_type="Model", sagemaker_session=SESSION
    )
    traced = LineageStep(
        "Traced",
        actions=[run],
        artifacts=[file],
        associations=[
            LineageAssociation(
                source=LineageEntityReference(name="run", type="Action"),
                destination=LineageEntityReference(name="file", type="Artifact"),
                association_type="Produced",
            )
        ],
        depends_on=[made],
    )
    return [made, config, served, traced], []
