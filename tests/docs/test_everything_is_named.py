"""Whatever people can use has its place in the reference."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Any

import pytest
from django.urls import get_resolver
from django.urls.resolvers import URLPattern, URLResolver

from accounts.permissions import Permission
from config import errors
from config.env import variables
from engine.execution.states import AttemptStatus, ExecutionStatus, FailureCategory, SkipReason, StepStatus
from engine.expressions import EXECUTION_VARIABLES
from engine.steps.catalog import STEP_TYPES
from runs.consumers import NOT_ALLOWED, NOT_AUTHENTICATED, NOT_FOUND
from runs.routing import websocket_urlpatterns
from runs.runners.catalog import RUNNERS
from scripts.reference import commands, web
from scripts.reference.events import event_classes
from scripts.reference.problems import problem_codes
from tests.docs.pages import REFERENCE, ROOT, name_of, text_of


def page(name: str) -> str:
    return text_of(REFERENCE / name)


@pytest.mark.parametrize("kind", STEP_TYPES)
def test_every_step_type_has_its_page_and_stands_in_the_list(kind: str) -> None:
    assert (REFERENCE / "steps" / f"{kind}.md").is_file()
    assert f"[{kind}](steps/{kind}.md)" in page("steps.md")


def test_there_is_no_page_of_a_step_type_that_does_not_exist() -> None:
    assert {path.stem for path in (REFERENCE / "steps").glob("*.md")} == set(STEP_TYPES)


def test_every_event_is_named() -> None:
    text = page("events.md")
    assert [one.__name__ for one in event_classes() if f"`{one.__name__}`" not in text] == []


@pytest.mark.parametrize("words", [ExecutionStatus, StepStatus, AttemptStatus, SkipReason, FailureCategory])
def test_every_status_word_and_reason_is_named(words: type[StrEnum]) -> None:
    text = page("events.md")
    assert [one.value for one in words if f"`{one.value}`" not in text] == []


def test_every_setting_is_named() -> None:
    text = page("settings.md")
    assert [name for name in variables() if f"| `{name}` |" not in text] == []


def test_no_page_names_a_setting_that_does_not_exist() -> None:
    known = {*variables(), "CLARY_REQUIRE", "CLARY_HOME"}
    found = {}
    for path in [*REFERENCE.rglob("*.md"), *(ROOT / "docs" / "how-to").glob("*.md"), ROOT / "README.md"]:
        unknown = set(re.findall(r"CLARY_[A-Z_]+[A-Z]", text_of(path))) - known
        if unknown:
            found[name_of(path)] = unknown
    assert found == {}


def test_every_command_is_named() -> None:
    text = page("commands.md")
    assert [name for name in (*commands.own_commands(), "up") if f"python manage.py {name}" not in text] == []


def test_every_make_target_is_named() -> None:
    phony = re.search(r"^\.PHONY: (.+)$", text_of(ROOT / "Makefile"), re.MULTILINE)
    assert phony is not None
    unfinished = {"build", "docs"}  # `build` is `setup`; `docs` has no recipe
    text = page("commands.md")
    assert [name for name in phony[1].split() if name not in unfinished and f"`make {name}`" not in text] == []


def test_every_path_of_the_openapi_document_is_named() -> None:
    text = page("rest.md")
    assert [path for path in web.paths() if f" {path}`" not in text] == []


def test_every_address_below_api_is_in_the_openapi_document() -> None:
    served = {_written(route) for route in _routes(get_resolver()) if route.startswith(("api/", "metrics"))}
    assert served - {"/api/schema/", "/api/docs/"} == set(web.paths())


def test_every_socket_is_named() -> None:
    text = page("sockets.md")
    for pattern in websocket_urlpatterns:
        start = re.split(r"[(^$]", str(pattern.pattern).removeprefix("^"))[0]
        assert f"`/{start}" in text
    assert [code for code in (NOT_AUTHENTICATED, NOT_ALLOWED, NOT_FOUND) if f"| {code} |" not in text] == []


def test_every_problem_code_is_named() -> None:
    text = page("problems.md")
    codes = {*problem_codes(), *(code for _, code in errors.MAPPING.values())}
    assert sorted(code for code in codes if f"| `{code}` |" not in text) == []


def test_every_execution_variable_is_named() -> None:
    assert [name for name in EXECUTION_VARIABLES if f"`{name}`" not in page("expressions.md")] == []


def test_every_runner_is_named() -> None:
    assert [kind for kind in RUNNERS if f"`{kind}`" not in page("runners.md")] == []


def test_every_permission_is_named() -> None:
    assert [one.value for one in Permission if f"| `{one.value}` |" not in page("rest.md")] == []


def _routes(resolver: Any, prefix: str = "") -> list[str]:
    found = []
    for entry in resolver.url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            found += _routes(entry, route)
        elif isinstance(entry, URLPattern):
            found.append(route)
    return found


def _written(route: str) -> str:
    """A Django route as OpenAPI writes it: <id:pipeline_id> → {pipeline_id}."""
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", route)
