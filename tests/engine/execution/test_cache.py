"""Cache keys are content; a miss says field by field what differs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.definition.literals import parse_float
from engine.execution.cache import CacheKey, cache_key, explain_miss, parse_expire_after

TRAIN: dict[str, Any] = {
    "HyperParameters": {"max_depth": "3", "eta": "0.2"},
    "InputDataConfig": [
        {"ChannelName": "train", "S3Uri": "s3://b/train"},
        {"ChannelName": "code", "S3Uri": "s3://b/code-2026-03-01"},
    ],
}
HASHES = {"s3://b/train": "aa", "s3://b/code-2026-03-01": "cc"}


def key(attributes: Any = TRAIN, inputs: dict[str, str] | None = None, **other: Any) -> CacheKey:
    given: dict[str, Any] = {
        "type": "Training",
        "content_hashes": {"code train.py": "c1"},
        "image": "sklearn:1.2",
        **other,
    }
    return cache_key(given["type"], attributes, inputs or HASHES, given["content_hashes"], given["image"])


def changed(path: str, value: Any) -> dict[str, Any]:
    return {**TRAIN, "HyperParameters": {**TRAIN["HyperParameters"], path: value}}


def test_equal_content_has_one_key_in_any_order() -> None:
    turned = {name: TRAIN[name] for name in reversed(TRAIN)}
    turned["HyperParameters"] = dict(reversed(TRAIN["HyperParameters"].items()))
    assert key(turned) == key()
    assert len(key().key) == 64


def test_the_place_of_an_input_does_not_count_only_its_content() -> None:
    moved = {
        **TRAIN,
        "InputDataConfig": [
            {"ChannelName": "train", "S3Uri": "s3://b/train"},
            {"ChannelName": "code", "S3Uri": "s3://b/code-2026-04-01"},
        ],
    }
    assert key(moved, {"s3://b/train": "aa", "s3://b/code-2026-04-01": "cc"}) == key()
    assert key(moved).key != key().key


def test_each_part_of_the_content_counts() -> None:
    keys = {
        key().key,
        key(changed("max_depth", "4")).key,
        key(changed("gamma", "1")).key,
        key(inputs={**HASHES, "s3://b/train": "ab"}).key,
        key(content_hashes={"code train.py": "c2"}).key,
        key(image="sklearn:1.3").key,
        key(type="Processing").key,
        key(changed("max_depth", 3)).key,
    }
    assert len(keys) == 8


def test_keys_with_dots_in_their_names_do_not_meet() -> None:
    assert key({"a.b": 1}).key != key({"a": {"b": 1}}).key
    assert key({"a.b": 1, "a": {"b": 2}}).key != key({"a.b": 2, "a": {"b": 1}}).key


def test_the_spelling_of_a_number_does_not_count() -> None:
    assert key({"eta": parse_float("0.20")}).key == key({"eta": 0.2}).key


def test_a_miss_names_the_fields_that_differ() -> None:
    assert explain_miss(key().fields, key(changed("max_depth", "4")).fields) == ["HyperParameters.max_depth changed"]
    assert explain_miss(key().fields, key(inputs={**HASHES, "s3://b/train": "ab"}).fields) == [
        "InputDataConfig.train.S3Uri changed"
    ]
    assert explain_miss(key().fields, key(content_hashes={"code train.py": "c2"}, image="x").fields) == [
        "code train.py changed",
        "image changed",
    ]
    more = changed("gamma", "1")
    assert explain_miss(key().fields, key(more).fields) == ["HyperParameters.gamma was added"]
    assert explain_miss(key(more).fields, key().fields) == ["HyperParameters.gamma was removed"]


def test_equal_content_has_nothing_to_explain() -> None:
    assert explain_miss(key().fields, key().fields) == []


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=80, deadline=None)
@given(json_values, st.dictionaries(st.text(max_size=8), st.text(max_size=8), max_size=3))
def test_any_json_has_a_key_and_its_inputs_are_left_as_they_were(value: Any, hashes: dict[str, str]) -> None:
    before = repr(value)
    assert cache_key("T", value, hashes, {}, "i") == cache_key("T", value, hashes, {}, "i")
    assert repr(value) == before


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("P30D", timedelta(days=30)),
        ("p30d", timedelta(days=30)),
        ("30d", timedelta(days=30)),
        ("PT1H", timedelta(hours=1)),
        ("T12H", timedelta(hours=12)),
        ("30dT5h", timedelta(days=30, hours=5)),
        ("P1Y2M1W3DT4H5M6S", timedelta(days=365 + 60 + 7 + 3, hours=4, minutes=5, seconds=6)),
        ("PT0S", timedelta(0)),
        (" P1D ", timedelta(days=1)),
        ("P" + "9" * 40 + "D", timedelta(days=36_500)),
    ],
)
def test_durations_are_read_in_every_spelling_of_the_sdk_and_the_documentation(text: str, expected: timedelta) -> None:
    assert parse_expire_after(text) == expected


@pytest.mark.parametrize(
    "value", ["", "P", "PT", "T", "30", "P-1D", "1H", "P1.5D", "D30", None, 30, ["P1D"], "P" + "1" * 99]
)
def test_what_is_no_duration_gives_none(value: object) -> None:
    assert parse_expire_after(value) is None
