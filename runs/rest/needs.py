"""What waits for a person, over REST."""

from __future__ import annotations

from dataclasses import asdict

from rest_framework.response import Response

from accounts.actors import Actor
from accounts.endpoints import Endpoint, operation
from runs import need_serializers as serializers
from runs.callbacks import open_questions
from runs.needs import MOST, failed_runs, undecided_models


class NeedsView(Endpoint):
    @operation(
        "needs_get",
        "What waits for a person: questions of steps, failed runs, models to decide about",
        responses={200: serializers.NeedsSerializer},
    )
    def get(self, actor: Actor) -> Response:
        return Response(
            {
                "waiting": [asdict(one) for one in open_questions(actor, most=MOST)],
                "failed": [asdict(one) for one in failed_runs(actor)],
                "undecided": [asdict(one) for one in undecided_models(actor)],
            }
        )
