"""Attempts in a temporary folder: prepared, run as a plain process, collected."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.steps.base import InputSpec, JobSpec, OutputSpec
from engine.steps.jobs.locations import resource_config
from runs.runners.base import AttemptSpec, InputFile
from runs.runners.layout import PYTHON_NAMES, Prepared
from runs.runners.workdir import prepare
from runs.storage.local import LocalBlobStore


@dataclass
class Bench:
    """A store and an attempt folder."""

    folder: Path

    def __post_init__(self) -> None:
        self.store = LocalBlobStore(self.folder / "blobs")
        self.root = self.folder / "attempt"
        (self.root / "tmp").mkdir(parents=True)
        self.ml = self.root / "ml"

    def put(self, path: str, content: bytes | str, uri: str = "") -> InputFile:
        data = content.encode() if isinstance(content, str) else content
        sha256, size = self.store.put_bytes(data)
        return InputFile(path=path, sha256=sha256, size=size, uri=uri)

    def prepare(self, job: JobSpec, *files: InputFile, rewrite: bool = True, **more: Any) -> Prepared:
        self.spec = AttemptSpec(attempt_id="a1", job=job, input_files=files, **more)
        return prepare(self.spec, self.root, rewrite=rewrite, store=self.store)

    def run(
        self, prepared: Prepared, *, first_on_path: Path = Path(sys.executable).parent
    ) -> subprocess.CompletedProcess[str]:
        argv = [sys.executable if prepared.argv[0] in PYTHON_NAMES else prepared.argv[0], *prepared.argv[1:]]
        env = {**prepared.env, "PATH": f"{first_on_path}:{prepared.env['PATH']}"}
        return subprocess.run(
            argv, env=env, cwd=prepared.cwd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
        )

    def failure(self) -> str:
        return (self.ml / "output/failure").read_text()


def job(**changes: Any) -> JobSpec:
    values: dict[str, Any] = {
        "kind": "Training",
        "name": "job-1",
        "arn": "arn:aws:sagemaker:us-east-1:123456789012:training-job/job-1",
        "image": "sklearn",
        "entrypoint": None,
        "toolkit": "script",
        "environment": {"TRAINING_JOB_NAME": "job-1"},
        "failure_file": "/opt/ml/output/failure",
    }
    return JobSpec(**{**values, **changes})


def training_files(hyperparameters: Mapping[str, str], channels: Mapping[str, str | None]) -> dict[str, str]:
    config = {
        name: {"TrainingInputMode": "File", **({"ContentType": kind} if kind else {})}
        for name, kind in channels.items()
    }
    return {
        "/opt/ml/input/config/hyperparameters.json": json.dumps(hyperparameters),
        "/opt/ml/input/config/inputdataconfig.json": json.dumps(config),
        "/opt/ml/input/config/resourceconfig.json": json.dumps(resource_config("ml.m5.large")),
    }


def channel(name: str) -> InputSpec:
    return InputSpec(name=name, uri=f"s3://bkt/{name}", local_path=f"/opt/ml/input/data/{name}")


def output(name: str, path: str, **more: Any) -> OutputSpec:
    return OutputSpec(name=name, local_path=path, uri=f"s3://bkt/{name}", **more)


def packed(files: Mapping[str, str | bytes]) -> bytes:
    """A tar.gz of these files."""
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w:gz") as archive:
        for name, content in files.items():
            raw = content.encode() if isinstance(content, str) else content
            info = tarfile.TarInfo(name)
            info.size = len(raw)
            archive.addfile(info, io.BytesIO(raw))
    return data.getvalue()
