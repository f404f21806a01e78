"""Failures the platform saw, failures a step names itself, and whatever else may stand in a log."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.execution.states import FailureCategory
from engine.failures.cause import Action, FailureFacts
from engine.failures.classify import classify
from engine.failures.typed import TITLES, UNNAMED
from engine.images import refusal
from runs.runners.reasons import Facts, explain


def told(category: str = "user-code", reason: str = "", log: str = "", **more: Any) -> Any:
    return classify(FailureFacts(category=category, reason=reason, log=log, **more))


def explained(**facts: Any) -> FailureFacts:
    """What a runner makes of these facts, as the classifier gets it."""
    given: dict[str, Any] = {"exit_code": None, "signal": None, "last_lines": [], "volume": Path("/"), **facts}
    reason, category = explain(Facts(**given))
    seen = {name: facts[name] for name in ("exit_code", "signal", "out_of_memory") if name in facts}
    return FailureFacts(category=category.value, reason=reason, log="\n".join(given["last_lines"]), **seen)


def test_out_of_memory_says_the_limit_and_offers_more() -> None:
    found = classify(explained(signal=9, out_of_memory=True, memory_bytes=8 * 1024**3))
    assert (found.code, found.actions[0]) == ("out-of-memory", Action.RAISE_MEMORY)
    assert "8 GiB" in found.what


def test_too_long_says_the_limit() -> None:
    found = classify(explained(signal=9, timed_out_after=60))
    assert (found.code, found.actions[0]) == ("timeout", Action.RAISE_TIME)
    assert "60 seconds" in found.what and "MaxRuntimeInSeconds" not in found.what
    assert "Stop after" in found.advice


def test_a_full_disk_is_named() -> None:
    found = classify(explained(exit_code=1, last_lines=["OSError: [Errno 28] No space left on device"]))
    assert found.code == "disk-full"
    assert "No space is left on the volume" in found.what


@pytest.mark.parametrize(("number", "word"), [(9, "SIGKILL"), (11, "SIGSEGV"), (15, "SIGTERM"), (64, "SIGRTMAX")])
def test_a_signal_is_named(number: int, word: str) -> None:
    found = classify(explained(signal=number, last_lines=["training"]))
    assert found.code == "killed"
    assert word in found.what


def test_a_bare_exit_code_is_told_with_the_last_lines_and_a_reason_of_its_own_without() -> None:
    lines = ["train.py: error: unrecognized arguments: -n 7", "The script ended with exit code 2."]
    found = explained(exit_code=2, last_lines=lines, failure_text=lines[1])
    assert found.reason == f"{lines[1]}\nLast lines of the log:\n{lines[0]}"
    assert classify(found).code == "arguments-wrong"
    assert explained(exit_code=1, last_lines=["a"], failure_text="No rows.").reason == "No rows."


def test_an_unmapped_image_leads_to_the_table_of_images() -> None:
    found = told("not-runnable", str(refusal("nowhere/none:1")))
    assert (found.code, found.actions[0]) == ("image-not-mapped", Action.OPEN_IMAGES)
    assert "nowhere/none:1" in found.what


def test_an_input_with_nothing_behind_it_names_the_address() -> None:
    reason = (
        'Input "train": nothing is stored at s3://bucket/a.csv. '
        "Check the URI, or that the step that should write it has written a file there."
    )
    found = told("input", reason)
    assert found.code == "input-missing"
    assert found.what == 'Nothing is stored at s3://bucket/a.csv, which the input "train" reads.'
    assert Action.USE_LAST_GOOD in found.actions


def test_an_expression_without_a_value_says_so() -> None:
    assert told("input", 'Step "Evaluate" left no property file "evaluation".').code == "value-missing"


@pytest.mark.parametrize(
    ("said", "package"),
    [
        ("ERROR: No matching distribution found for sikit-learn==1.0", "sikit-learn==1.0"),
        ("  × No solution found when resolving dependencies:\n  ╰─▶ Because sikit-learn was not found in the package "
         "registry and you require sikit-learn, we can conclude", "sikit-learn"),
        ("Because there is no version of pandas==99 and you require pandas==99", "pandas==99"),
        ("error: Failed to fetch", None),
    ],
)  # fmt: skip
def test_requirements_that_cannot_be_installed_name_the_package(said: str, package: str | None) -> None:
    reason = "The requirements cannot be installed (the installer ended with code 1).\nLast lines of the log:\n" + said
    found = told(reason=reason, log=said)
    assert (found.code, found.package) == ("requirements-failed", package)


def test_a_failure_the_step_names_itself_is_taken_as_it_is() -> None:
    line = {
        "code": "column-missing",
        "message": 'The table has no column "radios". It may be called "radius". Choose one of its columns.',
        "step": "train-classifier@1",
        "column": "radios",
        "suggestions": ["radius", "ratio"],
    }
    found = told(log=f"reading\n{json.dumps(line)}\n", exit_code=1)
    assert (found.code, found.column, found.suggestions) == ("column-missing", "radios", ("radius", "ratio"))
    assert found.what == 'The table has no column "radios". It may be called "radius".'
    assert found.advice == "Choose one of its columns."
    assert found.actions[0] is Action.PICK_COLUMN


def test_a_failure_the_step_could_not_name_is_read_from_its_traceback() -> None:
    log = (
        "Traceback (most recent call last):\n"
        '  File "/usr/lib/python3/site-packages/clary_steps/cli.py", line 9, in main\n    run()\n'
        "ValueError: Input X contains NaN.\n"
        '{"code": "step-error", "message": "The step could not finish. ValueError", "step": "x@1"}\n'
    )
    assert told(log=log, exit_code=1).code == "missing-values"


@pytest.mark.parametrize("line", ['{"code": 3, "message": "x"}', '{"code": "x"}', '{"code":', "[" * 5000 + '{"code"'])
def test_a_line_that_only_looks_like_a_named_failure_is_passed_over(line: str) -> None:
    assert told(log=f"{line}\nno data\n", exit_code=3).code == "exit-code"


def test_every_category_of_failure_has_an_answer() -> None:
    for category in FailureCategory:
        found = told(category.value, "Something went wrong.", exit_code=1)
        assert found.what
        assert found.to_json()["title"]


WORDS = st.sampled_from(
    ["Traceback (most recent call last):", '  File "x.py", line 3, in f', "    f()", "KeyError: 'a'", "ValueError:", "",
     "{", '{"code": "a", "message": ""}', "\x1b[31mError", "ModuleNotFoundError: No module named 'x'", "^^^^"]
)  # fmt: skip


@given(st.lists(WORDS | st.text(max_size=30)), st.sampled_from([c.value for c in FailureCategory]), st.integers(-1, 70))
def test_no_log_is_too_odd_to_be_told_about(lines: list[str], category: str, number: int) -> None:
    log = "\n".join(lines)
    found = told(category, log, log, signal=number if number > 0 else None, exit_code=1)
    json.dumps(found.to_json())
    assert found.code and found.title and found.what


def test_every_failure_the_library_names_has_a_title() -> None:
    library = Path(__file__).parents[3] / "library/clary_steps"
    text = "\n".join(path.read_text() for path in library.rglob("*.py"))
    named = set(re.findall(r'StepFailure\(\s*"([a-z-]+)"', text))
    assert len(named) > 20
    assert named - UNNAMED - set(TITLES) == set()


def test_the_last_words_are_plain() -> None:
    found = told(log="1 %\r2 %\r\x1b[31mno  room\x1b[0m\n\n[clary] over\n", exit_code=7)
    assert found.what == 'The process ended with exit code 7. The last it said was "no room".'
