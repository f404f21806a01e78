"""One worker process: takes attempts, has them run, reports them, and goes on with what became ready."""

from __future__ import annotations

import logging
import os
import socket
import threading
import time
from collections.abc import Mapping
from typing import Any

from django.db import InterfaceError, OperationalError, connections

from accounts.identifiers import new_id
from runs import dispatch
from runs.clock import database_now
from runs.models import Worker as WorkerRow
from runs.runners.base import AttemptSpec, Ended, Outcome, Runner
from runs.runners.machine import limits_for, shortage, this_machine
from runs.services.claims import Claim, claim_attempt, oldest_waiting
from runs.services.reports import Finish, report_finish
from runs.step_access import environment_for
from runs.storage.base import BlobStore
from runs.worker.held import HeldAttempt
from runs.worker.leases import LeaseKeeper
from runs.worker.property_files import read_property_files
from runs.worker.reporter import Reporter
from runs.worker.results import read_results

log = logging.getLogger(__name__)

#: How long one doorbell may keep a thread on one execution before others get their turn.
INLINE_STEPS = 100
INLINE_SECONDS = 10.0
#: How long a finished step waits for a database that is away before it is given up to the reconciler.
PATIENCE_SECONDS = 120.0


class Worker:
    """Thread-safe: `serve` runs in as many threads as the pool has."""

    def __init__(self, runner: Runner, store: BlobStore, *, slots: int, reason: str = "") -> None:
        self.id = new_id()
        self.runner = runner
        self._store = store
        self._slots = slots
        self.reason = reason
        self.machine = this_machine()
        self._held: dict[str, HeldAttempt] = {}
        self._lock = threading.Lock()
        self._draining = False
        self._reporter = Reporter(self.attempts_in_hand, runner.kind)
        self.leases = LeaseKeeper(self.id, self.held)

    def start(self) -> None:
        now = database_now()
        WorkerRow.objects.create(
            id=self.id,
            host=socket.gethostname(),
            pid=os.getpid(),
            runner=self.runner.kind,
            runner_reason=self.reason,
            slots=self._slots,
            cpus=self.machine.cpus,
            memory_bytes=self.machine.memory_bytes,
            started_at=now,
            seen_at=now,
        )
        connections.close_all()
        self._reporter.start()
        self.leases.start()

    def held(self) -> Mapping[str, HeldAttempt]:
        with self._lock:
            return dict(self._held)

    def attempts_in_hand(self) -> list[HeldAttempt]:
        return list(self.held().values())

    def serve(self, attempt_id: str) -> int:
        """Runs this attempt, what it makes ready, and then what waits longest anywhere. How many steps ran.

        So a doorbell only has to wake idle threads: one that is lost or came late delays nothing that is busy anyway.
        After a bounded number the rest is rung again, and other messages get their turn.
        """
        started, ran = time.monotonic(), 0
        waiting: str | None = attempt_id
        while waiting is not None and not self._draining:
            claim = claim_attempt(waiting, worker=self.id)
            while claim is not None:
                ran += 1
                claim = self._run(claim, continue_inline=ran < INLINE_STEPS)
            waiting = oldest_waiting()
            if waiting is not None and (ran >= INLINE_STEPS or time.monotonic() - started > INLINE_SECONDS):
                dispatch.ring([waiting])
                break
        return ran

    def drain(self) -> None:
        """No new work; what runs may finish."""
        self._draining = True
        WorkerRow.objects.filter(pk=self.id).update(draining=True)

    def give_back(self) -> int:
        """Kills what runs and hands it back, so that it starts again elsewhere without counting as lost. How many."""
        self._draining = True
        held = self.attempts_in_hand()
        for attempt in held:
            attempt.given_back = True
            attempt.stop.demand()
        return len(held)

    def close(self) -> None:
        """Ends the runner's processes and this worker's threads."""
        self._draining = True
        self.runner.close()
        self._reporter.close()
        self.leases.close()
        WorkerRow.objects.filter(pk=self.id).delete()

    def _run(self, claim: Claim, *, continue_inline: bool) -> Claim | None:
        attempt = HeldAttempt(claim, self._reporter.wake)
        with self._lock:
            self._held[claim.attempt_id] = attempt
        if self._draining:  # drained between the claim and now
            attempt.given_back = True
            attempt.stop.demand()
        less = shortage(claim.job.instance_type, self.machine)
        if less is not None:
            attempt.log(f"clary: {less}\n".encode())
        spec = AttemptSpec(
            attempt_id=claim.attempt_id,
            job=claim.job,
            input_files=claim.input_files,
            limits=limits_for(claim.job.instance_type, self.machine),
            environment=environment_for(claim.attempt_id, claim.token, claim.job),
        )
        try:
            outcome = self.runner.run(spec, store=self._store, observer=attempt, stop=attempt.stop)
        except Exception:
            broken = Outcome(ended=Ended.LOST, reason="The runner broke; the worker's log says how.")
            self._finish(attempt, broken, continue_inline=False)
            raise
        return self._finish(attempt, outcome, continue_inline=continue_inline)

    def _finish(self, attempt: HeldAttempt, outcome: Outcome, *, continue_inline: bool) -> Claim | None:
        claim = attempt.claim
        files: dict[str, Any] = {}
        results: dict[str, Any] = {}
        if outcome.ended is Ended.SUCCEEDED:
            files = read_property_files(claim.definition_step, outcome.objects, self._store)
            results = read_results(outcome.objects, self._store)
        if outcome.ended is Ended.STOPPED and attempt.stop.killing:
            outcome = Outcome(ended=Ended.LOST, reason="The worker gave the step up.", usage=outcome.usage)
        attempt.reporting = True
        with attempt.lock:
            tail = attempt.take_log()
        finish = Finish(
            outcome=outcome,
            executing_at=attempt.executing_at,
            executing_reported=attempt.executing_reported,
            runner=self.runner.kind,
            log_offset=attempt.log_offset,
            log_tail=tail,
            property_files=files,
            results=results,
            given_back=attempt.given_back,
        )
        try:
            return self._report(claim, finish, continue_inline=continue_inline and not self._draining)
        finally:
            with self._lock:
                self._held.pop(claim.attempt_id, None)

    def _report(self, claim: Claim, finish: Finish, *, continue_inline: bool) -> Claim | None:
        """The result outlives a database that is away for a while."""
        deadline, pause = time.monotonic() + PATIENCE_SECONDS, 0.2
        while True:
            try:
                return report_finish(claim, finish, worker=self.id, continue_inline=continue_inline)
            except (OperationalError, InterfaceError) as away:
                if time.monotonic() > deadline:
                    raise
                log.warning("the result of attempt %s waits for the database: %s", claim.attempt_id, away)
                connections.close_all()
                time.sleep(pause)
                pause = min(pause * 2, 5.0)
