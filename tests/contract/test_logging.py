"""One JSON object per line, with the request it belongs to."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys

from config.logging import JsonFormatter
from config.middleware import request_id


def line(**extra: object) -> dict[str, object]:
    record = logging.makeLogRecord({"name": "clary.web", "levelno": 30, "levelname": "WARNING", "msg": "slow", **extra})
    read: dict[str, object] = json.loads(JsonFormatter().format(record))
    return read


def test_a_line_says_when_where_and_what() -> None:
    made = line(path="/api/x/", milliseconds=1200.5)
    assert made["level"] == "warning"
    assert made["logger"] == "clary.web"
    assert made["message"] == "slow"
    assert made["path"] == "/api/x/"
    assert str(made["at"]).endswith("Z")
    assert "request_id" not in made


def test_a_line_of_a_request_carries_its_id() -> None:
    token = request_id.set("abc12345")
    try:
        assert line()["request_id"] == "abc12345"
    finally:
        request_id.reset(token)


def test_a_value_json_does_not_know_is_shown_as_text() -> None:
    assert line(thing={1, 2})["thing"] == "{1, 2}"


def test_a_message_cannot_forge_a_second_line() -> None:
    text = JsonFormatter().format(logging.makeLogRecord({"msg": 'x"}\n{"level": "forged"'}))
    assert "\n" not in text


def test_the_server_logs_this_way() -> None:
    """In a process of its own: pytest replaces the handlers of this one."""
    code = (
        "import django, logging; django.setup();"
        "logging.getLogger('django.request').error('broke', exc_info=ValueError('because'));"
        "logging.getLogger('django.request').warning('not ours');"
        "logging.getLogger('runs.worker').warning('lost')"
    )
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings"}
    said = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    lines = [json.loads(line) for line in said.stderr.splitlines()]
    assert [found["message"] for found in lines] == ["broke", "lost"]
    assert "ValueError: because" in lines[0]["traceback"]
