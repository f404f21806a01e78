"""`manage.py up`: starts and watches everything on this machine. This process loads no Django and stays small."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any

from runs.listening import Door, url_of, why_not
from runs.supervisor.broker import Broker, NoBroker, find_binary, socket_path
from runs.supervisor.lock import HomeInUse, HomeLock
from runs.supervisor.parts import PARTS, Nursery, NurseryDied
from runs.supervisor.pauses import Pauses

PREPARE_SECONDS = 120.0
READY_SECONDS = 30.0
DRAIN_SECONDS = 30.0
STOP_SECONDS = 8.0
WATCH_SECONDS = 0.5


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What the environment says, as far as starting is concerned."""

    home: Path
    host: str
    port: int
    workers: int | None
    broker_url: str | None
    manage: Path


class Stopping(Exception):
    """A signal came. `patient`: running steps may finish first."""

    def __init__(self, *, patient: bool) -> None:
        self.patient = patient


@dataclass
class Part:
    name: str
    pid: int | None = None
    again: Pauses = field(default_factory=Pauses)


class Supervisor:
    def __init__(self, settings: Settings, environ: Mapping[str, str]) -> None:
        self._settings = settings
        self._environ = dict(environ)
        self._broker: Broker | None = None
        self._nursery: Nursery | None = None
        self._door: Door | None = None
        self._parts = {name: Part(name) for name in PARTS}
        self._broker_again = Pauses()
        self._nursery_again = Pauses()

    def run(self) -> int:
        """Until a signal ends it. The exit code."""
        lock = HomeLock(self._settings.home)
        try:
            lock.take(url=f"{url_of(self._settings.host, self._settings.port)}/")
        except (HomeInUse, OSError) as held:
            print(f"clary: {held}", file=sys.stderr)
            return 1
        patient = True
        try:
            taken = why_not(self._settings.host, self._settings.port)
            if taken is not None:
                raise StartFailed(taken)
            self._door = Door(self._settings.host, self._settings.port)
            self._start()
            self._watch()
        except Stopping as stop:
            patient = stop.patient
        except (NoBroker, StartFailed) as failed:
            print(f"clary: {failed}", file=sys.stderr)
            return 1
        except NurseryDied:
            print("clary: Clary's own code could not be started; the lines above say why.", file=sys.stderr)
            return 1
        except OSError as problem:
            print(f"clary: {problem}", file=sys.stderr)
            return 1
        finally:
            self._stop(patient=patient)
            lock.release()
        return 0

    # --- starting ---

    def _start(self) -> None:
        signal.signal(signal.SIGTERM, _stop_patiently)
        signal.signal(signal.SIGINT, _stop_now)
        if self._settings.broker_url is None:
            run = self._settings.home / "run"
            log = self._settings.home / "logs" / "broker.log"
            log.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._broker = Broker(find_binary(), socket_path(run), self._settings.home / "broker", log)
            self._broker.start()
            self._broker_again.started()
            self._environ["CLARY_BROKER_URL"] = self._broker.url
        # One heap for all threads of a part: else each keeps what it once needed. Little C code waits for it.
        self._environ.setdefault("MALLOC_ARENA_MAX", "2")
        self._environ["CLARY_HOST"] = self._settings.host
        self._environ["CLARY_PORT"] = str(self._settings.port)
        self._open_nursery(first=True)

    def _open_nursery(self, *, first: bool) -> None:
        options = {"workers": self._settings.workers}
        self._nursery_again.started()
        assert self._door is not None
        self._nursery = Nursery(self._settings.manage, self._environ, options, self._door.number)
        link = self._prepare(self._nursery) if first else None
        self._door.open()
        for part in self._parts.values():
            self._start_part(part)
        if link is not None:
            self._announce(link)

    def _prepare(self, nursery: Nursery) -> str:
        nursery.tell(start="prepare")
        deadline = time.monotonic() + PREPARE_SECONDS
        while time.monotonic() < deadline:
            for message in nursery.listen(0.5):
                if message["event"] == "prepared":
                    return str(message["link"])
                if message["event"] == "ended":
                    raise StartFailed("The database could not be prepared; the lines above say why.")
        raise StartFailed(f"The database could not be prepared within {PREPARE_SECONDS:.0f} seconds.")

    def _announce(self, link: str) -> None:
        """Says where to go once web and worker are there."""
        assert self._nursery is not None
        runner: Mapping[str, Any] | None = None
        listening = False
        deadline = time.monotonic() + READY_SECONDS
        while time.monotonic() < deadline and not (listening and runner):
            for message in self._nursery.listen(0.5):
                if message["event"] == "ended" and message["part"] in ("web", "worker"):
                    self._parts[message["part"]].pid = None
                    raise StartFailed(f"The {message['part']} process does not come up; the line above says why.")
                self._told(message)
                listening = listening or message["event"] == "listening"
                if message["event"] == "serving":
                    runner = message
        if not (listening and runner):
            raise StartFailed("Not everything came up in time; the lines above say why.")
        print(f"Runner: {runner['kind']}. {runner['reason']}")
        print(f"Open {link}", flush=True)

    def _start_part(self, part: Part) -> None:
        assert self._nursery is not None
        part.again.started()
        self._nursery.tell(start=part.name)

    # --- watching ---

    def _watch(self) -> None:
        """Whatever dies is started again, the longer apart the more often it does. Only a signal ends this."""
        while True:
            try:
                self._watch_parts()
            except (NurseryDied, OSError) as gone:
                self._lost_nursery(gone)
            self._watch_broker()

    def _watch_parts(self) -> None:
        """Raises: NurseryDied, OSError: it is gone, or could not be started."""
        if self._nursery is None:
            if self._nursery_again.due:
                self._open_nursery(first=False)
            else:
                time.sleep(WATCH_SECONDS / 5)
            return
        for message in self._nursery.listen(WATCH_SECONDS):
            self._told(message)
        for part in self._parts.values():
            if part.again.due:
                self._start_part(part)

    def _lost_nursery(self, gone: Exception) -> None:
        seconds = self._nursery_again.ended()
        said = f": {gone}" if str(gone) else ""
        print(f"clary: the parent of all parts died{said}, starting it again in {seconds:.1f} s", file=sys.stderr)
        if self._nursery is not None:
            self._nursery.close(seconds=0.1)
            self._nursery = None
        for part in self._parts.values():
            part.pid = None

    def _watch_broker(self) -> None:
        """Without its broker the rest goes on serving what the database knows; /health/ready says that it is away."""
        if self._broker is None:
            return
        if self._broker_again.due:
            try:
                self._broker.start()
            except (NoBroker, OSError) as still:
                seconds = self._broker_again.ended()
                print(f"clary: {still} Trying again in {seconds:.1f} s.", file=sys.stderr)
            else:
                self._broker_again.started()
                print("clary: the embedded broker runs again", file=sys.stderr)
        elif self._broker_again.start_at is None and self._broker.has_died():
            seconds = self._broker_again.ended()
            print(f"clary: the embedded broker died, starting it again in {seconds:.1f} s", file=sys.stderr)

    def _told(self, message: Mapping[str, Any]) -> None:
        part = self._parts.get(message.get("part", ""))
        if part is None:
            return
        if message["event"] == "started":
            part.pid = message["pid"]
        elif message["event"] == "ended":
            part.pid = None
            part.again.ended()
            print(f"clary: {part.name} ended ({message['how']}), starting it again", file=sys.stderr)

    # --- stopping ---

    def _stop(self, *, patient: bool) -> None:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        try:
            if self._nursery is not None:
                self._stop_parts(self._nursery, patient=patient)
        except NurseryDied:
            pass
        finally:
            self._shut_door()
            if self._nursery is not None:
                self._nursery.close()
            if self._broker is not None:
                self._broker.stop()

    def _shut_door(self) -> None:
        if self._door is not None:
            self._door.close()
            self._door = None

    def _stop_parts(self, nursery: Nursery, *, patient: bool) -> None:
        """Web first, so that nothing new comes in; then the scheduler; the worker last."""
        nursery.tell(stop="web")
        nursery.tell(stop="scheduler")
        nursery.tell(stop="worker", how="drain" if patient else "give back")
        drained = time.monotonic() + DRAIN_SECONDS
        given_up = None if patient else time.monotonic() + STOP_SECONDS
        while any(part.pid for part in self._parts.values()):
            for message in nursery.listen(0.2):
                if message["event"] == "ended":
                    self._parts[message["part"]].pid = None
                    if message["part"] == "web":
                        self._shut_door()  # nobody will come who takes what waits
                elif message["event"] == "started":
                    self._parts[message["part"]].pid = message["pid"]
            now = time.monotonic()
            if given_up is None and now > drained:
                nursery.tell(stop="worker", how="give back")
                given_up = now + STOP_SECONDS
            if given_up is not None and now > given_up:
                break  # closing the nursery kills what is left
        nursery.tell(start="count")
        counted = nursery.wait_for("paused", 5.0)
        if counted and counted["count"]:
            count = counted["count"]
            said = "1 execution pauses and continues" if count == 1 else f"{count} executions pause and continue"
            print(f"{said} at next start.", flush=True)


class StartFailed(Exception):
    """Something did not come up."""


def _stop_patiently(number: int, frame: FrameType | None) -> None:
    raise Stopping(patient=True)


def _stop_now(number: int, frame: FrameType | None) -> None:
    print(file=sys.stderr)
    raise Stopping(patient=False)


def _between(lowest: int, highest: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if text.isdecimal() and lowest <= int(text) <= highest:
            return int(text)
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number between {lowest} and {highest}")

    return read


def main(arguments: Sequence[str], settings: Settings) -> int:
    """The exit code of `manage.py up`."""
    parser = argparse.ArgumentParser(prog="manage.py up", description="Starts everything Clary needs on this machine.")
    parser.add_argument("--host", default=settings.host, help="address to listen on")
    parser.add_argument("--port", type=_between(1, 65_535), default=settings.port, help="port to listen on")
    parser.add_argument(
        "--workers", type=_between(1, 1_024), default=settings.workers, help="steps that run side by side"
    )
    chosen = parser.parse_args(list(arguments))
    try:
        settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as problem:
        print(f"clary: CLARY_HOME is {settings.home}, which cannot be made: {problem.strerror}.", file=sys.stderr)
        return 1
    final = Settings(
        home=settings.home,
        host=chosen.host,
        port=chosen.port,
        workers=chosen.workers,
        broker_url=settings.broker_url,
        manage=settings.manage,
    )
    return Supervisor(final, os.environ).run()
