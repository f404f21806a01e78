from __future__ import annotations

from typing import Any

import pytest

from engine.conditions import ConditionResult, TypeMismatch, evaluate_conditions
from engine.expressions import Unresolvable
from tests.engine.definition.test_expressions import SCOPE, get, report


def compare(kind: str, left: Any, right: Any) -> dict[str, Any]:
    return {"Type": kind, "LeftValue": left, "RightValue": right}


def outcome(*conditions: Any) -> ConditionResult:
    return evaluate_conditions(list(conditions), SCOPE, "/Arguments/Conditions")


BUCKET = get("Parameters.Bucket")
METRIC = get("Steps.T.FinalMetricDataList['val:acc'].Value")
AUC = report("metrics.auc")


@pytest.mark.parametrize(
    ("condition", "expected", "line"),
    [
        (compare("GreaterThanOrEqualTo", AUC, 0.9), True, "auc 0.965 >= 0.9 → true"),
        (compare("GreaterThan", AUC, 0.99), False, "auc 0.965 > 0.99 → false"),
        (compare("LessThan", get("Parameters.Count"), 3), False, "Count 3 < 3 → false"),
        (compare("LessThanOrEqualTo", 3, get("Parameters.Count")), True, "3 <= Count 3 → true"),
        (compare("Equals", get("Parameters.Bucket"), "b"), True, 'Bucket "b" == "b" → true'),
        (compare("NotEquals", get("Parameters.Flag"), True), False, "Flag true != true → false"),
        (compare("Equals", 1, 1.0), True, "1 == 1.0 → true"),
        (compare("Equals", None, None), True, "null == null → true"),
        (compare("GreaterThan", METRIC, 0.9), True, "val:acc 0.93 > 0.9 → true"),
        ({"Type": "In", "QueryValue": BUCKET, "Values": ["a", "b"]}, True, 'Bucket "b" in ["a", "b"] → true'),
        ({"Type": "In", "Value": "x", "In": ["a", get("Parameters.Bucket")]}, False, '"x" in ["a", "b"] → false'),
        ({"Type": "NotIn", "QueryValue": 3, "Values": [1, 2]}, True, "3 not in [1, 2] → true"),
        ({"Type": "Not", "Condition": compare("Equals", 1, 2)}, True, "not (1 == 2) → true"),
        ({"Type": "Or", "Conditions": [compare("Equals", 1, n) for n in (2, 1)]}, True, "(1 == 2 or 1 == 1) → true"),
    ],
)  # fmt: skip
def test_each_form_decides_and_explains_itself(condition: Any, expected: bool, line: str) -> None:
    assert outcome(condition) == ConditionResult(outcome=expected, explanation=(line,))


def test_all_must_hold_and_the_first_false_one_ends_it() -> None:
    broken = compare("Equals", get("Steps.P.Nothing"), 1)
    result = outcome(compare("Equals", 1, 1), compare("Equals", 1, 2), broken)
    assert result.outcome is False
    assert result.explanation == ("1 == 1 → true", "1 == 2 → false")
    assert outcome() == ConditionResult(outcome=True)


@pytest.mark.parametrize(
    "condition",
    [
        compare("Equals", "0.9", 0.9),
        compare("Equals", get("Parameters.Flag"), 1),
        compare("GreaterThan", AUC, "0.9"),
        compare("Equals", None, 0),
        compare("GreaterThan", True, False),
        compare("LessThan", [1], [2]),
        {"Type": "In", "QueryValue": "1", "Values": [1]},
        {"Type": "Not", "Condition": compare("Equals", "a", 1)},
    ],
)
def test_values_of_two_types_fail_the_step_instead_of_being_false(condition: Any) -> None:
    with pytest.raises(TypeMismatch) as error:
        outcome(condition)
    assert error.value.pointer.startswith("/Arguments/Conditions/0")


def test_a_type_mismatch_shows_both_values() -> None:
    with pytest.raises(TypeMismatch, match=r'auc 0\.965 >= "0\.9" compares a number with a text'):
        outcome(compare("GreaterThanOrEqualTo", AUC, "0.9"))


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ("text", 'text "Type"'),
        ({"Type": ["Equals"]}, 'text "Type"'),
        ({"Type": "Roughly"}, '"Roughly" is no condition'),
        ({"Type": "Equals", "LeftValue": 1}, 'no "RightValue"'),
        ({"Type": "Or", "Conditions": []}, "at least one"),
        ({"Type": "In", "QueryValue": 1, "Values": 1}, "needs a list"),
        ({"Type": "Not"}, 'text "Type"'),
        (compare("Equals", report("metrics.f1"), 1), "metrics.f1 is not there"),
    ],
)
def test_what_cannot_be_decided_says_why(condition: Any, words: str) -> None:
    with pytest.raises(Unresolvable) as error:
        outcome(condition)
    assert words in str(error.value)


def test_conditions_that_are_no_list_say_so() -> None:
    with pytest.raises(Unresolvable, match="a list"):
        evaluate_conditions({}, SCOPE)


def test_nesting_is_deep_enough_and_bounded() -> None:
    condition: Any = compare("Equals", 1, 1)
    for _ in range(40):
        condition = {
            "Type": "Or",
            "Conditions": [{"Type": "Not", "Condition": {"Type": "Not", "Condition": condition}}],
        }
    assert outcome(condition).outcome is True
    for _ in range(400):
        condition = {"Type": "Not", "Condition": condition}
    with pytest.raises(Unresolvable, match="nested"):
        outcome(condition)
