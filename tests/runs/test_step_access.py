"""A running step can call Clary's AWS endpoint with keys of its own, and only while it runs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from accounts.roles import Role
from accounts.selectors import signing_identity
from accounts.services.workspaces import set_network
from accounts.signing import SigningIdentity
from config.env import Environment
from engine.steps.base import JobSpec
from runs.models import StepAttempt
from runs.runners.base import AttemptSpec
from runs.step_access import endpoint_url, environment_for
from tests.runs.definitions import pipeline, step
from tests.runs.workers import Bench


def job(**more: Any) -> JobSpec:
    return JobSpec(kind="Processing", name="j", arn="a", image="i", entrypoint=None, **more)


def identity_in(spec: AttemptSpec) -> SigningIdentity | None:
    return signing_identity(spec.environment["AWS_ACCESS_KEY_ID"])


def run_and_look(bench: Bench, look: Any) -> AttemptSpec:
    """Runs one step that calls `look(spec)` while it runs."""
    seen: list[AttemptSpec] = []

    def act(spec: AttemptSpec, observer: Any, stop: Any) -> None:
        seen.append(spec)
        look(spec)

    bench.runner.acts["Work"] = act
    assert bench.run(pipeline(step("Work"))).status == "Succeeded"
    return seen[0]


def test_the_keys_of_a_running_step_stand_for_it_in_its_workspace(bench: Bench) -> None:
    found: list[Any] = []
    spec = run_and_look(bench, lambda spec: found.append(identity_in(spec)))
    (identity,) = found
    assert identity.secret == spec.environment["AWS_SECRET_ACCESS_KEY"]
    assert identity.session_token == spec.environment["AWS_SESSION_TOKEN"]
    assert identity.actor.workspace == bench.owner.workspace
    assert (identity.actor.user_id, identity.actor.role) == (None, Role.EDITOR)
    assert identity.actor.username.startswith("step Work of ")
    assert len(spec.environment["AWS_ACCESS_KEY_ID"]) == 20
    assert spec.environment["AWS_ENDPOINT_URL"] == "http://127.0.0.1:8000/aws"
    assert spec.environment["AWS_REGION"] == spec.environment["AWS_DEFAULT_REGION"] == "us-east-1"


def test_the_keys_are_void_when_the_step_has_ended(bench: Bench) -> None:
    spec = run_and_look(bench, lambda spec: None)
    assert identity_in(spec) is None


def test_the_keys_are_void_when_the_lease_is_over_or_somebody_elses(bench: Bench) -> None:
    found: list[Any] = []

    def look(spec: AttemptSpec) -> None:
        row = StepAttempt.objects.get(pk=spec.attempt_id)
        own = StepAttempt.objects.filter(pk=row.pk)
        for change in ({"lease_token": row.lease_token + 1}, {"lease_until": row.lease_until - timedelta(hours=1)}):
            own.update(**change)
            found.append(identity_in(spec))
            own.update(lease_token=row.lease_token, lease_until=row.lease_until)
        found.append(identity_in(spec))

    run_and_look(bench, look)
    assert [identity is None for identity in found] == [True, True, False]


@pytest.mark.django_db
@pytest.mark.parametrize("unknown", ["ASIA", "ASIAAAAAAAAAAAAA0001", "ASIA" + "\u0130" * 12 + "0001", "ASIA\0"])
def test_keys_nobody_was_given_are_unknown(unknown: str) -> None:
    assert signing_identity(unknown) is None


def test_each_attempt_has_keys_of_its_own() -> None:
    one, other, later = (
        environment_for(attempt, token, job()) for attempt, token in [("a" * 12, 1), ("b" * 12, 1), ("a" * 12, 2)]
    )
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        assert len({one[name], other[name], later[name]}) == 3


def test_an_isolated_step_gets_its_region_and_nothing_else() -> None:
    region = {"AWS_REGION": "us-east-1", "AWS_DEFAULT_REGION": "us-east-1"}
    assert environment_for("a" * 12, 1, job(network=False)) == region


def test_a_step_that_brings_its_own_keys_keeps_talking_to_its_own_aws() -> None:
    brought = job(environment={"AWS_ACCESS_KEY_ID": "AKIA"})
    assert "AWS_ENDPOINT_URL" not in environment_for("a" * 12, 1, brought)


@pytest.mark.parametrize(
    ("host", "public", "expected"),
    [
        ("0.0.0.0", None, "http://127.0.0.1:8000/aws"),
        ("10.0.0.5", None, "http://10.0.0.5:8000/aws"),
        ("::", None, "http://[::1]:8000/aws"),
        ("0.0.0.0", "https://clary.example.org", "https://clary.example.org/aws"),
    ],
)
def test_the_endpoint_is_an_address_a_step_can_reach(
    host: str, public: str | None, expected: str, settings: Any
) -> None:
    settings.ENVIRONMENT = Environment(host=host, public_url=public)
    assert endpoint_url() == expected


def test_a_workspace_without_network_isolates_steps_that_start_later(bench: Bench) -> None:
    set_network(actor=bench.owner, allowed=False)
    spec = run_and_look(bench, lambda spec: None)
    assert not spec.job.network
    assert "AWS_ENDPOINT_URL" not in spec.environment
    set_network(actor=bench.owner, allowed=True)
    assert run_and_look(bench, lambda spec: None).job.network
