"""Lineage: say by hand what came from what."""

from engine.steps.base import Family, Nature, StepType

TYPE = StepType(
    type="Lineage",
    title="Record lineage",
    family=Family.MODEL,
    description="Record artifacts, actions and contexts, and what came from what.",
    nature=Nature.UNSUPPORTED,
    reason="Lineage steps do not run in this release; Clary records where artifacts come from by itself.",
    synonyms=("lineage", "provenance", "artifact", "association"),
    template={"Type": "Lineage", "Arguments": {"Artifacts": [], "Associations": []}},
)
