from __future__ import annotations

import json
from typing import Any

from engine.digests import DIGEST_BYTES, digest
from engine.steps.base import PublishedObject
from engine.summaries import clean_summary


def written(output: str, name: str, size: int) -> PublishedObject:
    return PublishedObject(output=output, uri=f"s3://bucket/{output}/{name}", sha256="0" * 64, size=size)


def summary(**members: Any) -> dict[str, Any]:
    return clean_summary({"version": 1, **members})


def test_every_output_has_its_files_and_size_and_a_table_its_rows_and_columns() -> None:
    objects = [written("train", "table.parquet", 48_000), written("train", "_summary.json", 900)]
    objects.append(written("notes", "a.txt", 5))
    table = summary(kind="table", rows=455, columns=[{"name": "a"}, {"name": "b"}])
    assert digest(objects, {"train": table}) == {
        "outputs": {
            "train": {"files": 1, "size": 48_000, "kind": "table", "rows": 455, "columns": 2},
            "notes": {"files": 1, "size": 5},
        }
    }


def test_the_first_key_figure_is_the_one_of_the_step() -> None:
    objects = [written("one", "x", 1), written("two", "x", 1)]
    found = digest(
        objects,
        {"one": summary(kind="table"), "two": summary(kind="evaluation", key={"label": "AUC", "value": 0.965})},
    )
    assert found["key"] == {"label": "AUC", "value": 0.965}


def test_a_step_without_outputs_has_nothing_to_tell() -> None:
    assert digest([], {}) == {}


def test_a_digest_never_outgrows_an_event() -> None:
    objects = [written(f"output-{n}" * 8, "x", 10**12) for n in range(500)]
    found = digest(objects, {})
    assert 0 < len(found["outputs"]) < 500
    assert len(json.dumps(found)) <= DIGEST_BYTES
