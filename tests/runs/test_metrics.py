"""Prometheus scrapes a workspace."""

from __future__ import annotations

import pytest
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families

from accounts.actors import Actor
from accounts.services.tokens import create_token
from editor.services.pipelines import create_pipeline
from runs.services.start import start_execution
from tests.factories.definitions import definition, fail_step

pytestmark = pytest.mark.django_db

Samples = dict[tuple[str, tuple[str, ...]], float]
#: What Prometheus 3 asks for.
ACCEPT = (
    "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,"
    "text/plain;version=0.0.4;escaping=allow-utf-8;q=0.3,*/*;q=0.1"
)


def scrape(actor: Actor) -> Samples:
    _, token = create_token(actor=actor, name="prometheus")
    response = Client().get("/metrics", headers={"Authorization": f"Bearer {token}", "Accept": ACCEPT})
    assert response.status_code == 200, response.content
    assert response.headers["Content-Type"].startswith("text/plain; version=")
    families = text_string_to_metric_families(response.content.decode())
    return {(one.name, tuple(one.labels.values())): one.value for family in families for one in family.samples}


def test_counts_executions_by_status_and_says_when_a_pipeline_last_ended(owner: Actor) -> None:
    pipeline = create_pipeline(actor=owner, name="churn", definition=definition(fail_step("Stop")))
    execution = start_execution(actor=owner, pipeline_id=pipeline.pk)
    execution.refresh_from_db()
    found = scrape(owner)
    assert found["clary_executions", ("Failed",)] == 1
    assert found["clary_executions", ("Succeeded",)] == 0
    assert execution.ended_at is not None
    ended = found["clary_pipeline_last_end_timestamp_seconds", ("churn", "Failed")]
    assert ended == pytest.approx(execution.ended_at.timestamp(), abs=0.001)


def test_an_empty_workspace_has_every_line_that_an_alert_needs(owner: Actor) -> None:
    found = scrape(owner)
    for name in ("clary_steps_ready", "clary_steps_ready_oldest_seconds", "clary_steps_running"):
        assert found[name, ()] == 0


def test_another_workspace_sees_its_own(owner: Actor, stranger: Actor) -> None:
    pipeline = create_pipeline(actor=owner, name="churn", definition=definition(fail_step("Stop")))
    start_execution(actor=owner, pipeline_id=pipeline.pk)
    found = scrape(stranger)
    assert found["clary_executions", ("Failed",)] == 0
    assert not [key for key in found if "churn" in key[1]]


def test_nobody_reads_it_without_a_token(client: Client) -> None:
    assert client.get("/metrics").status_code == 401
