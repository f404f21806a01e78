"""A failed step says why in plain words: in its row, in its event, and in full in its details."""

from __future__ import annotations

import json
from typing import Any

from engine.execution.states import FailureCategory
from runs.models import StepExecution
from runs.runners.base import AttemptObserver, AttemptSpec, Ended, Outcome, StopToken
from tests.engine.failures.scripts import GOLDEN
from tests.factories.api import Api
from tests.runs.definitions import chain, pipeline, step
from tests.runs.obedient import Act
from tests.runs.workers import Bench


def read(response: Any) -> Any:
    assert response.status_code == 200, response.content
    return json.loads(response.content)


def prints(log: str, **outcome: Any) -> Act:
    """A step that prints this and fails."""

    def act(spec: AttemptSpec, observer: AttemptObserver, stop: StopToken) -> Outcome:
        observer.log(log.encode())
        given = {"exit_code": 1, "reason": "The step ended with exit code 1.", **outcome}
        return Outcome(ended=Ended.FAILED, **{"category": FailureCategory.USER_CODE, **given})

    return act


def golden(name: str) -> str:
    return (GOLDEN / f"{name}.log").read_text()


def test_row_event_and_details_name_the_same_cause(bench: Bench, owner_api: Api) -> None:
    bench.runner.acts["S0"] = prints(golden("pandas-column"))
    execution = bench.run(chain(2))
    first, second = read(owner_api.get(f"executions/{execution.pk}/"))["steps"]
    assert (first["cause"], second["cause"]) == ("column-missing", None)
    assert execution.events.get(event="StepFailed").data["cause"] == "column-missing"
    failure = read(owner_api.get(f"executions/{execution.pk}/steps/S0/"))["failure"]
    assert (failure["code"], failure["column"]) == ("column-missing", "radios")
    assert failure["place"] == {
        "file": "/opt/ml/processing/input/code/step.py",
        "file_name": "step.py",
        "line": 4,
        "function": "mean",
        "code": "return frame[name].mean()",
    }
    assert read(owner_api.get(f"executions/{execution.pk}/steps/S1/"))["failure"] is None


def test_the_columns_of_the_input_make_the_suggestion(bench: Bench, owner_api: Api) -> None:
    table = {"version": 1, "kind": "table", "columns": [{"name": "radius"}, {"name": "diagnosis"}]}
    bench.runner.files["S0"] = {"table.parquet": b"PAR1", "_summary.json": json.dumps(table).encode()}
    bench.runner.acts["S1"] = prints(golden("pandas-column"))
    execution = bench.run(chain(2))
    failure = read(owner_api.get(f"executions/{execution.pk}/steps/S1/"))["failure"]
    assert failure["suggestions"] == ["radius"]
    assert failure["actions"][0] == "pick-column"


def test_only_the_end_of_a_long_log_is_read(bench: Bench, owner_api: Api) -> None:
    bench.runner.acts["S0"] = prints("x" * 100 + "\n" + "ä line\n" * 40_000 + golden("module-missing"))
    execution = bench.run(chain(1))
    failure = read(owner_api.get(f"executions/{execution.pk}/steps/S0/"))["failure"]
    assert (failure["code"], failure["package"]) == ("package-missing", "opencv-python-headless")


def test_a_failure_the_step_names_is_taken_as_it_is(bench: Bench, owner_api: Api) -> None:
    line = {"code": "one-class-only", "message": "Every row is benign. Choose another target.", "step": "train@1"}
    bench.runner.acts["S0"] = prints(json.dumps(line), reason=line["message"])
    execution = bench.run(chain(1))
    found = read(owner_api.get(f"executions/{execution.pk}/steps/S0/"))
    assert (found["cause"], found["failure_reason"]) == ("one-class-only", line["message"])
    assert found["failure"]["advice"] == "Choose another target."


def test_a_missing_input_and_an_unknown_image_are_named(bench: Bench, owner_api: Api) -> None:
    lost = step("Lost", uris=["s3://nowhere/none.csv"])
    strange = step("Strange")
    strange["Arguments"]["AppSpecification"]["ImageUri"] = {"Get": "Parameters.Image"}
    image = {"Name": "Image", "Type": "String", "DefaultValue": "nowhere/none:1"}
    execution = bench.run(pipeline(lost, strange, parameters=[image]))
    causes = dict(StepExecution.objects.filter(execution=execution).values_list("name", "cause"))
    assert causes == {"Lost": "input-missing", "Strange": "image-not-mapped"}
    failure = read(owner_api.get(f"executions/{execution.pk}/steps/Strange/"))["failure"]
    assert failure["actions"] == ["open-images", "open-step", "retry"]


def test_out_of_memory_offers_more(bench: Bench, owner_api: Api) -> None:
    full = {"category": FailureCategory.OUT_OF_MEMORY, "exit_code": None, "signal": 9, "out_of_memory": True}
    bench.runner.acts["S0"] = prints("reading\n", reason="The step needed more memory than 8 GiB.", **full)
    execution = bench.run(chain(1))
    failure = read(owner_api.get(f"executions/{execution.pk}/steps/S0/"))["failure"]
    assert (failure["code"], failure["actions"][0]) == ("out-of-memory", "raise-memory")


def test_a_retry_forgets_the_cause(bench: Bench, owner_api: Api) -> None:
    bench.runner.acts["S0"] = prints("no")
    execution = bench.run(chain(1))
    bench.runner.acts.clear()
    owner_api.post(f"executions/{execution.pk}/retry/", {})
    bench.answer()
    row = read(owner_api.get(f"executions/{execution.pk}/"))["steps"][0]
    assert (row["status"], row["cause"]) == ("Succeeded", None)
