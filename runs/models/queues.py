"""Queues with their messages, and the tokens of steps that wait for an answer."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from accounts.identifiers import LENGTH as ID_LENGTH
from accounts.identifiers import new_id
from runs.models.attempt import Job
from runs.models.execution import Execution, StepExecution

TOKEN_LENGTH = 10


class Queue(models.Model):
    """A queue of the workspace, known by its name. The figures are SQS's queue attributes with SQS's defaults."""

    id = models.CharField(primary_key=True, max_length=ID_LENGTH, default=new_id, editable=False)
    workspace = models.ForeignKey("accounts.Workspace", on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=85)
    visibility_seconds = models.PositiveIntegerField(default=30)
    retention_seconds = models.PositiveIntegerField(default=345_600)
    delay_seconds = models.PositiveIntegerField(default=0)
    wait_seconds = models.PositiveIntegerField(default=0)
    message_bytes = models.PositiveIntegerField(default=1024 * 1024)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "name"], name="queue_name_once_per_workspace"),
        ]

    def __str__(self) -> str:
        return self.name


class QueueMessage(models.Model):
    """A message until it is deleted or too old. Who received it holds it until `visible_at`; `handle` marks that
    receipt, "" before the first."""

    id = models.UUIDField(primary_key=True, editable=False)
    queue = models.ForeignKey(Queue, on_delete=models.CASCADE, related_name="messages")
    body = models.TextField()
    attributes = models.JSONField(default=dict)  # the sender's own, as SQS spells them
    sent_by = models.CharField(max_length=150)
    sent_at = models.DateTimeField()
    visible_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    received = models.PositiveIntegerField(default=0)
    first_received_at = models.DateTimeField(null=True)
    handle = models.CharField(max_length=32, blank=True, default="")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["queue", "visible_at"], name="message_by_visibility")]

    def __str__(self) -> str:
        return f"{self.queue_id}/{self.id}"


class CallbackToken(models.Model):
    """The question of a waiting step. Open until `answered_at`; a step that runs again asks with a new token."""

    token = models.CharField(primary_key=True, max_length=TOKEN_LENGTH, editable=False)
    workspace = models.ForeignKey("accounts.Workspace", on_delete=models.CASCADE, related_name="+")
    execution = models.ForeignKey(Execution, on_delete=models.CASCADE, related_name="+")
    step = models.ForeignKey(StepExecution, on_delete=models.CASCADE, related_name="+")
    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="+")
    queue_url = models.TextField()  # as the definition has it
    message = models.TextField()
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    answered_by = models.CharField(max_length=150, blank=True, default="")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["step", "-created_at"], name="callback_by_step"),
            models.Index(
                fields=["workspace", "created_at"], name="callback_open", condition=Q(answered_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return self.token
