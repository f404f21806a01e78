"""The S3 namespace over the blob store, and the step cache."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from accounts.identifiers import LENGTH as ID_LENGTH
from accounts.identifiers import new_id
from runs.models.attempt import Job


class StoredObject(models.Model):
    """One version of one object; the bytes are the blob `sha256`. The row with the highest id is current.

    A `deleted` row says that there is no object any more; earlier versions stay for the executions that recorded them.

    Objects a step wrote carry its execution, step and the recorded output URI (`output_uri`), so that a
    URI under that output resolves to exactly this manifest inside the execution.
    """

    workspace = models.ForeignKey("accounts.Workspace", on_delete=models.PROTECT, related_name="+")
    bucket = models.CharField(max_length=63)
    key = models.CharField(max_length=1024)
    version = models.CharField(max_length=32, default=new_id)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    etag = models.CharField(max_length=64, blank=True, default="")
    headers = models.JSONField(default=dict)
    deleted = models.BooleanField(default=False, db_default=False)
    execution = models.CharField(max_length=ID_LENGTH, blank=True, default="")
    step = models.CharField(max_length=256, blank=True, default="")
    output = models.CharField(max_length=256, blank=True, default="")
    output_uri = models.CharField(max_length=1200, blank=True, default="")
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "bucket", "key", "version"], name="object_version_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["workspace", "bucket", "key", "-id"], name="object_current"),
            models.Index(fields=["execution", "step"], name="object_by_step"),
            models.Index(fields=["execution", "bucket", "key"], name="object_in_execution"),
        ]

    def __str__(self) -> str:
        return self.uri

    @property
    def uri(self) -> str:
        return f"s3://{self.bucket}/{self.key}"


class CacheEntry(models.Model):
    """The newest success under a cache key; `job` holds its outputs and description."""

    workspace = models.ForeignKey("accounts.Workspace", on_delete=models.CASCADE, related_name="+")
    pipeline_name = models.CharField(max_length=256)
    step = models.CharField(max_length=256)
    key = models.CharField(max_length=64)
    fields = models.JSONField(default=dict)  # field → its hash or value, to explain a miss
    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="+")
    metrics = models.JSONField(default=dict)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "pipeline_name", "step", "key"], name="cache_key_once"),
        ]

    def __str__(self) -> str:
        return f"{self.step} {self.key[:12]}"
