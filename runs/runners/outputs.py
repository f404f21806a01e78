"""Taking what a step left behind: every file hashed into the store, archives byte for byte the same each time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from engine.execution.states import FailureCategory
from engine.steps.base import OutputSpec, PublishedObject
from runs.runners.base import AttemptSpec
from runs.runners.layout import CannotPrepare
from runs.runners.rewriting import inside
from runs.storage.archive import UnsafeTree, walk_regular_files, write_tar_gz
from runs.storage.base import BlobStore
from runs.storage.uri import BadUri, parse_s3_uri


def collect(spec: AttemptSpec, root: Path, store: BlobStore, succeeded: bool) -> tuple[PublishedObject, ...]:
    """The manifest of an ended attempt, in a fixed order; the bytes are in the store when it returns.

    After a failure only outputs with `on_failure` are taken. Files may be moved out of the folder.

    Raises:
        CannotPrepare: an output is a file, or holds a link that leads out of it, a device or socket, an impossible
            name, or something that cannot be read.
        StoreFull, OSError: the volume has no room.
    """
    wanted = [output for output in spec.job.outputs if succeeded or output.on_failure]
    published: list[PublishedObject] = []
    for output in wanted:
        folder = inside(root / "ml", output.local_path)
        if folder.is_symlink() or not folder.exists():
            continue
        if not folder.is_dir():
            raise CannotPrepare(
                f"The output {output.name} ({output.local_path}) is a file; write into a folder of that name.",
                FailureCategory.USER_CODE,
            )
        try:
            if output.archive is None:
                shared = any(other is not output and _overlap(output, other) for other in wanted)
                published += _files(output, folder, store, move=not shared)
            else:
                published += _archive(output, folder, root, store)
        except UnsafeTree as error:
            raise CannotPrepare(
                f"The output {output.name} ({output.local_path}) cannot be published: {error}.",
                FailureCategory.USER_CODE,
            ) from error
        except BadUri as error:
            raise CannotPrepare(
                f"The output {output.name} ({output.local_path}) holds a file name no object can have: {error}.",
                FailureCategory.USER_CODE,
            ) from error
    return tuple(published)


def _files(output: OutputSpec, folder: Path, store: BlobStore, *, move: bool) -> Iterator[PublishedObject]:
    prefix = parse_s3_uri(output.uri, prefix=True)
    found = list(walk_regular_files(folder))
    targets = [str(prefix.child(relative)) for relative, _ in found]  # all names are checked before the first is taken
    links = len({path for _, path in found}) < len(found)  # a link inside the folder: one file under two names
    kept = store.put_files([path for _, path in found], move=move and not links)
    for (sha256, size), uri in zip(kept, targets, strict=True):
        yield PublishedObject(output=output.name, uri=uri, sha256=sha256, size=size)


def _archive(output: OutputSpec, folder: Path, root: Path, store: BlobStore) -> Iterator[PublishedObject]:
    if not output.always and next(folder.iterdir(), None) is None:
        return
    target = root / f".{output.name}.tar.gz"
    with target.open("wb") as packed:
        write_tar_gz(folder, packed)
    sha256, size = store.put_file(target, move=True)
    uri = str(parse_s3_uri(output.uri, prefix=True).child(output.archive or ""))
    yield PublishedObject(output=output.name, uri=uri, sha256=sha256, size=size)


def _overlap(one: OutputSpec, other: OutputSpec) -> bool:
    """Whether a file can belong to both: equal folders, or one inside the other."""
    first, second = one.local_path.rstrip("/") + "/", other.local_path.rstrip("/") + "/"
    return first.startswith(second) or second.startswith(first)
