"""Job specifications as JSON documents and back."""

from __future__ import annotations

from typing import Any

from engine.steps.base import InputSpec, JobSpec, OutputSpec


def dump_spec(spec: JobSpec) -> dict[str, Any]:
    document = dict(vars(spec))
    for name in ("inputs", "outputs"):
        document[name] = [dict(vars(item)) for item in document[name]]
    for name in ("environment", "files", "hyperparameters", "content"):
        document[name] = dict(document[name])
    return document


def load_spec(document: dict[str, Any]) -> JobSpec:
    """The JobSpec `dump_spec` wrote."""
    fields = dict(document)
    entrypoint = fields.pop("entrypoint")
    return JobSpec(
        entrypoint=None if entrypoint is None else tuple(entrypoint),
        arguments=tuple(fields.pop("arguments")),
        inputs=tuple(InputSpec(**item) for item in fields.pop("inputs")),
        outputs=tuple(OutputSpec(**item) for item in fields.pop("outputs")),
        metrics=tuple((name, regex) for name, regex in fields.pop("metrics")),
        requires=tuple(fields.pop("requires")),
        packages=tuple(fields.pop("packages", ())),
        **fields,
    )
