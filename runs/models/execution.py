"""An execution, its steps and its history."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from accounts.identifiers import LENGTH as ID_LENGTH
from accounts.identifiers import new_id
from engine.execution.states import NOT_ITERATED, ExecutionStatus, SkipReason, StepStatus
from runs.models.fields import PackedTextField


class Execution(models.Model):
    """One run of one definition. The header counters mirror `engine.execution.state.ExecutionHeader`.

    Locking this row is what makes transitions of one execution happen one after another.
    """

    id = models.CharField(primary_key=True, max_length=ID_LENGTH, default=new_id, editable=False)
    workspace = models.ForeignKey("accounts.Workspace", on_delete=models.PROTECT, related_name="+")
    pipeline = models.ForeignKey("editor.Pipeline", on_delete=models.CASCADE, related_name="executions")
    version = models.ForeignKey("editor.PipelineVersion", on_delete=models.SET_NULL, null=True, related_name="+")
    pipeline_name = models.CharField(max_length=256)
    source_label = models.CharField(max_length=64)  # "v7", "draft after v7", "draft"
    display_name = models.CharField(max_length=256, blank=True, default="")
    description = models.TextField(blank=True, default="")
    role_arn = models.CharField(max_length=2048, blank=True, default="")  # kept for AWS callers
    mlflow_experiment = models.CharField(max_length=256, blank=True, default="")
    #: The name of the one job of a plain SDK call, which is the only step of a hidden pipeline; "" for pipelines.
    job_name = models.CharField(max_length=63, blank=True, default="")
    definition = PackedTextField()
    definition_sha256 = models.CharField(max_length=64)
    layout = PackedTextField(default="{}")
    parameters = models.JSONField(default=dict)  # name → resolved value
    selection = models.JSONField(null=True)  # {"steps": […], "source_execution": id}
    started_by = models.CharField(max_length=150, blank=True, default="")
    images = models.JSONField(default=list)  # the workspace's own lines of the image table when it began

    status = models.CharField(max_length=24, default=ExecutionStatus.EXECUTING)
    started = models.BooleanField(default=False)
    parallelism = models.PositiveIntegerField(null=True)
    unfinished = models.PositiveIntegerField(default=0)
    active = models.PositiveIntegerField(default=0)
    failures = models.PositiveIntegerField(default=0)
    unhandled_failures = models.PositiveIntegerField(default=0)
    failing = models.BooleanField(default=False)
    failure_reason = models.TextField(null=True)
    failed_step = models.CharField(max_length=256, null=True)

    last_sequence = models.PositiveBigIntegerField(default=0)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    stop_requested_at = models.DateTimeField(null=True)
    updated_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(status__in=[s.value for s in ExecutionStatus]), name="execution_status_is_a_known_word"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["workspace", "-created_at"], name="execution_by_workspace"),
            models.Index(fields=["pipeline", "-created_at"], name="execution_by_pipeline"),
            models.Index(fields=["workspace", "job_name"], name="execution_of_plain_job", condition=~Q(job_name="")),
            models.Index(
                fields=["status"], name="execution_running", condition=Q(status__in=["Executing", "Stopping"])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pipeline_name} {self.id}"


class StepExecution(models.Model):
    """One step of one execution (one row per iteration inside a ForEach): the planner's StepState and its facts."""

    execution = models.ForeignKey(Execution, on_delete=models.CASCADE, related_name="steps")
    name = models.CharField(max_length=256)
    iteration_index = models.IntegerField(default=NOT_ITERATED)
    type = models.CharField(max_length=64)
    position = models.PositiveIntegerField()  # planning order

    status = models.CharField(max_length=24, default=StepStatus.WAITING)
    remaining = models.PositiveIntegerField(default=0)
    satisfied = models.PositiveIntegerField(default=0)
    attempt = models.PositiveIntegerField(default=0)
    lost = models.PositiveIntegerField(default=0)
    retries = models.PositiveIntegerField(default=0)
    first_failed_at = models.DateTimeField(null=True)
    has_attempt = models.BooleanField(default=False)
    outcome = models.BooleanField(null=True)
    cached = models.BooleanField(default=False)
    reused = models.BooleanField(default=False)
    selected = models.BooleanField(default=True)
    skip_reason = models.CharField(max_length=32, null=True)
    failure_reason = models.TextField(null=True)

    because_of = models.CharField(max_length=256, blank=True, default="")
    category = models.CharField(max_length=32, blank=True, default="")
    cause = models.CharField(max_length=40, blank=True, default="")  # code of what went wrong (engine/failures)
    explanation = models.JSONField(null=True)  # Condition: one sentence per comparison
    source_execution = models.CharField(max_length=ID_LENGTH, blank=True, default="")  # cached or reused from
    cache_key = models.CharField(max_length=64, blank=True, default="")
    cache_fields = models.JSONField(null=True)
    #: The job whose outputs and description stand for this step (of another execution when cached or reused).
    job = models.ForeignKey("runs.Job", on_delete=models.SET_NULL, null=True, related_name="+")
    metrics = models.JSONField(default=dict)
    waiting_for = models.TextField(blank=True, default="", db_default="")  # what somebody outside has to do
    results = models.JSONField(default=dict)  # what its outputs come to, for node and wires (engine/digests.py)
    progress = models.JSONField(default=dict)
    retry_due = models.DateTimeField(null=True)
    retry_of = models.PositiveIntegerField(null=True)
    queued_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["execution", "name", "iteration_index"], name="step_once_per_execution"),
            models.CheckConstraint(
                condition=Q(status__in=[s.value for s in StepStatus]), name="step_status_is_a_known_word"
            ),
            models.CheckConstraint(
                condition=Q(skip_reason__isnull=True) | Q(skip_reason__in=[r.value for r in SkipReason]),
                name="step_skip_reason_is_a_known_word",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["execution", "status", "position"], name="step_by_status"),
            models.Index(fields=["retry_due"], name="step_retry_due", condition=Q(retry_due__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.execution_id}/{self.name}"


class ExecutionEvent(models.Model):
    """One line of the history. Sequences of an execution run 1..n without a gap; rows are never changed."""

    execution = models.ForeignKey(Execution, on_delete=models.CASCADE, related_name="events")
    sequence = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    event = models.CharField(max_length=48)
    step = models.CharField(max_length=256, null=True)
    iteration = models.IntegerField(null=True)
    attempt = models.PositiveIntegerField(null=True)
    data = models.JSONField(default=dict)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["execution", "sequence"], name="event_sequence_once"),
        ]

    def __str__(self) -> str:
        return f"{self.execution_id} #{self.sequence} {self.event}"
