"""Every definition the SDKs wrote runs here, or is refused at the step that cannot run, in words."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from engine.steps.base import PublishedObject
from registry.services.models import create_model
from runs.clock import database_now
from runs.errors import CannotStart
from runs.namespace import store_object
from runs.runners.base import AttemptSpec, Ended, Outcome
from runs.services.images import create_image
from runs.storage.base import BlobStore
from runs.stores import blob_store
from tests.runs.definitions import IMAGE
from tests.runs.workers import Bench, statuses

RECORDED = sorted((Path(__file__).parents[1] / "golden/definitions").glob("*/*.json"))

#: Definition → the steps that cannot run here; every other step of it succeeds or is not reached.
REFUSED = {
    "v2/automl": {"AML"},
    "v2/clarify_check": {"DB", "MB", "ME"},
    "v2/emr": {"E1"},
    "v2/inference_component": {"IC"},
    "v2/quality_check": {"DQ"},
    "v2/tuning": {"Tune"},
    "v3/cleanup": {"Clean"},
    "v3/emr": {"E"},
    "v3/for_each": {"Fan", "Fan2"},
    "v3/lambda_callback": {"L"},
    "kinds2/best_of_automl": {"Auto"},
    "kinds2/checks_of_models": {"Quality"},
    "kinds2/clusters": {"Running"},
    "kinds2/functions_and_messages": {"Call"},
    "kinds2/monitored_transform": {"Watch-monitoring"},
    "kinds2/processing_in_full": {"Full"},
    "kinds2/served_and_traced": {"Config", "Traced"},
    "kinds2/training_in_full": {"Spot"},
    "kinds2/tuning_in_full": {"Bayesian", "Grid", "Hyperband", "Several"},
    "kinds3/cleaned_behind": {"Tidy"},
    "kinds3/each_of_some": {"Each"},
    "kinds3/served_by_an_endpoint": {"Config"},
    "kinds3/serverless_clusters": {"Running"},
    "kinds3/tuned_and_scored": {"Tune"},
}
#: Refused before anything ran: an image of AWS nobody mapped.
NOT_STARTED = {"v2/processing_spark", "kinds2/processing_of_frameworks"}
#: Ended by a Fail step, as written, or for want of what a function would have returned: the words of the failure.
ENDED_BY_DESIGN = {
    "kinds2/functions_among_steps": 'Step "Check" failed: Nothing is stored at .*/measure/results/results.json.',
    "kinds3/functions_among_steps": 'Step "Check" failed: Nothing is stored at .*/results/results.json.',
    "kinds2/conditions_in_conditions": "b/0/0.0/false/1",
    "kinds3/conditions_of_every_type": r'no: ü"\\/\u2028-10.0000001true',
}
#: Not reached although nothing is refused: the branch that was not taken and what waits for both branches.
NOT_REACHED = {"v2/condition_branch_join": {"B", "J"}, "v3/run_conditions": {"OnFail", "OnStop"}}
NOT_REACHED |= {
    "kinds3/whatever_happens": {"OnFailure", "OnStop"},
}


class EverythingSucceeds:
    """A runner that leaves a file in every output."""

    kind = "process"

    def run(self, spec: AttemptSpec, *, store: BlobStore, observer: Any, stop: Any) -> Outcome:
        objects = []
        for output in spec.job.outputs:
            sha256, size = store.put_bytes(b"{}")
            uri = f"{output.uri}/{output.archive or 'evaluation.json'}"
            objects.append(PublishedObject(output=output.name, uri=uri, sha256=sha256, size=size))
        metrics = dict.fromkeys((name for name, _ in spec.job.metrics), 0.9)
        return Outcome(ended=Ended.SUCCEEDED, exit_code=0, objects=tuple(objects), metrics=metrics)

    def warm(self) -> None:
        return

    def close(self) -> None:
        return


@pytest.mark.parametrize("path", RECORDED, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_recorded_definition_runs_or_is_refused_where_it_cannot(bench: Bench, path: Path) -> None:
    name = f"{path.parent.name}/{path.stem}"
    # The SDK programs used one-letter buckets, which S3 does not have.
    text = path.read_text(encoding="utf-8").replace('"s3://b/', '"s3://bucket/')
    if path.stem == "expressions_everywhere":
        text = text.replace('"b"', '"bucket"')
    prepare(bench, text)
    definition = json.loads(text)
    given = {one["Name"]: "1" for one in definition.get("Parameters", []) if "DefaultValue" not in one}
    if name in NOT_STARTED:
        with pytest.raises(CannotStart, match="No local runtime is mapped to the image"):
            bench.start(definition, parameters=given)
        return
    execution = bench.run(definition, parameters=given)
    if name in ENDED_BY_DESIGN:
        assert execution.status == "Failed"
        assert re.fullmatch(ENDED_BY_DESIGN[name], str(execution.failure_reason))
        return
    refused, ended = REFUSED.get(name, set()), statuses(execution)
    assert {step for step, status in ended.items() if status == "Failed"} == refused
    for row in execution.steps.filter(status="Failed"):
        assert (row.category, str(row.failure_reason)[-1]) == ("not-runnable", ".")
    if not refused:
        assert execution.status == "Succeeded"
        skipped = {step for step, status in ended.items() if status == "Skipped"}
        assert skipped == NOT_REACHED.get(name, set())


def prepare(bench: Bench, text: str) -> None:
    """The account the programs were written for: their image, their model, and something at every address."""
    bench.worker.runner = EverythingSucceeds()
    create_image(actor=bench.owner, pattern="*/my-image:1", runtime="xgboost")
    for name in ("m", "a-model"):
        create_model(actor=bench.owner, name=name, request={"PrimaryContainer": {"Image": IMAGE}})
    sha256, size = blob_store().put_bytes(b"1,2\n")
    found = set(re.findall(r'"(s3://[a-z0-9-]{3,}/[^"\s\\]+)', text))
    for uri in sorted(found | {"s3://clary-123456789012/pipeline-1/train"}):
        is_file = "." in uri.rsplit("/", 1)[-1]
        target = uri if is_file else f"{uri.rstrip('/')}/data.csv"
        workspace = bench.owner.workspace.pk
        store_object(workspace_id=workspace, uri=target, sha256=sha256, size=size, now=database_now())
