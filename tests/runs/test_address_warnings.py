"""An address with nothing behind it is told before the run."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.actors import Actor
from editor.services.pipelines import create_pipeline
from engine.definition.model import Definition
from runs import namespace
from runs.address_warnings import missing_addresses
from runs.addresses import AT_ONCE
from runs.clock import database_now
from runs.first_start import import_sample
from runs.models import StoredObject
from runs.readiness import uri_readiness
from runs.samples import Sample, load_samples
from runs.services.templates import templates, use_template
from runs.services.uri_maps import put_uri_mapping
from runs.stores import blob_store
from tests.factories.api import Api
from tests.runs.definitions import pipeline, step

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
NOWHERE = "s3://nowhere-at-all/rows.csv"


def stored(actor: Actor, uri: str) -> None:
    sha256, size = blob_store().put_bytes(b"1,2\n")
    workspace = actor.workspace.pk
    namespace.store_object(workspace_id=workspace, uri=uri, sha256=sha256, size=size, now=database_now())


def told(actor: Actor, definition: dict[str, Any], **given: Any) -> list[str]:
    found = missing_addresses(actor.workspace.pk, Definition.from_document(definition), given)
    return [one.message for one in found]


def joined(*parts: Any) -> dict[str, Any]:
    return {"Std:Join": {"On": "/", "Values": list(parts)}}


@pytest.mark.parametrize("query", ["", "?about=addresses"])
def test_it_is_a_warning_at_the_field_and_goes_when_something_is_stored(
    query: str, owner: Actor, owner_api: Api
) -> None:
    made = create_pipeline(actor=owner, name="reads", definition=json.dumps(pipeline(step("A", uris=[NOWHERE]))))
    (warning,) = owner_api.get(f"pipelines/{made.pk}/draft/warnings/{query}").json()["problems"]
    assert (warning["code"], warning["severity"], warning["step"]) == ("nothing-stored", "warning", "A")
    assert warning["pointer"] == "/Steps/0/Arguments/ProcessingInputs/0/S3Input/S3Uri"
    assert warning["message"] == (
        f"Nothing is stored at {NOWHERE} yet. Upload it, choose a dataset, or map the address under Readiness."
    )
    stored(owner, NOWHERE)
    assert owner_api.get(f"pipelines/{made.pk}/draft/warnings/{query}").json()["problems"] == []


def test_asking_about_anything_else_is_refused(owner: Actor, owner_api: Api) -> None:
    made = create_pipeline(actor=owner, name="reads", definition=json.dumps(pipeline()))
    assert owner_api.get(f"pipelines/{made.pk}/draft/warnings/?about=weather").status_code == 400


def test_it_refuses_no_run(owner: Actor, owner_api: Api) -> None:
    made = create_pipeline(actor=owner, name="reads", definition=json.dumps(pipeline(step("A", uris=[NOWHERE]))))
    assert owner_api.post(f"pipelines/{made.pk}/executions/", {"source": "draft"}).status_code == 201


def test_every_step_that_reads_it_is_told(owner: Actor) -> None:
    definition = Definition.from_document(pipeline(step("A", uris=[NOWHERE]), step("B", uris=[NOWHERE])))
    assert [one.step for one in missing_addresses(owner.workspace.pk, definition)] == ["A", "B"]


def test_what_another_workspace_stores_does_not_count(owner: Actor, stranger: Actor) -> None:
    stored(stranger, NOWHERE)
    assert len(told(owner, pipeline(step("A", uris=[NOWHERE])))) == 1
    assert told(stranger, pipeline(step("A", uris=[NOWHERE]))) == []


def test_what_was_deleted_is_gone_until_it_is_stored_again(owner: Actor) -> None:
    definition = pipeline(step("A", uris=["s3://nowhere-at-all"]))
    stored(owner, NOWHERE)
    kept = StoredObject.objects.get()
    place = {"workspace": owner.workspace, "bucket": kept.bucket, "key": kept.key, "sha256": kept.sha256, "size": 0}
    StoredObject.objects.create(**place, deleted=True, created_at=database_now())
    assert len(told(owner, definition)) == 1
    stored(owner, NOWHERE)
    assert told(owner, definition) == []


def test_an_empty_object_that_only_shows_a_folder_is_nothing(owner: Actor) -> None:
    StoredObject.objects.create(
        workspace=owner.workspace, bucket="rows", key="folder/", sha256="0" * 64, size=0, created_at=database_now()
    )
    assert len(told(owner, pipeline(step("A", uris=["s3://rows/folder"])))) == 1


def test_a_mapped_address_is_looked_up_where_the_map_says(owner: Actor) -> None:
    definition = pipeline(step("A", uris=[NOWHERE]))
    put_uri_mapping(actor=owner, prefix="s3://nowhere-at-all", target="s3://somewhere")
    (message,) = told(owner, definition)
    assert f"{NOWHERE}, which is mapped to s3://somewhere/rows.csv, yet." in message
    stored(owner, "s3://somewhere/rows.csv")
    assert told(owner, definition) == []


def test_a_default_is_named_and_a_given_value_takes_its_place(owner: Actor) -> None:
    parameters = [{"Name": "Data", "Type": "String", "DefaultValue": NOWHERE}]
    definition = pipeline(step("A", uris=[{"Get": "Parameters.Data"}]), parameters=parameters)
    assert f"{NOWHERE} (by the default of Data) yet." in told(owner, definition)[0]
    assert told(owner, definition, Data="s3://other/x.csv")[0].startswith("Nothing is stored at s3://other/x.csv yet.")
    stored(owner, "s3://other/x.csv")
    assert told(owner, definition, Data="s3://other/x.csv") == []


@pytest.mark.parametrize(
    "value",
    [
        {"Get": "Parameters.Required"},
        {"Get": "Steps.Other.Output"},
        joined("s3://nowhere-at-all", {"Get": "Execution.PipelineExecutionId"}),
        joined("s3://nowhere-at-all", {"Get": "Parameters.Required"}),
        "s3://Bad Bucket/x",
        "file:///rows.csv",
        3,
    ],
)
def test_what_only_the_run_knows_is_not_told(owner: Actor, value: Any) -> None:
    required = [{"Name": "Required", "Type": "String"}]
    assert told(owner, pipeline(step("A", uris=[value]), parameters=required)) == []


@pytest.mark.parametrize(
    ("output", "read"),
    [
        ("s3://made/here", "s3://made/here"),
        ("s3://made/here/", "s3://made/here/rows.csv"),
        ("s3://made/here/deep", "s3://made/here"),
        (joined("s3://made/here", {"Get": "Execution.PipelineExecutionId"}), "s3://made/here"),
        ({"Get": "Parameters.Out"}, "s3://made/by-default/x.csv"),
    ],
)
def test_what_a_step_writes_is_not_missing(owner: Actor, output: Any, read: str) -> None:
    parameters = [{"Name": "Out", "Type": "String", "DefaultValue": "s3://made/by-default"}]
    definition = pipeline(step("A", uri=output), step("B", uris=[read]), parameters=parameters)
    assert told(owner, definition) == []


def test_an_output_elsewhere_in_the_bucket_hides_nothing(owner: Actor) -> None:
    outputs = [step("A", uri="s3://made/here"), step("B", uri=joined("s3://made", {"Get": "Execution.PipelineName"}))]
    assert len(told(owner, pipeline(*outputs, step("C", uris=["s3://made/hereafter/x", "s3://made/rows.csv"])))) == 2


def test_an_address_a_script_is_given_may_be_one_it_writes_to(owner: Actor) -> None:
    assert told(owner, pipeline(step("A", environment={"TARGET": NOWHERE}))) == []


@pytest.mark.parametrize("count", [1, AT_ONCE, AT_ONCE + 1, 5 * AT_ONCE])
def test_many_addresses_are_looked_up_in_few_queries(owner: Actor, count: int) -> None:
    definition = Definition.from_document(pipeline(step("A", uris=[f"s3://many/{n}.csv" for n in range(count)])))
    stored(owner, "s3://many/0.csv")
    with CaptureQueriesContext(connection) as captured:
        found = missing_addresses(owner.workspace.pk, definition)
    assert len(found) == count - 1
    assert len(captured) == 1 + -(-count // AT_ONCE)
    with CaptureQueriesContext(connection) as captured:
        uris = uri_readiness(owner.workspace.pk, definition)
    assert [one.state for one in uris].count("missing") == count - 1
    assert len(captured) == 1 + -(-count // AT_ONCE)


def test_a_definition_without_addresses_asks_nothing(owner: Actor) -> None:
    with CaptureQueriesContext(connection) as captured:
        assert told(owner, pipeline(step("A"), step("B", "A"))) == []
    assert len(captured) == 0


@pytest.mark.parametrize("template", [one.id for one in templates()])
def test_a_template_brings_all_it_reads(owner: Actor, template: str) -> None:
    made = use_template(actor=owner, template_id=template)
    assert told(owner, json.loads(made.draft.definition)) == []


@pytest.mark.parametrize("sample", load_samples(EXAMPLES), ids=lambda sample: sample.name)
def test_an_example_brings_all_it_reads(owner: Actor, sample: Sample) -> None:
    made = import_sample(owner, sample)
    assert told(owner, json.loads(made.draft.definition)) == []
