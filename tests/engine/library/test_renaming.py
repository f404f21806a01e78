"""Columns that got another name: what they are called now, and one change for every step that says the old one."""

from __future__ import annotations

from typing import Any

from engine.definition.patch import apply_patch
from engine.library.renaming import Moved, moved
from engine.library.rules import Column, Columns
from tests.engine.library.test_columns import FILE, made, out, wrong

NOW: Columns = (Column("age", "integer"), Column("income", "number"), Column("Outcome", "text"))
LOAD = made("Load", "load-table@1", {"file": FILE})
CHOOSE = made("Choose", "select@1", {"table": out("Load", "table")}, columns=["age", "outcome"])
SPLIT = made("Split", "split@1", {"table": out("Choose", "table")}, stratify="outcome")
TRAIN = made("Train", "train-classifier@1", {"train": out("Split", "train")}, target="outcome")


def words(document: Any, place: int) -> Any:
    return document["Steps"][place]["Arguments"]["AppSpecification"]["ContainerArguments"]


def test_one_change_mends_every_step_that_names_the_column_also_behind_a_step_that_lost_it() -> None:
    steps = (LOAD, CHOOSE, SPLIT, TRAIN)
    first, second, third = wrong(*steps, files={FILE: NOW})
    assert [one.step for one in (first, second, third)] == ["Choose", "Split", "Train"]
    assert first.fix is not None and first.fix.title == "Use Outcome"
    assert second.fix is None and 'further up it is called "Outcome"' in second.message
    for problem in (first, second, third):
        assert problem.everywhere is not None
        assert problem.everywhere.title == "Use Outcome in all 3 steps that name outcome"
        document, _ = apply_patch({"Steps": list(steps)}, problem.everywhere.patch)
        assert words(document, 1) == ["--columns", '["age","Outcome"]']
        assert words(document, 2) == ["--stratify", "Outcome"] and words(document, 3) == ["--target", "Outcome"]
        assert wrong(*document["Steps"], files={FILE: NOW}) == ()


def test_a_step_that_still_has_the_column_from_elsewhere_is_left_alone() -> None:
    other = made("Other", "load-table@1", {"file": "s3://bucket/other.csv"})
    fine = made("Fine", "split@1", {"table": out("Other", "table")}, stratify="outcome")
    files = {FILE: NOW, "s3://bucket/other.csv": (Column("outcome", "text"),)}
    split = made("Split", "split@1", {"table": out("Load", "table")}, stratify="outcome")
    (problem,) = wrong(LOAD, other, fine, split, files=files)
    assert problem.step == "Split" and problem.everywhere is None


def test_a_name_given_by_a_step_of_the_pipeline_counts_like_one_of_a_file() -> None:
    choose = made("Choose", "select@1", {"table": out("Load", "table")}, renames='{"Outcome":"Outcomes"}')
    split = made("Split", "split@1", {"table": out("Choose", "table")}, stratify="Outcome")
    train = made("Train", "train-classifier@1", {"train": out("Split", "train")}, target="Outcome")
    first, second = wrong(LOAD, choose, split, train, files={FILE: NOW})
    assert first.everywhere is not None and first.everywhere.title == "Use Outcomes in Split and Train"
    assert second.everywhere == first.everywhere and second.fix is not None


def test_words_of_a_script_of_ones_own_count_too() -> None:
    script = {
        "Name": "Mine",
        "Type": "Processing",
        "Arguments": {"AppSpecification": {"ContainerArguments": ["--target", "outcome", "outcome"]}},
    }
    split = made("Split", "split@1", {"table": out("Load", "table")}, stratify="outcome")
    (problem,) = wrong(LOAD, split, script, files={FILE: NOW})
    assert problem.everywhere is not None and problem.everywhere.title == "Use Outcome in Split and Mine"
    assert [one["path"][-1] for one in problem.everywhere.patch] == ["1", "1"]


def test_without_a_near_name_the_column_at_the_same_place_is_suggested() -> None:
    columns = (Column("age"), Column("income"), Column("klass"), Column("note"))
    change = moved(["age", "income", "species"], ["age", "income", "klass", "note"])
    split = made("Split", "split@1", {"table": out("Load", "table")}, stratify="species")
    (problem,) = wrong(LOAD, split, files={FILE: columns}, change=change)
    assert problem.fix is not None and problem.fix.title == "Use klass"
    (unknown,) = wrong(LOAD, split, files={FILE: columns})
    assert unknown.fix is None


def test_a_new_column_is_nearer_than_one_that_was_there_before() -> None:
    columns = (Column("weight"), Column("mass_of_it"))
    change = moved(["weight", "height"], ["weight", "mass_of_it"])
    split = made("Split", "split@1", {"table": out("Load", "table")}, stratify="height")
    (problem,) = wrong(LOAD, split, files={FILE: columns}, change=change)
    assert problem.fix is not None and problem.fix.title == "Use mass_of_it"


def test_what_moved_is_told_from_the_place_or_from_being_the_only_new_one() -> None:
    assert moved(["a", "b", "c"], ["a", "x", "c"]) == Moved(new=frozenset({"x"}), to={"b": "x"})
    assert moved(["a", "b", "c"], ["x", "a", "c"]).to == {"b": "x"}
    assert moved(["a", "b", "c"], ["c", "a"]).to == {}
    assert moved(["a", "b", "c"], ["a", "x", "y"]).to == {"b": "x", "c": "y"}
    assert moved(["a"], ["a", "b"]).to == {}
