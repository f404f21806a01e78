"""What was deleted by hand is gone for later runs, and stays for the execution that made it."""

from __future__ import annotations

import pytest

from accounts.actors import Actor
from accounts.errors import NotPermitted
from engine.steps.base import InputSpec
from runs.clock import database_now
from runs.errors import BucketKept, BucketNotEmpty, BucketNotFound, BucketTaken
from runs.models import StoredObject
from runs.namespace import InputMissing, Producer, current_object, resolve_inputs, store_object
from runs.services.buckets import create_bucket, delete_bucket
from runs.services.objects import Content, delete_objects, put_object

CONTENT = Content(sha256="a" * 64, size=3, etag="e", headers={})


def read(actor: Actor, uri: str, producers: tuple[Producer, ...] = ()) -> list[str]:
    item = InputSpec(name="in", uri=uri, local_path="/opt/ml/processing/in")
    [found] = resolve_inputs(actor.workspace.pk, "execution001", [item], producers)
    return [file.path for file in found.files]


@pytest.fixture
def bucket(member: Actor) -> str:
    return member.workspace.default_bucket


def test_a_deleted_object_is_no_input_any_more(member: Actor, bucket: str) -> None:
    for key in ("data/a.csv", "data/b.csv"):
        put_object(actor=member, bucket=bucket, key=key, content=CONTENT)
    delete_objects(actor=member, bucket=bucket, keys=["data/a.csv", "data/never"])
    assert current_object(member.workspace.pk, f"s3://{bucket}/data/a.csv") is None
    assert read(member, f"s3://{bucket}/data") == ["/opt/ml/processing/in/b.csv"]
    delete_objects(actor=member, bucket=bucket, keys=["data/b.csv"])
    with pytest.raises(InputMissing):
        read(member, f"s3://{bucket}/data")


def test_what_a_step_made_stays_for_its_execution(member: Actor, bucket: str) -> None:
    uri = f"s3://{bucket}/out"
    StoredObject.objects.create(
        workspace=member.workspace,
        bucket=bucket,
        key="out/x",
        sha256="a" * 64,
        size=1,
        execution="execution001",
        step="Make",
        output="o",
        output_uri=uri,
        created_at=database_now(),
    )
    delete_objects(actor=member, bucket=bucket, keys=["out/x"])
    producer = Producer(execution="execution001", step="Make", outputs=(uri,))
    assert read(member, uri, (producer,)) == ["/opt/ml/processing/in/x"]


def test_an_object_that_only_shows_a_folder_is_no_file_of_a_step(member: Actor, bucket: str) -> None:
    for key in ("data/", "data/inner/", "data/inner/a"):
        put_object(actor=member, bucket=bucket, key=key, content=CONTENT)
    assert read(member, f"s3://{bucket}/data") == ["/opt/ml/processing/in/inner/a"]


def test_a_slash_too_many_is_no_folder_of_a_step(member: Actor, bucket: str) -> None:
    for key in ("data//a", "data/b//c", "data///d/e", "/data/f"):
        put_object(actor=member, bucket=bucket, key=key, content=CONTENT)
    at = "/opt/ml/processing/in"
    assert sorted(read(member, f"s3://{bucket}/data")) == [f"{at}/a", f"{at}/b/c", f"{at}/d/e"]
    assert sorted(read(member, f"s3://{bucket}/data//")) == [f"{at}/a", f"{at}/d/e"]
    assert read(member, f"s3://{bucket}//data/f") == [f"{at}/f"]


def test_an_object_no_file_can_be_named_like_is_told(member: Actor, bucket: str) -> None:
    put_object(actor=member, bucket=bucket, key="data/" + "x" * 256, content=CONTENT)
    with pytest.raises(InputMissing, match=r'Input "in": the object s3://.* cannot become a file: .* Rename it\.'):
        read(member, f"s3://{bucket}/data")


def test_the_etag_of_other_writers_is_not_mistaken_for_an_md5(member: Actor, bucket: str) -> None:
    row = store_object(
        workspace_id=member.workspace.pk, uri=f"s3://{bucket}/k", sha256="b" * 64, size=1, now=database_now()
    )
    assert row.etag == "b" * 32 + "-1"


def test_only_editors_write(viewer: Actor, operator: Actor) -> None:
    for actor in (viewer, operator):
        bucket = actor.workspace.default_bucket
        for write in (
            lambda: put_object(actor=actor, bucket=bucket, key="k", content=CONTENT),  # noqa: B023
            lambda: delete_objects(actor=actor, bucket=bucket, keys=["k"]),  # noqa: B023
            lambda: create_bucket(actor=actor, name="some-bucket"),  # noqa: B023
            lambda: delete_bucket(actor=actor, name="some-bucket"),  # noqa: B023
        ):
            with pytest.raises(NotPermitted):
                write()


def test_a_stranger_finds_no_bucket(member: Actor, stranger: Actor, bucket: str) -> None:
    with pytest.raises(BucketNotFound):
        put_object(actor=stranger, bucket=bucket, key="k", content=CONTENT)
    with pytest.raises(BucketNotFound):
        delete_objects(actor=stranger, bucket=bucket, keys=["k"])
    with pytest.raises(BucketTaken):
        create_bucket(actor=stranger, name=bucket)
    create_bucket(actor=stranger, name="same-name")
    create_bucket(actor=member, name="same-name")


def test_a_bucket_a_step_has_written_to_needs_no_making(member: Actor) -> None:
    uri = "s3://of-a-definition/k"
    store_object(workspace_id=member.workspace.pk, uri=uri, sha256="b" * 64, size=1, now=database_now())
    with pytest.raises(BucketNotEmpty):
        delete_bucket(actor=member, name="of-a-definition")
    delete_objects(actor=member, bucket="of-a-definition", keys=["k"])
    with pytest.raises(BucketNotFound):
        delete_bucket(actor=member, name="of-a-definition")


def test_the_default_bucket_stays(member: Actor, bucket: str) -> None:
    with pytest.raises(BucketKept):
        delete_bucket(actor=member, name=bucket)


def test_two_objects_that_would_become_one_file_are_told(member: Actor, bucket: str) -> None:
    for key in ("data/a", "data//a"):
        put_object(actor=member, bucket=bucket, key=key, content=CONTENT)
    with pytest.raises(InputMissing, match=r"data//a .* would become one file, a\. Rename one of them\."):
        read(member, f"s3://{bucket}/data")
