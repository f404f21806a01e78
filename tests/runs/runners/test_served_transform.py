"""A model whose image serves by itself: its container is started with "serve" and asked on port 8080."""

from __future__ import annotations

import dataclasses
import gc
import io
import tarfile
import threading
import uuid
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import docker
import pytest

from engine.execution.states import FailureCategory
from engine.images import DEFAULT_IMAGES, ImageMapping
from engine.steps.base import JobSpec
from engine.steps.jobs.transform import INPUT, MODELS, to_job
from runs.runners.base import AttemptSpec, Ended, InputFile, Limits, Outcome, RunnerSettings
from runs.runners.docker import DockerRunner
from runs.runners.process import ProcessRunner
from runs.runners.toolkit.remote_model import RemoteModel, ServerFailed
from tests.engine.jobs.contexts import context
from tests.runs.attempts.engine import IMAGE, docker_engine
from tests.runs.attempts.harness import Bench, RecordingObserver, Token
from tests.runs.jobs.attempts import packed
from tests.runs.jobs.test_batch_transform import OneModel, arguments

pytestmark = [
    pytest.mark.timeout(240),
    pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning"),
    pytest.mark.filterwarnings("ignore:.*socket.socket:pytest.PytestUnraisableExceptionWarning"),
]

SERVED = "clary-test/serve:1"
OWN = ImageMapping(name="container", pattern="my/*", title="Mine", container=SERVED)
SERVE = """#!/usr/bin/python3
import http.server, os, sys
word = open("/opt/ml/model/word.txt").read()
if word == "broken": sys.exit("the weights are torn")
keys = sorted(key for key in os.environ if key.startswith("AWS_S"))
print("serving", word, os.environ["SAGEMAKER_BATCH"], keys, flush=True)
class Handler(http.server.BaseHTTPRequestHandler):
    def answer(self, code, body):
        self.send_response(code)
        self.send_header("Content-Type", "text/csv")
        self.end_headers()
        self.wfile.write(body)
    def do_GET(self): self.answer(200 if self.path == "/ping" else 404, b"")
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        if "bad" in body: self.answer(500, b"no such row")
        else: self.answer(200, "".join(f"{word}-{line}\\n" for line in body.splitlines()).encode())
    def log_message(self, *words): pass
http.server.HTTPServer(("", 8080), Handler).serve_forever()
"""


@pytest.fixture(autouse=True)
def collected() -> Iterator[None]:
    yield
    gc.collect()


@pytest.fixture(scope="module")
def runner(runner_settings: RunnerSettings) -> Iterator[DockerRunner]:
    with docker_engine() as engine:
        client = docker.DockerClient(base_url=engine)
        container = client.containers.create(IMAGE, command=["serve"])
        data = io.BytesIO()
        with tarfile.open(fileobj=data, mode="w") as archive:
            info = tarfile.TarInfo("serve")
            info.size, info.mode = len(SERVE.encode()), 0o755
            archive.addfile(info, io.BytesIO(SERVE.encode()))
        container.put_archive("/usr/local/bin", data.getvalue())
        container.commit(*SERVED.split(":"))
        container.remove()
        client.close()
        runner = DockerRunner(dataclasses.replace(runner_settings), base_url=engine)
        yield runner
        runner.close()


def job(**changes: Any) -> JobSpec:
    model = {"Image": "my/server:2", "ModelDataUrl": "s3://bkt/m/model.tar.gz", "Environment": {}}
    given = arguments(DataProcessing={"JoinSource": "Input"})
    made = to_job(context(models=OneModel(model), images=(OWN, *DEFAULT_IMAGES)), given)
    return dataclasses.replace(made, **changes)


def run(runner: Any, bench: Bench, data: str, model: bytes, **changes: Any) -> tuple[Outcome, str]:
    files = []
    for path, content in ((f"{INPUT}/a.csv", data.encode()), (f"{MODELS}/0/model.tar.gz", model)):
        sha256, size = bench.store.put_bytes(content)
        files.append(InputFile(path=path, sha256=sha256, size=size))
    spec = AttemptSpec(
        attempt_id=uuid.uuid4().hex[:12],
        job=job(**changes),
        input_files=tuple(files),
        limits=Limits(grace_seconds=1.0),
        environment={"AWS_SECRET_ACCESS_KEY": "of the attempt"},
    )
    observer = RecordingObserver()
    return runner.run(spec, store=bench.store, observer=observer, stop=Token()), observer.text


def test_records_go_through_the_containers_own_server(runner: DockerRunner, bench: Bench) -> None:
    outcome, text = run(runner, bench, "1\n2\n", packed({"word.txt": "w"}))
    assert outcome.ended is Ended.SUCCEEDED, (outcome.reason, text)
    assert "serving w true ['AWS_SECRET_ACCESS_KEY']" in text
    (written,) = outcome.objects
    assert written.uri == "s3://bkt/out/a.csv.out"
    assert bench.read(written.sha256) == b"1,w-1\n2,w-2\n"
    assert runner.client.containers.list(all=True) == []


def test_what_the_server_refuses_is_the_failure(runner: DockerRunner, bench: Bench) -> None:
    outcome, _ = run(runner, bench, "bad\n", packed({"word.txt": "w"}))
    assert outcome.ended is Ended.FAILED
    assert "a.csv, record 1: the model's server answered 500: no such row" in (outcome.reason or "")


def test_a_server_that_ends_ends_the_step_with_its_last_words(runner: DockerRunner, bench: Bench) -> None:
    outcome, text = run(runner, bench, "1\n", packed({"word.txt": "broken"}))
    assert (outcome.ended, outcome.exit_code) == (Ended.FAILED, 1)
    assert "the weights are torn" in text
    assert "the weights are torn" in (outcome.reason or "")
    assert runner.client.containers.list(all=True) == []


def test_a_model_that_is_no_archive_is_refused_before_a_container_starts(runner: DockerRunner, bench: Bench) -> None:
    outcome, _ = run(runner, bench, "1\n", b"not packed")
    assert (outcome.ended, outcome.category) == (Ended.FAILED, FailureCategory.INPUT)
    assert "model.tar.gz cannot be unpacked" in (outcome.reason or "")


def test_without_a_network_there_is_nobody_to_ask(runner: DockerRunner, bench: Bench) -> None:
    outcome, _ = run(runner, bench, "1\n", packed({"word.txt": "w"}), network=False)
    assert "this step is cut off it" in (outcome.reason or "")


def test_another_runner_says_that_only_docker_can(runner_settings: RunnerSettings, bench: Bench) -> None:
    plain = ProcessRunner(runner_settings)
    outcome, _ = run(plain, bench, "1\n", packed({"word.txt": "w"}))
    plain.close()
    assert outcome.category is FailureCategory.NOT_RUNNABLE
    assert "which only Docker can start" in (outcome.reason or "")


def test_a_server_that_does_not_get_ready_is_told_with_its_answer() -> None:
    class Starting(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(503)
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            return

    server = HTTPServer(("127.0.0.1", 0), Starting)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        with pytest.raises(ServerFailed, match="it answered 503"):
            RemoteModel(f"http://127.0.0.1:{server.server_port}").wait_until_ready(seconds=0.3)
    finally:
        server.shutdown()
        server.server_close()
    with pytest.raises(ServerFailed, match="did not answer"):
        RemoteModel(f"http://127.0.0.1:{server.server_port}").invoke(b"1", "text/csv", "text/csv")
