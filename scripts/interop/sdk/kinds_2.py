"""SageMaker Python SDK 2: a pipeline for every kind of step and every way of writing one that the SDK has."""

import kinds
import kinds_2_flow  # noqa: F401 - each module registers its pipelines
import kinds_2_jobs  # noqa: F401
import kinds_2_models  # noqa: F401
from kinds_2_base import ROLE, SESSION
from sagemaker.workflow.parallelism_config import ParallelismConfiguration
from sagemaker.workflow.pipeline import Pipeline

if __name__ == "__main__":
    kinds.main(
        lambda name, steps, parameters, **more: Pipeline(
            name, parameters=parameters, steps=steps, sagemaker_session=SESSION, **more
        ),
        ROLE,
        parallelism=ParallelismConfiguration(max_parallel_execution_steps=3),
    )
