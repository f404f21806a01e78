"""Columns of a draft over REST: from a stored file at once, and what a renamed column breaks."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from accounts.actors import Actor
from editor.services.pipelines import create_pipeline
from runs.clock import database_now
from runs.namespace import store_object
from runs.services import tables
from runs.services.datasets import upload_dataset
from runs.stores import blob_store
from tests.engine.library.test_columns import made, out
from tests.factories.api import Api


def put(owner: Actor, text: str) -> str:
    uri = f"s3://{owner.workspace.default_bucket}/data.csv"
    sha256, size = blob_store().put_bytes(text.encode())
    store_object(workspace_id=owner.workspace.pk, uri=uri, sha256=sha256, size=size, now=database_now())
    return uri


def draft(owner: Actor, uri: str, *more: Any, **options: Any) -> Any:
    split = made("Split", "split@1", {"table": out("Load", "table")}, stratify="label")
    steps = [made("Load", "load-table@1", {"file": uri}, **options), *(more or (split,))]
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


def columns(api: Api, pipeline: Any, step: str = "Load", port: str = "table") -> Any:
    found = api.get(f"pipelines/{pipeline.pk}/draft/columns/").json()["steps"][step]["outputs"][port]
    return found if found is None else [(one["name"], one["type"]) for one in found]


@pytest.mark.parametrize(
    ("text", "options", "found"),
    [
        ("age;label\n1;a\n2;b\n", {"delimiter": ";"}, [("age", "integer"), ("label", "text")]),
        ("age,label\n1,a\n2,b\n", {"delimiter": ";"}, [("age,label", "text")]),
        ("age\tlabel\n1\ta\n", {"delimiter": "tab"}, [("age", "integer"), ("label", "text")]),
        ("age,label\n-9,a\n2.5,b\n", {"header": "false"}, [("column_1", "text"), ("column_2", "text")]),
        ("age;cost\n1;2,5\n", {"delimiter": ";", "decimal": "."}, [("age", "integer"), ("cost", "text")]),
        ("age,cost\n1,none\n2,3\n", {"missing": ["none"]}, [("age", "integer"), ("cost", "number")]),
        ('{"age": 1, "label": "a"}\n', {"format": "json-lines"}, [("age", "integer"), ("label", "text")]),
        ("age,none\n1,\n2,\n", {}, [("age", "integer"), ("none", "other")]),
    ],
)
def test_a_file_is_known_as_the_step_reads_it(
    owner: Actor, owner_api: Api, text: str, options: dict[str, Any], found: Any
) -> None:
    made_pipeline = draft(owner, put(owner, text), **options)
    assert columns(owner_api, made_pipeline) == found


def test_what_a_look_found_out_and_what_is_chosen_like_it_is_one_look(
    owner: Actor, owner_api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = io.BytesIO(b"age;label\n1;a\n2;b\n")
    version = upload_dataset(actor=owner, file_name="a.csv", stream=file, size=18).version
    looks: list[Any] = []
    monkeypatch.setattr(tables, "inspect", lambda path, name, options, **more: looks.append(options))
    same = {"delimiter": ";", "encoding": "utf-8", "decimal": ".", "header": "true", "format": "csv"}
    for options in ({}, same, {"delimiter": ";"}):
        made_pipeline = create_pipeline(
            actor=owner,
            name=f"columns-{len(options)}",
            definition=json.dumps({"Steps": [made("Load", "load-table@1", {"file": version.uri}, **options)]}),
        )
        assert columns(owner_api, made_pipeline) == [("age", "integer"), ("label", "text")]
    assert looks == []


def test_a_file_that_cannot_be_read_as_chosen_is_told(owner: Actor, owner_api: Api) -> None:
    made_pipeline = draft(owner, put(owner, "age,label\n1,a\n"), format="parquet")
    answer = owner_api.get(f"pipelines/{made_pipeline.pk}/draft/columns/").json()
    assert answer["steps"]["Load"]["outputs"] == {"table": None}
    (problem,) = answer["problems"]
    assert (problem["code"], problem["severity"]) == ("unreadable-input", "warning")
    assert problem["message"] == "Load: data.csv is no Parquet file. Choose another format."


QUERY = "SELECT label, count(*) AS n, avg(age) AS mean FROM table1 GROUP BY label"


def test_the_columns_of_a_query_are_known_before_any_run(owner: Actor, owner_api: Api) -> None:
    query = made("Query", "sql@1", {"table1": out("Load", "table")}, query=QUERY)
    made_pipeline = draft(owner, put(owner, "age,label\n1,a\n2,b\n"), query)
    assert columns(owner_api, made_pipeline, "Query") == [("label", "text"), ("n", "integer"), ("mean", "number")]


def test_a_query_that_names_no_column_says_so_with_the_near_one(owner: Actor, owner_api: Api) -> None:
    query = made("Query", "sql@1", {"table1": out("Load", "table")}, query="SELECT labl FROM table1")
    made_pipeline = draft(owner, put(owner, "age,label\n1,a\n2,b\n"), query)
    answer = owner_api.get(f"pipelines/{made_pipeline.pk}/draft/columns/").json()
    assert [one["message"] for one in answer["problems"]] == [
        'Query: The query names the column "labl", which no connected table has. Did you mean "label"?'
    ]


def test_categories_of_a_dataset_become_columns_before_any_run(owner: Actor, owner_api: Api) -> None:
    step = made("Encode", "encode@1", {"train": out("Load", "table")}, leave=["label"])
    made_pipeline = draft(owner, put(owner, "age,city,label\n1,Oslo,a\n2,Kyiv,b\n"), step)
    names = [name for name, _ in columns(owner_api, made_pipeline, "Encode", "train")]
    assert names == ["age", "city_Kyiv", "city_Oslo", "label"]


def test_a_column_renamed_in_a_new_version_is_suggested_by_its_place(owner: Actor, owner_api: Api) -> None:
    for text in ("age,label\n1,a\n2,b\n", "age,klass\n1,a\n2,b\n"):
        file = io.BytesIO(text.encode())
        version = upload_dataset(actor=owner, file_name="a.csv", stream=file, size=len(text)).version
    made_pipeline = draft(owner, version.uri)
    answer = owner_api.get(f"pipelines/{made_pipeline.pk}/draft/columns/").json()
    (problem,) = answer["problems"]
    assert problem["fix"]["title"] == "Use klass"


def test_a_column_several_steps_name_is_mended_in_all_of_them(owner: Actor, owner_api: Api) -> None:
    split = made("Split", "split@1", {"table": out("Load", "table")}, stratify="label")
    train = made("Train", "train-classifier@1", {"train": out("Split", "train")}, target="label")
    made_pipeline = draft(owner, put(owner, "age,Label_\n1,a\n2,b\n"), split, train)
    answer = owner_api.get(f"pipelines/{made_pipeline.pk}/draft/columns/").json()
    assert [one["everywhere"]["title"] for one in answer["problems"]] == ["Use Label_ in Split and Train"] * 2
    assert [one["value"] for one in answer["problems"][0]["everywhere"]["patch"]] == ["Label_", "Label_"]


def test_a_file_that_is_not_there_is_nothing_known(owner: Actor, owner_api: Api) -> None:
    made_pipeline = draft(owner, "s3://elsewhere-bucket/nothing.csv")
    answer = owner_api.get(f"pipelines/{made_pipeline.pk}/draft/columns/").json()
    assert answer["steps"]["Load"]["outputs"] == {"table": None}


def test_a_stranger_sees_no_columns(owner: Actor, stranger_api: Api) -> None:
    made_pipeline = draft(owner, put(owner, "age,label\n1,a\n"))
    assert stranger_api.get(f"pipelines/{made_pipeline.pk}/draft/columns/").status_code == 404
