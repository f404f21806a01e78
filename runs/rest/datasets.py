"""Datasets over REST."""

from __future__ import annotations

from io import BytesIO
from typing import Any, BinaryIO, cast

from rest_framework.response import Response

from accounts.actors import Actor
from accounts.endpoints import Endpoint, operation, page_of
from accounts.pagination import page
from accounts.parsers import StreamParser
from runs import dataset_serializers as serializers
from runs import datasets
from runs.models import Dataset, DatasetVersion
from runs.services.datasets import Upload, change_dataset, change_reading, delete_dataset, upload_dataset
from runs.services.sample_datasets import take_sample
from runs.tables.options import ReadOptions
from runs.tables.samples import SAMPLES

_ROW = ("id", "name", "description", "sample", "source", "licence", "created_by", "created_at", "updated_at")
_VERSION = (
    *("number", "file_name", "uri", "sha256", "size", "kind", "options", "found", "rows", "rows_exact", "column_count"),
    *("warnings", "created_by", "created_at"),
)


class DatasetsView(Endpoint):
    @operation(
        "datasets_list",
        "Datasets, last changed first",
        query=serializers.DatasetListQuery,
        responses={200: page_of(serializers.DatasetRowSerializer)},
    )
    def get(self, actor: Actor, *, query: dict[str, Any]) -> Response:
        rows = datasets.datasets(actor, search=query["search"].strip())
        found = page(rows, key="updated_at", cursor=query.get("cursor"), limit=query["limit"])
        newest = datasets.newest_versions(found.results)
        return Response({"results": [_row(one, newest[one.pk]) for one in found.results], "next": found.next})


class DatasetUploadView(Endpoint):
    parser_classes = (StreamParser,)

    @operation(
        "datasets_upload",
        "Make a dataset, or its next version, of a file; the body is its bytes",
        query=serializers.DatasetUploadQuery,
        responses={201: serializers.UploadedDatasetSerializer},
    )
    def post(self, actor: Actor, *, file_name: str, query: dict[str, Any]) -> Response:
        length = int(self.request.META.get("CONTENT_LENGTH") or 0)
        stream = cast(BinaryIO, self.request.data) if length else BytesIO()
        name = query.get("name")
        made = upload_dataset(actor=actor, file_name=file_name, stream=stream, size=length, name=name, new=query["new"])
        return Response(_uploaded(actor, made), status=201)


class DatasetView(Endpoint):
    @operation("datasets_read", "One dataset with its versions", responses={200: serializers.DatasetSerializer})
    def get(self, actor: Actor, *, dataset_id: str) -> Response:
        return Response(_whole(actor, datasets.dataset_of(actor, dataset_id)))

    @operation(
        "datasets_update",
        "Change name or description; no file moves",
        request=serializers.DatasetChangeSerializer,
        responses={200: serializers.DatasetSerializer},
    )
    def patch(self, actor: Actor, *, dataset_id: str, body: dict[str, Any]) -> Response:
        return Response(_whole(actor, change_dataset(actor=actor, dataset_id=dataset_id, changes=body)))

    @operation("datasets_delete", "Take a dataset and its files away", responses={204: None})
    def delete(self, actor: Actor, *, dataset_id: str) -> Response:
        delete_dataset(actor=actor, dataset_id=dataset_id)
        return Response(status=204)


class DatasetReadingView(Endpoint):
    @operation(
        "datasets_version_update",
        "Say how a version's file is to be read; what is left out is found out",
        request=serializers.ReadOptionsSerializer,
        responses={200: serializers.DatasetSerializer},
    )
    def put(self, actor: Actor, *, dataset_id: str, number: int, body: dict[str, Any]) -> Response:
        change_reading(actor=actor, dataset_id=dataset_id, number=number, options=ReadOptions.of(body))
        return Response(_whole(actor, datasets.dataset_of(actor, dataset_id)))


class DatasetLinkView(Endpoint):
    @operation(
        "datasets_version_link",
        "A link to the version's file",
        responses={200: serializers.DatasetLinkSerializer},
    )
    def get(self, actor: Actor, *, dataset_id: str, number: int) -> Response:
        return Response({"url": datasets.download_link(actor, dataset_id, number)})


class SampleDatasetsView(Endpoint):
    @operation(
        "datasets_samples_list",
        "Real tables from installed packages, each with its licence",
        responses={200: serializers.SampleListSerializer},
    )
    def get(self, actor: Actor) -> Response:
        taken = datasets.samples_taken(actor)
        names = ("id", "title", "description", "task", "rows", "columns", "package", "source", "licence")
        return Response(
            {
                "results": [
                    {name: getattr(one, name) for name in names}
                    | {"installed": one.is_installed(), "dataset": taken.get(one.id)}
                    for one in SAMPLES
                ]
            }
        )


class SampleDatasetView(Endpoint):
    @operation(
        "datasets_samples_take",
        "Make a dataset of a sample; twice makes nothing new",
        responses={201: serializers.UploadedDatasetSerializer},
    )
    def post(self, actor: Actor, *, sample_id: str) -> Response:
        return Response(_uploaded(actor, take_sample(actor=actor, sample_id=sample_id)), status=201)


def _row(dataset: Dataset, latest: DatasetVersion) -> dict[str, Any]:
    return {**{name: getattr(dataset, name) for name in _ROW}, "latest": _version(latest)}


def _version(version: DatasetVersion) -> dict[str, Any]:
    return {name: getattr(version, name) for name in _VERSION}


def _whole(actor: Actor, dataset: Dataset) -> dict[str, Any]:
    versions = datasets.versions_of(dataset)
    return {
        **_row(dataset, versions[0]),
        "versions": [_version(one) for one in versions],
        "used_by": [{"id": key, "name": name} for key, name in datasets.used_by(actor, dataset)],
    }


def _uploaded(actor: Actor, made: Upload) -> dict[str, Any]:
    return {**_whole(actor, made.dataset), "unchanged": made.unchanged}
