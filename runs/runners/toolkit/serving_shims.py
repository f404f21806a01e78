"""The few names inference scripts import from AWS's container packages, where those are not installed.

Scripts written for the containers begin with `from sagemaker_containers.beta.framework import worker, encoders` or
`from sagemaker_inference import encoder, content_types`; without these names they would fail before they start.
"""

from __future__ import annotations

import importlib.util
import sys
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from . import serving_defaults

_CONTENT_TYPES = {
    "ANY": "*/*",
    "JSON": serving_defaults.JSON,
    "CSV": serving_defaults.CSV,
    "NPY": serving_defaults.NPY,
    "OCTET_STREAM": "application/octet-stream",
    "UTF8_TYPES": [serving_defaults.JSON, serving_defaults.CSV],
}


@dataclass
class Response:
    """sagemaker_containers.beta.framework.worker.Response."""

    response: Any = None
    status: int = 200
    accept: str | None = None
    mimetype: str | None = None

    def __post_init__(self) -> None:
        self.mimetype = self.mimetype or self.accept or serving_defaults.JSON


def provide_shims() -> None:
    """Puts the modules in place that are missing; installed ones stay as they are."""
    encoders = _module(
        "encoders", encode=serving_defaults.encode, decode=lambda data, kind: serving_defaults.decode(_raw(data), kind)
    )
    types = _module("content_types", **_CONTENT_TYPES)
    if not _installed("sagemaker_containers"):
        worker = _module("worker", Response=Response)
        framework = _module("framework", encoders=encoders, content_types=types, worker=worker)
        beta = _module("beta", framework=framework)
        _register("sagemaker_containers", _module("sagemaker_containers", beta=beta))
        _register("sagemaker_containers.beta", beta)
        _register("sagemaker_containers.beta.framework", framework)
        for module in (encoders, types, worker):
            _register(f"sagemaker_containers.beta.framework.{module.__name__}", module)
    if not _installed("sagemaker_inference"):
        encoder = _module("encoder", encode=encoders.encode)
        decoder = _module("decoder", decode=encoders.decode)
        _register(
            "sagemaker_inference", _module("sagemaker_inference", encoder=encoder, decoder=decoder, content_types=types)
        )
        for module in (encoder, decoder, types):
            _register(f"sagemaker_inference.{module.__name__}", module)


def _raw(data: Any) -> bytes:
    return data.encode() if isinstance(data, str) else data


def _installed(name: str) -> bool:
    return name in sys.modules or importlib.util.find_spec(name) is not None


def _module(name: str, **members: Any) -> Any:
    module = ModuleType(name)
    module.__dict__.update(members)
    return module


def _register(name: str, module: Any) -> None:
    module.__path__ = []
    sys.modules[name] = module
