"""EMR: a Spark or Hadoop step on an EMR cluster."""

from engine.steps.base import Family, Nature, StepType

TYPE = StepType(
    type="EMR",
    title="Process data (EMR)",
    family=Family.DATA,
    description="Run a Spark or Hadoop step on an EMR cluster.",
    nature=Nature.UNSUPPORTED,
    reason="EMR clusters exist only on AWS, so this step does not run here.",
    synonyms=("emr", "spark", "hadoop", "cluster", "big data"),
    template={
        "Type": "EMR",
        "Arguments": {
            "ClusterId": "",
            "StepConfig": {"HadoopJarStep": {"Jar": "command-runner.jar", "Args": ["spark-submit"]}},
        },
    },
)
