"""Executions to break, and what must hold however they were broken."""

from __future__ import annotations

import json
import time
from typing import Any

from tests.installation import Installation, wait_for
from tests.runs.definitions import pipeline, step

SCRIPT = """
import os, sys, time
print("begin", flush=True)
time.sleep(float(os.environ["SECONDS"]))
os.makedirs("/opt/ml/processing/out", exist_ok=True) if os.path.isdir("/opt/ml/processing") else None
open(os.path.join(sys.argv[1], "result.txt"), "w").write("done")
print("end", flush=True)
"""


class Chaos:
    def __init__(self, installation: Installation) -> None:
        self.installation = installation
        self._made = 0
        first = installation.call("executions/")["results"][0]["id"]
        installation.call(f"executions/{first}/stop/", {})  # the headline sample of the first start
        installation.wait_for_status(first, "Stopped", 15)
        holder = installation.call("pipelines/", {"name": "code-holder"})["id"]
        stored = installation.call(f"pipelines/{holder}/code/", {"file_name": "step.py", "text": SCRIPT})
        self._code = stored["uri"]

    def start(self, steps: int = 3, seconds: float = 1.0, width: int = 1) -> str:
        """The id of an execution of `steps` waves of `width` steps that take `seconds` each."""
        self._made += 1
        names = [[f"S{n}-{m}" for m in range(width)] for n in range(steps)]
        made = []
        for n, wave in enumerate(names):
            made += [self._step(name, seconds, names[n - 1] if n else []) for name in wave]
        body = {"name": f"chaos-{self._made}", "definition": json.dumps(pipeline(*made))}
        pipeline_id = self.installation.call("pipelines/", body)["id"]
        return str(self.installation.call(f"pipelines/{pipeline_id}/executions/", {})["id"])

    def _step(self, name: str, seconds: float, after: list[str]) -> dict[str, Any]:
        made = step(name, uris=[self._code], environment={"SECONDS": str(seconds)}, DependsOn=after)
        made["Arguments"]["AppSpecification"] |= {
            "ContainerEntrypoint": ["python3", "/opt/ml/processing/input/uri0/step.py"],
            "ContainerArguments": ["/opt/ml/processing/out"],
        }
        return made

    def wait_until_running(self, execution_id: str, seconds: float = 20.0) -> None:
        """Until user code of some step runs."""
        started = "SELECT 1 FROM runs_stepattempt WHERE execution_id=? AND status='Executing' AND log_bytes > 0"
        wait_for(
            lambda: bool(self.installation.query(started, execution_id)),
            seconds,
            lambda: self.installation.describe(execution_id),
        )

    def assert_recovers(self, execution_id: str, within: float = 15.0) -> float:
        """Succeeded in time, with a whole history and every step succeeded exactly once. Seconds it took."""
        began = time.monotonic()
        self.installation.wait_for_status(execution_id, "Succeeded", within)
        self.assert_whole(execution_id)
        return time.monotonic() - began

    def assert_whole(self, execution_id: str) -> None:
        found = self.installation.call(f"executions/{execution_id}/events/")
        assert [event["sequence"] for event in found["events"]] == list(range(1, found["sequence"] + 1))
        succeeded = [event["step"] for event in found["events"] if event["event"] == "StepSucceeded"]
        assert len(succeeded) == len(set(succeeded))
        statement = (
            "SELECT step_id, COUNT(*) FROM runs_stepattempt WHERE execution_id=? AND status='Succeeded' GROUP BY 1"
        )
        assert all(count == 1 for _, count in self.installation.query(statement, execution_id))
        written = "SELECT key, COUNT(*) FROM runs_storedobject WHERE execution=? GROUP BY 1"
        assert all(count == 1 for _, count in self.installation.query(written, execution_id))
