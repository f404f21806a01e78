"""The ready-made steps as data: what `library/clary_steps/steps/*/step.json` say, and how the editor shows them.

No step type of its own: a ready-made step is an ordinary Processing step that starts `python3 -m clary_steps <id>@<n>`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any

from engine.steps.base import Port

LIBRARY = Path(__file__).resolve().parents[2] / "library"
MODULE = "clary_steps"
IMAGE = "clary/steps:1"
ARGUMENTS = "/Arguments/AppSpecification/ContainerArguments"

_INPUTS = "/Arguments/ProcessingInputs"
_OUTPUTS = "/Arguments/ProcessingOutputConfig/Outputs"
_PYTHON = ("python3", "python")


@dataclass(frozen=True, kw_only=True)
class LibraryStep:
    """One ready-made step. `document` is its step.json; tests/engine/library/test_catalogue.py states its shape."""

    document: Mapping[str, Any]

    @property
    def id(self) -> str:
        return str(self.document["id"])

    @property
    def title(self) -> str:
        return str(self.document["title"])

    @property
    def reference(self) -> str:
        """ "split@1": what the entrypoint names."""
        return f"{self.id}@{self.document['version']}"

    @property
    def form(self) -> Mapping[str, Any]:
        """JSON schema of the options, one member per `--name value` pair."""
        form: Mapping[str, Any] = self.document["form"]
        return form

    @property
    def inputs(self) -> tuple[Mapping[str, Any], ...]:
        return tuple(self.document["inputs"])

    @property
    def outputs(self) -> tuple[Mapping[str, Any], ...]:
        return tuple(self.document["outputs"])

    @cached_property
    def ports(self) -> tuple[Port, ...]:
        """Where wires attach: one input per table, model or report it reads, one output per folder or report."""
        return tuple([_in_port(one) for one in self.inputs] + [_out_port(one) for one in self.outputs])

    @cached_property
    def template(self) -> Mapping[str, Any]:
        """A new step as the palette drops it."""
        arguments: dict[str, Any] = {
            "ProcessingResources": {
                "ClusterConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 30}
            },
            "AppSpecification": {
                "ImageUri": IMAGE,
                "ContainerEntrypoint": ["python3", "-m", MODULE, self.reference],
            },
            "ProcessingOutputConfig": {
                "Outputs": [_output_item(one["name"]) for one in self.outputs if "when" not in one]
            },
        }
        addresses = [_input_item(one["name"], "") for one in self.inputs if one.get("address")]
        if addresses:
            arguments["ProcessingInputs"] = addresses
        reports = [
            {"PropertyFileName": one["name"], "OutputName": one["name"], "FilePath": one["report"]}
            for one in self.outputs
            if one.get("report")
        ]
        step: dict[str, Any] = {"Type": "Processing", "Arguments": arguments}
        return {**step, "PropertyFiles": reports} if reports else step


@cache
def library_steps() -> Mapping[str, LibraryStep]:
    """Every ready-made step by its reference, in the order of their files."""
    documents = [
        json.loads(path.read_text(encoding="utf-8")) for path in sorted(LIBRARY.glob(f"{MODULE}/steps/*/step.json"))
    ]
    ordered = sorted(documents, key=lambda document: document.get("order", 100))
    steps = [LibraryStep(document=document) for document in ordered]
    return MappingProxyType({step.reference: step for step in steps})


def reference_of(step: Any) -> str | None:
    """ "split@1" where a step object starts a ready-made step, known here or not; else None."""
    arguments = step.get("Arguments") if isinstance(step, Mapping) and step.get("Type") == "Processing" else None
    app = arguments.get("AppSpecification") if isinstance(arguments, Mapping) else None
    command = app.get("ContainerEntrypoint") if isinstance(app, Mapping) else None
    if not isinstance(command, list) or len(command) != 4 or not all(isinstance(word, str) for word in command):
        return None
    return command[3] if command[0] in _PYTHON and command[1:3] == ["-m", MODULE] else None


def recognise(step: Any) -> LibraryStep | None:
    """The ready-made step a step object is, None for any other step."""
    reference = reference_of(step)
    return None if reference is None else library_steps().get(reference)


def _in_port(document: Mapping[str, Any]) -> Port:
    name = document["name"]
    return Port(
        name=name,
        direction="in",
        pattern=f"{_INPUTS}/[InputName={name}]/S3Input/S3Uri",
        kind=document["kind"],
        item=_input_item(name, "{value}"),
        item_name="InputName",
        report_as="uri",
        title=document["title"],
    )


def _out_port(document: Mapping[str, Any]) -> Port:
    name = document["name"]
    if document.get("report"):
        return Port(
            name=name,
            direction="out",
            pattern=f"/PropertyFiles/[PropertyFileName={name}]",
            json_type="any",
            kind="report",
            reference="PropertyFiles.{name}",
            item_name="PropertyFileName",
            title=document["title"],
        )
    return Port(
        name=name,
        direction="out",
        pattern=f"{_OUTPUTS}/[OutputName={name}]",
        kind=document["kind"],
        reference="ProcessingOutputConfig.Outputs['{name}'].S3Output.S3Uri",
        item=_output_item(name) if document.get("when") else None,
        item_name="OutputName",
        title=document["title"],
    )


def _input_item(name: str, uri: str) -> dict[str, Any]:
    return {
        "InputName": name,
        "S3Input": {
            "S3Uri": uri,
            "LocalPath": f"/opt/ml/processing/input/{name}",
            "S3DataType": "S3Prefix",
            "S3InputMode": "File",
            "S3DataDistributionType": "FullyReplicated",
            "S3CompressionType": "None",
        },
    }


def _output_item(name: str) -> dict[str, Any]:
    run = [{"Get": "Execution.PipelineName"}, {"Get": "Execution.PipelineExecutionId"}]
    return {
        "OutputName": name,
        "S3Output": {
            "S3Uri": {"Std:Join": {"On": "/", "Values": ["s3:/", "{bucket}", *run, "{step}", "output", name]}},
            "LocalPath": f"/opt/ml/processing/output/{name}",
            "S3UploadMode": "EndOfJob",
        },
    }
