"""Whether a step was run before with the same content, and if not, what differs.

The key is content only: evaluated arguments with each S3 URI replaced by a hash of what it holds, the bytes of
the code, the identity of the image. AWS keys on URIs instead, so there a re-upload of equal code is a miss.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import NamedTuple

from engine.steps.base import Json

#: How deep attributes are taken apart into fields; below it a value is one field.
FIELD_DEPTH = 6

#: Durations end here, so that subtracting one from a time never overflows.
LONGEST_DAYS = 36_500

#: Keys that name the items of a list, so a field reads InputDataConfig.train and not InputDataConfig.0.
_ITEM_NAMES = ("Name", "InputName", "OutputName", "ChannelName")

_DURATION = re.compile(
    r"P?(?:(?P<years>\d+)Y)?(?:(?P<months>\d+)M)?(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+)D)?"
    r"(?:T(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+)S)?)?",
    re.IGNORECASE | re.ASCII,
)
_DAYS = {"years": 365, "months": 30, "weeks": 7, "days": 1}
_SECONDS = {"hours": 3600, "minutes": 60, "seconds": 1}


class CacheKey(NamedTuple):
    """`key`: sha256 hex. `fields`: what went into it, name → digest, kept beside the key to explain a miss."""

    key: str
    fields: Mapping[str, str]


def cache_key(
    type: str,
    attributes: Json,
    input_hashes: Mapping[str, str],
    content_hashes: Mapping[str, str],
    image: str,
) -> CacheKey:
    """The key of one step, equal for equal content in any order of keys.

    `attributes`: the arguments AWS hashes for this type, evaluated. `input_hashes`: S3 URI → hash of the content
    under it; every string in `attributes` equal to such a URI stands for that content. `content_hashes`: what it is, in
    words ("input train", "code train.py") → hash, for content that `attributes` do not mention. `image`: what the
    image name resolved to.
    """
    content = with_content(attributes, input_hashes)
    fields = {"type": _digest(type), "image": _digest(image)}
    fields.update((name, _digest(held)) for name, held in content_hashes.items())
    fields.update((name, _digest(value)) for name, value in _fields(content))
    return CacheKey(key=_digest([type, image, dict(content_hashes), content]), fields=fields)


def with_content(value: Json, input_hashes: Mapping[str, str]) -> Json:
    """`value` with each S3 URI that `input_hashes` knows replaced by its content. A new value; nothing is mutated."""
    if isinstance(value, str):
        content = input_hashes.get(value)
        return value if content is None else {"content": content}
    if isinstance(value, dict):
        return {name: with_content(item, input_hashes) for name, item in value.items()}
    if isinstance(value, list):
        return [with_content(item, input_hashes) for item in value]
    return value


def explain_miss(old_fields: Mapping[str, str], new_fields: Mapping[str, str]) -> list[str]:
    """Why the step ran again, one line per field that differs, sorted; empty when the content is equal."""
    lines = []
    for name in sorted({*old_fields, *new_fields}):
        if name not in old_fields:
            lines.append(f"{name} was added")
        elif name not in new_fields:
            lines.append(f"{name} was removed")
        elif old_fields[name] != new_fields[name]:
            lines.append(f"{name} changed")
    return lines


def canonical(value: Json) -> str:
    """One JSON text for equal values: sorted keys, no spaces, numbers as Python spells them."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def parse_expire_after(text: Json) -> timedelta | None:
    """How long a result stays valid; None when `text` is no duration. A month is 30 days, a year 365.

    ISO 8601 as the SDK writes it (P30D, PT1H) and the forms of AWS's own examples (T12H, p30d, 30d, 30dT5h).
    """
    found = _DURATION.fullmatch(text.strip()) if isinstance(text, str) and len(text) <= 64 else None
    if found is None:
        return None
    parts = {name: int(digits) for name, digits in found.groupdict().items() if digits is not None}
    if not parts:
        return None
    days = sum(parts.get(name, 0) * each for name, each in _DAYS.items())
    seconds = sum(parts.get(name, 0) * each for name, each in _SECONDS.items())
    return timedelta(days=min(days, LONGEST_DAYS), seconds=min(seconds, LONGEST_DAYS * 86_400))


def _fields(value: Json, prefix: str = "", depth: int = FIELD_DEPTH) -> Iterator[tuple[str, Json]]:
    items: list[tuple[str, Json]] = []
    if depth and isinstance(value, dict) and set(value) != {"content"}:
        items = [(str(name), item) for name, item in value.items()]
    elif depth and isinstance(value, list):
        names = [_item_name(item) for item in value]
        unique = all(name is not None for name in names) and len(set(names)) == len(names)
        items = [(str(names[n] if unique else n), item) for n, item in enumerate(value)]
    if not items:
        yield prefix or "attributes", value
        return
    for name, item in items:
        yield from _fields(item, f"{prefix}.{name}" if prefix else name, depth - 1)


def _item_name(item: Json) -> str | None:
    named = (item.get(key) for key in _ITEM_NAMES) if isinstance(item, dict) else ()
    return next((name for name in named if isinstance(name, str)), None)


def _digest(value: Json) -> str:
    return hashlib.sha256(canonical(value).encode()).hexdigest()
