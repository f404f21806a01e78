"""What Prometheus scrapes."""

from __future__ import annotations

from django.http import HttpResponse

from accounts.actors import Actor
from accounts.endpoints import Endpoint, operation


class MetricsView(Endpoint):
    @operation(
        "metrics",
        "Executions, waiting and running steps, and workers of the token's workspace as Prometheus text",
        responses={200: bytes},
    )
    def get(self, actor: Actor) -> HttpResponse:
        from runs.metrics import CONTENT_TYPE, metrics_text  # the client library costs memory that few servers need

        return HttpResponse(metrics_text(actor), content_type=CONTENT_TYPE, headers={"Cache-Control": "no-store"})
