"""Columns of a draft over REST: from a stored file at once, and what a renamed column breaks."""

from __future__ import annotations

import json
from typing import Any

from accounts.actors import Actor
from editor.services.pipelines import create_pipeline
from runs.clock import database_now
from runs.namespace import store_object
from runs.stores import blob_store
from tests.engine.library.test_columns import made, out
from tests.factories.api import Api


def put(owner: Actor, text: str) -> str:
    uri = f"s3://{owner.workspace.default_bucket}/data.csv"
    sha256, size = blob_store().put_bytes(text.encode())
    store_object(workspace_id=owner.workspace.pk, uri=uri, sha256=sha256, size=size, now=database_now())
    return uri


def draft(owner: Actor, uri: str) -> Any:
    steps = [
        made("Load", "load-table@1", {"file": uri}),
        made("Split", "split@1", {"table": out("Load", "table")}, stratify="label"),
    ]
    definition = {"Version": "2020-12-01", "Steps": steps}
    return create_pipeline(actor=owner, name="columns", definition=json.dumps(definition))


def test_columns_of_a_stored_file_are_known_before_any_run(owner: Actor, owner_api: Api) -> None:
    made_pipeline = draft(owner, put(owner, "age,label\n1,a\n2,b\n"))
    answer = owner_api.get(f"pipelines/{made_pipeline.pk}/draft/columns/").json()
    columns = [{"name": "age", "type": "integer"}, {"name": "label", "type": "text"}]
    assert answer["steps"]["Split"] == {"inputs": {"table": columns}, "outputs": {"train": columns, "test": columns}}
    assert answer["problems"] == []


def test_a_renamed_column_is_told_with_its_fix(owner: Actor, owner_api: Api) -> None:
    made_pipeline = draft(owner, put(owner, "age,Labels\n1,a\n2,b\n"))
    answer = owner_api.get(f"pipelines/{made_pipeline.pk}/draft/columns/?step=Split").json()
    assert set(answer["steps"]) == {"Split"}
    (problem,) = answer["problems"]
    assert problem["code"] == "unknown-column" and problem["step"] == "Split"
    assert problem["fix"]["patch"][0]["value"] == "Labels"


def test_a_file_that_is_not_there_is_nothing_known(owner: Actor, owner_api: Api) -> None:
    made_pipeline = draft(owner, "s3://elsewhere-bucket/nothing.csv")
    answer = owner_api.get(f"pipelines/{made_pipeline.pk}/draft/columns/").json()
    assert answer["steps"]["Load"]["outputs"] == {"table": None}


def test_a_stranger_sees_no_columns(owner: Actor, stranger_api: Api) -> None:
    made_pipeline = draft(owner, put(owner, "age,label\n1,a\n"))
    assert stranger_api.get(f"pipelines/{made_pipeline.pk}/draft/columns/").status_code == 404
