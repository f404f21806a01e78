from __future__ import annotations

from datetime import UTC, datetime

import pytest

from runs.logs import read_log
from runs.models import LogChunk, StepAttempt
from tests.factories.api import Api
from tests.runs.definitions import chain
from tests.runs.workers import Bench


@pytest.fixture
def attempt(bench: Bench) -> StepAttempt:
    execution = bench.run(chain(1))
    LogChunk.objects.all().delete()
    return StepAttempt.objects.get(execution=execution)


def write(attempt: StepAttempt, *pieces: bytes, ended: bool = True) -> None:
    offset = 0
    for piece in pieces:
        LogChunk.objects.create(attempt=attempt, offset=offset, data=piece)
        offset += len(piece)
    status = "Succeeded" if ended else "Executing"
    StepAttempt.objects.filter(pk=attempt.pk).update(log_bytes=offset, log_raw_bytes=offset, status=status)


def test_pieces_join_from_any_offset(attempt: StepAttempt) -> None:
    write(attempt, b"0123", b"4567", b"89")
    assert read_log(attempt.pk, 2, 5).text == "23456"
    assert read_log(attempt.pk, 8).text == "89"
    assert read_log(attempt.pk, 99).complete
    StepAttempt.objects.filter(pk=attempt.pk).update(status="Succeeded", ended_at=datetime.now(UTC))


def test_a_character_is_never_cut_in_two_while_more_may_come(attempt: StepAttempt) -> None:
    write(attempt, "näh".encode()[:2], ended=False)
    piece = read_log(attempt.pk)
    assert (piece.text, piece.next_offset, piece.complete) == ("n", 1, False)
    StepAttempt.objects.filter(pk=attempt.pk).update(status="Succeeded")


def test_invalid_bytes_are_replaced_and_colours_are_kept(attempt: StepAttempt) -> None:
    write(attempt, b"\xff\xfe \x1b[31mred\x1b[0m")
    assert read_log(attempt.pk).text == "�� \x1b[31mred\x1b[0m"


def test_a_log_over_the_cap_says_so(attempt: StepAttempt) -> None:
    write(attempt, b"kept")
    StepAttempt.objects.filter(pk=attempt.pk).update(log_raw_bytes=10_000)
    piece = read_log(attempt.pk)
    assert piece.truncated
    assert piece.raw_bytes == 10_000


def test_the_raw_log_is_every_byte_as_it_was_printed(
    attempt: StepAttempt, owner_api: Api, member_api: Api, stranger_api: Api
) -> None:
    printed = b"\xff\xfe caf\xe9 \x1b[31mred\x1b[0m\r\x00\n" + bytes(range(256)) * 5000
    write(attempt, printed[:7], printed[7:300_000], printed[300_000:])
    path = f"executions/{attempt.execution_id}/steps/{attempt.step.name}/logs/raw/?attempt=1"
    for api in (owner_api, member_api):
        answer = api.get(path)
        assert answer.status_code == 200
        assert answer.content == printed
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment; filename*=UTF-8''")
    assert answer["Content-Disposition"].endswith("-attempt-1.log")
    assert answer["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert stranger_api.get(path).status_code == 404
    assert owner_api.get(path.replace("attempt=1", "attempt=9")).status_code == 404
