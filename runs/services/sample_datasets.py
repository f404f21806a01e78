"""Samples: one click makes a dataset of a table an installed package brings."""

from __future__ import annotations

import tempfile
from pathlib import Path

from accounts.actors import Actor
from accounts.permissions import Permission, require
from runs.errors import SampleNotFound, SampleNotInstalled, TableUnreadable
from runs.models import Dataset
from runs.services.datasets import Origin, Upload, keep_file
from runs.services.tables import work_folder
from runs.tables.inspecting import sample_file
from runs.tables.options import Unreadable
from runs.tables.samples import sample_named


def take_sample(*, actor: Actor, sample_id: str) -> Upload:
    """The dataset of a sample; taking it twice makes nothing new.

    Raises:
        NotPermitted, SampleNotFound, SampleNotInstalled, TableUnreadable
    """
    require(actor, Permission.EDIT_DATA)
    sample = sample_named(sample_id)
    if sample is None:
        raise SampleNotFound(sample=sample_id)
    known = Dataset.objects.filter(workspace=actor.workspace, sample=sample.id).order_by("-id").first()
    if known is not None:
        return Upload(dataset=known, version=known.versions.order_by("-number")[0], unchanged=True)
    if not sample.is_installed():
        raise SampleNotInstalled(sample=sample.title, package=sample.package)
    with tempfile.TemporaryDirectory(dir=work_folder()) as folder:
        try:
            path = sample_file(sample, Path(folder))
        except Unreadable as refused:
            raise TableUnreadable(message=refused.message, reason=refused.code) from None
        origin = Origin(sample=sample.id, source=sample.source, licence=sample.licence, description=sample.description)
        name = _free_name(actor, sample.title)
        return keep_file(actor=actor, path=path, file_name=sample.file_name, name=name, new=True, origin=origin)


def _free_name(actor: Actor, title: str) -> str:
    """The title; somebody's own dataset of that name stays what it is."""
    taken = set(Dataset.objects.filter(workspace=actor.workspace).values_list("name", flat=True))
    name, number = title, 2
    while name in taken:
        name, number = f"{title} {number}", number + 1
    return name
