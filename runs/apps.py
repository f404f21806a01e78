from __future__ import annotations

from django.apps import AppConfig


class RunsConfig(AppConfig):
    name = "runs"

    def ready(self) -> None:
        from accounts import session_facts, signing
        from editor import hooks
        from runs import images, pipelines, runner_facts, step_access

        hooks.provide(
            last_executions=pipelines.last_executions,
            running_executions=pipelines.running_executions,
            image_table=images.images_of,
            pipelines_changed=pipelines.tell_changed,
        )
        session_facts.provide("runner", runner_facts.runner_facts)
        signing.provide(step_access.identity_of)
