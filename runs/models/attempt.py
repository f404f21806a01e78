"""What workers hold: attempts with their lease, jobs, logs, and the workers themselves."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from accounts.identifiers import LENGTH as ID_LENGTH
from accounts.identifiers import new_id
from engine.execution.states import AttemptStatus
from runs.models.execution import Execution, StepExecution

LIVE = [AttemptStatus.STARTING.value, AttemptStatus.EXECUTING.value, AttemptStatus.STOPPING.value]


class Worker(models.Model):
    """One worker process. `seen_at` is the database's clock at its last tick."""

    id = models.CharField(primary_key=True, max_length=ID_LENGTH, default=new_id, editable=False)
    host = models.CharField(max_length=255)
    pid = models.PositiveIntegerField()
    runner = models.CharField(max_length=16)
    runner_reason = models.TextField(default="")
    slots = models.PositiveIntegerField()
    cpus = models.PositiveIntegerField(null=True)
    memory_bytes = models.PositiveBigIntegerField(null=True)
    draining = models.BooleanField(default=False)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.id} on {self.host}"


class StepAttempt(models.Model):
    """One try at one step. A live attempt belongs to the holder of `lease_token` until `lease_until`.

    `dispatched_at` NULL marks the outbox: nobody was told of this attempt yet.
    """

    id = models.CharField(primary_key=True, max_length=ID_LENGTH, default=new_id, editable=False)
    execution = models.ForeignKey(Execution, on_delete=models.CASCADE, related_name="attempts")
    step = models.ForeignKey(StepExecution, on_delete=models.CASCADE, related_name="attempts")
    number = models.PositiveIntegerField()
    status = models.CharField(max_length=16, default=AttemptStatus.PENDING)
    lease_token = models.PositiveBigIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    worker = models.CharField(max_length=ID_LENGTH, blank=True, default="")
    runner = models.CharField(max_length=16, blank=True, default="")
    dispatched_at = models.DateTimeField(null=True)
    stop_requested_at = models.DateTimeField(null=True)

    created_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    executing_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    inputs = models.JSONField(default=list)  # resolved at claim: {name, uri, path, sha256, size, version}
    usage = models.JSONField(default=dict)  # startup/run/cpu seconds, peak memory, bytes in and out
    exit_code = models.IntegerField(null=True)
    signal = models.IntegerField(null=True)
    out_of_memory = models.BooleanField(default=False)
    reason = models.TextField(blank=True, default="")
    category = models.CharField(max_length=32, blank=True, default="")
    log_bytes = models.PositiveBigIntegerField(default=0)  # kept, readable through LogChunk
    log_raw_bytes = models.PositiveBigIntegerField(null=True)  # written by the step; known at the end

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["step", "number"], name="attempt_number_once_per_step"),
            models.CheckConstraint(
                condition=Q(status__in=[s.value for s in AttemptStatus]), name="attempt_status_is_a_known_word"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["lease_until"], name="attempt_lease", condition=Q(status__in=LIVE)),
            models.Index(fields=["created_at", "step"], name="attempt_pending", condition=Q(status="Pending")),
            models.Index(fields=["execution", "status", "created_at", "step"], name="attempt_by_execution"),
        ]

    def __str__(self) -> str:
        return f"{self.id} (attempt {self.number})"


class Job(models.Model):
    """The AWS job document of one attempt, or of one Effect step.

    `description` answers `Steps.X.…` references and Describe calls; `spec` is the JobSpec a runner gets.
    `outputs` are the recorded output URIs, `property_files` the JSON documents read at success.
    """

    id = models.CharField(primary_key=True, max_length=ID_LENGTH, default=new_id, editable=False)
    workspace = models.ForeignKey("accounts.Workspace", on_delete=models.PROTECT, related_name="+")
    execution = models.ForeignKey(Execution, on_delete=models.CASCADE, related_name="jobs")
    step = models.ForeignKey(StepExecution, on_delete=models.CASCADE, related_name="jobs")
    attempt = models.PositiveIntegerField(default=0)
    kind = models.CharField(max_length=32)
    name = models.CharField(max_length=63)
    arn = models.CharField(max_length=512)
    request = models.JSONField(default=dict)
    description = models.JSONField(default=dict)
    spec = models.JSONField(default=dict)
    outputs = models.JSONField(default=list)  # [{name, uri}]
    property_files = models.JSONField(default=dict)
    results = models.JSONField(default=dict)  # what the outputs come to (engine/digests.py)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "kind", "name"], name="job_name_once_per_workspace"),
        ]
        indexes: ClassVar = [models.Index(fields=["execution", "step"], name="job_by_step")]

    def __str__(self) -> str:
        return self.name


class LogChunk(models.Model):
    """A piece of an attempt's log: raw bytes from `offset` on. Chunks of an attempt join without gaps."""

    attempt = models.ForeignKey(StepAttempt, on_delete=models.CASCADE, related_name="log_chunks")
    offset = models.PositiveBigIntegerField()
    data = models.BinaryField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["attempt", "offset"], name="log_chunk_once_per_offset"),
        ]

    def __str__(self) -> str:
        return f"{self.attempt_id} @{self.offset}"
