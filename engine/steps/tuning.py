"""Tuning: many training jobs, the best hyperparameters of them."""

from engine.steps.base import Family, Nature, Port, StepType

TYPE = StepType(
    type="Tuning",
    title="Tune model",
    family=Family.TRAIN,
    description="Search hyperparameters with many training jobs and keep the best.",
    nature=Nature.UNSUPPORTED,
    reason="Hyperparameter tuning does not run in this release; train with fixed hyperparameters instead.",
    synonyms=("tune", "hyperparameter", "search", "optimize", "hpo", "grid", "bayesian"),
    ports=(
        Port(
            name="channel",
            direction="in",
            pattern="/Arguments/TrainingJobDefinition/InputDataConfig/*/DataSource/S3DataSource/S3Uri",
            item={
                "ChannelName": "{name}",
                "DataSource": {
                    "S3DataSource": {
                        "S3DataType": "S3Prefix",
                        "S3Uri": "{value}",
                        "S3DataDistributionType": "FullyReplicated",
                    }
                },
            },
            item_name="ChannelName",
            report_as="uri",
            title="Training data",
        ),
        Port(
            name="best",
            direction="out",
            pattern="/Arguments",
            kind="any",
            reference="BestTrainingJob.TrainingJobName",
            title="Best training job",
        ),
    ),
    template={
        "Type": "Tuning",
        "Arguments": {
            "HyperParameterTuningJobConfig": {
                "Strategy": "Random",
                "ResourceLimits": {"MaxNumberOfTrainingJobs": 4, "MaxParallelTrainingJobs": 2},
                "HyperParameterTuningJobObjective": {"Type": "Maximize", "MetricName": "validation:auc"},
                "ParameterRanges": {
                    "ContinuousParameterRanges": [{"Name": "eta", "MinValue": "0.01", "MaxValue": "0.5"}]
                },
            },
            "TrainingJobDefinition": {
                "AlgorithmSpecification": {
                    "TrainingImage": "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1",
                    "TrainingInputMode": "File",
                },
                "InputDataConfig": [],
                "OutputDataConfig": {
                    "S3OutputPath": {"Std:Join": {"On": "/", "Values": ["s3:/", "{bucket}", "{step}"]}}
                },
                "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 30},
                "StoppingCondition": {"MaxRuntimeInSeconds": 86400},
                "StaticHyperParameters": {"objective": "binary:logistic", "num_round": "100"},
            },
        },
    },
)
