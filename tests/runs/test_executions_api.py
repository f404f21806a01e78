from __future__ import annotations

import json
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from runs.models import Execution
from runs.stores import blob_store
from tests.engine.execution.wire import frame
from tests.factories.api import Api
from tests.runs.definitions import chain, condition, pipeline, step
from tests.runs.history import read_event
from tests.runs.obedient import fails
from tests.runs.workers import Bench


def read(response: Any, status: int = 200) -> Any:
    assert response.status_code == status, response.content
    return json.loads(response.content)


def made(api: Api, definition: Any, name: str = "made") -> str:
    body = {"name": name, "definition": json.dumps(definition)}
    return str(read(api.post("pipelines/", body), 201)["id"])


def test_start_follow_and_read_an_execution(bench: Bench, owner_api: Api) -> None:
    pipeline_id = made(owner_api, chain(2))
    started = read(owner_api.post(f"pipelines/{pipeline_id}/executions/", {"display_name": "first"}), 201)
    bench.answer()
    found = read(owner_api.get(f"executions/{started['id']}/"))
    assert found["status"] == "Succeeded"
    assert found["step_counts"] == {"Succeeded": 2}
    assert [row["name"] for row in found["steps"]] == ["S0", "S1"]
    history = read(owner_api.get(f"executions/{started['id']}/events/", since=3))
    assert [event["sequence"] for event in history["events"]] == list(range(4, history["sequence"] + 1))


def test_an_execution_tells_the_name_people_gave_its_pipeline(bench: Bench, owner_api: Api) -> None:
    title = "Kündigungen: 3 Modelle"
    body = {"name": "cancelled", "display_name": title, "definition": json.dumps(chain(1))}
    pipeline_id = str(read(owner_api.post("pipelines/", body), 201)["id"])
    started = read(owner_api.post(f"pipelines/{pipeline_id}/executions/", {}), 201)
    told = {"id": pipeline_id, "name": "cancelled", "display_name": title}
    assert started["pipeline"] == told
    assert read(owner_api.get(f"executions/{started['id']}/"))["pipeline"] == told
    assert read(owner_api.get("executions/"))["results"][0]["pipeline"] == told


def test_events_have_the_shape_of_the_golden_histories(bench: Bench, owner_api: Api) -> None:
    """`iteration` and `attempt` are absent where they mean nothing, not null and not -1."""
    execution = bench.run(pipeline(step("A"), condition("Check", 1, 2, [], [step("B")])))
    shown = read(owner_api.get(f"executions/{execution.pk}/events/"))["events"]
    for row, told in zip(execution.events.order_by("sequence"), shown, strict=True):
        assert {**told, "at": None} == {**frame(row.sequence, row.at, read_event(row)), "at": None}


def test_a_step_shows_its_files_and_their_bytes(bench: Bench, owner_api: Api) -> None:
    execution = bench.run(chain(2))
    found = read(owner_api.get(f"executions/{execution.pk}/steps/S1/"))
    assert found["inputs"] == [
        {"name": "in0", "uri": f"s3://results/{execution.pk}/S0", "files": 1, "size": 2},
    ]
    (file,) = found["outputs"][0]["files"]
    response = Client().get(file["url"])
    assert b"".join(response.streaming_content) == b"S1"
    assert "sandbox" in response["Content-Security-Policy"]
    assert response["X-Content-Type-Options"] == "nosniff"
    assert blob_store().size(file["sha256"]) == file["size"]


def test_a_forged_link_opens_nothing(bench: Bench, owner_api: Api) -> None:
    bench.run(chain(1))
    assert Client().get("/artifacts/1:abc:def/x.txt").status_code == 404


def test_the_log_of_a_step_is_read_in_pieces(bench: Bench, owner_api: Api) -> None:
    execution = bench.run(chain(1))
    found = read(owner_api.get(f"executions/{execution.pk}/steps/S0/logs/", limit=3))
    assert (found["text"], found["next_offset"], found["complete"]) == ("S0 ", 3, False)


def test_stop_and_retry_over_rest(bench: Bench, owner_api: Api) -> None:
    execution = bench.start(chain(2))
    assert read(owner_api.post(f"executions/{execution.pk}/stop/", {}))["status"] == "Stopped"
    assert read(owner_api.post(f"executions/{execution.pk}/retry/", {}))["status"] == "Executing"
    bench.answer()
    assert Execution.objects.get(pk=execution.pk).status == "Succeeded"


def test_refusals_are_problems_with_a_code(bench: Bench, owner_api: Api) -> None:
    broken = made(owner_api, pipeline(step("A", "Nobody")))
    refused = read(owner_api.post(f"pipelines/{broken}/executions/", {}), 400)
    assert refused["code"] == "cannot-start"
    assert "Nobody" in refused["detail"]
    bench.runner.acts["S0"] = fails()
    failed = bench.run(chain(1))
    assert read(owner_api.post(f"executions/{failed.pk}/stop/", {}), 409)["code"] == "execution-not-running"
    assert read(owner_api.get(f"executions/{failed.pk}/steps/S9/"), 404)["code"] == "step-not-found"
    assert read(owner_api.get(f"executions/{failed.pk}/steps/S0/logs/", attempt=7), 404)["code"] == "attempt-not-found"
    assert read(owner_api.get("objects/text/", uri="s3://bucket/../x"), 400)["code"] == "uri-invalid"
    assert read(owner_api.get("objects/text/", uri="s3://bucket/none"), 404)["code"] == "object-not-found"


def test_a_stranger_finds_nothing(bench: Bench, stranger_api: Api) -> None:
    execution = bench.run(chain(1))
    for path in ("", "events/", "steps/S0/", "steps/S0/logs/"):
        assert stranger_api.get(f"executions/{execution.pk}/{path}").status_code == 404
    for action in ("stop", "retry"):
        assert stranger_api.post(f"executions/{execution.pk}/{action}/", {}).status_code == 404
    assert read(stranger_api.get("executions/"))["results"] == []


def test_code_keeps_its_address_and_reads_back(bench: Bench, owner_api: Api) -> None:
    pipeline_id = made(owner_api, chain(1))
    body = {"file_name": "train.py", "text": "print('ä')\n"}
    stored = read(owner_api.post(f"pipelines/{pipeline_id}/code/", body), 201)
    again = read(owner_api.post(f"pipelines/{pipeline_id}/code/", body), 201)
    assert stored == again
    assert stored["uri"].endswith(f"/made/code/{stored['sha256']}/train.py")
    assert read(owner_api.get("objects/text/", uri=stored["uri"]))["text"] == "print('ä')\n"
    assert owner_api.post(f"pipelines/{pipeline_id}/code/", {**body, "file_name": "../x"}).status_code == 400


def test_the_list_of_executions_costs_the_same_for_any_length(bench: Bench, owner_api: Api) -> None:
    read(owner_api.get("executions/"))  # the first call notes the token's use
    counts = []
    for _ in range(2):
        bench.run(chain(2))
        with CaptureQueriesContext(connection) as queries:
            assert read(owner_api.get("executions/"))["results"]
        counts.append(len(queries))
    assert counts[0] == counts[1]
