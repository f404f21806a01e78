"""Every SageMaker operation that is answered, by its AWS name."""

from __future__ import annotations

from collections.abc import Mapping

from aws.call import Operation
from aws.json_service import JsonService
from aws.operations import (
    executions,
    jobs,
    model_package_groups,
    model_packages,
    models,
    pipelines,
    search,
    steps,
    tags,
)

OPERATIONS: Mapping[str, Operation] = {
    "CreatePipeline": pipelines.create_pipeline,
    "UpdatePipeline": pipelines.update_pipeline,
    "DescribePipeline": pipelines.describe_pipeline,
    "DeletePipeline": pipelines.delete,
    "ListPipelines": pipelines.list_pipelines,
    "ListPipelineVersions": pipelines.list_versions,
    "UpdatePipelineVersion": pipelines.update_version,
    "StartPipelineExecution": executions.start,
    "StopPipelineExecution": executions.stop,
    "RetryPipelineExecution": executions.retry,
    "UpdatePipelineExecution": executions.update,
    "DescribePipelineExecution": executions.describe,
    "DescribePipelineDefinitionForExecution": executions.describe_definition,
    "ListPipelineExecutions": executions.list_executions,
    "ListPipelineParametersForExecution": executions.list_parameters,
    "ListPipelineExecutionSteps": steps.list_steps,
    "SendPipelineExecutionStepSuccess": steps.send_success,
    "SendPipelineExecutionStepFailure": steps.send_failure,
    "AddTags": tags.add,
    "ListTags": tags.list_tags,
    "DeleteTags": tags.delete,
    "Search": search.search,
    "CreateProcessingJob": jobs.create(jobs.PROCESSING),
    "DescribeProcessingJob": jobs.describe(jobs.PROCESSING),
    "ListProcessingJobs": jobs.list_jobs(jobs.PROCESSING),
    "StopProcessingJob": jobs.stop(jobs.PROCESSING),
    "CreateTrainingJob": jobs.create(jobs.TRAINING),
    "DescribeTrainingJob": jobs.describe(jobs.TRAINING),
    "ListTrainingJobs": jobs.list_jobs(jobs.TRAINING),
    "StopTrainingJob": jobs.stop(jobs.TRAINING),
    "DescribeTransformJob": jobs.describe(jobs.TRANSFORM),
    "ListTransformJobs": jobs.list_jobs(jobs.TRANSFORM),
    "StopTransformJob": jobs.stop(jobs.TRANSFORM),
    "DescribeHyperParameterTuningJob": jobs.describe(jobs.TUNING),
    "ListHyperParameterTuningJobs": jobs.list_jobs(jobs.TUNING),
    "StopHyperParameterTuningJob": jobs.stop(jobs.TUNING),
    "ListTrainingJobsForHyperParameterTuningJob": jobs.list_training_jobs_of_tuning,
    "CreateModel": models.create,
    "DescribeModel": models.describe,
    "ListModels": models.list_models,
    "DeleteModel": models.delete,
    "CreateModelPackageGroup": model_package_groups.create,
    "DescribeModelPackageGroup": model_package_groups.describe,
    "ListModelPackageGroups": model_package_groups.list_groups,
    "DeleteModelPackageGroup": model_package_groups.delete,
    "CreateModelPackage": model_packages.create,
    "DescribeModelPackage": model_packages.describe,
    "ListModelPackages": model_packages.list_packages,
    "UpdateModelPackage": model_packages.update,
    "DeleteModelPackage": model_packages.delete,
    "BatchDescribeModelPackage": model_packages.batch_describe,
}

answer = JsonService("sagemaker", OPERATIONS).answer
