"""Changing a workspace's table of images. What is wrong with drafts is found again after each change."""

from __future__ import annotations

import re
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Max

from accounts import audit
from accounts.actors import Actor
from accounts.permissions import Permission, require
from editor.services.rechecking import check_drafts_again
from runs.errors import ImageInvalid, ImageNotFound, PatternInUse
from runs.models import ImageMapping
from runs.models.images import ImageRuntime

MOST_LINES = 200
_MODULE = re.compile(r"[A-Za-z_][A-Za-z0-9_.]{0,99}")


def create_image(
    *,
    actor: Actor,
    pattern: str,
    runtime: str,
    title: str = "",
    container: str = "",
    requires: list[str] | None = None,
    position: int | None = None,
    enabled: bool = True,
) -> ImageMapping:
    """A new line, the last of the workspace's own unless a position is given.

    Raises:
        NotPermitted
        ImageInvalid: a pattern or name that no image can have, no container where one is needed, or too many lines.
        PatternInUse: another line of the workspace has this pattern.
    """
    require(actor, Permission.MANAGE_WORKSPACE)
    own = ImageMapping.objects.filter(workspace=actor.workspace)
    line = ImageMapping(
        workspace=actor.workspace,
        pattern=pattern,
        runtime=runtime,
        title=title or pattern[:128],
        container=container,
        requires=requires or [],
        enabled=enabled,
    )
    _check(line)
    with transaction.atomic():
        if own.count() >= MOST_LINES:
            raise ImageInvalid(pointer="/pattern", reason=f"the table has {MOST_LINES} lines already")
        last = own.aggregate(last=Max("position"))["last"]
        line.position = position if position is not None else (0 if last is None else last + 1)
        _make_room(line)
        _save(line, insert=True)
        audit.record(actor, "image.create", line.pk, _facts(line))
    check_drafts_again(actor=actor)
    return line


def change_image(*, actor: Actor, image_id: str, changes: dict[str, Any]) -> ImageMapping:
    """The line with `changes` (any arguments of `create_image`).

    Raises:
        NotPermitted, ImageNotFound, ImageInvalid, PatternInUse
    """
    require(actor, Permission.MANAGE_WORKSPACE)
    with transaction.atomic():
        line = _own(actor, image_id)
        for name, value in changes.items():
            setattr(line, name, value)
        line.title = line.title or line.pattern[:128]
        _check(line)
        if "position" in changes:
            _make_room(line)
        _save(line, insert=False)
        audit.record(actor, "image.change", line.pk, _facts(line))
    check_drafts_again(actor=actor)
    return line


def delete_image(*, actor: Actor, image_id: str) -> None:
    """Takes a line away; executions that began with it keep it.

    Raises:
        NotPermitted, ImageNotFound
    """
    require(actor, Permission.MANAGE_WORKSPACE)
    with transaction.atomic():
        line = _own(actor, image_id)
        audit.record(actor, "image.delete", line.pk, _facts(line))
        line.delete()
    check_drafts_again(actor=actor)


def _own(actor: Actor, image_id: str) -> ImageMapping:
    found = ImageMapping.objects.select_for_update().filter(workspace=actor.workspace, pk=image_id).first()
    if found is None:
        raise ImageNotFound(image=image_id)
    return found


def _check(line: ImageMapping) -> None:
    for name in ("pattern", "container"):
        if any(character.isspace() or ord(character) < 32 for character in getattr(line, name)):
            raise ImageInvalid(pointer=f"/{name}", reason="image names hold no spaces")
    if not line.pattern.strip("*"):
        raise ImageInvalid(pointer="/pattern", reason="it would match every image; name a part of the image")
    if line.runtime == ImageRuntime.CONTAINER and not line.container:
        raise ImageInvalid(pointer="/container", reason="name the local image that Docker starts")
    for index, module in enumerate(line.requires):
        if not _MODULE.fullmatch(module):
            raise ImageInvalid(pointer=f"/requires/{index}", reason=f"{module!r} is no module name")


def _make_room(line: ImageMapping) -> None:
    """Lines at and behind the line's position move back by one, so that it stands exactly there."""
    others = ImageMapping.objects.filter(workspace=line.workspace).exclude(pk=line.pk)
    if others.filter(position=line.position).exists():
        others.filter(position__gte=line.position).update(position=F("position") + 1)


def _save(line: ImageMapping, *, insert: bool) -> None:
    try:
        with transaction.atomic():
            line.save(force_insert=insert)
    except IntegrityError:
        raise PatternInUse(pattern=line.pattern) from None


def _facts(line: ImageMapping) -> dict[str, Any]:
    names = ("pattern", "title", "runtime", "container", "requires", "position", "enabled")
    return {name: getattr(line, name) for name in names}
