"""Small pipelines for the browser tests, made over REST."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

from tests.e2e.studio import Studio

IMAGE = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-scikit-learn:1.2-1-cpu-py3"
CODE_FOLDER = "/opt/ml/processing/input/code"

QUICK = 'print("hello from a step", flush=True)\n'
#: Prints a line now and then, so that a log can be watched while it grows.
TALKING = """
import time
for tick in range({ticks}):
    print(f"tick {{tick}}", flush=True)
    time.sleep(0.1)
"""
EXITS = """
import sys
print("reading the table", flush=True)
print("KeyError: no column named target", file=sys.stderr, flush=True)
sys.exit(3)
"""


def processing_step(name: str, code_uri: str, *, after: tuple[str, ...] = ()) -> dict[str, Any]:
    file_name = code_uri.rsplit("/", 1)[-1]
    step: dict[str, Any] = {
        "Name": name,
        "Type": "Processing",
        "Arguments": {
            "ProcessingResources": {
                "ClusterConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 30}
            },
            "AppSpecification": {
                "ImageUri": IMAGE,
                "ContainerEntrypoint": ["python3", f"{CODE_FOLDER}/{file_name}"],
            },
            "RoleArn": "arn:aws:iam::000000000000:role/clary",
            "ProcessingInputs": [
                {
                    "InputName": "code",
                    "AppManaged": False,
                    "S3Input": {
                        "S3Uri": code_uri,
                        "LocalPath": CODE_FOLDER,
                        "S3DataType": "S3Prefix",
                        "S3InputMode": "File",
                    },
                }
            ],
        },
    }
    if after:
        step["DependsOn"] = list(after)
    return step


def definition_text(steps: list[dict[str, Any]]) -> str:
    return json.dumps({"Version": "2020-12-01", "Metadata": {}, "Parameters": [], "Steps": steps})


class Pipeline:
    """A pipeline with its id; `start` runs its draft."""

    def __init__(self, studio: Studio, identifier: str) -> None:
        self.studio = studio
        self.id = identifier

    def start(self, **request: object) -> str:
        execution = self.studio.post(f"pipelines/{self.id}/executions/", request)
        identifier: str = execution["id"]
        return identifier


def make_pipeline(studio: Studio, scripts: dict[str, str]) -> Pipeline:
    """A chain of Processing steps, one per script, in order."""
    name = f"e2e-{uuid4().hex[:8]}"
    row = studio.post("pipelines/", {"name": name})
    steps: list[dict[str, Any]] = []
    before: tuple[str, ...] = ()
    for step, script in scripts.items():
        code = studio.post(f"pipelines/{row['id']}/code/", {"file_name": f"{step.lower()}.py", "text": script})
        steps.append(processing_step(step, code["uri"], after=before))
        before = (step,)
    write_definition(studio, row["id"], definition_text(steps))
    return Pipeline(studio, row["id"])


def write_definition(studio: Studio, pipeline: str, text: str) -> None:
    draft = studio.get(f"pipelines/{pipeline}/draft/")
    command = {"name": "import", "label": "Write the definition", "definition_text": text}
    studio.post(f"pipelines/{pipeline}/draft/commands/", {"revision": draft["revision"], "commands": [command]})
