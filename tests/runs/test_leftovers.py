"""A worker that starts clears away what a killed one left, and nothing that is in use."""

from __future__ import annotations

from pathlib import Path

from runs.models import StepAttempt
from runs.worker.leftovers import ended_folders
from tests.runs.definitions import chain
from tests.runs.workers import Bench


def test_only_folders_of_ended_attempts_are_left_over(bench: Bench, tmp_path: Path) -> None:
    bench.run(chain(1))
    ended = StepAttempt.objects.get()
    bench.start(chain(1))
    waiting = StepAttempt.objects.exclude(pk=ended.pk).get()
    half_way = f"{ended.pk}.ended-3"  # renamed, and killed before it was gone
    for name in (ended.pk, half_way, waiting.pk, ".sandbox", "trial-1", "somebodyelse"):
        (tmp_path / name).mkdir()
    assert sorted(ended_folders(tmp_path)) == [tmp_path / ended.pk, tmp_path / half_way]


def test_no_folder_of_work_is_no_leftover(tmp_path: Path, db: None) -> None:
    assert ended_folders(tmp_path / "missing") == []
