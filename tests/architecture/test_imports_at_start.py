"""What web, worker and scheduler hold from their start: it is what an idle installation costs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
#: Large libraries that only one command, one runner or one kind of request needs; it imports them when it does.
NOT_AT_START = {
    "boto3",
    "botocore",
    "charset_normalizer",
    "docker",
    "drf_spectacular.generators",
    "IPython",
    "jsonschema",
    "markdown",
    "numpy",
    "pandas",
    "psycopg",  # only where DATABASE_URL names PostgreSQL
    "pyarrow",
    "pygments",
    "pytest",
    "requests",
    "sklearn",
    "twisted",  # web only, after the fork
    "xgboost",
}
#: Measured 1,094 modules and 68 MB resident on Python 3.11; before what nobody uses was left out, 1,331 and 85 MB.
MOST_MODULES = 1220
PROGRAM = """
import json, sys
import django
django.setup()
from runs.management.commands.parts import import_what_parts_share
import_what_parts_share()
print(json.dumps(sorted(sys.modules)))
"""


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("CLARY_", "DATABASE_"))}
    environment |= {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "CLARY_HOME": str(tmp_path_factory.mktemp("home")),
        "PYTHONPATH": str(ROOT),
    }
    ended = subprocess.run(
        [sys.executable, "-c", PROGRAM], env=environment, cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert ended.returncode == 0, ended.stderr
    return set(json.loads(ended.stdout))


def test_no_part_imports_what_it_does_not_need(loaded: set[str]) -> None:
    assert sorted(loaded & NOT_AT_START) == []


def test_the_parent_of_all_parts_keeps_to_its_budget(loaded: set[str]) -> None:
    assert len(loaded) <= MOST_MODULES


def test_what_was_hidden_while_importing_can_be_imported_later(loaded: set[str]) -> None:
    import requests

    assert requests.__name__ == "requests"
