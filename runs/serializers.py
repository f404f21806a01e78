"""Shapes of the REST API of executions, for parsing and for the OpenAPI document."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from accounts.pagination import PageQuery
from engine.execution.states import ExecutionStatus, StepStatus
from engine.failures.cause import Action
from runs.callback_serializers import CallbackSerializer
from runs.models.images import ImageRuntime

EXECUTION_STATUSES = [status.value for status in ExecutionStatus]
STEP_STATUSES = [status.value for status in StepStatus]
NAME_LENGTH = 256


class PipelineNameSerializer(serializers.Serializer[Any]):
    id = serializers.CharField()
    name = serializers.CharField()
    display_name = serializers.CharField(allow_blank=True, help_text='The name people gave it; "" means its name.')


class ExecutionRowSerializer(serializers.Serializer[Any]):
    id = serializers.CharField()
    pipeline = PipelineNameSerializer()
    display_name = serializers.CharField(allow_blank=True)
    status = serializers.ChoiceField(choices=EXECUTION_STATUSES)
    source_label = serializers.CharField()
    started_by = serializers.CharField(allow_blank=True)
    started_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)
    duration_seconds = serializers.FloatField(allow_null=True)
    failure_reason = serializers.CharField(allow_null=True)
    failed_step = serializers.CharField(allow_null=True)
    step_counts = serializers.DictField(child=serializers.IntegerField())
    parameters = serializers.DictField(child=serializers.JSONField())


class ProgressSerializer(serializers.Serializer[Any]):
    fraction = serializers.FloatField(required=False)
    metrics = serializers.DictField(child=serializers.FloatField(), required=False)
    note = serializers.CharField(required=False)


class KeyFigureSerializer(serializers.Serializer[Any]):
    label = serializers.CharField()  # type: ignore[assignment]  # a field named like an attribute of Field
    value = serializers.JSONField(help_text="A number or a text.")


class OutputDigestSerializer(serializers.Serializer[Any]):
    files = serializers.IntegerField()
    size = serializers.IntegerField()
    kind = serializers.CharField(required=False)
    rows = serializers.IntegerField(required=False)
    columns = serializers.IntegerField(required=False)


class ResultsDigestSerializer(serializers.Serializer[Any]):
    key = KeyFigureSerializer(required=False)
    outputs = serializers.DictField(child=OutputDigestSerializer(), required=False)


class StepRowSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    iteration = serializers.IntegerField()
    type = serializers.CharField()
    status = serializers.ChoiceField(choices=STEP_STATUSES)
    attempt = serializers.IntegerField(allow_null=True)
    attempts = serializers.IntegerField()
    queued_at = serializers.DateTimeField(allow_null=True)
    started_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)
    duration_seconds = serializers.FloatField(allow_null=True)
    cached = serializers.BooleanField()
    source_execution = serializers.CharField(allow_null=True)
    skip_reason = serializers.CharField(allow_null=True)
    because_of = serializers.CharField(allow_null=True)
    failure_reason = serializers.CharField(allow_null=True)
    category = serializers.CharField(allow_null=True)
    cause = serializers.CharField(allow_null=True, help_text="Code of what went wrong, where it is known.")
    exit_code = serializers.IntegerField(allow_null=True)
    waiting_for = serializers.CharField(allow_null=True, help_text="What somebody outside has to do first.")
    progress = ProgressSerializer()
    metrics = serializers.DictField(child=serializers.FloatField())
    results = ResultsDigestSerializer()
    condition = serializers.ListField(
        child=serializers.CharField(), allow_null=True, help_text="A Condition's comparisons: one sentence each."
    )
    outcome = serializers.BooleanField(allow_null=True)
    retry_due = serializers.DateTimeField(allow_null=True)
    retry_of = serializers.IntegerField(allow_null=True)
    worker = serializers.CharField(allow_null=True)
    runner = serializers.CharField(allow_null=True)


class SelectiveSerializer(serializers.Serializer[Any]):
    steps = serializers.ListField(child=serializers.CharField(max_length=NAME_LENGTH), allow_empty=False)
    source_execution = serializers.CharField(max_length=12, required=False, allow_null=True)


class ExecutionSerializer(ExecutionRowSerializer):
    sequence = serializers.IntegerField()
    definition = serializers.CharField()
    layout = serializers.CharField()
    steps = StepRowSerializer(many=True)
    parallelism = serializers.IntegerField(allow_null=True)
    selective = SelectiveSerializer(allow_null=True)
    version = serializers.IntegerField(allow_null=True)


class ExecutionQuery(PageQuery):
    pipeline = serializers.CharField(required=False, max_length=12)
    status = serializers.ChoiceField(choices=EXECUTION_STATUSES, required=False)


class StartSerializer(serializers.Serializer[Any]):
    parameters = serializers.DictField(child=serializers.JSONField(), required=False, default=dict)
    source = serializers.ChoiceField(  # type: ignore[assignment]  # a field named like an attribute of Field
        choices=["draft", "version"], default="draft"
    )
    version = serializers.IntegerField(required=False, min_value=1, max_value=999_999_999)
    display_name = serializers.CharField(required=False, allow_blank=True, max_length=82, default="")
    parallelism = serializers.IntegerField(required=False, min_value=1, max_value=10_000, allow_null=True, default=None)
    selective = SelectiveSerializer(required=False, allow_null=True, default=None)
    client_request_token = serializers.CharField(required=False, min_length=8, max_length=128)


class StopSerializer(serializers.Serializer[Any]):
    reason = serializers.CharField(required=False, max_length=1024)


class EventSerializer(serializers.Serializer[Any]):
    sequence = serializers.IntegerField()
    at = serializers.DateTimeField()
    v = serializers.IntegerField()
    event = serializers.CharField()
    step = serializers.CharField(required=False)
    iteration = serializers.IntegerField(required=False)
    attempt = serializers.IntegerField(required=False)
    data = serializers.DictField(  # type: ignore[assignment]  # as above
        child=serializers.JSONField()
    )


class EventsSerializer(serializers.Serializer[Any]):
    events = EventSerializer(many=True)
    sequence = serializers.IntegerField(help_text="Newest sequence of the execution.")


class SinceQuery(serializers.Serializer[Any]):
    since = serializers.IntegerField(required=False, default=0, min_value=0, max_value=2**53)


class IterationQuery(serializers.Serializer[Any]):
    iteration = serializers.IntegerField(required=False, default=-1, min_value=-1, max_value=1_000_000)


class LogQuery(IterationQuery):
    attempt = serializers.IntegerField(required=False, min_value=1, max_value=1_000_000)
    offset = serializers.IntegerField(required=False, default=0, min_value=0, max_value=2**53)
    limit = serializers.IntegerField(required=False, default=256 * 1024, min_value=1, max_value=1024 * 1024)


class LogSerializer(serializers.Serializer[Any]):
    attempt = serializers.IntegerField()
    offset = serializers.IntegerField()
    next_offset = serializers.IntegerField()
    text = serializers.CharField(allow_blank=True)
    complete = serializers.BooleanField(help_text="Nothing will follow next_offset.")
    truncated = serializers.BooleanField(help_text="The step wrote more than is kept.")
    raw_bytes = serializers.IntegerField(allow_null=True, help_text="Bytes the step wrote; known at its end.")


class StoredFileSerializer(serializers.Serializer[Any]):
    key = serializers.CharField()
    uri = serializers.CharField()
    size = serializers.IntegerField()
    sha256 = serializers.CharField()
    media_type = serializers.CharField()
    url = serializers.CharField(help_text="Works for a minute.")


class OutputSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    uri = serializers.CharField()
    files = StoredFileSerializer(many=True)


class InputSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    uri = serializers.CharField()
    files = serializers.IntegerField()
    size = serializers.IntegerField()


class AttemptSerializer(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    status = serializers.CharField()
    worker = serializers.CharField(allow_null=True)
    runner = serializers.CharField(allow_null=True)
    created_at = serializers.DateTimeField()
    claimed_at = serializers.DateTimeField(allow_null=True)
    executing_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)
    queue_seconds = serializers.FloatField(allow_null=True)
    usage = serializers.DictField(child=serializers.FloatField(allow_null=True))
    exit_code = serializers.IntegerField(allow_null=True)
    signal = serializers.IntegerField(allow_null=True)
    out_of_memory = serializers.BooleanField()
    reason = serializers.CharField(allow_blank=True)
    category = serializers.CharField(allow_null=True)
    log_bytes = serializers.IntegerField()
    log_raw_bytes = serializers.IntegerField(allow_null=True)


class CacheSerializer(serializers.Serializer[Any]):
    key = serializers.CharField()
    why = serializers.ListField(child=serializers.CharField(), help_text="Why the step ran again, field by field.")
    compared = serializers.ListField(child=serializers.CharField(), help_text="Every field that was compared.")


class PlaceSerializer(serializers.Serializer[Any]):
    file = serializers.CharField(help_text="As the step saw it.")
    file_name = serializers.CharField()
    line = serializers.IntegerField()
    function = serializers.CharField(allow_null=True)
    code = serializers.CharField(allow_null=True)


class RepairSerializer(serializers.Serializer[Any]):
    id = serializers.CharField()
    action = serializers.CharField(help_text="One of the failure's actions.")
    label = serializers.CharField()  # type: ignore[assignment]  # a field named like an attribute of Field


class RepairRequestSerializer(serializers.Serializer[Any]):
    repair = serializers.CharField(
        max_length=600, required=False, allow_blank=True, default="", help_text="The id of an offered repair."
    )


class RepairedSerializer(serializers.Serializer[Any]):
    pipeline = serializers.CharField()
    revision = serializers.IntegerField()
    label = serializers.CharField()  # type: ignore[assignment]  # as above


class FailureSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    title = serializers.CharField()
    what = serializers.CharField(help_text="What happened, in a sentence.")
    advice = serializers.CharField(allow_blank=True, help_text="What to do.")
    place = PlaceSerializer(allow_null=True, help_text="The line of the user's own code.")
    column = serializers.CharField(allow_null=True)
    package = serializers.CharField(allow_null=True)
    suggestions = serializers.ListField(child=serializers.CharField())
    actions = serializers.ListField(child=serializers.ChoiceField(choices=[action.value for action in Action]))
    repairs = RepairSerializer(many=True, help_text="Changes of the pipeline's draft that answer the cause.")


class StepSerializer(StepRowSerializer):
    arguments = serializers.JSONField()
    description = serializers.JSONField()
    job_name = serializers.CharField(allow_null=True)
    property_files = serializers.DictField(child=serializers.JSONField())
    inputs = InputSerializer(many=True)
    outputs = OutputSerializer(many=True)
    attempt_list = AttemptSerializer(many=True)
    cache = CacheSerializer(allow_null=True)
    callback = CallbackSerializer(allow_null=True, help_text="What a Callback step asked.")
    failure = FailureSerializer(allow_null=True, help_text="Why the step failed, in plain words.")


class UriQuery(serializers.Serializer[Any]):
    uri = serializers.CharField(max_length=1200)
    member = serializers.CharField(max_length=255, required=False, help_text="A file inside the code archive at `uri`.")


class TextObjectSerializer(serializers.Serializer[Any]):
    uri = serializers.CharField()
    text = serializers.CharField(allow_blank=True)
    size = serializers.IntegerField()
    sha256 = serializers.CharField()


class CodeSerializer(serializers.Serializer[Any]):
    file_name = serializers.CharField(max_length=255)
    text = serializers.CharField(allow_blank=True, trim_whitespace=False)
    archive = serializers.CharField(max_length=255, required=False, help_text="Store inside a tar.gz of this name.")


class StoredObjectSerializer(serializers.Serializer[Any]):
    uri = serializers.CharField()
    sha256 = serializers.CharField()
    size = serializers.IntegerField()


class ImageCreateSerializer(serializers.Serializer[Any]):
    pattern = serializers.CharField(max_length=512, help_text="The whole image URI; `*` stands for any characters.")
    runtime = serializers.ChoiceField(choices=ImageRuntime.choices)
    title = serializers.CharField(max_length=128, required=False, allow_blank=True)
    container = serializers.CharField(
        max_length=512, required=False, allow_blank=True, help_text="The local image Docker starts for it."
    )
    requires = serializers.ListField(
        child=serializers.CharField(max_length=100),
        required=False,
        max_length=50,
        help_text="Modules a training script of this image counts on.",
    )
    position = serializers.IntegerField(required=False, min_value=0, max_value=1_000_000)
    enabled = serializers.BooleanField(required=False)


class ImageChangeSerializer(ImageCreateSerializer):
    pattern = serializers.CharField(max_length=512, required=False)
    runtime = serializers.ChoiceField(choices=ImageRuntime.choices, required=False)


class ImageSerializer(serializers.Serializer[Any]):
    id = serializers.CharField(allow_null=True)
    pattern = serializers.CharField()
    title = serializers.CharField()
    runtime = serializers.ChoiceField(choices=ImageRuntime.choices)
    container = serializers.CharField(allow_blank=True)
    requires = serializers.ListField(child=serializers.CharField())
    position = serializers.IntegerField(allow_null=True)
    enabled = serializers.BooleanField()
    built_in = serializers.BooleanField()


class ImageListSerializer(serializers.Serializer[Any]):
    results = ImageSerializer(many=True)
