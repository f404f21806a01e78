from __future__ import annotations

import contextlib
from typing import Any

import pytest
from hypothesis import given

from engine.definition.literals import FloatLiteral
from engine.expressions import (
    Path,
    Unresolvable,
    evaluate,
    lookup,
    malformed_references,
    parse_path,
    parse_reference,
    references,
    show_path,
    to_text,
)
from tests.engine.definition.material import JSON


class FakeScope:
    """Everything an expression can ask for, with known answers."""

    def parameter(self, name: str) -> Any:
        return {"Count": 3, "Rate": 0.5, "Flag": True, "Bucket": "b"}[name]

    def execution(self, name: str) -> Any:
        return f"<{name}>"

    def step(self, name: str, path: Path) -> Any:
        outputs = {"train": {"S3Output": {"S3Uri": "s3://b/train"}}}
        metrics = {"val:acc": {"Value": 0.93}, "a b": {"Value": 1}}
        known = {"P": {"ProcessingOutputConfig": {"Outputs": outputs}}, "T": {"FinalMetricDataList": metrics}}
        return lookup(known[name], path)

    def property_file(self, step: str, name: str) -> Any:
        return {"metrics": {"auc": 0.965, "by class": [{"n": 1}]}, "ok": True}

    def s3_json(self, uri: str) -> Any:
        return {"Result": [1, {"m": uri}], "Exception": None}

    def item(self, path: Path) -> Any:
        return lookup({"name": "a"}, path)


SCOPE = FakeScope()


def get(text: str) -> dict[str, str]:
    return {"Get": text}


def join(on: str, *values: Any) -> dict[str, Any]:
    return {"Std:Join": {"On": on, "Values": list(values)}}


def report(path: str) -> dict[str, Any]:
    return {"Std:JsonGet": {"PropertyFile": get("Steps.P.PropertyFiles.R"), "Path": path}}


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        (get("Parameters.Count"), 3),
        (get("Parameters.Flag"), True),
        (get("Execution.PipelineName"), "<PipelineName>"),
        (get("Steps.P.ProcessingOutputConfig.Outputs['train'].S3Output.S3Uri"), "s3://b/train"),
        (get("Steps.T.FinalMetricDataList['val:acc'].Value"), 0.93),
        (get('Steps.T.FinalMetricDataList["a b"].Value'), 1),
        (get("ForEach.CurrentItem.name"), "a"),
        (get("ForEach.CurrentItem"), {"name": "a"}),
        (
            join("/", "s3:/", get("Parameters.Bucket"), get("Execution.PipelineExecutionId")),
            "s3://b/<PipelineExecutionId>",
        ),
        (join("", get("Parameters.Count")), "3"),
        (join("-", get("Parameters.Flag"), get("Parameters.Rate"), join("", "x", "y")), "true-0.5-xy"),
        (join(","), ""),
        (report("metrics.auc"), 0.965),
        (report("metrics['by class'][0].n"), 1),
        (report("ok"), True),
        ({"Std:JsonGet": {"S3Uri": join("/", "s3:/", "b"), "Path": "Result[1]['m']"}}, "s3://b"),
        ({"Get": "Parameters.Count", "Other": 1}, {"Get": "Parameters.Count", "Other": 1}),
        ({"Get": 3}, {"Get": 3}),
        ([1, None, "x"], [1, None, "x"]),
    ],
)
def test_every_form_has_its_value_and_type_anywhere_in_the_tree(expression: Any, value: Any) -> None:
    assert evaluate({"deep": [{"Environment": {"X": expression}}]}, SCOPE) == {"deep": [{"Environment": {"X": value}}]}
    assert type(evaluate(expression, SCOPE)) is type(value)


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        (get("Paramters.X"), "is no reference"),
        (get("Steps.P.Outputs['"), "is no reference"),
        (get("Steps.P.PropertyFiles.R"), "Std:JsonGet"),
        (get("IterationOutput.B.x"), "Selector of a ForEach"),
        (get("Steps.P.ProcessingOutputConfig.Outputs['test'].S3Output.S3Uri"), "has no 'test'; it has train"),
        (report("metrics.f1"), "property file R of P: metrics.f1 is not there"),
        (report("metrics['by class'][3]"), "is a list of 1"),
        (report("metrics..x"), "cannot read the path"),
        ({"Std:JsonGet": {"Path": "a"}}, '"PropertyFile" or "S3Uri"'),
        ({"Std:JsonGet": {"PropertyFile": "text", "Path": "a"}}, "PropertyFiles.<file>"),
        ({"Std:Join": {"On": "/"}}, '"Values"'),
    ],
)
def test_an_expression_without_a_value_says_what_is_missing_and_where(expression: Any, words: str) -> None:
    with pytest.raises(Unresolvable) as error:
        evaluate({"a": [expression]}, SCOPE, "/Arguments")
    assert words in str(error.value)
    assert error.value.pointer.startswith("/Arguments/a/0")


def test_nesting_is_deep_enough_and_bounded() -> None:
    expression: Any = get("Parameters.Bucket")
    for _ in range(45):
        expression = join("", expression)
    assert evaluate(expression, SCOPE) == "b"
    for _ in range(2000):
        expression = [expression]
    with pytest.raises(Unresolvable, match="nested"):
        evaluate(expression, SCOPE)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "true"),
        (False, "false"),
        (7, "7"),
        (0.1, "0.1"),
        (1e-7, "0.0000001"),
        (1e22, "10000000000000000000000"),
        (3.0, "3.0"),
        (FloatLiteral("1.50"), "1.50"),
        (FloatLiteral("2e3"), "2000"),
        ("x", "x"),
        ([1, "a"], '[1,"a"]'),
        (None, "null"),
    ],
)
def test_values_become_plain_text(value: Any, text: str) -> None:
    assert to_text(value) == text


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("", ()),
        ("a.b['c d'][0]", ("a", "b", "c d", 0)),
        (".A[12]['it''s']", None),
        ("['a.b']", ("a.b",)),
        ("['it\\'s'].x", ("it's", "x")),
        ("[0][1]", (0, 1)),
        ("a..b", None),
        ("a.", None),
        ("a['x", None),
        ("a[x]", None),
        ("a[-1]", None),
        ("val:acc", ("val:acc",)),
    ],
)
def test_paths(text: str, path: Path | None) -> None:
    assert parse_path(text) == path
    if path:
        assert lookup_shown(path)


def lookup_shown(path: Path) -> bool:
    return "'" in "".join(map(str, path)) or parse_path(show_path(path)) == path


def test_references_are_found_anywhere_with_their_pointers() -> None:
    tree = {"SkipCheck": get("Parameters.Skip"), "a": [join("/", get("Steps.A.X['k']"), {"Get": "nonsense"})]}
    found = references(tree, "/Steps/0")
    assert [(r.root, r.name, r.path, r.pointer) for r in found] == [
        ("Parameters", "Skip", (), "/Steps/0/SkipCheck"),
        ("Steps", "A", ("X", "k"), "/Steps/0/a/0/Std:Join/Values/0"),
    ]
    assert malformed_references(tree) == (("/a/0/Std:Join/Values/1", "nonsense"),)


def test_a_property_file_reference_knows_its_file() -> None:
    reference = parse_reference("Steps.Eval.PropertyFiles.Report")
    assert reference is not None
    assert reference.property_file == "Report"
    assert parse_reference("Steps.Eval.X.PropertyFiles") is not None
    assert parse_reference("Steps.Eval.X.PropertyFiles").property_file is None  # type: ignore[union-attr]


@given(tree=JSON)
def test_finding_references_takes_any_json(tree: Any) -> None:
    references(tree)
    malformed_references(tree)


@given(tree=JSON)
def test_evaluation_gives_a_value_or_a_reason(tree: Any) -> None:
    with contextlib.suppress(Unresolvable, KeyError):  # KeyError: this scope's own tables
        evaluate(tree, SCOPE)
