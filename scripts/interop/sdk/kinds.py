"""Pipelines of every kind: each is put, comes back equal, and runs or says step by step why not.

Runs inside an environment of the SDK. With a folder as its argument it also writes the definitions there.
"""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import life_cycle

_BUILDERS: dict[str, Callable[[], Any]] = {}


def pipeline(build: Callable[[], Any]) -> Callable[[], Any]:
    """Registers a function that returns steps, parameters and perhaps further words of a pipeline."""
    _BUILDERS[build.__name__] = build
    return build


def main(pipeline_of: Callable[..., Any], role: str, *, parallelism: Any) -> None:
    """Builds every pipeline and checks it."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    for name, build in _BUILDERS.items():
        with life_cycle.check(f"put and read back: {name.replace('_', ' ')}"):
            steps, parameters, *more = build()
            made = pipeline_of(name.replace("_", "-"), steps, parameters, **(more[0] if more else {}))
            sent = made.definition()
            made.definition = lambda sent=sent: sent  # times in the addresses of uploads change with every call
            made.upsert(role_arn=role, parallelism_config=parallelism)
            text = made.describe()["PipelineDefinition"]
            assert text == sent
        if folder is not None:
            (folder / f"{name}.json").write_text(_settled(text, made))
            continue
        with life_cycle.check(f"run, or say why not: {name.replace('_', ' ')}"):
            _run(made)
            made.delete()
    print(json.dumps({"check": "finished"}), flush=True)


def _settled(text: str, made: Any) -> str:
    """The definition with the account of this installation taken out."""
    account = made.describe()["PipelineArn"].split(":")[4]
    return json.dumps(json.loads(text.replace(account, "123456789012")), indent=1, ensure_ascii=False) + "\n"


def _run(made: Any) -> None:
    needed = [one["Name"] for one in json.loads(made.definition())["Parameters"] if "DefaultValue" not in one]
    execution = made.start(parameters=dict.fromkeys(needed, "x"))
    status = life_cycle.ended(execution)
    for row in execution.list_steps():
        assert row["StepStatus"] in ("Succeeded", "Failed"), row
        assert row["Metadata"] if row["StepStatus"] == "Succeeded" else row["FailureReason"], row
    assert status == "Succeeded" or execution.describe()["FailureReason"], execution.describe()
