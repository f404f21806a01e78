"""Tables people brought, by name and version, and what was found out about the bytes of tables."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from accounts.identifiers import LENGTH as ID_LENGTH
from accounts.identifiers import new_id


class Dataset(models.Model):
    """A named table of a workspace. Its files lie below `datasets/<folder>/` of the default bucket.

    `folder` is made from the first name and stays, so that a new name breaks no pipeline. `licence` and `source` tell
    where a sample comes from.
    """

    id = models.CharField(primary_key=True, max_length=ID_LENGTH, default=new_id, editable=False)
    workspace = models.ForeignKey("accounts.Workspace", on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=128)
    folder = models.CharField(max_length=140)
    description = models.CharField(max_length=1024, blank=True, default="")
    sample = models.CharField(max_length=64, blank=True, default="")
    source = models.CharField(max_length=256, blank=True, default="")
    licence = models.CharField(max_length=128, blank=True, default="")
    created_by = models.CharField(max_length=150)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "name"], name="dataset_name_once_per_workspace"),
            models.UniqueConstraint(fields=["workspace", "folder"], name="dataset_folder_once_per_workspace"),
        ]
        indexes: ClassVar = [models.Index(fields=["workspace", "updated_at"], name="dataset_by_update")]

    def __str__(self) -> str:
        return self.name


class DatasetVersion(models.Model):
    """One upload: the file at `uri`, and how it is read: `options` only what a person said, `found` what came of it."""

    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    file_name = models.CharField(max_length=255)
    uri = models.CharField(max_length=1200)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=16)
    options = models.JSONField(default=dict)
    found = models.JSONField(default=dict)  # delimiter, encoding and header of a text
    rows = models.PositiveBigIntegerField()
    rows_exact = models.BooleanField()
    column_count = models.PositiveIntegerField()
    warnings = models.PositiveIntegerField(default=0)
    created_by = models.CharField(max_length=150)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["dataset", "number"], name="dataset_version_once"),
        ]

    def __str__(self) -> str:
        return f"{self.dataset_id} v{self.number}"


class TableSummary(models.Model):
    """What was found out about bytes read in one way; the same for whoever holds them.

    `text` is empty while a process is still reading, and `failure` says why one could not.
    """

    sha256 = models.CharField(max_length=64)
    way = models.CharField(max_length=64)  # digest of the file's name and the options
    full = models.BooleanField()
    text = models.TextField(blank=True, default="")
    failure = models.JSONField(null=True)
    begun_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["sha256", "way", "full"], name="table_summary_once"),
        ]

    def __str__(self) -> str:
        return f"{self.sha256[:12]} {'full' if self.full else 'head'}"
