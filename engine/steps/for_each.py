"""ForEach: run steps once per item of a list."""

from engine.steps.base import Family, Nature, Port, StepType

TYPE = StepType(
    type="ForEach",
    title="For each",
    family=Family.CONTROL,
    description="Run steps once per item of a list, side by side.",
    nature=Nature.UNSUPPORTED,
    reason="Loops do not run in this release; add one step per item instead.",
    synonyms=("for each", "loop", "map", "iterate", "fan out", "parallel"),
    ports=(
        Port(
            name="items",
            direction="in",
            pattern="/Arguments/IterableItems",
            json_type="any",
            kind="any",
            title="Items",
        ),
        Port(
            name="body",
            direction="out",
            pattern="/Arguments/ForEachBody",
            json_type="any",
            kind="branch",
            title="Each item",
        ),
    ),
    template={"Type": "ForEach", "Arguments": {"IterableItems": [], "MaxConcurrency": 1, "ForEachBody": []}},
)
