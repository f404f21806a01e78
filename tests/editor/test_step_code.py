"""The Python behind a ready-made step."""

from __future__ import annotations

import ast
import json
from typing import Any

from accounts.actors import Actor
from editor.services.pipelines import create_pipeline
from tests.engine.library.test_catalogue import new_step
from tests.factories.api import Api


def draft(owner: Actor) -> Any:
    other = {"Name": "Other", "Type": "Fail", "Arguments": {"ErrorMessage": "no"}}
    steps = [new_step("split@1", stratify="label", share={"Get": "Parameters.Share"}), other]
    definition = {"Version": "2020-12-01", "Parameters": [{"Name": "Share", "Type": "Float"}], "Steps": steps}
    return create_pipeline(actor=owner, name="shown", definition=json.dumps(definition))


def test_the_code_of_a_ready_made_step_is_one_file(owner: Actor, owner_api: Api) -> None:
    answer = owner_api.get(f"pipelines/{draft(owner).pk}/draft/code/?step=Step")
    body = answer.json()
    assert (answer.status_code, body["file_name"]) == (200, "split.py")
    assert ast.parse(body["text"])
    assert body["arguments"] == ["--root", "/opt/ml/processing", "--share", {"Get": "Parameters.Share"}]


def test_a_step_with_code_of_its_own_has_none_to_show(owner: Actor, owner_api: Api) -> None:
    made = draft(owner)
    for name in ("Other", "Nobody"):
        answer = owner_api.get(f"pipelines/{made.pk}/draft/code/?step={name}")
        assert (answer.status_code, answer.json()["code"]) == (404, "not-ready-made")


def test_a_stranger_sees_no_code(owner: Actor, stranger_api: Api) -> None:
    assert stranger_api.get(f"pipelines/{draft(owner).pk}/draft/code/?step=Step").status_code == 404
