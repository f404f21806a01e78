"""Registered models: groups and their numbered packages."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from accounts.identifiers import new_id
from accounts.models import Workspace


class ModelPackageGroup(models.Model):
    id = models.CharField(primary_key=True, max_length=12, default=new_id, editable=False)
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="model_package_groups")
    name = models.CharField(max_length=63)
    arn = models.CharField(max_length=256)
    description = models.TextField(blank=True)
    latest_version = models.PositiveIntegerField(default=0)
    created_by = models.CharField(max_length=64)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(name="registry_group_name", fields=["workspace", "name"])]

    def __str__(self) -> str:
        return self.name


class ModelPackage(models.Model):
    """One version of a model. `request` and `description` are JSON texts in the AWS shapes."""

    class Approval(models.TextChoices):
        APPROVED = "Approved"
        REJECTED = "Rejected"
        PENDING = "PendingManualApproval"

    id = models.CharField(primary_key=True, max_length=12, default=new_id, editable=False)
    group = models.ForeignKey(ModelPackageGroup, models.CASCADE, related_name="packages")
    version = models.PositiveIntegerField()
    arn = models.CharField(max_length=256, db_index=True)
    request = models.TextField()
    description = models.TextField()
    approval_status = models.CharField(max_length=24, choices=Approval.choices)
    figures = models.JSONField(default=list, db_default=[])  # [{"label", "value"}] of its report when it was registered
    source_execution = models.CharField(max_length=12, blank=True)
    source_step = models.CharField(max_length=256, blank=True)
    created_by = models.CharField(max_length=64)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="registry_package_version", fields=["group", "version"]),
            # A step of an execution registers once, however often it is decided.
            models.UniqueConstraint(
                name="registry_package_per_step",
                fields=["source_execution", "source_step"],
                condition=~models.Q(source_execution=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.group_id} v{self.version}"


class Model(models.Model):
    """A model that can be deployed or run over data. `request` and `description` are JSON texts in the AWS shapes."""

    id = models.CharField(primary_key=True, max_length=12, default=new_id, editable=False)
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="models")
    name = models.CharField(max_length=63)
    arn = models.CharField(max_length=256)
    request = models.TextField()
    description = models.TextField()
    source_execution = models.CharField(max_length=12, blank=True)
    source_step = models.CharField(max_length=256, blank=True)
    created_by = models.CharField(max_length=64)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="registry_model_name", fields=["workspace", "name"]),
            # A step of an execution makes its model once, however often it is decided.
            models.UniqueConstraint(
                name="registry_model_per_step",
                fields=["source_execution", "source_step"],
                condition=~models.Q(source_execution=""),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Tag(models.Model):
    """A key and a value on anything that has an ARN."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="tags")
    arn = models.CharField(max_length=512)
    key = models.CharField(max_length=128)
    value = models.CharField(max_length=256, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="registry_tag_key", fields=["workspace", "arn", "key"])]

    def __str__(self) -> str:
        return f"{self.key}={self.value}"
