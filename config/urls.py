"""Which room answers which path."""

from __future__ import annotations

from django.urls import include, path, re_path

from config import health, schema
from editor.views import studio

handler400 = "config.errors.bad_request"
handler403 = "config.errors.permission_denied"
handler404 = "config.errors.not_found"
handler500 = "config.errors.server_error"

urlpatterns = [
    path("health/live", health.live),
    path("health/ready", health.ready),
    path("api/schema/", schema.document, name="schema"),
    path("api/docs/", schema.docs, name="docs"),
    path("api/", include("accounts.urls")),
    path("api/", include("editor.urls")),
    path("api/", include("registry.urls")),
    path("", include("runs.urls")),
    # Every other page is the studio's own business.
    re_path(r"^(?!api/|static/|aws(?:/|$)|artifacts/|health/|metrics|ws/)", studio, name="studio"),
]
