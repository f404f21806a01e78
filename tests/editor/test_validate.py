"""What the studio is told about a definition."""

from __future__ import annotations

import json

import pytest

from accounts.actors import Actor
from editor import documents
from editor.services.pipelines import create_pipeline
from tests.factories.api import Api
from tests.factories.definitions import chain, definition, fail_step, processing_step


def codes(api: Api, text: str) -> set[str]:
    return {one["code"] for one in api.post("validate/", {"definition": text}).json()["problems"]}


@pytest.mark.parametrize("text", ["", "{", "null", "[]", '{"Steps": 3}', "[" * 100_000 + "]" * 100_000, "\\u0000"])
def test_whatever_the_text_there_is_an_answer(member_api: Api, text: str) -> None:
    answer = member_api.post("validate/", {"definition": text})
    assert answer.status_code == 200
    problem = answer.json()["problems"][0]
    assert set(problem) == {"code", "message", "pointer", "severity", "step", "fix"}
    assert problem["severity"] == "error"


def test_a_sound_definition_has_no_problem(member_api: Api) -> None:
    assert codes(member_api, chain(3)) == set()


def test_an_image_without_a_local_runtime_is_told_before_the_run(member_api: Api) -> None:
    step = processing_step("p")
    step["Arguments"]["AppSpecification"]["ImageUri"] = "registry.example.org/mine:1"
    assert "step-not-runnable" in codes(member_api, definition(step))


def test_an_image_from_a_parameter_is_known_only_at_the_run(member_api: Api) -> None:
    step = processing_step("p")
    step["Arguments"]["AppSpecification"]["ImageUri"] = {"Get": "Parameters.Image"}
    whole = json.loads(definition(step))
    whole["Parameters"] = [{"Name": "Image", "Type": "String", "DefaultValue": "x"}]
    assert "step-not-runnable" not in codes(member_api, json.dumps(whole))


def test_a_definition_is_validated_once(member: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []
    real = documents.validate
    monkeypatch.setattr(documents, "validate", lambda *a, **k: calls.append(1) or real(*a, **k))
    text = definition(fail_step("only-here"))
    for name in ("one", "two", "three"):
        create_pipeline(actor=member, name=name, definition=text)
    assert len(calls) == 1


def test_the_memory_of_checked_definitions_is_bounded() -> None:
    recent = documents._Recent()
    checked = documents.check(definition())
    for n in range(100):
        recent.put(f"text {n}", checked)
    recent.put("x" * (recent.LONGEST + 1), checked)
    assert len(recent._kept) == recent.ENTRIES
    assert recent.get("text 99") is checked
    assert recent.get("text 1") is None


def test_a_profile_says_whose_rules_count(member_api: Api) -> None:
    text = definition(fail_step("F") | {"DisplayName": "x" * 300})

    def found(**profile: str) -> list[str]:
        answer = member_api.post("validate/", {"definition": text, **profile})
        return [problem["code"] for problem in answer.json()["problems"]]

    assert found() == found(profile="clary") == []
    assert found(profile="strict") == ["over-aws-limit"]
    assert member_api.post("validate/", {"definition": text, "profile": "loose"}).status_code == 400
    assert member_api.post("validate/", {"definition": "{", "profile": "strict"}).json()["problems"]
