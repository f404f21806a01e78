"""A column that got another name is repaired after a failure in every step that names it, by one command."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from editor.models import Draft, DraftCommand
from engine.execution.states import FailureCategory
from runs.runners.base import Ended, Outcome
from runs.services.datasets import upload_dataset
from tests.engine.library.test_columns import made, out
from tests.factories.api import Api
from tests.runs.definitions import pipeline
from tests.runs.test_repairs import misses, read
from tests.runs.workers import Bench


def dataset(bench: Bench, *headers: str) -> str:
    """The URI of the newest version of a table that was uploaded once per header."""
    for header in headers:
        text = f"{header}\n1,a\n2,b\n".encode()
        made_now = upload_dataset(actor=bench.owner, file_name="t.csv", stream=io.BytesIO(text), size=len(text))
    return str(made_now.version.uri)


def steps(uri: str, column: str = "outcome") -> list[dict[str, Any]]:
    drawn = [
        made("Split", "split@1", {"table": uri}, stratify=column),
        made("Train", "train-classifier@1", {"train": out("Split", "train")}, target=column),
    ]
    for step in drawn:
        step["Arguments"]["Environment"] = {"STEP": step["Name"]}
    placed: list[dict[str, Any]] = json.loads(json.dumps(drawn).replace("{bucket}", "results").replace("{step}", "x"))
    return placed


def failure(api: Api, execution: str) -> Any:
    return read(api.get(f"executions/{execution}/steps/Split/"))["failure"]


def options(pipeline_id: str) -> list[Any]:
    written = json.loads(Draft.objects.get(pipeline_id=pipeline_id).definition)["Steps"]
    return [one["Arguments"]["AppSpecification"].get("ContainerArguments") for one in written]


def test_one_press_uses_the_near_name_in_every_step_and_one_undo_takes_it_back(bench: Bench, owner_api: Api) -> None:
    bench.runner.acts["Split"] = misses("outcome", "Outcome")
    execution = bench.run(pipeline(*steps(dataset(bench, "age,Outcome"))))
    wide, single, *_ = failure(owner_api, execution.pk)["repairs"]
    assert wide == {
        "id": "pick-column-everywhere:Outcome",
        "action": "pick-column",
        "label": "Use the column “Outcome” in Split and Train",
    }
    assert single["id"] == "pick-column:Outcome"
    done = read(owner_api.post(f"executions/{execution.pk}/steps/Split/repair/", {"repair": wide["id"]}))
    assert done["label"] == wide["label"]
    assert options(execution.pipeline_id) == [["--stratify", "Outcome"], ["--target", "Outcome"]]
    command = DraftCommand.objects.latest("revision")
    assert (command.name, command.label) == ("repair_step", wide["label"])
    assert len(json.loads(command.inverse)["definition"]) == 2


def test_what_took_the_place_in_the_new_version_comes_first(bench: Bench, owner_api: Api) -> None:
    bench.runner.acts["Split"] = misses("outcome", "age", "klass")
    execution = bench.run(pipeline(*steps(dataset(bench, "age,outcome", "age,klass"))))
    found = failure(owner_api, execution.pk)["repairs"]
    assert [one["id"] for one in found] == ["pick-column-everywhere:klass", "pick-column:klass"]


def test_a_column_nobody_else_names_is_repaired_where_it_is(bench: Bench, owner_api: Api) -> None:
    split, _ = steps(dataset(bench, "age,Outcome"))
    bench.runner.acts["Split"] = misses("outcome", "Outcome")
    execution = bench.run(pipeline(split))
    assert [one["id"] for one in failure(owner_api, execution.pk)["repairs"]] == ["pick-column:Outcome"]


def test_what_was_offered_is_gone_when_the_draft_has_changed(bench: Bench, owner_api: Api) -> None:
    bench.runner.acts["Split"] = misses("outcome", "Outcome")
    execution = bench.run(pipeline(*steps(dataset(bench, "age,Outcome"))))
    draft = Draft.objects.get(pipeline_id=execution.pipeline_id)
    text = json.dumps(pipeline(*steps(dataset(bench, "age,Outcome"), "Outcome")))
    edit = {"revision": draft.revision, "commands": [{"name": "import", "label": "x", "definition_text": text}]}
    read(owner_api.post(f"pipelines/{execution.pipeline_id}/draft/commands/", edit))
    body = {"repair": "pick-column-everywhere:Outcome"}
    assert read(owner_api.post(f"executions/{execution.pk}/steps/Split/repair/", body), 409)["code"] == "repair-gone"


def answers(pipeline_id: str, api: Api, bench: Bench, *drawn: dict[str, Any]) -> str:
    """Puts these steps into the draft and runs it; the execution's id."""
    command = {"name": "import", "label": "x", "definition_text": json.dumps(pipeline(*drawn))}
    revision = Draft.objects.get(pipeline_id=pipeline_id).revision
    read(api.post(f"pipelines/{pipeline_id}/draft/commands/", {"revision": revision, "commands": [command]}))
    started = read(api.post(f"pipelines/{pipeline_id}/executions/", {}), 201)
    bench.answer()
    return str(started["id"])


def crowded(spec: Any, observer: Any, stop: Any) -> Outcome:
    said = {"code": "too-many-classes", "message": '"age" has 2000 different values.', "column": "age"}
    observer.log(json.dumps(said).encode())
    return Outcome(ended=Ended.FAILED, exit_code=1, reason=said["message"], category=FailureCategory.USER_CODE)


@pytest.mark.parametrize(
    ("headers", "offered"),
    [
        (("age,outcome", "age,the outcome"), ["Use the last good value of target: the outcome"]),
        (("age,outcome,weight", "age,weight"), []),
        (("age,outcome", "age,outcome,weight"), ["Use the last good value of target: outcome"]),
    ],
)
def test_a_last_good_column_is_offered_by_the_name_it_has_now(
    bench: Bench, owner_api: Api, headers: tuple[str, str], offered: list[str]
) -> None:
    before, now = headers
    good = bench.run(pipeline(*steps(dataset(bench, before))))
    bench.runner.acts["Train"] = crowded
    failed = answers(good.pipeline_id, owner_api, bench, *steps(dataset(bench, now), "age"))
    found = read(owner_api.get(f"executions/{failed}/steps/Train/"))["failure"]
    assert [one["label"] for one in found["repairs"]] == offered
