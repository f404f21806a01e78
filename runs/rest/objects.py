"""Objects over REST: code, files, small texts, and signed links to bytes."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import BinaryIO, cast

from django.http import HttpRequest, HttpResponse, HttpResponseNotFound, StreamingHttpResponse
from django.views.decorators.http import require_safe
from rest_framework.response import Response

from accounts.actors import Actor
from accounts.endpoints import Endpoint, operation
from accounts.parsers import StreamParser
from runs import artifacts, serializers
from runs.models import StoredObject
from runs.services.code import read_text, store_code, store_file
from runs.storage.base import BlobNotFound
from runs.stores import blob_store

CHUNK_BYTES = 256 * 1024


class CodeView(Endpoint):
    @operation(
        "code_store",
        "Store a file of code; its address never changes what it holds",
        request=serializers.CodeSerializer,
        responses={201: serializers.StoredObjectSerializer},
    )
    def post(self, actor: Actor, *, pipeline_id: str, body: dict[str, str]) -> Response:
        data = body["text"].encode("utf-8", "surrogateescape")
        stored = store_code(
            actor=actor,
            pipeline_id=pipeline_id,
            file_name=body["file_name"],
            data=data,
            archive=body.get("archive"),
        )
        return Response({"uri": stored.uri, "sha256": stored.sha256, "size": stored.size}, status=201)


class FilesView(Endpoint):
    parser_classes = (StreamParser,)

    @operation(
        "files_store",
        "Store a file of at most 2 GiB; the body is its bytes",
        responses={201: serializers.StoredObjectSerializer},
    )
    def post(self, actor: Actor, *, pipeline_id: str, file_name: str) -> Response:
        length = int(self.request.META.get("CONTENT_LENGTH") or 0)
        stream = cast(BinaryIO, self.request.data) if length else BytesIO()
        stored = store_file(actor=actor, pipeline_id=pipeline_id, file_name=file_name, stream=stream, size=length)
        return Response({"uri": stored.uri, "sha256": stored.sha256, "size": stored.size}, status=201)


class ObjectTextView(Endpoint):
    @operation(
        "objects_text",
        "The text of an object of at most 1 MiB",
        query=serializers.UriQuery,
        responses={200: serializers.TextObjectSerializer},
    )
    def get(self, actor: Actor, *, query: dict[str, str]) -> Response:
        found = read_text(actor=actor, uri=query["uri"], member=query.get("member"))
        return Response({"uri": found.uri, "text": found.text, "size": found.size, "sha256": found.sha256})


@require_safe
def artifact(request: HttpRequest, signed: str, name: str) -> HttpResponse | StreamingHttpResponse:
    """Bytes of one object version, in a sandbox: whatever they are, they run nothing and reach nothing of ours."""
    stored_id = artifacts.read_signature(signed)
    stored = StoredObject.objects.filter(pk=stored_id).first() if stored_id is not None else None
    if stored is None:
        return HttpResponseNotFound("This link is not valid any more.", content_type="text/plain")
    try:
        blob = blob_store().open(stored.sha256)
    except BlobNotFound:
        return HttpResponseNotFound("The bytes are not in the store any more.", content_type="text/plain")
    response = StreamingHttpResponse(_chunks(blob), content_type=artifacts.media_type(stored.key))
    response["Content-Length"] = str(stored.size)
    response["ETag"] = f'"{stored.sha256}"'
    for header, value in artifacts.headers(stored.key).items():
        response[header] = value
    return response


def _chunks(blob: BinaryIO) -> Iterator[bytes]:
    with blob:
        while chunk := blob.read(CHUNK_BYTES):
            yield chunk
