"""PostgreSQL goes away under a running installation and comes back."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from scripts.throw_away_postgres import ThrowAwayPostgres
from tests.installation import Installation, wait_for
from tests.machine import need

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(150)]

AWAY_SECONDS = 6.0


class Served:
    def __init__(self, cluster: ThrowAwayPostgres, installation: Installation) -> None:
        self.cluster = cluster
        self._installation = installation

    def ask(self, path: str) -> tuple[int, float, dict[str, Any]]:
        """(status, seconds, document)."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self._installation.port}{path}",
            headers={"Authorization": f"Bearer {self._installation.token}"},
        )
        began = time.monotonic()
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, time.monotonic() - began, json.loads(answer.read())
        except urllib.error.HTTPError as refused:
            return refused.code, time.monotonic() - began, json.loads(refused.read())


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    need("postgres")
    cluster = ThrowAwayPostgres()
    home: Path = tmp_path_factory.mktemp("away") / "home"
    installation = Installation(home, CLARY_RUNNER="process", DATABASE_URL=cluster.url)
    try:
        cluster.start()
        yield Served(cluster, installation.start(90))
    finally:
        installation.close()
        cluster.close()


def test_a_request_is_refused_within_a_second_and_all_is_well_once_it_is_back(served: Served) -> None:
    assert served.ask("/api/pipelines/")[0] == 200
    served.cluster.stop()
    gone = time.monotonic()
    while time.monotonic() - gone < AWAY_SECONDS:
        with ThreadPoolExecutor(4) as people:
            for status, seconds, document in people.map(served.ask, ["/api/pipelines/", "/api/session/"] * 2):
                assert (status, document["code"]) == (503, "database-unavailable")
                assert seconds <= 1.0
        time.sleep(0.3)
    status, seconds, document = served.ask("/health/ready")
    assert (status, document["status"]) == (503, "unavailable")
    assert seconds <= 1.0
    served.cluster.start()
    wait_for(lambda: served.ask("/api/pipelines/")[0] == 200, 5)
    wait_for(
        lambda: served.ask("/health/ready?worker=1")[0] == 200, 15, lambda: str(served.ask("/health/ready?worker=1"))
    )


def test_connections_that_died_unseen_are_replaced_without_an_error(served: Served) -> None:
    assert served.ask("/api/pipelines/")[0] == 200
    served.cluster.stop()
    served.cluster.start()
    assert [served.ask("/api/pipelines/")[0] for _ in range(10)] == [200] * 10
