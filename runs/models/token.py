"""Idempotency tokens clients send with a changing request."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from runs.models.execution import Execution


class ClientToken(models.Model):
    """The same token for the same action gives the same answer again, for ever: an execution, or the text `answer`."""

    workspace = models.ForeignKey("accounts.Workspace", on_delete=models.CASCADE, related_name="+")
    action = models.CharField(max_length=32)
    token = models.CharField(max_length=128)
    request_sha256 = models.CharField(max_length=64)
    execution = models.ForeignKey(Execution, on_delete=models.CASCADE, null=True, related_name="+")
    answer = models.TextField(blank=True, default="")
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "action", "token"], name="client_token_once"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.token}"
