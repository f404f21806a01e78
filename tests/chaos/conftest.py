from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.chaos.runs import Chaos
from tests.installation import Installation
from tests.machine import need


@pytest.fixture(scope="module")
def chaos(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chaos]:
    """One running installation for all kills of a module; steps are real processes."""
    installation = Installation(tmp_path_factory.mktemp("chaos") / "home", CLARY_RUNNER="process")
    try:
        yield Chaos(installation.start())
    finally:
        installation.close()


@pytest.fixture(scope="module")
def sandboxed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chaos]:
    """The same with steps inside the sandbox."""
    need("bwrap")
    installation = Installation(tmp_path_factory.mktemp("sandboxed") / "home", CLARY_RUNNER="sandbox")
    try:
        yield Chaos(installation.start())
    finally:
        installation.close()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"
