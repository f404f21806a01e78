"""EMRServerless: a Spark job on EMR Serverless."""

from engine.steps.base import Family, Nature, StepType

TYPE = StepType(
    type="EMRServerless",
    title="Process data (EMR Serverless)",
    family=Family.DATA,
    description="Run a Spark job on EMR Serverless.",
    nature=Nature.UNSUPPORTED,
    reason="EMR Serverless exists only on AWS, so this step does not run here.",
    synonyms=("emr", "spark", "serverless", "big data"),
    template={
        "Type": "EMRServerless",
        "Arguments": {
            "ApplicationId": "",
            "ExecutionRoleArn": "",
            "JobConfig": {"jobDriver": {"sparkSubmit": {"entryPoint": ""}}},
        },
    },
)
