"""The lines people add to the table of images."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from accounts.identifiers import LENGTH as ID_LENGTH
from accounts.identifiers import new_id


class ImageRuntime(models.TextChoices):
    """What a mapped image runs as."""

    PYTHON = "python"  # the local Python environment, script mode
    XGBOOST = "xgboost"  # the same, with the built-in XGBoost algorithm
    CONTAINER = "container"  # the image's own command, which only Docker can start


class ImageMapping(models.Model):
    """One line of a workspace's table; the lines of `engine.images.DEFAULT_IMAGES` stand behind all of these.

    `container`: the local image Docker starts for it. `requires`: modules a training script counts on.
    """

    id = models.CharField(primary_key=True, max_length=ID_LENGTH, default=new_id, editable=False)
    workspace = models.ForeignKey("accounts.Workspace", on_delete=models.CASCADE, related_name="+")
    pattern = models.CharField(max_length=512)
    title = models.CharField(max_length=128)
    runtime = models.CharField(max_length=16, choices=ImageRuntime.choices)
    container = models.CharField(max_length=512, blank=True, default="")
    requires = models.JSONField(default=list)
    position = models.PositiveIntegerField()
    enabled = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "pattern"], name="image_pattern_once_per_workspace"),
            models.CheckConstraint(
                condition=models.Q(runtime__in=[one.value for one in ImageRuntime]),
                name="image_runtime_is_a_known_word",
            ),
            models.CheckConstraint(
                condition=~models.Q(runtime="container", container=""), name="image_container_names_its_image"
            ),
        ]
        ordering: ClassVar = ["position", "id"]

    def __str__(self) -> str:
        return self.pattern
