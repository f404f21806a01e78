"""What the place a draft would run at adds to its problems."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers
from rest_framework.response import Response

from accounts.actors import Actor
from accounts.endpoints import Endpoint, operation
from editor import documents, selectors
from editor.serializers import ProblemsField, ProblemsSerializer
from engine.definition.model import Definition
from runs.address_warnings import missing_addresses
from runs.columns import columns_of, document_of
from runs.draft_warnings import MOST_WARNINGS, warnings_of
from runs.runner_facts import working_place


class WarningsQuery(serializers.Serializer[Any]):
    about = serializers.ChoiceField(
        choices=["addresses"],
        required=False,
        help_text="Only addresses with nothing behind them, which is quick to tell",
    )


class DraftWarningsView(Endpoint):
    @operation(
        "pipelines_draft_warnings",
        "What to know before Run: addresses with nothing behind them, steps larger than the machine, scripts the "
        "process runner cannot serve",
        query=WarningsQuery,
        responses={200: ProblemsSerializer},
    )
    def get(self, actor: Actor, *, pipeline_id: str, query: dict[str, Any]) -> Response:
        draft = selectors.draft(actor, pipeline_id)
        definition = Definition.from_document(documents.document_of(draft.definition))
        workspace = actor.workspace.pk
        if query.get("about") == "addresses":
            found = missing_addresses(workspace, definition)[:MOST_WARNINGS]
        else:
            found = warnings_of(workspace, definition, working_place())
        return Response({"problems": [documents.problem_document(one) for one in found]})


class ColumnsQuery(serializers.Serializer[Any]):
    step = serializers.CharField(required=False, max_length=256, help_text="Only this step")


class FlowingColumnSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    type = serializers.CharField(help_text="integer, number, text, boolean, date, datetime or other")
    open = serializers.BooleanField(
        required=False,
        help_text="Not one column but those whose names begin so; only a run knows how many there are",
    )


class StepColumnsSerializer(serializers.Serializer[Any]):
    """Columns at each port; null where they are not known yet."""

    inputs = serializers.DictField(child=FlowingColumnSerializer(many=True, allow_null=True))
    outputs = serializers.DictField(child=FlowingColumnSerializer(many=True, allow_null=True))


class DraftColumnsSerializer(serializers.Serializer[Any]):
    steps = serializers.DictField(child=StepColumnsSerializer())
    problems = ProblemsField()


class DraftColumnsView(Endpoint):
    @operation(
        "pipelines_draft_columns",
        "Columns along the wires of ready-made steps, and columns they name that will not be there",
        query=ColumnsQuery,
        responses={200: DraftColumnsSerializer},
    )
    def get(self, actor: Actor, *, pipeline_id: str, query: dict[str, Any]) -> Response:
        draft = selectors.draft(actor, pipeline_id)
        definition = Definition.from_document(documents.document_of(draft.definition))
        known, problems = columns_of(actor, pipeline_id, definition)
        wanted = query.get("step")
        return Response(
            {
                "steps": {name: document_of(found) for name, found in known.items() if wanted in (None, name)},
                "problems": [documents.problem_document(one) for one in problems if wanted in (None, one.step)],
            }
        )
