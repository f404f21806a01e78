"""Lambda: call a short function with a few values and use what it returns."""

from engine.steps.base import Family, Nature, Port, StepType

TYPE = StepType(
    type="Lambda",
    title="Call a function",
    family=Family.CODE,
    description="Call a short function with a few values and use what it returns.",
    nature=Nature.UNSUPPORTED,
    reason="Calling functions does not run in this release; use a Process data step for the same code.",
    synonyms=("lambda", "function", "call", "code", "serverless"),
    ports=(
        Port(name="argument", direction="in", pattern="/Arguments/*", json_type="any", kind="any", title="Argument"),
        Port(
            name="output",
            direction="out",
            pattern="/OutputParameters/*",
            json_type="any",
            kind="any",
            reference="OutputParameters['{name}']",
            item_name="OutputName",
            title="Output",
        ),
    ),
    template={
        "Type": "Lambda",
        "Arguments": {},
        "FunctionArn": "arn:aws:lambda:us-east-1:000000000000:function:my-function",
        "OutputParameters": [{"OutputName": "result", "OutputType": "String"}],
    },
)
