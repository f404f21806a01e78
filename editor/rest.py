"""Pipelines, their drafts and versions over REST."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from django.http import HttpResponse
from rest_framework.response import Response

from accounts.actors import Actor
from accounts.endpoints import Endpoint, operation, page_of
from accounts.pagination import PageQuery, page
from editor import documents, hooks, selectors, serializers
from editor.errors import VersionNotFound
from editor.exports import export_text
from editor.glossary import glossary
from editor.models import Draft, Pipeline, PipelineVersion
from editor.patches import Edit
from editor.services import drafts, pipelines, rechecking, versions


class GlossaryView(Endpoint):
    @operation("glossary_get", "The words Clary uses, each explained", responses={200: serializers.GlossarySerializer})
    def get(self, actor: Actor) -> Response:
        return Response({"results": [asdict(word) for word in glossary()]})


class PipelinesView(Endpoint):
    @operation(
        "pipelines_list",
        "Pipelines, changed last first",
        query=serializers.PipelineQuery,
        responses={200: page_of(serializers.PipelineRowSerializer)},
    )
    def get(self, actor: Actor, *, query: dict[str, Any]) -> Response:
        rows = selectors.pipelines(actor, search=query["search"])
        found = page(rows, key="updated_at", cursor=query.get("cursor"), limit=query["limit"])
        return Response({"results": _rows(actor, found.results), "next": found.next})

    @operation(
        "pipelines_create",
        "Create or import a pipeline",
        request=serializers.PipelineCreateSerializer,
        responses={201: serializers.PipelineRowSerializer},
    )
    def post(self, actor: Actor, *, body: dict[str, Any]) -> Response:
        pipeline = pipelines.create_pipeline(actor=actor, **body)
        return Response(_rows(actor, [pipeline])[0], status=201)


class PipelineView(Endpoint):
    @operation("pipelines_get", "One pipeline", responses={200: serializers.PipelineRowSerializer})
    def get(self, actor: Actor, *, pipeline_id: str) -> Response:
        return Response(_rows(actor, [selectors.pipeline(actor, pipeline_id)])[0])

    @operation(
        "pipelines_update",
        "Rename or describe a pipeline",
        request=serializers.PipelineChangeSerializer,
        responses={200: serializers.PipelineRowSerializer},
    )
    def patch(self, actor: Actor, *, pipeline_id: str, body: dict[str, Any]) -> Response:
        pipeline = pipelines.change_pipeline(actor=actor, pipeline_id=pipeline_id, **body)
        return Response(_rows(actor, [pipeline])[0])

    @operation("pipelines_delete", "Delete a pipeline", responses={204: None})
    def delete(self, actor: Actor, *, pipeline_id: str) -> Response:
        pipelines.delete_pipeline(actor=actor, pipeline_id=pipeline_id)
        return Response(status=204)


class DraftView(Endpoint):
    @operation("pipelines_draft_get", "The draft the studio edits", responses={200: serializers.DraftSerializer})
    def get(self, actor: Actor, *, pipeline_id: str) -> Response:
        draft = selectors.draft(actor, pipeline_id)
        rechecking.check_draft_of_other_rules(actor=actor, draft=draft)
        pipelines.note_opened(actor=actor, pipeline=draft.pipeline)
        return Response(_draft_document(draft))


class DraftCommandsView(Endpoint):
    @operation(
        "pipelines_draft_history",
        "The draft's commands, newest first",
        query=PageQuery,
        responses={200: page_of(serializers.HistoryRowSerializer)},
    )
    def get(self, actor: Actor, *, pipeline_id: str, query: dict[str, Any]) -> Response:
        rows = selectors.history(actor, pipeline_id)
        found = page(rows, key="revision", cursor=query.get("cursor"), limit=query["limit"])
        return Response(page_of(serializers.HistoryRowSerializer)(found).data)

    @operation(
        "pipelines_draft_apply",
        "Edit the draft; 409 with both documents when somebody else was first",
        request=serializers.CommandsSerializer,
        responses={200: serializers.SavedSerializer},
    )
    def post(self, actor: Actor, *, pipeline_id: str, body: dict[str, Any]) -> Response:
        edits = [Edit(**command) for command in body["commands"]]
        saved = drafts.apply_commands(actor=actor, pipeline_id=pipeline_id, revision=body["revision"], edits=edits)
        return Response(_saved_document(saved))


class UndoView(Endpoint):
    @operation(
        "pipelines_draft_undo",
        "Take back the newest command of the log",
        request=serializers.RevisionSerializer,
        responses={200: serializers.UndoneSerializer},
    )
    def post(self, actor: Actor, *, pipeline_id: str, body: dict[str, int]) -> Response:
        return Response(_undone_document(drafts.undo(actor=actor, pipeline_id=pipeline_id, **body)))


class RedoView(Endpoint):
    @operation(
        "pipelines_draft_redo",
        "Bring back what undo took",
        request=serializers.RevisionSerializer,
        responses={200: serializers.UndoneSerializer},
    )
    def post(self, actor: Actor, *, pipeline_id: str, body: dict[str, int]) -> Response:
        return Response(_undone_document(drafts.redo(actor=actor, pipeline_id=pipeline_id, **body)))


class PublishView(Endpoint):
    @operation(
        "pipelines_publish",
        "Publish the draft as a version",
        request=serializers.PublishSerializer,
        responses={201: serializers.VersionRowSerializer},
    )
    def post(self, actor: Actor, *, pipeline_id: str, body: dict[str, str]) -> Response:
        version = versions.publish(actor=actor, pipeline_id=pipeline_id, note=body["note"])
        return Response(serializers.VersionRowSerializer(version).data, status=201)


class VersionsView(Endpoint):
    @operation(
        "pipelines_versions_list",
        "Published versions, newest first",
        query=PageQuery,
        responses={200: page_of(serializers.VersionRowSerializer)},
    )
    def get(self, actor: Actor, *, pipeline_id: str, query: dict[str, Any]) -> Response:
        rows = selectors.versions(actor, pipeline_id)
        found = page(rows, key="number", cursor=query.get("cursor"), limit=query["limit"])
        return Response(page_of(serializers.VersionRowSerializer)(found).data)


class VersionView(Endpoint):
    @operation("pipelines_versions_get", "One version with its texts", responses={200: serializers.VersionSerializer})
    def get(self, actor: Actor, *, pipeline_id: str, number: int) -> Response:
        return Response(_version_document(selectors.version(actor, pipeline_id, number)))


class RestoreView(Endpoint):
    @operation(
        "pipelines_versions_restore",
        "Put a version's texts back into the draft",
        request=serializers.RevisionSerializer,
        responses={200: serializers.SavedSerializer},
    )
    def post(self, actor: Actor, *, pipeline_id: str, number: int, body: dict[str, int]) -> Response:
        saved = versions.restore_version(actor=actor, pipeline_id=pipeline_id, number=number, revision=body["revision"])
        return Response(_saved_document(saved))


class ExportView(Endpoint):
    @operation(
        "pipelines_export",
        "Download a definition",
        query=serializers.ExportQuery,
        responses={200: dict},
    )
    def get(self, actor: Actor, *, pipeline_id: str, query: dict[str, Any]) -> HttpResponse:
        held = selectors.pipeline(actor, pipeline_id)
        source: Draft | PipelineVersion
        if query["source"] == "draft":
            source, label = selectors.draft(actor, pipeline_id), "draft"
        else:
            number = query.get("number") or held.latest_version
            if not number:
                raise VersionNotFound(pipeline=held.name, number=1)
            source, label = selectors.version(actor, pipeline_id, number), f"v{number}"
        text = export_text(source.definition, source.layout if query["layout"] else None)
        response = HttpResponse(text, content_type="application/json")
        response["Content-Disposition"] = f'attachment; filename="{held.name}-{label}.json"'
        return response


class ValidateView(Endpoint):
    @operation(
        "validate",
        "Everything wrong with a definition, whatever it is",
        request=serializers.ValidateSerializer,
        responses={200: serializers.ProblemsSerializer},
    )
    def post(self, actor: Actor, *, body: dict[str, str]) -> Response:
        found = documents.problems_of(body["definition"], hooks.images_of(actor.workspace.pk), profile=body["profile"])
        return Response({"problems": [documents.problem_document(one) for one in found]})


def _rows(actor: Actor, found: Sequence[Pipeline]) -> list[dict[str, Any]]:
    last = hooks.last_executions(actor, [one.pk for one in found])
    for one in found:
        one.last_execution = last.get(one.pk)  # type: ignore[attr-defined]  # shown beside the row
    return list(serializers.PipelineRowSerializer(found, many=True).data)


def _draft_document(draft: Draft) -> dict[str, Any]:
    undo_label, redo_label = selectors.undo_labels(draft)
    return {
        "revision": draft.revision,
        "definition": draft.definition,
        "layout": documents.read_layout(draft.layout),
        "problems": json.loads(draft.problems),
        "base_version": draft.base_version,
        "arrived_version": draft.arrived_version,
        "changes_since_version": draft.changes_since_version,
        "undo_label": undo_label,
        "redo_label": redo_label,
        "saved_at": draft.saved_at,
    }


def _saved_document(saved: drafts.Saved) -> dict[str, Any]:
    return {
        "revision": saved.revision,
        "problems": json.loads(saved.problems),
        "saved_at": saved.saved_at,
        "changes_since_version": saved.changes_since_version,
        "arrived_version": saved.arrived_version,
    }


def _undone_document(saved: drafts.Saved) -> dict[str, Any]:
    edit = saved.applied or Edit(name="")
    return {
        **_saved_document(saved),
        "label": edit.label,
        "definition": list(edit.definition),
        "layout": list(edit.layout),
        "definition_text": edit.definition_text,
        "layout_text": edit.layout_text,
    }


def _version_document(version: PipelineVersion) -> dict[str, Any]:
    row = serializers.VersionRowSerializer(version).data
    return {**row, "definition": version.definition, "layout": documents.read_layout(version.layout)}
