"""What the place a draft would run at adds to its problems."""

from __future__ import annotations

from rest_framework.response import Response

from accounts.actors import Actor
from accounts.endpoints import Endpoint, operation
from editor import documents, selectors
from editor.serializers import ProblemsSerializer
from engine.definition.model import Definition
from runs.draft_warnings import warnings_of
from runs.runner_facts import working_place


class DraftWarningsView(Endpoint):
    @operation(
        "pipelines_draft_warnings",
        "What to know before Run: steps larger than the machine, scripts the process runner cannot serve",
        responses={200: ProblemsSerializer},
    )
    def get(self, actor: Actor, *, pipeline_id: str) -> Response:
        draft = selectors.draft(actor, pipeline_id)
        definition = Definition.from_document(documents.document_of(draft.definition))
        found = warnings_of(actor.workspace.pk, definition, working_place())
        return Response({"problems": [documents.problem_document(one) for one in found]})
