"""Columns along the wires, and columns that will not be there, before anything runs."""

from __future__ import annotations

import json
from typing import Any

from engine.definition.model import Definition
from engine.definition.patch import apply_patch
from engine.library.catalogue import library_steps
from engine.library.column_checks import column_problems
from engine.library.columns import StepColumns, flow
from engine.library.rules import Column, Columns

FILE = "s3://bucket/cancer.csv"
KNOWN: Columns = (Column("radius", "number"), Column("texture", "number"), Column("diagnosis", "text"))


def made(name: str, reference: str, wires: dict[str, Any] | None = None, **options: Any) -> dict[str, Any]:
    step: dict[str, Any] = json.loads(json.dumps(dict(library_steps()[reference].template)))
    step["Name"] = name
    step["Arguments"]["ProcessingInputs"] = [
        {"InputName": port, "S3Input": {"S3Uri": uri}} for port, uri in (wires or {}).items()
    ]
    words = [
        word
        for option, value in options.items()
        for word in (f"--{option}", value if isinstance(value, str | dict) else json.dumps(value))
    ]
    if words:
        step["Arguments"]["AppSpecification"]["ContainerArguments"] = words
    return step


def out(step: str, name: str) -> dict[str, str]:
    return {"Get": f"Steps.{step}.ProcessingOutputConfig.Outputs['{name}'].S3Output.S3Uri"}


def follow(*steps: dict[str, Any], files: dict[str, Columns] | None = None) -> dict[str, StepColumns]:
    document = {"Version": "2020-12-01", "Steps": list(steps)}
    known = {FILE: KNOWN} if files is None else files
    return flow(Definition.from_document(document), files=known.get, earlier=lambda step, output: None)


def names(columns: Columns | None) -> list[str] | None:
    return None if columns is None else [column.name for column in columns]


LOAD = made("Load", "load-table@1", {"file": FILE})
SPLIT = made("Split", "split@1", {"table": out("Load", "table")}, stratify="diagnosis")


def test_columns_flow_from_the_file_to_the_last_step() -> None:
    train = made("Train", "train-classifier@1", {"train": out("Split", "train")}, target="diagnosis")
    found = follow(train, SPLIT, LOAD)
    assert names(found["Train"].inputs["train"]) == ["radius", "texture", "diagnosis"]
    assert found["Split"].outputs["test"] == KNOWN
    assert column_problems(found) == ()


def test_a_parameter_with_a_default_leads_to_the_file() -> None:
    document = {
        "Parameters": [{"Name": "Data", "Type": "String", "DefaultValue": FILE}],
        "Steps": [made("Load", "load-table@1", {"file": {"Get": "Parameters.Data"}})],
    }
    found = flow(Definition.from_document(document), files={FILE: KNOWN}.get, earlier=lambda step, output: None)
    assert found["Load"].outputs["table"] == KNOWN


def test_what_no_file_tells_an_earlier_run_tells() -> None:
    document = {"Steps": [LOAD, SPLIT]}
    earlier = {("Load", "table"): KNOWN}
    found = flow(
        Definition.from_document(document),
        files=lambda uri: None,
        earlier=lambda step, output: earlier.get((step, output)),
    )
    assert found["Split"].inputs["table"] == KNOWN


def test_a_renamed_column_is_missed_downstream_with_the_near_name_and_a_fix() -> None:
    renamed = {FILE: (Column("radius"), Column("Diagnosis_"))}
    found = follow(LOAD, SPLIT, files=renamed)
    (problem,) = column_problems(found)
    assert problem.message == (
        'Split: the column "diagnosis" is not in the table that arrives. Did you mean "Diagnosis_"?'
    )
    assert problem.step == "Split" and problem.fix is not None
    document, _ = apply_patch({"Version": "2020-12-01", "Steps": [LOAD, SPLIT]}, problem.fix.patch)
    assert document["Steps"][1]["Arguments"]["AppSpecification"]["ContainerArguments"] == ["--stratify", "Diagnosis_"]


def test_without_a_near_name_the_first_columns_are_told_and_how_many_more_there_are() -> None:
    (problem,) = column_problems(follow(LOAD, SPLIT, files={FILE: tuple(Column(f"c{n}") for n in range(9))}))
    assert problem.fix is None
    assert problem.message.endswith('It has "c0", "c1", "c2", "c3", "c4", "c5" and 3 more. Choose one of them.')


def test_one_wrong_name_of_a_list_is_mended_in_its_place() -> None:
    train = made(
        "Train", "train-classifier@1", {"train": out("Load", "table")}, target="diagnosis", columns=["radius", "textur"]
    )
    (problem,) = column_problems(follow(LOAD, train))
    assert problem.fix is not None and problem.fix.patch[0]["value"] == '["radius","texture"]'


def test_a_table_without_the_columns_of_the_model_is_told_before_the_run() -> None:
    train = made("Train", "train-classifier@1", {"train": out("Load", "table")}, target="diagnosis")
    other = made("Other", "load-table@1", {"file": "s3://bucket/other.csv"})
    test = made("Evaluate", "evaluate@1", {"model": out("Train", "model"), "test": out("Other", "table")})
    files = {FILE: KNOWN, "s3://bucket/other.csv": (Column("radius"), Column("diagnosis"))}
    (problem,) = column_problems(follow(LOAD, train, other, test, files=files))
    assert problem.code == "model-columns-missing" and '"texture"' in problem.message


def test_nothing_is_claimed_where_nothing_is_known() -> None:
    found = follow(LOAD, SPLIT, files={})
    assert found["Split"].inputs["table"] is None
    assert column_problems(found) == ()


def test_a_column_from_an_expression_is_left_to_the_run() -> None:
    split = made("Split", "split@1", {"table": out("Load", "table")}, stratify={"Get": "Parameters.Column"})
    found = follow(LOAD, split)
    assert column_problems(found) == () and found["Split"].outputs["train"] is None


def test_a_file_read_in_another_way_is_not_claimed_to_be_known() -> None:
    assert follow(made("Load", "load-table@1", {"file": FILE}, delimiter=";"))["Load"].outputs["table"] is None
    retyped = follow(made("Load", "load-table@1", {"file": FILE}, types='{"radius":"text"}'))["Load"].outputs["table"]
    assert retyped is not None and retyped[0] == Column("radius", "text")


def test_odd_wires_are_nothing_known() -> None:
    for uri in (None, 5, [], {"Get": 3}, {"Get": "Steps.Gone.X"}, "file:///etc/passwd", {"Std:Join": {"On": "/"}}):
        assert follow(made("Load", "load-table@1", {"file": uri}))["Load"].outputs["table"] is None
