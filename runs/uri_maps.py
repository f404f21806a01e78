"""Addresses a definition names that lie elsewhere here: the workspace's table of prefixes."""

from __future__ import annotations

from runs import sql
from runs.models import UriMapping


def mapped(workspace_id: str, uri: str) -> str | None:
    """Where `uri` is read instead, by the longest prefix that fits; None when none does."""
    return find_mapped(sql.select(UriMapping, {"workspace": workspace_id}), uri)


def find_mapped(table: list[UriMapping], uri: str) -> str | None:
    """The same for a table that was read before."""
    fitting = [line for line in table if uri == line.prefix or uri.startswith(f"{line.prefix}/")]
    if not fitting:
        return None
    longest = max(fitting, key=lambda line: len(line.prefix))
    return longest.target + uri[len(longest.prefix) :]
