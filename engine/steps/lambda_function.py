"""Lambda: call a short function with a few values and use what it returns."""

from engine.steps.base import Family, Nature, StepType
from engine.steps.shared_ports import ARGUMENT, OUTPUT_PARAMETER

TYPE = StepType(
    type="Lambda",
    title="Call a function",
    family=Family.CODE,
    description="Call a short function with a few values and use what it returns.",
    nature=Nature.UNSUPPORTED,
    reason="Calling functions does not run in this release; use a Process data step for the same code.",
    synonyms=("lambda", "function", "call", "code", "serverless"),
    ports=(ARGUMENT, OUTPUT_PARAMETER),
    template={
        "Type": "Lambda",
        "Arguments": {},
        "FunctionArn": "arn:aws:lambda:us-east-1:000000000000:function:my-function",
        "OutputParameters": [{"OutputName": "result", "OutputType": "String"}],
    },
)
