"""Buckets people made, and uploads in parts that are not complete yet."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone

from accounts.identifiers import new_id


class Bucket(models.Model):
    """A bucket made by name. A workspace's default bucket needs no row, nor does one that a step has written to."""

    workspace = models.ForeignKey("accounts.Workspace", on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=63)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["workspace", "name"], name="bucket_once")]

    def __str__(self) -> str:
        return self.name


class MultipartUpload(models.Model):
    """An object that arrives in parts; `headers` are those of the object, `checksum` the algorithm of its parts."""

    id = models.CharField(primary_key=True, max_length=12, default=new_id, editable=False)
    workspace = models.ForeignKey("accounts.Workspace", on_delete=models.CASCADE, related_name="+")
    bucket = models.CharField(max_length=63)
    key = models.CharField(max_length=1024)
    headers = models.JSONField(default=dict)
    checksum = models.CharField(max_length=16, blank=True, default="")
    full_checksum = models.BooleanField(default=False)  # one checksum over the object instead of one over its parts'
    started_by = models.CharField(max_length=64)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["workspace", "bucket", "key", "id"], name="upload_by_key")]

    def __str__(self) -> str:
        return f"{self.id} to s3://{self.bucket}/{self.key}"


class UploadedPart(models.Model):
    """One part, as it came last. Its bytes are the file `file` of the upload's folder, in no blob yet."""

    upload = models.ForeignKey(MultipartUpload, on_delete=models.CASCADE, related_name="parts")
    number = models.PositiveIntegerField()
    file = models.CharField(max_length=32)
    size = models.PositiveBigIntegerField()
    etag = models.CharField(max_length=64)
    checksum = models.CharField(max_length=88, blank=True, default="")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["upload", "number"], name="part_once")]

    def __str__(self) -> str:
        return f"part {self.number} of {self.upload_id}"
