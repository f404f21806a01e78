from __future__ import annotations

from django.apps import AppConfig


class EditorConfig(AppConfig):
    name = "editor"

    def ready(self) -> None:
        from accounts import session_facts
        from editor import checks, selectors

        session_facts.provide("last_pipeline_id", selectors.last_pipeline_id)
        checks.register()
