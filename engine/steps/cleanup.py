"""Cleanup: delete what earlier steps wrote."""

from engine.steps.base import Family, Nature, StepType

TYPE = StepType(
    type="Cleanup",
    title="Clean up",
    family=Family.CONTROL,
    description="Delete files that earlier steps of this execution wrote.",
    nature=Nature.UNSUPPORTED,
    reason="Cleanup does not run in this release; nothing is deleted.",
    synonyms=("clean up", "delete", "remove files", "temporary"),
    template={"Type": "Cleanup", "Arguments": {"Resources": {"S3": []}}},
)
