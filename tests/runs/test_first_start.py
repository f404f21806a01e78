"""What the first start on one machine leaves behind."""

from __future__ import annotations

from pathlib import Path

import pytest

from accounts.selectors import actor_for_user, first_admin
from editor.models import Pipeline
from runs.first_start import prepare
from runs.models import Execution
from tests.factories.api import Api

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


@pytest.fixture
def started(tmp_path: Path, settings: pytest.FixtureRequest, db: None) -> Api:
    settings.CLARY_HOME = tmp_path  # type: ignore[attr-defined]
    prepare(samples=EXAMPLES)
    user = first_admin()
    assert user is not None
    owner = actor_for_user(user.pk)
    assert owner is not None
    return Api(owner)


def last(api: Api) -> str:
    found: str = api.get("session/").json()["last_pipeline_id"]
    return found


def test_the_link_lands_on_the_headline_sample_which_runs_once(started: Api) -> None:
    headline = Pipeline.objects.get(name="breast-cancer")
    assert last(started) == headline.pk
    assert [row.pipeline_id for row in Execution.objects.all()] == [headline.pk]


def test_afterwards_it_lands_on_the_pipeline_opened_last(started: Api) -> None:
    other = Pipeline.objects.exclude(name="breast-cancer").first()
    assert other is not None
    started.get(f"pipelines/{other.pk}/draft/")
    prepare(samples=EXAMPLES)
    assert last(started) == other.pk
    assert Execution.objects.count() == 1
