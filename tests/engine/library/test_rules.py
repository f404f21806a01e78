"""What leaves a ready-made step, worked out from what arrives: everything that can be known, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from engine.library.rules import Column, Columns
from tests.engine.library.test_columns import FILE, LOAD, follow, made, names, out, wrong

SHOP: Columns = (
    Column("age", "integer"),
    Column("city", "text", ("Oslo", "Kyiv")),
    Column("paid", "boolean"),
    Column("label", "text"),
)


def leaves(*steps: dict[str, Any], port: str = "table", columns: Columns = SHOP) -> Columns | None:
    return follow(LOAD, *steps, files={FILE: columns})[steps[-1]["Name"]].outputs[port]


def encode(after: str = "Load", output: str = "table", **options: Any) -> dict[str, Any]:
    return made("Encode", "encode@1", {"train": out(after, output)}, **options)


def test_categories_that_are_all_known_become_columns_in_the_order_they_are_written() -> None:
    assert names(leaves(encode(leave=["label"]), port="train")) == ["age", "city_Kyiv", "city_Oslo", "paid", "label"]
    numbered = leaves(encode(leave=["label"], encode="ordinal"), port="train")
    assert numbered == (Column("age", "number"), Column("city", "number"), SHOP[2], SHOP[3])
    kept = leaves(encode(leave=["label"], scale="keep"), port="train")
    assert names(kept) == ["city_Kyiv", "city_Oslo", "age", "paid", "label"]


def test_categories_of_some_of_the_rows_stay_open() -> None:
    split = made("Split", "split@1", {"table": out("Load", "table")})
    found = leaves(split, encode("Split", "train", leave=["label"]), port="train")
    assert found is not None and found[1] == Column("city_", "number", open=True)
    few = leaves(
        encode(leave=["label"], categories="2"),
        columns=(Column("city", "text", ("a", "b", "c")), SHOP[3]),
        port="train",
    )
    assert few is not None and few[0].open
    (train,) = [
        made(
            "Train",
            "train-classifier@1",
            {"train": out("Encode", "train")},
            target="label",
            columns=["city_Rome", "age"],
        )
    ]
    assert wrong(LOAD, split, encode("Split", "train", leave=["label"]), train, files={FILE: SHOP}) == ()
    chosen = made("Choose", "select@1", {"table": out("Encode", "train")}, columns=["city_Rome", "label"])
    assert names(leaves(split, encode("Split", "train", leave=["label"]), chosen)) == ["city_Rome", "label"]


def test_the_third_part_of_a_split_is_there_when_it_has_a_share() -> None:
    split = made("Split", "split@1", {"table": out("Load", "table")}, validation=0.1)
    assert names(leaves(split, port="validation")) == ["age", "city", "paid", "label"]
    two = made("Split", "split@1", {"table": out("Load", "table")})
    assert "validation" not in follow(LOAD, two, files={FILE: SHOP})["Split"].outputs


def test_a_run_tells_what_stayed_open() -> None:
    split = made("Split", "split@1", {"table": out("Load", "table")})
    ran = {("Encode", "train"): (Column("age", "number"), Column("city_Oslo", "number"), SHOP[3])}
    steps = (LOAD, split, encode("Split", "train", leave=["label"]))
    found = follow(*steps, files={FILE: SHOP}, earlier=ran)["Encode"].outputs["train"]
    assert names(found) == ["age", "city_Oslo", "city_", "paid", "label"]


def test_the_second_table_of_encode_is_known_only_where_there_is_one() -> None:
    assert leaves(encode(leave=["label"]), port="test") is None
    both = made("Encode", "encode@1", {"train": out("Load", "table"), "test": out("Load", "table")}, leave=["label"])
    assert leaves(both, port="test") == leaves(both, port="train") is not None


def test_rows_that_were_taken_away_make_categories_unknown() -> None:
    kept = made("Choose", "select@1", {"table": out("Load", "table")}, columns=["city"])
    some = made(
        "Choose",
        "select@1",
        {"table": out("Load", "table")},
        filters=[{"column": "age", "operator": ">", "value": "3"}],
    )
    assert leaves(kept) == (SHOP[1],)
    assert leaves(some) is not None and all(column.values is None for column in leaves(some) or ())


def test_probabilities_of_predict_stay_open_and_the_answer_has_its_name() -> None:
    step = made("Predict", "predict@1", {"table": out("Load", "table")}, name="answer")
    found = leaves(step)
    assert found is not None and found[-2:] == (Column("answer", "other"), Column("probability_", "number", open=True))
    assert names(leaves(made("Predict", "predict@1", {"table": out("Load", "table")}, probabilities="false"))) == [
        "age",
        "city",
        "paid",
        "label",
        "prediction",
    ]


@pytest.mark.parametrize(("every", "kind"), [("auto", "datetime"), ("month", "date"), ("hour", "datetime")])
def test_a_forecast_has_columns_of_its_own(every: str, kind: str) -> None:
    step = made("Forecast", "forecast@1", {}, date="day", target="sales", every=every)
    found = follow(step)["Forecast"].outputs["forecast"]
    assert found == (
        Column("day", kind),
        Column("forecast", "number"),
        Column("low", "number"),
        Column("high", "number"),
    )


@pytest.mark.parametrize(
    ("algorithm", "settings"),
    [("lightgbm", ["trees", "depth", "rate"]), ("forest", ["trees", "depth"]), ("neighbours", ["neighbours"])],
)
def test_the_trials_of_tune_have_the_settings_of_its_algorithm(algorithm: str, settings: list[str]) -> None:
    found = follow(made("Tune", "tune@1", {}, algorithm=algorithm))["Tune"].outputs["trials"]
    assert names(found) == ["trial", "score", *settings, "best_so_far"]


def test_the_better_model_asks_for_what_all_ask_for() -> None:
    train = made("Train", "train-classifier@1", {"train": out("Load", "table")}, target="label")
    other = made("Other", "train-classifier@1", {"train": out("Load", "table")}, target="label", columns=["age"])
    same = made("Compare", "compare@1", {"model1": out("Train", "model"), "model2": out("Train", "model")})
    mixed = made("Compare", "compare@1", {"model1": out("Train", "model"), "model2": out("Other", "model")})
    assert names(leaves(train, same, port="model")) == ["age", "city", "paid", "label"]
    assert leaves(train, other, mixed, port="model") is None


def test_a_query_is_asked_for_with_the_tables_that_are_connected() -> None:
    asked: list[Any] = []

    def queries(query: str, tables: Any) -> Columns:
        asked.append((query, dict(tables)))
        return (Column("n", "integer"),)

    step = made("Query", "sql@1", {"table1": out("Load", "table")}, query="SELECT count(*) AS n FROM table1")
    found = follow(LOAD, step, files={FILE: SHOP}, queries=queries)["Query"].outputs["table"]
    assert found == (Column("n", "integer"),)
    assert asked == [("SELECT count(*) AS n FROM table1", {"table1": SHOP})]
    unknown = made("Query", "sql@1", {"table1": out("Load", "table"), "table2": out("Gone", "x")}, query="SELECT 1")
    assert follow(LOAD, unknown, files={FILE: SHOP}, queries=queries)["Query"].outputs["table"] is None
    assert asked[1:] == [("SELECT 1", {})]
    said = "DuckDB says: no query."
    (problem,) = wrong(LOAD, unknown, queries=lambda query, tables: None if tables else said)
    assert problem.message == f"Query: {said}"


def test_a_query_that_names_what_is_not_there_is_told_at_its_option() -> None:
    step = made("Query", "sql@1", {"table1": out("Load", "table")}, query="SELECT agee FROM table1")
    said = 'The query names the column "agee", which no connected table has. Did you mean "age"?'
    (problem,) = wrong(LOAD, step, queries=lambda query, tables: said)
    assert problem.message == f"Query: {said}"
    assert problem.pointer == "/Steps/1/Arguments/AppSpecification/ContainerArguments/1"
