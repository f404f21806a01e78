"""What a killed process was writing goes away after an hour; what is in use stays."""

from __future__ import annotations

import time

import pytest

from accounts.actors import Actor
from runs.models import MultipartUpload
from runs.services.multipart import keep_part, start_upload
from runs.stale_files import STALE_SECONDS, Hourly, remove_stale_files
from runs.stores import blob_store, part_store


def test_what_was_begun_and_left_is_removed_after_an_hour(member: Actor) -> None:
    writer = blob_store().writer()
    writer.write(b"never finished")
    assert remove_stale_files() == 0
    assert remove_stale_files(time.time() + STALE_SECONDS + 5) == 1
    writer.discard()


def test_parts_stay_as_long_as_their_upload(member: Actor) -> None:
    upload = start_upload(
        actor=member,
        bucket=member.workspace.default_bucket,
        key="k",
        headers={},
        checksum="",
        full_checksum=False,
    )
    part = part_store().writer(upload.pk)
    part.write(b"abc")
    part.commit()
    keep_part(actor=member, upload=upload, number=1, file=part.name, size=3, etag="0" * 32, checksum="")
    later = time.time() + STALE_SECONDS + 5
    assert remove_stale_files(later) == 0
    upload_id = upload.pk
    MultipartUpload.objects.all().delete()
    assert remove_stale_files(later) == 1
    with pytest.raises(FileNotFoundError):
        part_store().open(upload_id, part.name)


def test_it_happens_once_an_hour() -> None:
    now, done = [0.0], []
    tidy = Hourly(lambda: done.append(now[0]), clock=lambda: now[0])
    for now[0] in (0, 2, 3599, 3600, 3700, 9000):
        tidy()
    assert done == [0, 3600, 9000]
