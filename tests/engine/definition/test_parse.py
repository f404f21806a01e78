from __future__ import annotations

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.definition.dump import dump_definition
from engine.definition.model import Definition
from engine.definition.parse import MEBIBYTE, STRICT_LIMITS, Limits, parse_definition
from tests.engine.definition.material import DEFINITIONS


def codes(text: str | bytes, limits: Limits | None = None) -> list[str]:
    parsed = parse_definition(text, limits=limits) if limits else parse_definition(text)
    assert (parsed.document is None) == bool(parsed.problems)
    return [problem.code for problem in parsed.problems]


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("", "not-json", "line 1, column 1"),
        ("{'Steps': []}", "not-json", "double quotes"),
        ('{"Steps": [', "not-json", "line 1"),
        ('{"Steps": "a\x01b"}', "not-json", "invalid control character at line 1, column 13"),
        ('{"Steps": [NaN]}', "not-json", "NaN is not a JSON value"),
        ('{"Steps": [-Infinity]}', "not-json", "-Infinity"),
        ("[]", "not-a-definition", "this is a list"),
        ('"hello"', "not-a-definition", "this is a text"),
        ("{}", "not-a-definition", '"Steps"'),
        ('{"Steps": {}}', "not-a-definition", "an object"),
        ('{"Steps": [], "x": 1e999}', "number-out-of-range", "1e999"),
        ('{"Steps": [' + "9" * 5000 + "]}", "number-out-of-range", "5000 digits"),
        (b"\xff\xfe", "not-utf-8", "byte 0"),
    ],
)
def test_text_that_is_no_definition_says_why(text: str | bytes, code: str, words: str) -> None:
    problem = parse_definition(text).problems[0]
    assert problem.code == code
    assert words in problem.message


def test_a_repeated_key_is_pointed_at() -> None:
    parsed = parse_definition('{"Steps": [{"Name": "A", "Type": "Fail", "Name": "B"}]}')
    assert [(p.code, p.pointer) for p in parsed.problems] == [("duplicate-key", "/Steps/0")]
    assert '"Name"' in parsed.problems[0].message


def test_half_a_unicode_pair_is_pointed_at_and_can_be_printed() -> None:
    parsed = parse_definition('{"Steps": [], "a/b": ["ok", "bad \\ud83d end"]}')
    assert [(p.code, p.pointer) for p in parsed.problems] == [("lone-surrogate", "/a~1b/1")]
    parsed.problems[0].message.encode("utf-8")
    assert codes('{"Steps": [], "\\ude00": 1}') == ["lone-surrogate"]


@pytest.mark.parametrize("opening", ["[", '{"a":'])
def test_bottomless_nesting_is_a_problem_not_a_crash(opening: str) -> None:
    depth = 100_000
    closing = ("]" if opening == "[" else "}") * depth
    assert codes('{"Steps": ' + opening * depth + "1" + closing + "}") == ["too-deep"]
    assert codes('{"Steps": ' + opening * depth) in (["too-deep"], ["not-json"])


def test_nesting_up_to_the_limit_is_kept() -> None:
    text = '{"Steps":[],"x":' + "[" * 299 + "]" * 299 + "}"
    assert dump_definition(parse_definition(text).document) == text
    assert codes('{"Steps":[],"x":' + "[" * 301 + "]" * 301 + "}") == ["too-deep"]


def test_the_size_limit_counts_bytes() -> None:
    big = '{"Steps": [], "x": "' + "a" * MEBIBYTE + '"}'
    assert codes(big, STRICT_LIMITS) == ["too-large"]
    assert codes(big) == []
    umlauts = '{"Steps": [], "x": "' + "ü" * (MEBIBYTE * 3 // 4) + '"}'
    assert codes(umlauts, STRICT_LIMITS) == ["too-large"]


def test_the_step_limit_counts_nested_steps() -> None:
    inner = ",".join(f'{{"Name":"S{n}","Type":"Fail"}}' for n in range(6))
    text = f'{{"Steps":[{{"Name":"G","Type":"Condition","Arguments":{{"IfSteps":[{inner}]}}}}]}}'
    assert codes(text, Limits(max_steps=7)) == []
    assert codes(text, Limits(max_steps=6)) == ["too-many-steps"]


def test_a_byte_order_mark_is_no_obstacle() -> None:
    assert codes("\ufeff" + '{"Steps": []}') == []
    assert codes(b"\xef\xbb\xbf" + b'{"Steps": []}') == []


@given(text=st.one_of(st.text(max_size=60), st.binary(max_size=60)))
def test_any_text_gives_a_document_or_problems(text: str | bytes) -> None:
    codes(text)


@given(document=DEFINITIONS)
def test_the_model_takes_any_json(document: object) -> None:
    definition = Definition.from_document(document)
    for step in definition.steps:
        assert definition.step(step.name) is not None
        assert isinstance(step.depends_on, tuple)
    assert all(isinstance(parameter.required, bool) for parameter in definition.parameters)


def test_the_recursion_limit_is_left_alone() -> None:
    before = sys.getrecursionlimit()
    codes("[" * 100_000)
    assert sys.getrecursionlimit() == before
