"""Where bytes are that a definition names elsewhere."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from accounts.identifiers import LENGTH as ID_LENGTH
from accounts.identifiers import new_id


class UriMapping(models.Model):
    """A step that reads below `prefix` gets what lies below `target`; the definition keeps saying `prefix`.

    Both are `s3://bucket` or `s3://bucket/folder`, without a slash at the end.
    """

    id = models.CharField(primary_key=True, max_length=ID_LENGTH, default=new_id, editable=False)
    workspace = models.ForeignKey("accounts.Workspace", on_delete=models.CASCADE, related_name="+")
    prefix = models.CharField(max_length=1100)
    target = models.CharField(max_length=1100)
    created_by = models.CharField(max_length=64)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "prefix"], name="uri_prefix_once_per_workspace"),
        ]
        ordering: ClassVar = ["prefix"]

    def __str__(self) -> str:
        return f"{self.prefix} → {self.target}"
