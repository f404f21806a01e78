"""What both generations of the SDK do with a pipeline, from the first upsert to its schedule.

Runs inside an environment of the SDK; every call below is the SDK's own. A check prints one line of JSON.
"""

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

ENDED = ("Succeeded", "Failed", "Stopped", "CompletedWithFailures")


@contextmanager
def check(name: str) -> Iterator[None]:
    """Prints the name and how long it took. What fails ends the script."""
    started = time.monotonic()
    yield
    print(json.dumps({"check": name, "seconds": round(time.monotonic() - started, 2)}), flush=True)


def ended(execution: Any, seconds: float = 120) -> str:
    """The status once it is final: the SDK's own wait() knows only two of the four."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        status = str(execution.describe()["PipelineExecutionStatus"])
        if status in ENDED:
            return status
        time.sleep(0.5)
    raise AssertionError(f"not ended within {seconds} s")


def run(sdk: SimpleNamespace, pipeline: Any, role: str) -> None:
    """Every stage of the pipeline that preprocesses, trains, evaluates and decides."""
    with check("upsert a new pipeline"):
        created = pipeline.upsert(role_arn=role)["PipelineArn"]
    with check("upsert it again"):
        assert pipeline.upsert(role_arn=role)["PipelineArn"] == created
        assert pipeline.describe()["PipelineStatus"] == "Active"
    with check("list its versions"):
        assert len(pipeline.list_pipeline_versions()["PipelineVersionSummaries"]) == 2
    with check("start with parameters and wait"):
        execution = pipeline.start(parameters={"TestSize": 0.25, "Trees": 30})
        execution.wait(delay=2, max_attempts=90)
    with check("list steps and parameters"):
        statuses = {step["StepName"]: step["StepStatus"] for step in execution.list_steps()}
        assert set(statuses.values()) == {"Succeeded"}, statuses
        assert {"Prepare", "Train", "Evaluate", "GoodEnough"} <= set(statuses), statuses
        given = {one["Name"]: one["Value"] for one in execution.list_parameters()["PipelineParameters"]}
        assert (given["TestSize"], given["Trees"]) == ("0.25", "30"), given
    with check("start only one step, from that execution"):
        chosen = sdk.SelectiveExecutionConfig(source_pipeline_execution_arn=execution.arn, selected_steps=["Evaluate"])
        again = pipeline.start(parameters={"TestSize": 0.25, "Trees": 30}, selective_execution_config=chosen)
        again.wait(delay=2, max_attempts=60)
    with check("stop while a step runs"):
        slow = pipeline.start(parameters={"Seconds": 60})
        time.sleep(2)
        slow.stop()
        assert ended(slow, 30) == "Stopped"
    with check("list executions"):
        assert len(pipeline.list_executions()["PipelineExecutionSummaries"]) == 3
    _triggers(sdk, pipeline, role)
    with check("delete the pipeline"):
        pipeline.delete()


def _triggers(sdk: SimpleNamespace, pipeline: Any, role: str) -> None:
    with check("schedule it, read the schedule, delete it"):
        soon = datetime.now(UTC) + timedelta(seconds=3)
        names = ["interop-at", "interop-cron", "interop-rate"]
        triggers = [
            sdk.PipelineSchedule(name=names[0], at=soon),
            sdk.PipelineSchedule(name=names[1], cron="0 7 ? * MON-FRI *"),
            sdk.PipelineSchedule(name=names[2], rate=(6, "hours"), enabled=False),
        ]
        assert len(pipeline.put_triggers(triggers=triggers, role_arn=role)) == 3
        assert len(pipeline.put_triggers(triggers=triggers[1:], role_arn=role)) == 2
        read = pipeline.describe_trigger(names[1])
        assert read["Schedule_Expression"] == "cron(0 7 ? * MON-FRI *)", read
        assert pipeline.describe_trigger(names[2])["Schedule_State"] == "DISABLED"
    with check("a schedule fires once"):
        time.sleep(8)
        found = pipeline.list_executions()["PipelineExecutionSummaries"]
        assert len(found) == 4, found
        execution = sdk.PipelineExecution(found[0]["PipelineExecutionArn"], pipeline.sagemaker_session)
        assert ended(execution) == "Succeeded"
        pipeline.delete_triggers(trigger_names=names)


def large_definition(pipeline: Any, role: str) -> None:
    """From 100 KiB on the SDK puts the definition into S3 and sends its address."""
    with check("upsert a definition of over 100 KiB through S3"):
        text = pipeline.definition()
        assert len(text) > 100 * 1024, len(text)
        pipeline.upsert(role_arn=role)
        assert json.loads(pipeline.describe()["PipelineDefinition"]) == json.loads(text)
        pipeline.delete()


def functions(pipeline: Any, role: str, step_name: str, expected: Any) -> None:
    """A pipeline of functions decorated with @step."""
    with check("run functions decorated with @step"):
        pipeline.upsert(role_arn=role)
        execution = pipeline.start()
        execution.wait(delay=2, max_attempts=60)
    with check("result() gives what the function returned"):
        assert execution.result(step_name=step_name) == expected
        pipeline.delete()


def script(main: Callable[[], None]) -> None:
    """Runs the checks; the last line says whether they all held."""
    main()
    print(json.dumps({"check": "finished"}), flush=True)
    sys.exit(0)
