"""Reading the evaluated arguments of a job: what came is checked here, once, with words for people.

Every reader takes the value, says what it expected when it is something else, and names the argument.
Values come from an evaluated definition, so any JSON may stand anywhere.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping

from engine.expressions import to_text
from engine.s3_addresses import plain_s3
from engine.steps.base import Json, StepNotRunnable

OPT_ML = "/opt/ml"
# AWS, "Bucket naming rules".
_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")


def mapping(value: Json, name: str) -> Mapping[str, Json]:
    """The object under an argument; a missing one (None) reads as empty."""
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise StepNotRunnable(f"{name} must be an object, but is {_shown(value)}.")
    return value


def sequence(value: Json, name: str) -> list[Json]:
    """The list under an argument; a missing one (None) reads as empty."""
    if value is None:
        return []
    if not isinstance(value, list):
        raise StepNotRunnable(f"{name} must be a list, but is {_shown(value)}.")
    return value


def text(value: Json, name: str, default: str | None = None) -> str:
    """A value as job text: booleans become true and false, numbers plain decimals (SageMaker's rule for text)."""
    if value is None:
        if default is None:
            raise StepNotRunnable(f"{name} is missing. Give it a value.")
        return default
    if isinstance(value, str):
        return value
    if isinstance(value, bool | int | float):
        return to_text(value)
    raise StepNotRunnable(f"{name} must be text, but is {_shown(value)}.")


def whole_number(value: Json, name: str, default: int) -> int:
    """An integer; digits in a string count too, because parameters often arrive as text."""
    if value is None:
        return default
    if isinstance(value, bool):
        raise StepNotRunnable(f"{name} must be a whole number, but is {_shown(value)}.")
    if isinstance(value, int):
        return value
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, str) and value.strip().isascii() and value.strip().isdigit():
        return int(value)
    raise StepNotRunnable(f"{name} must be a whole number, but is {_shown(value)}.")


def flag(value: Json, name: str) -> bool:
    """A boolean; "true" and "false" in any case count too. Missing reads as false."""
    if value is None:
        return False
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in {"true", "false"}:
        return value.lower() == "true"
    raise StepNotRunnable(f"{name} must be true or false, but is {_shown(value)}.")


def s3_uri(value: Json, name: str) -> str:
    """An `s3://bucket/key` address that an object or folder can have; the key may be empty or end with a slash.

    The web address of the same thing at AWS counts too, and comes back as the plain one.

    Raises:
        StepNotRunnable: another scheme, no bucket name, a control character, or an empty, "." or ".." folder in it.
    """
    uri = plain_s3(text(value, name))
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    if uri.startswith("s3://") and bucket and not _BUCKET.fullmatch(bucket):
        raise StepNotRunnable(
            f"{name} names the bucket {_shown(bucket)}; a bucket has 3 to 63 of a-z, 0-9, dot and hyphen, "
            "and begins and ends with a letter or digit."
        )
    if not uri.startswith("s3://") or not bucket:
        raise StepNotRunnable(f"{name} must be an S3 address like s3://bucket/folder, but is {_shown(uri)}.")
    if any(ord(character) < 32 for character in uri):
        raise StepNotRunnable(f"{name} holds a control character: {_shown(uri)}.")
    folders = key.removesuffix("/").split("/") if key else []
    if any(folder in {"", ".", ".."} for folder in folders):
        raise StepNotRunnable(f"{name} must not hold an empty, '.' or '..' folder, but is {_shown(uri)}.")
    return uri


def container_path(value: Json, name: str, *, default: str, base: str) -> str:
    """A folder inside the container, always under /opt/ml; a relative one counts from `base`.

    Raises:
        StepNotRunnable: it leads out of /opt/ml, which is the only folder a job shares with the outside here.
    """
    path = text(value, name, default) or default
    joined = posixpath.normpath(posixpath.join(base, path))
    if any(ord(character) < 32 for character in joined):
        raise StepNotRunnable(f"{name} holds a control character: {_shown(path)}.")
    if not joined.startswith(OPT_ML + "/"):
        raise StepNotRunnable(f"{name} must be a folder under {OPT_ML}, for example {default}, but is {_shown(path)}.")
    return joined


def text_map(value: Json, name: str) -> dict[str, str]:
    """An object of texts, such as Environment and HyperParameters. Nulls are left out."""
    return {str(key): text(item, f"{name}.{key}") for key, item in mapping(value, name).items() if item is not None}


def texts(value: Json, name: str) -> tuple[str, ...]:
    return tuple(text(item, f"{name}[{index}]") for index, item in enumerate(sequence(value, name)))


def _shown(value: Json) -> str:
    """A value for a message: quoted, and cut so that a message stays readable."""
    shown = repr(value)
    return shown if len(shown) <= 120 else shown[:117] + "..."
