"""Which steps fill the inputs of a job, as far as its own request tells."""

from __future__ import annotations

import json
from pathlib import Path

#: Where a Processing job finds its request, beside the folders of its inputs.
_REQUEST = Path("config") / "processingjobconfig.json"
#: s3://bucket/pipeline/execution/Step/output/name: how the outputs of ready-made steps lie, and fewer are another's.
_FEWEST_PARTS = 6


def step_names(folder: Path) -> dict[str, str]:
    """Input → name of the step that filled it, of the inputs whose address says so. `folder`: that of any input."""
    try:
        request = json.loads((folder.parents[2] / _REQUEST).read_text(encoding="utf-8"))
        inputs = [(one["InputName"], one["S3Input"]["S3Uri"]) for one in request["ProcessingInputs"]]
    except (OSError, ValueError, LookupError, TypeError):
        return {}
    return {port: name for port, uri in inputs if (name := _step_of(uri))}


def _step_of(uri: object) -> str:
    """ "" for an address that names no step."""
    if not isinstance(uri, str) or not uri.startswith("s3://"):
        return ""
    parts = uri.removeprefix("s3://").rstrip("/").split("/")
    return parts[-3] if len(parts) >= _FEWEST_PARTS and parts[-2] == "output" else ""
