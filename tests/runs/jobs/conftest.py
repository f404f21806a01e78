from pathlib import Path

import pytest

from tests.runs.jobs.attempts import Bench


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)
