from __future__ import annotations

import os
from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runs.storage.uri import BadUri, S3Uri, check_file_name, check_key, parse_s3_uri, relative_path


@pytest.mark.parametrize(
    ("text", "bucket", "key"),
    [
        ("s3://bucket/key", "bucket", "key"),
        ("s3://my-bucket.2/a/b c/ü+%2e%2e=.csv", "my-bucket.2", "a/b c/ü+%2e%2e=.csv"),
        ("s3://clary-000000000000/pipeline/code/..hidden", "clary-000000000000", "pipeline/code/..hidden"),
        ("s3://bucket//a//b", "bucket", "/a//b"),
        ("s3://bucket/" + "a" * 256, "bucket", "a" * 256),
    ],
)
def test_an_object_has_a_bucket_and_a_key(text: str, bucket: str, key: str) -> None:
    uri = parse_s3_uri(text)
    assert (uri.bucket, uri.key, str(uri)) == (bucket, key, text)


@pytest.mark.parametrize("text", ["s3://bucket", "s3://bucket/", "s3://bucket/a", "s3://bucket/a/", "s3://bucket/a//"])
def test_a_prefix_may_be_empty_or_end_with_a_slash(text: str) -> None:
    assert parse_s3_uri(text, prefix=True).key == text[len("s3://bucket/") :]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "bucket/key",
        "S3://bucket/key",
        "https://bucket/key",
        "s3:///key",
        "s3://",
        "s3://bu/key",
        "s3://Bucket/key",
        "s3://-bucket/key",
        "s3://bucket-/key",
        "s3://buc..ket/key",
        "s3://bucket@host/key",
        "s3://bucket/",
        "s3://bucket/../key",
        "s3://bucket/a/../../etc/passwd",
        "s3://bucket/a/..",
        "s3://bucket/./a",
        "s3://bucket/a\x00b",
        "s3://bucket/a\nb",
        "s3://bucket/a\x7fb",
        "s3://bucket/a\x9bb",
        "s3://bucket/a\\..\\b",
        "s3://bucket/\ud800",
        "s3://bucket/" + "a/" * 600 + "a",
    ],
)
def test_what_could_lead_out_of_a_folder_is_refused(text: str) -> None:
    with pytest.raises(BadUri):
        parse_s3_uri(text)


@pytest.mark.parametrize("text", ["s3://bucket/../", "s3://bucket/a/../", "s3:///"])
def test_a_prefix_is_no_way_around(text: str) -> None:
    with pytest.raises(BadUri):
        parse_s3_uri(text, prefix=True)


def test_the_message_says_what_came() -> None:
    with pytest.raises(BadUri, match=r"relative path segment .* 'a/\.\./b'"):
        check_key("a/../b")


@pytest.mark.parametrize("prefix", ["s3://bucket", "s3://bucket/", "s3://bucket/a", "s3://bucket/a/"])
def test_a_child_has_one_slash_between(prefix: str) -> None:
    child = parse_s3_uri(prefix, prefix=True).child("b/c")
    assert child.key in ("b/c", "a/b/c")
    with pytest.raises(BadUri):
        S3Uri("bucket", "a").child("../b")


@pytest.mark.parametrize(("key", "path"), [("a//b", "a/b"), ("/a", "a"), ("a/", "a"), ("//a///b/", "a/b")])
def test_an_empty_segment_is_no_folder(key: str, path: str) -> None:
    assert relative_path(key) == PurePosixPath(path)


@pytest.mark.parametrize("key", ["/", "//", "a/" + "b" * 256, "é" * 128])
def test_a_key_no_file_can_have_is_told(key: str) -> None:
    with pytest.raises(BadUri, match="a file name of 1 to 255 bytes"):
        relative_path(key)


def test_a_file_name_has_no_slash() -> None:
    assert check_file_name("a.csv") == "a.csv"
    with pytest.raises(BadUri, match="without slashes"):
        check_file_name("a/b.csv")


@given(st.text(max_size=60))
def test_an_accepted_key_stays_inside_the_folder_it_is_joined_to(key: str) -> None:
    try:
        path = relative_path(key)
    except BadUri:
        return
    assert not path.is_absolute()
    assert path.as_posix() == "/".join(part for part in key.split("/") if part)
    assert PurePosixPath(os.path.normpath(PurePosixPath("/top") / path)).is_relative_to("/top")
