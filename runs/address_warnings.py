"""Addresses steps read where nothing is stored yet. A hint only: a script may put it there before the run."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.checks.subject import warning
from engine.definition.model import Definition
from engine.problems import Problem
from engine.steps.base import Nature
from engine.steps.catalog import step_type
from runs import sql
from runs.addresses import OUTPUTS, Address, addresses_in, defaults_of, stored_among
from runs.models import UriMapping
from runs.storage.uri import BadUri, parse_s3_uri
from runs.uri_maps import find_mapped

#: Different addresses looked up for one definition.
MOST_ADDRESSES = 500
#: Members a job fetches from before it starts; an address elsewhere may be one its script writes to.
_FETCHED = re.compile(r"/(S3Uri|ModelDataUrl|sagemaker_submit_directory)$")
#: Noted in the registry, or read while the run goes on, when an earlier step may have put it there.
_LATER = re.compile(r"/(ModelMetrics|DriftCheckBaselines|Std:JsonGet)/")


@dataclass(frozen=True)
class _Read:
    step: str
    pointer: str
    address: Address


@dataclass
class _Addresses:
    reads: list[_Read] = field(default_factory=list)
    outputs: set[str] = field(default_factory=set)
    beginnings: set[str] = field(default_factory=set)  # of outputs whose end the run decides


def missing_addresses(
    workspace_id: str, definition: Definition, given: Mapping[str, Any] | None = None
) -> list[Problem]:
    """One warning per field, in document order. `given`: values of parameters that take the place of defaults."""
    given = given or {}
    found = _addresses(definition, {**defaults_of(definition), **given})
    ordered = sorted(found.outputs | found.beginnings)
    reads = [one for one in found.reads if not _may_be_written(one.address.uri, found.outputs, ordered)]
    uris = list(dict.fromkeys(one.address.uri for one in reads))[:MOST_ADDRESSES]
    if not uris:
        return []
    table = sql.select(UriMapping, {"workspace": workspace_id})
    places = {uri: find_mapped(table, uri) or uri for uri in uris}
    there = stored_among(workspace_id, places.values())
    missing = {uri: place for uri, place in places.items() if place not in there and _is_address(place)}
    return [_told(one, missing[one.address.uri], given) for one in reads if one.address.uri in missing]


def _addresses(definition: Definition, values: Mapping[str, Any]) -> _Addresses:
    found = _Addresses()
    for step in definition.steps:
        runs = step_type(step.type).nature is not Nature.UNSUPPORTED
        for address in addresses_in(step, values):
            if OUTPUTS.search(address.pointer):
                kept = found.outputs if address.whole else found.beginnings
                kept.add(address.uri.rstrip("/") if address.whole else address.uri)
            elif runs and address.whole and _FETCHED.search(address.pointer) and not _LATER.search(address.pointer):
                found.reads.append(_Read(step.name, step.pointer + address.pointer, address))
    return found


def _may_be_written(uri: str, outputs: set[str], ordered: list[str]) -> bool:
    """Whether a step of this pipeline writes there, below it, or to a folder it lies in."""
    below = bisect_left(ordered, uri)
    if below < len(ordered) and ordered[below].startswith(uri):
        return True
    parts = uri.split("/")
    return any("/".join(parts[:end]) in outputs for end in range(4, len(parts)))


def _is_address(uri: str) -> bool:
    try:
        parse_s3_uri(uri, prefix=True)
    except BadUri:
        return False
    return True


def _told(read: _Read, place: str, given: Mapping[str, Any]) -> Problem:
    uri = read.address.uri
    defaults = [name for name in read.address.parameters if name not in given]
    where = f"{uri}, which is mapped to {place}," if place != uri else uri
    if defaults:
        where = f"{where.rstrip(',')} (by the default of {' and '.join(defaults)})"
    message = f"Nothing is stored at {where} yet. Upload it, choose a dataset, or map the address under Readiness."
    return warning("nothing-stored", message, read.pointer, read.step)
