"""Condition: go one way or the other, by comparing values."""

from engine.steps.base import Family, Nature, Port, StepType

TYPE = StepType(
    type="Condition",
    title="Condition",
    family=Family.CONTROL,
    description="Compare values and run one of two branches.",
    nature=Nature.CONDITION,
    synonyms=("if", "else", "branch", "gate", "decide", "choice", "threshold", "check"),
    ports=(
        Port(
            name="value",
            direction="in",
            pattern="/Arguments/Conditions/*/LeftValue",
            json_type="any",
            kind="any",
            item={"Type": "GreaterThanOrEqualTo", "LeftValue": "{value}", "RightValue": 0},
            title="Value to compare",
        ),
        Port(name="if", direction="out", pattern="/Arguments/IfSteps", json_type="any", kind="branch", title="True"),
        Port(
            name="else", direction="out", pattern="/Arguments/ElseSteps", json_type="any", kind="branch", title="False"
        ),
    ),
    template={
        "Type": "Condition",
        "Arguments": {
            "Conditions": [{"Type": "GreaterThanOrEqualTo", "LeftValue": "", "RightValue": 0.9}],
            "IfSteps": [],
            "ElseSteps": [],
        },
    },
)
