"""Columns along the wires, and columns that will not be there, before anything runs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from engine.definition.model import Definition
from engine.definition.patch import apply_patch
from engine.library.catalogue import library_steps
from engine.library.column_checks import column_problems
from engine.library.columns import Queries, Sources, StepColumns, flow
from engine.library.renaming import Moved
from engine.library.rules import Column, Columns
from engine.problems import Problem

FILE = "s3://bucket/cancer.csv"
KNOWN: Columns = (Column("radius", "number"), Column("texture", "number"), Column("diagnosis", "text"))


def made(name: str, reference: str, wires: dict[str, Any] | None = None, /, **options: Any) -> dict[str, Any]:
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


def sources(
    files: Mapping[str, Columns | str] | None = None,
    earlier: dict[tuple[str, str], Columns] | None = None,
    queries: Queries = lambda query, tables: None,
) -> Sources:
    known: Mapping[str, Columns | str] = {FILE: KNOWN} if files is None else files
    ran = earlier or {}
    return Sources(
        files=lambda uri, reading: known.get(uri), earlier=lambda step, output: ran.get((step, output)), queries=queries
    )


def follow(*steps: dict[str, Any], **known: Any) -> dict[str, StepColumns]:
    return flow(Definition.from_document({"Steps": list(steps)}), sources(**known))


def wrong(*steps: dict[str, Any], change: Moved | None = None, **known: Any) -> tuple[Problem, ...]:
    definition = Definition.from_document({"Steps": list(steps)})
    found = flow(definition, sources(**known))
    return column_problems(definition, found, sources(**known), lambda: change or Moved())


def names(columns: Columns | None) -> list[str] | None:
    return None if columns is None else [column.name for column in columns]


LOAD = made("Load", "load-table@1", {"file": FILE})
SPLIT = made("Split", "split@1", {"table": out("Load", "table")}, stratify="diagnosis")


def test_columns_flow_from_the_file_to_the_last_step() -> None:
    train = made("Train", "train-classifier@1", {"train": out("Split", "train")}, target="diagnosis")
    found = follow(train, SPLIT, LOAD)
    assert names(found["Train"].inputs["train"]) == ["radius", "texture", "diagnosis"]
    assert found["Split"].outputs["test"] == KNOWN
    assert wrong(train, SPLIT, LOAD) == ()


def test_the_file_of_a_registered_model_is_not_read_as_a_table() -> None:
    address = "s3://models/churn/model.tar.gz"
    predict = made("Predict", "predict@1", {"model": address, "table": out("Load", "table")})
    assert wrong(LOAD, predict, files={FILE: KNOWN, address: "Predict: model.tar.gz is packed with gzip."}) == ()


def test_a_parameter_with_a_default_leads_to_the_file() -> None:
    document = {
        "Parameters": [{"Name": "Data", "Type": "String", "DefaultValue": FILE}],
        "Steps": [made("Load", "load-table@1", {"file": {"Get": "Parameters.Data"}})],
    }
    found = flow(Definition.from_document(document), sources())
    assert found["Load"].outputs["table"] == KNOWN


def test_what_no_file_tells_an_earlier_run_tells() -> None:
    found = follow(LOAD, SPLIT, files={}, earlier={("Load", "table"): KNOWN})
    assert found["Split"].inputs["table"] == KNOWN


def test_a_renamed_column_is_missed_downstream_with_the_near_name_and_a_fix() -> None:
    renamed = {FILE: (Column("radius"), Column("Diagnosis_"))}
    (problem,) = wrong(LOAD, SPLIT, files=renamed)
    assert problem.message == (
        'Split: the column "diagnosis" is not in the table that arrives. Did you mean "Diagnosis_"?'
    )
    assert problem.step == "Split" and problem.fix is not None
    document, _ = apply_patch({"Version": "2020-12-01", "Steps": [LOAD, SPLIT]}, problem.fix.patch)
    assert document["Steps"][1]["Arguments"]["AppSpecification"]["ContainerArguments"] == ["--stratify", "Diagnosis_"]


def test_without_a_near_name_the_first_columns_are_told_and_how_many_more_there_are() -> None:
    (problem,) = wrong(LOAD, SPLIT, files={FILE: tuple(Column(f"c{n}") for n in range(9))})
    assert problem.fix is None
    assert problem.message.endswith('It has "c0", "c1", "c2", "c3", "c4", "c5" and 3 more. Choose one of them.')


def test_one_wrong_name_of_a_list_is_mended_in_its_place() -> None:
    train = made(
        "Train", "train-classifier@1", {"train": out("Load", "table")}, target="diagnosis", columns=["radius", "textur"]
    )
    (problem,) = wrong(LOAD, train)
    assert problem.fix is not None and problem.fix.patch[0]["value"] == '["radius","texture"]'


def test_a_table_without_the_columns_of_the_model_is_told_before_the_run() -> None:
    train = made("Train", "train-classifier@1", {"train": out("Load", "table")}, target="diagnosis")
    other = made("Other", "load-table@1", {"file": "s3://bucket/other.csv"})
    test = made("Evaluate", "evaluate@1", {"model": out("Train", "model"), "test": out("Other", "table")})
    files = {FILE: KNOWN, "s3://bucket/other.csv": (Column("radius"), Column("diagnosis"))}
    (problem,) = wrong(LOAD, train, other, test, files=files)
    assert problem.code == "model-columns-missing" and '"texture"' in problem.message


def test_nothing_is_claimed_where_nothing_is_known() -> None:
    found = follow(LOAD, SPLIT, files={})
    assert found["Split"].inputs["table"] is None
    assert wrong(LOAD, SPLIT, files={}) == ()


def test_a_column_from_an_expression_is_left_to_the_run() -> None:
    split = made("Split", "split@1", {"table": out("Load", "table")}, stratify={"Get": "Parameters.Column"})
    found = follow(LOAD, split)
    assert wrong(LOAD, split) == () and found["Split"].outputs["train"] is None


def test_a_file_is_asked_for_as_the_step_reads_it() -> None:
    asked: list[Any] = []

    def files(uri: str, reading: Any) -> Columns:
        asked.append(dict(reading))
        return KNOWN

    known = Sources(files=files, earlier=lambda step, output: None, queries=lambda query, tables: None)
    for options in (
        {},
        {"delimiter": ";", "missing": ["-999"], "header": "false"},
        {"encoding": {"Get": "Parameters.E"}},
    ):
        step = made("Load", "load-table@1", {"file": FILE}, **options)
        found = flow(Definition.from_document({"Steps": [step]}), known)["Load"].outputs["table"]
        assert (found is None) == ("encoding" in options)
    assert asked == [{"header": True}, {"delimiter": ";", "header": False, "missing": ["-999"]}]


def test_types_people_choose_are_those_that_leave() -> None:
    retyped = follow(made("Load", "load-table@1", {"file": FILE}, types='{"radius":"text"}'))["Load"].outputs["table"]
    assert retyped is not None and retyped[0] == Column("radius", "text")


def test_a_file_that_cannot_be_read_so_is_a_warning_at_its_step() -> None:
    (problem,) = wrong(LOAD, SPLIT, files={FILE: "cancer.csv is no Parquet file. Choose another format."})
    assert (problem.code, problem.step, problem.severity.value) == ("unreadable-input", "Load", "warning")
    assert problem.message == "Load: cancer.csv is no Parquet file. Choose another format."


def test_odd_wires_are_nothing_known() -> None:
    for uri in (None, 5, [], {"Get": 3}, {"Get": "Steps.Gone.X"}, "file:///etc/passwd", {"Std:Join": {"On": "/"}}):
        assert follow(made("Load", "load-table@1", {"file": uri}))["Load"].outputs["table"] is None
