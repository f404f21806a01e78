"""Reading datasets. Every selector filters by the actor's workspace."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Max, OuterRef, QuerySet, Subquery

from accounts.actors import Actor
from accounts.permissions import Permission, require
from editor.selectors import pipelines_naming
from runs import artifacts, namespace
from runs.errors import DatasetNotFound, DatasetVersionNotFound, ObjectNotFound
from runs.models import Dataset, DatasetVersion


def datasets(actor: Actor, *, search: str = "") -> QuerySet[Dataset]:
    """The workspace's datasets whose name contains `search`."""
    require(actor, Permission.VIEW)
    rows = Dataset.objects.filter(workspace=actor.workspace)
    return rows.filter(name__icontains=search) if search else rows


def dataset_of(actor: Actor, dataset_id: str) -> Dataset:
    """Raises: DatasetNotFound."""
    found = datasets(actor).filter(pk=dataset_id).first()
    if found is None:
        raise DatasetNotFound(dataset=dataset_id)
    return found


def versions_of(dataset: Dataset) -> list[DatasetVersion]:
    """Newest first."""
    return list(dataset.versions.order_by("-number"))


def newest_versions(found: Sequence[Dataset]) -> dict[str, DatasetVersion]:
    """Dataset id → its newest version; one query."""
    newest = DatasetVersion.objects.filter(dataset=OuterRef("dataset")).order_by("-number").values("number")[:1]
    rows = DatasetVersion.objects.filter(dataset__in=[one.pk for one in found], number=Subquery(newest))
    return {row.dataset_id: row for row in rows}


def version_of(actor: Actor, dataset_id: str, number: int) -> DatasetVersion:
    """Raises: DatasetNotFound, DatasetVersionNotFound."""
    dataset = dataset_of(actor, dataset_id)
    found = dataset.versions.filter(number=number).first()
    if found is None:
        raise DatasetVersionNotFound(dataset=dataset.name, number=number)
    return found


def download_link(actor: Actor, dataset_id: str, number: int) -> str:
    """A link to the version's bytes that works for a minute.

    Raises:
        DatasetNotFound, DatasetVersionNotFound, ObjectNotFound
    """
    version = version_of(actor, dataset_id, number)
    stored = namespace.current_object(actor.workspace.pk, version.uri)
    if stored is None:
        raise ObjectNotFound(uri=version.uri)
    return artifacts.artifact_url(stored.pk, stored.key)


def used_by(actor: Actor, dataset: Dataset) -> list[tuple[str, str]]:
    """(id, name) of the pipelines whose draft names a file of this dataset."""
    place = f"s3://{actor.workspace.default_bucket}/datasets/{dataset.folder}/"
    return [(row.pk, row.display_name or row.name) for row in pipelines_naming(actor, place)]


def samples_taken(actor: Actor) -> dict[str, str]:
    """Sample id → the dataset made of it."""
    rows = datasets(actor).exclude(sample="").values("sample").annotate(newest=Max("id"))
    return {row["sample"]: row["newest"] for row in rows}
