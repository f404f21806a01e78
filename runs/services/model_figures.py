"""The key figures of a model that is being registered, read from its quality report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engine.evaluations import REPORT_FILE, key_figures
from engine.steps.base import InputSpec
from runs import namespace
from runs.namespace import Producer
from runs.services.scope import PROPERTY_FILE_BYTES
from runs.storage.base import BlobNotFound
from runs.stores import blob_store


def figures_of(
    workspace_id: str, document: Mapping[str, Any], *, execution_id: str = "", producers: Sequence[Producer] = ()
) -> list[dict[str, Any]]:
    """`[{"label", "value"}]` of `ModelMetrics.ModelQuality.Statistics.S3Uri`, a file or the folder of one.

    Read when a version is registered and kept with it: scripts write the report of every run to one address, so that
    later it tells of another model. None when the report is missing, larger than a property file, or of another shape;
    a model is registered without.
    """
    uri: Any = document
    for member in ("ModelMetrics", "ModelQuality", "Statistics", "S3Uri"):
        uri = uri.get(member) if isinstance(uri, Mapping) else None
    if not isinstance(uri, str):
        return []
    place = uri if uri.lower().endswith(".json") else f"{uri.rstrip('/')}/{REPORT_FILE}"
    wanted = InputSpec(name="ModelQuality", uri=place, local_path="/", required=False)
    try:
        (report,) = namespace.resolve_inputs(workspace_id, execution_id, [wanted], producers)
        # Keys that only begin like the report's come along.
        found = [file for file in report.files if file.path == f"/{place.rpartition('/')[2]}"]
        if not found or found[0].size > PROPERTY_FILE_BYTES:
            return []
        with blob_store().open(found[0].sha256) as blob:
            return key_figures(blob.read())
    except (namespace.InputMissing, BlobNotFound):
        return []
