"""When pipelines start by themselves."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from accounts.identifiers import LENGTH as ID_LENGTH
from accounts.identifiers import new_id

DEFAULT_GROUP = "default"


class Schedule(models.Model):
    """`next_fire` is the doorbell: NULL when paused, ended, or when it never fires again.

    `owner` is who it acts as: without them, or when their role is too low, it does not start anything.
    `alias` empty: the newest version. `extras` holds what an AWS caller said beside that, to be given back.
    """

    class Outcome(models.TextChoices):
        NONE = "", "not fired yet"
        STARTED = "started"
        REFUSED = "refused"

    id = models.CharField(primary_key=True, max_length=ID_LENGTH, default=new_id, editable=False)
    workspace = models.ForeignKey("accounts.Workspace", on_delete=models.CASCADE, related_name="+")
    pipeline = models.ForeignKey("editor.Pipeline", on_delete=models.CASCADE, related_name="schedules")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    group = models.CharField(max_length=64, default=DEFAULT_GROUP)
    name = models.CharField(max_length=64)
    description = models.CharField(max_length=512, blank=True, default="")
    expression = models.CharField(max_length=300)
    zone = models.CharField(max_length=50, default="UTC")
    enabled = models.BooleanField(default=True)
    start_date = models.DateTimeField(null=True)
    end_date = models.DateTimeField(null=True)
    alias = models.CharField(max_length=64, blank=True, default="")
    parameters = models.JSONField(default=dict)
    delete_after = models.BooleanField(default=False)
    extras = models.JSONField(default=dict)
    next_fire = models.DateTimeField(null=True)
    last_fire = models.DateTimeField(null=True)
    last_at = models.DateTimeField(null=True)
    last_outcome = models.CharField(max_length=8, choices=Outcome.choices, blank=True, default=Outcome.NONE)
    last_note = models.TextField(blank=True, default="")
    last_execution = models.ForeignKey("runs.Execution", on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "group", "name"], name="schedule_name_once_per_group"),
            models.CheckConstraint(
                condition=models.Q(enabled=True) | models.Q(next_fire__isnull=True), name="schedule_paused_never_fires"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["next_fire"], name="schedule_due", condition=models.Q(next_fire__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.name
