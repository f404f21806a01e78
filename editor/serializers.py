"""Shapes of pipelines, drafts, versions and step types."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from accounts.pagination import PageQuery
from editor.models import DraftCommand, Pipeline, PipelineVersion
from engine.execution.states import ExecutionStatus
from engine.validation import CLARY, PROFILES

DEFINITION_CHARACTERS = 16 * 1024 * 1024


# --- pieces ---
class PatchOperationSerializer(serializers.Serializer[Any]):
    """RFC 6902, plus `before`: the object key to insert in front of."""

    op = serializers.ChoiceField(choices=["add", "replace", "remove", "move"])
    path = serializers.CharField(allow_blank=True, trim_whitespace=False, max_length=4096)
    value = serializers.JSONField(required=False, allow_null=True)
    before = serializers.CharField(
        required=False, allow_null=True, allow_blank=True, trim_whitespace=False, max_length=4096
    )

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        source = serializers.CharField(required=False, trim_whitespace=False, max_length=4096)
        return {**super().get_fields(), "from": source}  # a keyword in Python


class FixSerializer(serializers.Serializer[Any]):
    title = serializers.CharField()
    patch = PatchOperationSerializer(many=True)


class ProblemSerializer(serializers.Serializer[Any]):
    """One finding of validation."""

    code = serializers.CharField()
    message = serializers.CharField()
    pointer = serializers.CharField(allow_blank=True, help_text='JSON pointer into the definition; "" is the whole.')
    severity = serializers.ChoiceField(choices=["error", "warning", "info"])
    step = serializers.CharField(allow_null=True)
    fix = FixSerializer(allow_null=True)
    everywhere = FixSerializer(
        allow_null=True, required=False, help_text="The same fix for every step that has the problem."
    )

    class Meta:
        ref_name = "DefinitionProblem"


class LayoutSerializer(serializers.Serializer[Any]):
    """Where nodes stand, keyed by step name. Unknown members are kept."""

    nodes = serializers.DictField(child=serializers.JSONField())
    groups = serializers.ListField(child=serializers.JSONField())
    notes = serializers.ListField(child=serializers.JSONField())
    hints = serializers.DictField(child=serializers.JSONField())

    def to_representation(self, instance: Any) -> Any:
        return instance


class ProblemsField(serializers.ListField):
    child = ProblemSerializer()


# --- pipelines ---
class LastExecutionSerializer(serializers.Serializer[Any]):
    id = serializers.CharField()
    status = serializers.ChoiceField(choices=[one.value for one in ExecutionStatus])
    started_at = serializers.DateTimeField()
    duration_seconds = serializers.FloatField(allow_null=True)


class PipelineRowSerializer(serializers.ModelSerializer[Pipeline]):
    revision = serializers.IntegerField(source="draft.revision")
    latest_version = serializers.SerializerMethodField()
    arrived_version = serializers.IntegerField(
        source="draft.arrived_version",
        allow_null=True,
        help_text="A version that came from the API while the draft had changes; the draft was kept.",
    )
    step_count = serializers.IntegerField(source="draft.step_count")
    problem_count = serializers.IntegerField(source="draft.problem_count")
    error_count = serializers.IntegerField(source="draft.error_count")
    last_execution = LastExecutionSerializer(allow_null=True)

    class Meta:
        model = Pipeline
        fields = [
            "id",
            "name",
            "display_name",
            "description",
            "created_by",
            "created_at",
            "updated_at",
            "revision",
            "latest_version",
            "arrived_version",
            "step_count",
            "problem_count",
            "error_count",
            "last_execution",
        ]

    def get_latest_version(self, pipeline: Pipeline) -> int | None:
        return pipeline.latest_version or None


class WordSerializer(serializers.Serializer[Any]):
    id = serializers.CharField()
    word = serializers.CharField()
    meaning = serializers.CharField()


class GlossarySerializer(serializers.Serializer[Any]):
    results = WordSerializer(many=True)


class PipelineQuery(PageQuery):
    search = serializers.CharField(required=False, allow_blank=True, max_length=256, default="")


class PipelineCreateSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=256)
    display_name = serializers.CharField(required=False, allow_blank=True, max_length=256, default="")
    description = serializers.CharField(required=False, allow_blank=True, max_length=3072, default="")
    definition = serializers.CharField(
        required=False, allow_null=True, allow_blank=True, trim_whitespace=False, max_length=DEFINITION_CHARACTERS
    )
    layout = serializers.JSONField(required=False, allow_null=True)


class PipelineChangeSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(required=False, max_length=256)
    display_name = serializers.CharField(required=False, allow_blank=True, max_length=256)
    description = serializers.CharField(required=False, allow_blank=True, max_length=3072)


# --- drafts ---
class SavedSerializer(serializers.Serializer[Any]):
    revision = serializers.IntegerField()
    problems = ProblemsField()
    saved_at = serializers.DateTimeField()
    changes_since_version = serializers.IntegerField()
    arrived_version = serializers.IntegerField(
        allow_null=True, help_text="A version that came from the API while this draft had changes."
    )


class DraftSerializer(SavedSerializer):
    definition = serializers.CharField()
    layout = LayoutSerializer()
    base_version = serializers.IntegerField(allow_null=True)
    undo_label = serializers.CharField(allow_null=True)
    redo_label = serializers.CharField(allow_null=True)


class CommandSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=64)
    label = serializers.CharField(allow_blank=True, max_length=256, default="")  # type: ignore[assignment]  # a field
    definition = PatchOperationSerializer(many=True, required=False)
    layout = PatchOperationSerializer(many=True, required=False)
    definition_text = serializers.CharField(
        required=False, allow_blank=True, trim_whitespace=False, max_length=DEFINITION_CHARACTERS
    )


class CommandsSerializer(serializers.Serializer[Any]):
    revision = serializers.IntegerField(min_value=0, max_value=2**31 - 1)
    commands = serializers.ListField(child=CommandSerializer(), allow_empty=False, max_length=1000)


class RevisionSerializer(serializers.Serializer[Any]):
    revision = serializers.IntegerField(min_value=0, max_value=2**31 - 1)


class UndoneSerializer(SavedSerializer):
    """A save, with what was applied so that the canvas can follow without loading everything."""

    label = serializers.CharField()  # type: ignore[assignment]  # a field
    definition = PatchOperationSerializer(many=True)
    layout = PatchOperationSerializer(many=True)
    definition_text = serializers.CharField(allow_null=True)
    layout_text = serializers.CharField(allow_null=True)


class HistoryRowSerializer(serializers.ModelSerializer[DraftCommand]):
    class Meta:
        model = DraftCommand
        fields = ["revision", "actor", "name", "label", "state", "at"]


class ValidateSerializer(serializers.Serializer[Any]):
    definition = serializers.CharField(allow_blank=True, trim_whitespace=False, max_length=DEFINITION_CHARACTERS)
    profile = serializers.ChoiceField(
        choices=list(PROFILES), default=CLARY, help_text="`strict`: what AWS would refuse, whatever runs here."
    )


class ProblemsSerializer(serializers.Serializer[Any]):
    problems = ProblemsField()


# --- versions ---
class PublishSerializer(serializers.Serializer[Any]):
    note = serializers.CharField(required=False, allow_blank=True, max_length=3072, default="")


class VersionRowSerializer(serializers.ModelSerializer[PipelineVersion]):
    class Meta:
        model = PipelineVersion
        fields = ["number", "note", "source", "created_at", "created_by", "sha256", "step_count"]


class VersionSerializer(VersionRowSerializer):
    definition = serializers.CharField()
    layout = LayoutSerializer()

    class Meta(VersionRowSerializer.Meta):
        fields = [*VersionRowSerializer.Meta.fields, "definition", "layout"]


class ExportQuery(serializers.Serializer[Any]):
    source = serializers.ChoiceField(choices=["draft", "version"], default="draft")  # type: ignore[assignment]  # a field
    number = serializers.IntegerField(required=False, min_value=1, max_value=2**31 - 1)
    layout = serializers.BooleanField(default=False, help_text="With positions inside Metadata.")
