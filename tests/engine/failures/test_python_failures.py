"""Logs of scripts that really failed (tests/golden/failures), and what is said of each."""

from __future__ import annotations

import pytest

from engine.failures.cause import Action, Cause, FailureFacts
from engine.failures.classify import classify
from engine.failures.python_rules import RULES
from tests.engine.failures.scripts import CODE, GOLDEN, SCRIPTS

EXITS = {"arguments": 2, "exit": 3, "silent": 4}
CAUSES = {
    "arguments": "arguments-wrong",
    "chained": "code-error",
    "connection": "network-refused",
    "csv": "file-unreadable",
    "dictionary-key": "key-missing",
    "duckdb-column": "column-missing",
    "empty-array": "empty-table",
    "empty-csv": "empty-table",
    "empty-split": "empty-table",
    "encoding": "file-unreadable",
    "environment": "environment-missing",
    "exit": "exit-code",
    "few-of-a-class": "too-few-rows",
    "file-not-found": "file-not-found",
    "float-of-text": "wrong-type",
    "import-name": "import-error",
    "inconsistent-rows": "shape-mismatch",
    "indentation": "syntax-error",
    "joblib-text": "file-unreadable",
    "json": "file-unreadable",
    "lightgbm-text": "wrong-type",
    "memory": "out-of-memory",
    "missing-values": "missing-values",
    "model-not-found": "model-missing",
    "module-missing": "package-missing",
    "name-lookup": "network-refused",
    "one-class": "one-class-only",
    "one-class-logistic": "one-class-only",
    "own-error": "code-error",
    "pandas-column": "column-missing",
    "pandas-columns-list": "column-missing",
    "pandas-drop": "column-missing",
    "pandas-mean-of-text": "wrong-type",
    "pandas-usecols": "column-missing",
    "parquet": "file-unreadable",
    "permission": "permission-denied",
    "polars-column": "column-missing",
    "requests": "network-refused",
    "silent": "silent-exit",
    "sklearn-feature-names": "column-missing",
    "syntax": "syntax-error",
    "text-plus-number": "wrong-type",
    "too-many-folds": "too-few-rows",
    "xgboost-joblib": "file-unreadable",
    "xgboost-pickle": "file-unreadable",
    "xgboost-text": "wrong-type",
}


def cause_of(name: str, *columns: str) -> Cause:
    log = (GOLDEN / f"{name}.log").read_text()
    return classify(FailureFacts(category="user-code", log=log, exit_code=EXITS.get(name, 1), columns=columns))


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_real_failure_is_known_by_its_log(name: str) -> None:
    found = cause_of(name)
    assert found.code == CAUSES[name]
    assert found.title and found.what.strip() and found.advice
    assert "{" not in found.what and "/usr/local" not in found.what
    assert found.what.endswith((".", "…")) or found.code == "code-error"
    assert len(found.what) < 500


@pytest.mark.parametrize("name", sorted(set(SCRIPTS) - {"arguments", "exit", "silent", "parquet", "csv", "empty-csv"}))
def test_the_line_shown_is_the_persons_own(name: str) -> None:
    place = cause_of(name).place
    assert place is not None
    assert place.file == CODE
    assert place.code in SCRIPTS[name].split("\n")[place.line - 1]


def test_a_stack_of_compiled_code_shows_the_line_that_called_it() -> None:
    place = cause_of("parquet").place
    assert place is not None and (place.file_name, place.line) == ("step.py", 2)


@pytest.mark.parametrize("name", ["pandas-column", "polars-column", "duckdb-column"])
def test_a_misspelled_column_comes_with_the_one_that_is_meant(name: str) -> None:
    found = cause_of(name, "radius", "diagnosis")
    assert (found.column, found.suggestions) == ("radios", ("radius",))
    assert found.actions[0] is Action.PICK_COLUMN


def test_a_column_nothing_is_like_has_no_suggestion() -> None:
    found = cause_of("pandas-drop", "radius")
    assert (found.column, found.suggestions) == ("texture", ())
    assert Action.PICK_COLUMN not in found.actions


def test_the_column_with_the_wrong_type_is_named_where_the_library_names_it() -> None:
    assert cause_of("xgboost-text").column == "diagnosis"
    assert cause_of("lightgbm-text").column == "diagnosis"


def test_a_missing_module_names_the_package_that_holds_it() -> None:
    found = cause_of("module-missing")
    assert found.package == "opencv-python-headless"
    assert found.actions[0] is Action.ADD_PACKAGE


def test_the_last_error_of_a_chain_counts() -> None:
    found = cause_of("chained")
    assert found.what == "RuntimeError: the table is not as agreed"


def test_every_rule_is_reached_by_a_real_log() -> None:
    reached = {cause_of(name).code for name in SCRIPTS}
    assert {rule.code for rule in RULES} <= reached


@pytest.mark.parametrize("name", ["xgboost-pickle", "xgboost-joblib"])
def test_a_model_in_xgboosts_own_format_is_read_with_load_model(name: str) -> None:
    found = cause_of(name)
    assert found.title == "The model is not a pickle"
    assert "load_model" in found.advice and Action.OPEN_CODE in found.actions
    assert cause_of("joblib-text").title == "A file cannot be read"


def test_an_exit_code_comes_with_the_last_words() -> None:
    assert cause_of("exit").what == 'The process ended with exit code 3. The last it said was "no data today".'
