"""Clary as the outside sees it: a real server, driven over REST and a websocket only."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from scripts.bench.frames import TERMINAL, Delay, follow
from scripts.bench.processes import cpu_seconds, end
from scripts.bench.shapes import Figures, Shape, figures

ROOT = Path(__file__).resolve().parents[2]
IMAGE = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-scikit-learn:1.2-1-cpu-py3"
KILOBYTE = "x" * 1024


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Clary:
    """One running server with its credentials."""

    def __init__(self, process: subprocess.Popen[bytes], home: Path, port: int) -> None:
        self.process, self.home = process, home
        self.url = f"http://127.0.0.1:{port}"
        self.socket_url = f"ws://127.0.0.1:{port}"
        self.token = ""

    def call(self, method: str, path: str, body: Any = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        request = urllib.request.Request(self.url + path, data=data, method=method, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                raw = answer.read()
        except urllib.error.HTTPError as error:
            raise RuntimeError(f"{method} {path}: {error.code} {error.read()[:800]!r}") from error
        is_json = answer.headers.get_content_type() == "application/json"
        return json.loads(raw) if is_json and raw else raw

    def wait_ready(self, seconds: float = 90) -> None:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise RuntimeError(f"the server ended with {self.process.returncode}: {self.log_tail()}")
            try:
                with urllib.request.urlopen(self.url + "/health/ready", timeout=2) as answer:
                    if answer.status == 200 and (self.home / "credentials.json").is_file():
                        self.token = json.loads((self.home / "credentials.json").read_text())["api_token"]
                        return
            except OSError:
                time.sleep(0.05)
        raise RuntimeError(f"not ready after {seconds} s: {self.log_tail()}")

    def wait_quiet(self, seconds: float = 120) -> None:
        """Until the sample that the first start runs has ended: it would share the cores with what is measured."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            rows = self.call("GET", "/api/executions/")["results"]
            if rows and all(row["status"] in TERMINAL for row in rows):
                return
            time.sleep(0.25)

    def log_tail(self) -> str:
        return (self.home / "bench.log").read_text(errors="replace")[-2000:]

    def map_image(self, container: str) -> None:
        """The Docker runner starts this local image where a benchmark step names its image."""
        row = {"pattern": IMAGE, "runtime": "python", "title": "Benchmark image", "container": container}
        self.call("POST", "/api/images/", row)

    def pipeline(self, name: str, shape: Shape, script: str) -> str:
        """A pipeline of Processing steps of this shape that all run `script`; its id."""
        made = self.call("POST", "/api/pipelines/", {"name": name})
        base = f"/api/pipelines/{made['id']}"
        code = self.call("POST", f"{base}/code/", {"file_name": "step.py", "text": script})["uri"]
        data = self.call("POST", f"{base}/code/", {"file_name": "kilobyte.txt", "text": KILOBYTE})["uri"]
        steps = [_step(step, producers, code, data) for step, producers in shape.items()]
        definition = {"Version": "2020-12-01", "Metadata": {}, "Parameters": [], "Steps": steps}
        draft = self.call("GET", f"{base}/draft/")
        command = {"name": "import", "label": "Import", "definition_text": json.dumps(definition)}
        self.call("POST", f"{base}/draft/commands/", {"revision": draft["revision"], "commands": [command]})
        return str(made["id"])

    def run(self, pipeline_id: str, shape: Shape) -> tuple[Figures, list[Delay]]:
        """One execution to its end: figures from the stamps, and commit → frame delays."""
        cpu_before = cpu_seconds(self.process.pid)
        trigger = time.monotonic_ns()
        started = self.call("POST", f"/api/pipelines/{pipeline_id}/executions/", {"source": "draft"})
        address = f"{self.socket_url}/ws/executions/{started['id']}/?since=0"
        status, delays = follow(address, {"Authorization": f"Bearer {self.token}"})
        cpu = cpu_seconds(self.process.pid) - cpu_before
        if status != "Succeeded":
            raise RuntimeError(f"execution {started['id']} ended {status}: {self.log_tail()}")
        stamps = {step: self._stamp(started["id"], step) for step in shape}
        return figures(shape, stamps, trigger, cpu_seconds=cpu), delays

    def _stamp(self, execution: str, step: str) -> tuple[int, int]:
        detail = self.call("GET", f"/api/executions/{execution}/steps/{step}/")
        files = [file for output in detail["outputs"] for file in output["files"] if file["key"].endswith("stamp.txt")]
        started, ended = self.call("GET", _path(files[0]["url"])).split()
        return int(started), int(ended)


def _path(url: str) -> str:
    return "/" + url.split("/", 3)[3] if url.startswith("http") else url


def _step(name: str, producers: tuple[str, ...], code: str, data: str) -> dict[str, Any]:
    def source(input_name: str, uri: str, folder: str) -> dict[str, Any]:
        place = {"S3Uri": uri, "LocalPath": f"/opt/ml/processing/input/{folder}", "S3DataType": "S3Prefix"}
        return {"InputName": input_name, "S3Input": {**place, "S3InputMode": "File"}}

    cluster = {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 1}
    output = {"S3Uri": f"s3://clary-bench/{name}", "LocalPath": "/opt/ml/processing/output", "S3UploadMode": "EndOfJob"}
    return {
        "Name": name,
        "Type": "Processing",
        "DependsOn": list(producers),
        "Arguments": {
            "ProcessingResources": {"ClusterConfig": cluster},
            "AppSpecification": {
                "ImageUri": IMAGE,
                "ContainerEntrypoint": ["python3", "/opt/ml/processing/input/code/step.py"],
                "ContainerArguments": [
                    "/opt/ml/processing/input/data/kilobyte.txt",
                    "/opt/ml/processing/output/stamp.txt",
                ],
            },
            "RoleArn": "arn:aws:iam::123456789012:role/bench",
            "ProcessingInputs": [source("code", code, "code"), source("data", data, "data")],
            "ProcessingOutputConfig": {"Outputs": [{"OutputName": "stamp", "AppManaged": False, "S3Output": output}]},
        },
    }


@contextmanager
def running(runner: str, *, workers: int | None = None, environment: dict[str, str] | None = None) -> Iterator[Clary]:
    """A fresh server in a temporary folder under this runner; ended and removed afterwards."""
    home = Path(tempfile.mkdtemp(prefix="clary-bench-"))
    port = free_port()
    variables = {**os.environ, **(environment or {}), "CLARY_HOME": str(home), "CLARY_RUNNER": runner}
    words = [sys.executable, "manage.py", "up", "--port", str(port)]
    if workers:
        words += ["--workers", str(workers)]
    with (home / "bench.log").open("wb") as log:
        process = subprocess.Popen(words, cwd=ROOT, env=variables, stdout=log, stderr=subprocess.STDOUT)
    server = Clary(process, home, port)
    try:
        server.wait_ready()
        server.wait_quiet()
        yield server
    finally:
        end(process)
        shutil.rmtree(home, ignore_errors=True)
