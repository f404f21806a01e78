"""Websocket addresses."""

from __future__ import annotations

from django.urls import re_path

from runs.consumers import ExecutionConsumer, FeedConsumer, NothingHere

websocket_urlpatterns = [
    re_path(r"^ws/executions/(?P<execution_id>[a-z0-9]{12})/$", ExecutionConsumer.as_asgi()),
    re_path(r"^ws/feed/$", FeedConsumer.as_asgi()),
    re_path(r"", NothingHere.as_asgi()),
]
