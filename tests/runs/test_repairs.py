"""A failed step offers repairs; one press makes them in the draft, where they can be undone."""

from __future__ import annotations

import json
from typing import Any

import pytest

from accounts.errors import NotPermitted
from accounts.models import AuditEntry
from editor.models import Draft, DraftCommand
from engine.execution.states import FailureCategory
from runs.errors import ExecutionNotFound, RepairGone
from runs.models import Execution
from runs.runners.base import Ended, Outcome
from runs.services.repairs import repair_step
from tests.factories.api import Api
from tests.runs.definitions import pipeline, step
from tests.runs.obedient import Act
from tests.runs.workers import Bench


def read(response: Any, status: int = 200) -> Any:
    assert response.status_code == status, response.content
    return json.loads(response.content)


def misses(column: str, *near: str) -> Act:
    line = {"code": "column-missing", "message": f'No column "{column}".', "column": column, "suggestions": list(near)}

    def act(spec: Any, observer: Any, stop: Any) -> Outcome:
        observer.log(json.dumps(line).encode())
        return Outcome(ended=Ended.FAILED, exit_code=1, reason=line["message"], category=FailureCategory.USER_CODE)

    return act


def training(target: str) -> dict[str, Any]:
    made = step("Train")
    made["Arguments"]["AppSpecification"]["ContainerArguments"] = ["--target", target]
    return made


@pytest.fixture
def failed(bench: Bench) -> Execution:
    bench.runner.acts["Train"] = misses("radios", "radius")
    return bench.run(pipeline(training("radios")))


def repaired(execution: Execution) -> str:
    draft = Draft.objects.get(pipeline_id=execution.pipeline_id)
    return str(json.loads(draft.definition)["Steps"][0]["Arguments"]["AppSpecification"]["ContainerArguments"][1])


def test_an_offered_repair_is_made_by_one_command(failed: Execution, owner_api: Api) -> None:
    failure = read(owner_api.get(f"executions/{failed.pk}/steps/Train/"))["failure"]
    offer = {"id": "pick-column:radius", "action": "pick-column", "label": "Use the column “radius”"}
    assert failure["repairs"] == [offer]
    done = read(owner_api.post(f"executions/{failed.pk}/steps/Train/repair/", {"repair": offer["id"]}))
    assert (done["pipeline"], done["label"]) == (failed.pipeline_id, offer["label"])
    assert repaired(failed) == "radius"
    command = DraftCommand.objects.latest("revision")
    assert (command.name, command.label) == ("repair_step", "Use the column “radius” in Train")
    assert (
        json.loads(failed.definition)["Steps"][0]["Arguments"]["AppSpecification"]["ContainerArguments"][1] == "radios"
    )


def test_a_repair_that_was_made_is_gone(failed: Execution, owner_api: Api) -> None:
    body = {"repair": "pick-column:radius"}
    read(owner_api.post(f"executions/{failed.pk}/steps/Train/repair/", body))
    assert read(owner_api.get(f"executions/{failed.pk}/steps/Train/"))["failure"]["repairs"] == []
    again = read(owner_api.post(f"executions/{failed.pk}/steps/Train/repair/", body), 409)
    assert again["code"] == "repair-gone"


def test_the_last_good_value_comes_from_the_newest_success(bench: Bench, owner_api: Api) -> None:
    good = bench.run(pipeline(training("radius")))
    draft = Draft.objects.get(pipeline_id=good.pipeline_id)
    text = json.dumps(pipeline(training("radios")))
    command = {"name": "import", "label": "x", "definition_text": text}
    edit = {"revision": draft.revision, "commands": [command]}
    read(owner_api.post(f"pipelines/{good.pipeline_id}/draft/commands/", edit))
    bench.runner.acts["Train"] = misses("radios")
    started = read(owner_api.post(f"pipelines/{good.pipeline_id}/executions/", {}), 201)
    bench.answer()
    (offer,) = read(owner_api.get(f"executions/{started['id']}/steps/Train/"))["failure"]["repairs"]
    assert offer["label"] == "Use the last good value of target: radius"
    read(owner_api.post(f"executions/{started['id']}/steps/Train/repair/", {"repair": offer["id"]}))
    assert repaired(good) == "radius"


def test_what_was_not_offered_is_refused(failed: Execution, bench: Bench) -> None:
    with pytest.raises(RepairGone):
        repair_step(actor=bench.owner, execution_id=failed.pk, name="Train", iteration=-1, repair="raise-memory")
    assert repaired(failed) == "radios"


def test_only_editors_repair_and_strangers_see_nothing(failed: Execution, viewer: Any, stranger: Any) -> None:
    given: dict[str, Any] = {"execution_id": failed.pk, "name": "Train", "iteration": -1}
    with pytest.raises(NotPermitted):
        repair_step(actor=viewer, repair="pick-column:radius", **given)
    with pytest.raises(ExecutionNotFound):
        repair_step(actor=stranger, repair="pick-column:radius", **given)


def test_a_repair_is_written_into_the_audit_log(failed: Execution, owner_api: Api) -> None:
    before = AuditEntry.objects.count()
    read(owner_api.post(f"executions/{failed.pk}/steps/Train/repair/", {"repair": "pick-column:radius"}))
    assert AuditEntry.objects.count() == before + 1


def imports(module: str) -> Act:
    def act(spec: Any, observer: Any, stop: Any) -> Outcome:
        place = "/opt/ml/processing/input/code/train.py"
        header = "Traceback (most recent call last):\n"
        observer.log(f'{header}  File "{place}", line 1, in <module>\n    import {module}\n'.encode())
        observer.log(f"ModuleNotFoundError: No module named '{module}'\n".encode())
        return Outcome(ended=Ended.FAILED, exit_code=1, reason="no", category=FailureCategory.USER_CODE)

    return act


def with_code(uri: str) -> dict[str, Any]:
    made = step("Train")
    place = {"LocalPath": "/opt/ml/processing/input/code", "S3DataType": "S3Prefix", "S3InputMode": "File"}
    made["Arguments"]["ProcessingInputs"] = [{"InputName": "code", "S3Input": {"S3Uri": uri, **place}}]
    return made


def test_a_missing_package_is_added_beside_the_code_and_the_next_one_below_it(bench: Bench, owner_api: Api) -> None:
    made = read(owner_api.post("pipelines/", {"name": "needs"}), 201)["id"]
    code = read(owner_api.post(f"pipelines/{made}/code/", {"file_name": "train.py", "text": "import cv2\n"}), 201)
    texts = []
    for module, definition in (("cv2", pipeline(with_code(code["uri"]))), ("yaml", None)):
        bench.runner.acts["Train"] = imports(module)
        if definition is not None:
            command = {"name": "import", "label": "x", "definition_text": json.dumps(definition)}
            revision = read(owner_api.get(f"pipelines/{made}/draft/"))["revision"]
            edit = {"revision": revision, "commands": [command]}
            read(owner_api.post(f"pipelines/{made}/draft/commands/", edit))
        started = read(owner_api.post(f"pipelines/{made}/executions/", {}), 201)["id"]
        bench.answer()
        (offer,) = read(owner_api.get(f"executions/{started}/steps/Train/"))["failure"]["repairs"]
        assert offer["id"] == "add-package"
        read(owner_api.post(f"executions/{started}/steps/Train/repair/", {"repair": offer["id"]}))
        draft = json.loads(Draft.objects.get(pipeline_id=made).definition)
        first, second = draft["Steps"][0]["Arguments"]["ProcessingInputs"]
        assert second["S3Input"]["LocalPath"] == first["S3Input"]["LocalPath"]
        texts.append(read(owner_api.get("objects/text/", uri=second["S3Input"]["S3Uri"]))["text"])
    assert texts == ["opencv-python-headless\n", "opencv-python-headless\npyyaml\n"]


def test_a_step_without_code_of_its_own_has_no_requirements_to_add_to(bench: Bench, owner_api: Api) -> None:
    bench.runner.acts["Train"] = imports("cv2")
    execution = bench.run(pipeline(step("Train")))
    assert read(owner_api.get(f"executions/{execution.pk}/steps/Train/"))["failure"]["repairs"] == []
