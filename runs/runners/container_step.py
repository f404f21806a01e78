"""One running container, seen as a step: its output, its end, and what it used."""

from __future__ import annotations

import io
import logging
import os
import signal
import socket
import threading
from contextlib import suppress
from typing import Any

import docker.errors
import requests.exceptions

from runs.runners.cgroups import UsageSampler
from runs.runners.zygote import StepEnd

logger = logging.getLogger(__name__)

ENGINE_TROUBLE = (docker.errors.DockerException, requests.exceptions.RequestException, OSError)


class ContainerStep:
    """A running container as a `RunningStep`: threads turn the engine's streams into descriptors."""

    def __init__(self, client: Any, options: dict[str, Any], output: int) -> None:
        container = client.containers.create(**options)
        self._client, self._container = client, container
        self._news, self._told = socket.socketpair()
        self._sink = os.dup(output)
        self._usage: UsageSampler | None = None
        self._end = StepEnd(lost=True, error="the Docker Engine stopped answering")
        try:
            self._stream = client.api.attach_socket(container.id, params={"stdout": 1, "stderr": 1, "stream": 1})
            self._connection: socket.socket = self._stream._sock
            self._connection.settimeout(None)
            container.start()
        except BaseException:
            os.close(self._sink)
            self._news.close()
            self._told.close()
            with suppress(*ENGINE_TROUBLE):
                container.remove(force=True)
            raise
        self._pump = threading.Thread(target=self._copy_output, name="container-log", daemon=True)
        self._waiter = threading.Thread(target=self._wait, name="container-wait", daemon=True)
        self._told.send(b"s")
        self._pump.start()
        self._waiter.start()

    def fileno(self) -> int:
        return self._news.fileno()

    @property
    def address(self) -> str:
        """Of the container on the bridge network; reachable from this machine."""
        networks = self._client.api.inspect_container(self._container.id)["NetworkSettings"]["Networks"]
        return str(next(iter(networks.values()))["IPAddress"])

    def receive(self) -> StepEnd | None:
        return None if self._news.recv(1) == b"s" else self._end

    def terminate(self) -> None:
        self._signal(signal.SIGTERM)

    def kill(self) -> None:
        self._signal(signal.SIGKILL)

    def close(self) -> None:
        """Removes the container, running or not."""
        with suppress(*ENGINE_TROUBLE):
            self._container.remove(force=True, v=True)
        self._waiter.join(timeout=10)
        self._news.close()
        self._told.close()

    def _signal(self, number: signal.Signals) -> None:
        with suppress(*ENGINE_TROUBLE):  # it has ended, or the engine is gone: `_wait` tells
            self._container.kill(signal=number.name)

    def _copy_output(self) -> None:
        """Frames of 8 bytes header and payload (Docker API, attach), stdout and stderr in the order they came."""
        try:
            frames = io.BufferedReader(self._stream, 1024 * 1024)
            while header := frames.read(8):
                left = int.from_bytes(header[4:8], "big")
                while left:
                    data = frames.read1(left)
                    if not data:
                        return
                    left -= len(data)
                    _write_all(self._sink, data)
        except OSError:
            logger.debug("the log stream of container %s ended early", self._container.id)
        finally:
            os.close(self._sink)
            self._stream._response.close()  # first: it flushes its stream when it goes
            self._connection.close()

    def _wait(self) -> None:
        try:
            pid = self._client.api.inspect_container(self._container.id)["State"]["Pid"]
            usage = UsageSampler(pid) if pid else None
            try:
                self._client.api.wait(self._container.id, timeout=None)
            finally:
                if usage is not None:
                    usage.close()
            state = self._client.api.inspect_container(self._container.id)["State"]
            self._end = _ended(state, usage)
        except ENGINE_TROUBLE as problem:
            logger.warning("container %s is lost: %s", self._container.id, problem)
        self._pump.join(timeout=10)  # so that the whole log is there before the end is told
        self._told.send(b"e")


def _ended(state: dict[str, Any], usage: UsageSampler | None) -> StepEnd:
    """The init process of a container answers 128 + n for a step killed by signal n.

    The kernel ends whichever process it likes: a step whose main process went on without it still ran out of memory.
    """
    code = int(state["ExitCode"])
    number = code - 128 if 128 < code < 128 + signal.NSIG else None
    return StepEnd(
        exit_code=None if number else code,
        signal=number,
        out_of_memory=bool(state.get("OOMKilled")),
        cpu_seconds=usage.cpu_seconds if usage else None,
        peak_memory_bytes=usage.peak_memory_bytes if usage else None,
    )


def _write_all(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]
