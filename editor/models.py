"""Pipelines, their one draft with its command log, and their immutable versions.

Definitions and layouts are text: key order and number spelling are the user's.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from accounts.identifiers import new_id
from accounts.models import Workspace


class Pipeline(models.Model):
    id = models.CharField(primary_key=True, max_length=12, default=new_id, editable=False)
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="pipelines")
    name = models.CharField(max_length=256)
    display_name = models.CharField(max_length=256, blank=True)
    description = models.TextField(blank=True, max_length=3072)
    hidden = models.BooleanField(default=False)  # the one-step pipeline behind a plain SDK job
    latest_version = models.PositiveIntegerField(default=0)  # 0: never published
    role_arn = models.CharField(max_length=2048, blank=True)  # kept for AWS callers; nothing here assumes a role
    parallelism = models.PositiveIntegerField(null=True)  # steps at once, where a start names no number of its own
    created_by = models.CharField(max_length=64)
    created_at = models.DateTimeField(default=timezone.now)
    updated_by = models.CharField(max_length=64, blank=True)
    updated_at = models.DateTimeField(default=timezone.now)
    deleted_at = models.DateTimeField(null=True)  # executions of a deleted pipeline stay readable

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="editor_pipeline_name_in_use",
                fields=["workspace", "name"],
                condition=models.Q(deleted_at__isnull=True),
            )
        ]
        indexes = [models.Index(name="editor_pipeline_newest", fields=["workspace", "-updated_at", "-id"])]

    def __str__(self) -> str:
        return self.name


class PipelineVersion(models.Model):
    """One published state. Never changed after it was written."""

    pipeline = models.ForeignKey(Pipeline, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    definition = models.TextField()
    layout = models.TextField()
    sha256 = models.CharField(max_length=64)  # of the definition text
    step_count = models.PositiveIntegerField()
    display_name = models.CharField(max_length=82, blank=True)
    note = models.TextField(blank=True, max_length=3072)
    source = models.CharField(max_length=16, default="studio")  # studio | api
    created_by = models.CharField(max_length=64)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(name="editor_version_number", fields=["pipeline", "number"])]

    def __str__(self) -> str:
        return f"{self.pipeline_id} v{self.number}"


class Draft(models.Model):
    """The state the studio edits: one revision over the definition and the layout."""

    pipeline = models.OneToOneField(Pipeline, models.CASCADE, primary_key=True, related_name="draft")
    revision = models.PositiveIntegerField(default=1)
    definition = models.TextField()
    layout = models.TextField()
    sha256 = models.CharField(max_length=64)  # of the definition text
    step_count = models.PositiveIntegerField(default=0)
    problem_count = models.PositiveIntegerField(default=0)
    error_count = models.PositiveIntegerField(default=0)
    problems = models.TextField(default="[]")  # what validation said of this definition
    checked_by = models.CharField(max_length=64, blank=True, default="", db_default="")  # `rules_stamp` of it then
    base_version = models.PositiveIntegerField(null=True)  # the version this draft started from
    base_digest = models.CharField(max_length=64, blank=True)  # digest of that version's content; equal: clean
    changes_since_version = models.PositiveIntegerField(default=0)
    arrived_version = models.PositiveIntegerField(null=True)  # came from the API while the draft was dirty
    saved_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"draft of {self.pipeline_id} at {self.revision}"


class DraftCommand(models.Model):
    """One edit. Log that autosave, undo and merging stand on."""

    class State(models.TextChoices):
        DONE = "done"
        UNDONE = "undone"  # may be redone
        CLOSED = "closed"  # undone, then something else was done; or an undo itself

    draft = models.ForeignKey(Draft, models.CASCADE, related_name="commands")
    revision = models.PositiveIntegerField()  # the draft's revision after it
    name = models.CharField(max_length=64)
    label = models.CharField(max_length=256)
    actor = models.CharField(max_length=64)
    patch = models.TextField()  # {"definition": [op…], "layout": [op…]} or {"definition_text": …}
    inverse = models.TextField()
    state = models.CharField(max_length=6, choices=State.choices, default=State.DONE)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(name="editor_command_revision", fields=["draft", "revision"])]

    def __str__(self) -> str:
        return f"{self.revision} {self.name}"


class Alias(models.Model):
    """A name for a version ("production") that callers can start."""

    pipeline = models.ForeignKey(Pipeline, models.CASCADE, related_name="aliases")
    name = models.CharField(max_length=128)
    version = models.ForeignKey(PipelineVersion, models.PROTECT, related_name="aliases")
    updated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(name="editor_alias_name", fields=["pipeline", "name"])]

    def __str__(self) -> str:
        return self.name


class LastOpened(models.Model):
    """The pipeline a person had open last, so that the studio comes back to it."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    pipeline = models.ForeignKey(Pipeline, models.CASCADE, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(name="editor_last_opened_once", fields=["user", "workspace"])]

    def __str__(self) -> str:
        return f"{self.user_id} opened {self.pipeline_id}"
