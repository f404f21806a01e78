"""Clients that share no code with boto3: Arrow's, which is AWS's own for C++, and Polars', which is written in Rust."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.actors import Actor
from accounts.services.tokens import create_access_key
from tests.aws.server import REGION, AwsServer


@pytest.fixture
def keys(member: Actor) -> tuple[str, str]:
    row, secret = create_access_key(actor=member)
    return row.access_key_id, secret


def test_arrow_writes_in_parts_lists_copies_and_deletes(aws: AwsServer, member: Actor, keys: tuple[str, str]) -> None:
    fs: Any = pytest.importorskip("pyarrow.fs")
    bucket = member.workspace.default_bucket
    store = fs.S3FileSystem(
        access_key=keys[0],
        secret_key=keys[1],
        region=REGION,
        scheme="http",
        endpoint_override=aws.endpoint.removeprefix("http://"),
    )
    with store.open_output_stream(f"{bucket}/arrow/x y+ä.bin") as target:
        target.write(b"0123456789" * 1_200_000)
    found = store.get_file_info(f"{bucket}/arrow/x y+ä.bin")
    assert (found.is_file, found.size) == (True, 12_000_000)
    with store.open_input_file(f"{bucket}/arrow/x y+ä.bin") as source:
        source.seek(11_999_995)
        assert source.read() == b"56789"
    store.copy_file(f"{bucket}/arrow/x y+ä.bin", f"{bucket}/arrow/copy.bin")
    store.create_dir(f"{bucket}/arrow/inner")
    names = {one.base_name for one in store.get_file_info(fs.FileSelector(f"{bucket}/arrow"))}
    assert names == {"x y+ä.bin", "copy.bin", "inner"}
    store.delete_dir(f"{bucket}/arrow")
    assert store.get_file_info(fs.FileSelector(bucket, recursive=True)) == []


def test_polars_writes_and_scans_tables(aws: AwsServer, member: Actor, keys: tuple[str, str]) -> None:
    polars: Any = pytest.importorskip("polars")
    options = {
        "aws_access_key_id": keys[0],
        "aws_secret_access_key": keys[1],
        "aws_region": REGION,
        "aws_endpoint_url": aws.endpoint,
        "aws_allow_http": "true",
    }
    table = polars.DataFrame({"a": list(range(1000))})
    bucket = member.workspace.default_bucket
    for name in ("one", "two b+c"):
        table.write_parquet(f"s3://{bucket}/tables/{name}.parquet", storage_options=options)
    found = polars.scan_parquet(f"s3://{bucket}/tables/*.parquet", storage_options=options).collect()
    assert (found.height, found["a"].sum()) == (2000, 2 * 499_500)
