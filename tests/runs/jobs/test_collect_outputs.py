"""What a step left behind becomes a manifest of blobs."""

import io
import os
import tarfile

import pytest

from engine.execution.states import FailureCategory
from runs.runners.layout import CannotPrepare
from runs.runners.workdir import collect
from tests.runs.jobs.attempts import Bench, job, output


def _left(bench: Bench, **files: str) -> None:
    for name, content in files.items():
        path = bench.ml / name.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)


def _read(bench: Bench, sha256: str) -> bytes:
    with bench.store.open(sha256) as blob:
        return blob.read()


def test_plain_outputs_keep_their_relative_paths_in_a_fixed_order(bench: Bench) -> None:
    bench.prepare(job(outputs=(output("train", "/opt/ml/processing/train"),)))
    _left(bench, processing__train__b="2", processing__train__a__c="1")
    found = collect(bench.spec, bench.root, bench.store, True)
    assert [(item.uri, item.size) for item in found] == [("s3://bkt/train/a/c", 1), ("s3://bkt/train/b", 1)]
    assert _read(bench, found[1].sha256) == b"2"


def test_equal_trees_give_equal_archives(bench: Bench) -> None:
    bench.prepare(job(outputs=(output("model", "/opt/ml/model", archive="model.tar.gz"),)))
    _left(bench, model__b="2", model__a="1")
    first = collect(bench.spec, bench.root, bench.store, True)
    for name in ("a", "b"):
        os.utime(bench.ml / "model" / name, (1, 1))
    assert collect(bench.spec, bench.root, bench.store, True) == first
    assert first[0].uri == "s3://bkt/model/model.tar.gz"
    with tarfile.open(fileobj=io.BytesIO(_read(bench, first[0].sha256))) as archive:
        assert archive.getnames() == ["a", "b"]
        assert {(item.uid, item.mtime, item.uname) for item in archive} == {(0, 0, "")}


def test_an_empty_archive_is_left_out_unless_it_is_always_wanted(bench: Bench) -> None:
    bench.prepare(job(outputs=(output("model", "/opt/ml/model", archive="model.tar.gz"),)))
    assert collect(bench.spec, bench.root, bench.store, True) == ()
    bench.prepare(job(outputs=(output("model", "/opt/ml/model", archive="model.tar.gz", always=True),)))
    assert len(collect(bench.spec, bench.root, bench.store, True)) == 1


def test_after_a_failure_only_what_is_meant_for_failures_is_published(bench: Bench) -> None:
    bench.prepare(
        job(outputs=(output("model", "/opt/ml/model"), output("data", "/opt/ml/output/data", on_failure=True)))
    )
    _left(bench, model__m="1", output__data__why="2")
    assert [item.output for item in collect(bench.spec, bench.root, bench.store, False)] == ["data"]


def test_one_folder_may_belong_to_two_outputs(bench: Bench) -> None:
    outputs = (output("all", "/opt/ml/processing"), output("part", "/opt/ml/processing/part"))
    bench.prepare(job(kind="Processing", toolkit="", entrypoint=("true",), outputs=outputs))
    _left(bench, processing__part__x="1")
    found = collect(bench.spec, bench.root, bench.store, True)
    assert [item.uri for item in found] == ["s3://bkt/all/part/x", "s3://bkt/part/x"]


def test_a_link_inside_the_folder_is_published_as_the_file_it_names(bench: Bench) -> None:
    bench.prepare(job(outputs=(output("model", "/opt/ml/model"),)))
    _left(bench, model__real="1")
    (bench.ml / "model/same").symlink_to("real")
    found = collect(bench.spec, bench.root, bench.store, True)
    assert [item.uri for item in found] == ["s3://bkt/model/real", "s3://bkt/model/same"]
    assert found[0].sha256 == found[1].sha256


@pytest.mark.parametrize("archive", [None, "model.tar.gz"])
def test_a_link_out_of_the_folder_is_refused(bench: Bench, archive: str | None) -> None:
    bench.prepare(job(outputs=(output("model", "/opt/ml/model", archive=archive),)))
    (bench.ml / "model/passwords").symlink_to("/etc/passwd")
    with pytest.raises(CannotPrepare, match="passwords is a link out of its folder"):
        collect(bench.spec, bench.root, bench.store, True)


def test_a_pipe_is_refused(bench: Bench) -> None:
    bench.prepare(job(outputs=(output("model", "/opt/ml/model"),)))
    os.mkfifo(bench.ml / "model/pipe")
    with pytest.raises(CannotPrepare, match="not a regular file"):
        collect(bench.spec, bench.root, bench.store, True)


@pytest.mark.parametrize("name", ["line\nbreak", "back\\slash", "bell\a"])
def test_a_name_no_object_can_have_is_refused_before_anything_is_published(bench: Bench, name: str) -> None:
    bench.prepare(job(outputs=(output("model", "/opt/ml/model"),)))
    (bench.ml / "model" / name).write_text("x")
    with pytest.raises(CannotPrepare, match="no object can have"):
        collect(bench.spec, bench.root, bench.store, True)


@pytest.mark.parametrize("archive", [None, "model.tar.gz"])
def test_a_file_where_a_folder_was_expected_is_not_lost_in_silence(bench: Bench, archive: str | None) -> None:
    bench.prepare(job(outputs=(output("model", "/opt/ml/model", archive=archive),)))
    (bench.ml / "model").rmdir()
    (bench.ml / "model").write_text("weights")
    with pytest.raises(CannotPrepare, match="is a file; write into a folder") as refused:
        collect(bench.spec, bench.root, bench.store, True)
    assert refused.value.category is FailureCategory.USER_CODE


@pytest.mark.parametrize("archive", [None, "model.tar.gz"])
def test_folders_too_deep_to_be_read_are_refused_and_not_left_out(bench: Bench, archive: str | None) -> None:
    bench.prepare(job(outputs=(output("model", "/opt/ml/model", archive=archive),)))
    here = os.open(bench.ml / "model", os.O_RDONLY)
    try:
        for _ in range(30):
            os.mkdir("d" * 200, dir_fd=here)
            below = os.open("d" * 200, os.O_RDONLY, dir_fd=here)
            os.close(here)
            here = below
        os.close(os.open("file", os.O_CREAT | os.O_WRONLY, dir_fd=here))
    finally:
        os.close(here)
    with pytest.raises(CannotPrepare, match="cannot be read: File name too long") as refused:
        collect(bench.spec, bench.root, bench.store, True)
    assert len(str(refused.value)) < 300


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_file_that_cannot_be_read_is_refused(bench: Bench) -> None:
    bench.prepare(job(outputs=(output("model", "/opt/ml/model"),)))
    _left(bench, model__closed="1")
    (bench.ml / "model/closed").chmod(0)
    with pytest.raises(CannotPrepare, match="closed cannot be read"):
        collect(bench.spec, bench.root, bench.store, True)
