"""Writes tests/golden/histories/*.json anew: `python -m tests.engine.execution.record_histories`.

A golden file changes only with a decision or a changelog line, so read the difference before you commit it.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from engine.execution import events, signals
from engine.execution.states import FailureCategory, StepKey
from tests.engine.execution import definitions as d
from tests.engine.execution.recorder import Recorder

FOLDER = Path(__file__).parents[2] / "golden" / "histories"

HISTORIES: dict[str, Callable[[], dict[str, Any]]] = {}


def history(make: Callable[[], dict[str, Any]]) -> Callable[[], dict[str, Any]]:
    HISTORIES[make.__name__.replace("_", "-")] = make
    return make


@history
def headline() -> dict[str, Any]:
    r = Recorder("The headline pipeline runs to the end and registers the model", d.headline())
    r.start()
    r.ok("Split")
    r.run("TrainForest", "TrainBoosted")
    r.note(events.StepProgress(step="TrainForest", attempt=1, metric="auc", value=0.941))
    r.note(events.StepProgress(step="TrainForest", attempt=1, fraction=0.5))
    r.succeed("TrainBoosted", auc=0.958)
    r.succeed("TrainForest", auc=0.965)
    r.ok("Evaluate")
    r.judge(0.965)
    return r.recorded()


@history
def headline_again_from_cache() -> dict[str, Any]:
    r = Recorder("The second run takes what did not change from the first", d.headline())
    r.start()
    r.hit("Split")
    r.hit("TrainForest")
    r.run("TrainBoosted")
    r.succeed("TrainBoosted", auc=0.961)
    r.ok("Evaluate")
    r.judge(0.961)
    return r.recorded()


@history
def fail_step_ends_the_execution() -> dict[str, Any]:
    document = d.headline()
    document["Steps"].append(d.processing("Slow", "s3://b/slow"))
    document["Steps"].append(d.processing("AfterSlow", d.output_of("Slow")))
    r = Recorder("A Fail step is reached: what runs finishes, nothing new starts", document)
    r.start()
    r.run("Slow")
    r.ok("Split", "TrainForest", "TrainBoosted", "Evaluate")
    r.decide_condition("GoodEnough", False, "auc 0.512 >= 0.9 → false")
    r.answer(signals.FailReached(step=StepKey("TooWeak"), message="AUC is below 0.9."))
    r.succeed("Slow")
    r.tell(signals.RetryRequested())
    return r.recorded()


def _branches(trigger: str | None) -> Any:
    return d.pipeline(
        d.condition("Gate", 1, [d.processing("A")], [d.processing("B")]),
        d.processing("Join", DependsOn=d.after("A", "B", trigger=trigger)),
    )


@history
def branch_join_that_never_runs() -> dict[str, Any]:
    r = Recorder("A step that waits for both branches is skipped, as in SageMaker", _branches(None))
    r.start()
    r.decide_condition("Gate", True, "1 >= 0.9 → true")
    r.ok("A")
    return r.recorded()


@history
def branch_join_after_any() -> dict[str, Any]:
    r = Recorder("A join with the trigger Any runs after whichever branch ran", _branches("Any"))
    r.start()
    r.decide_condition("Gate", False, "0 >= 0.9 → false")
    r.ok("B", "Join")
    return r.recorded()


@history
def branches_in_branches() -> dict[str, Any]:
    inner = d.condition("Inner", 1, [d.processing("Deep")], [d.fail("Never", "never")])
    document = d.pipeline(
        d.condition("Outer", 0, [inner, d.processing("Beside")], [d.processing("Other")]),
        d.processing("AfterDeep", d.output_of("Deep")),
    )
    r = Recorder("A branch not taken takes everything behind it along", document)
    r.start()
    r.decide_condition("Outer", False, "0 >= 0.9 → false")
    r.ok("Other")
    return r.recorded()


@history
def callback_answered() -> dict[str, Any]:
    document = d.pipeline(
        d.callback("Ask", "place"),
        d.callback("Refused", "reason"),
        d.processing("After", d.get("Ask", "OutputParameters['place']")),
    )
    r = Recorder("Two steps ask somebody outside: one is answered, the other is refused and asks again", document)
    r.start()
    r.ask("Ask")
    r.ask("Refused")
    r.tell(signals.AnsweredWithFailure(step=StepKey("Refused"), reason="no machine is free"))
    r.tell(signals.AnsweredWithSuccess(step=StepKey("Ask"), results={"key": {"label": "place", "value": "s3://b/x"}}))
    r.ok("After")
    r.tell(signals.RetryRequested())
    r.ask("Refused")
    r.tell(signals.AnsweredWithSuccess(step=StepKey("Refused")))
    return r.recorded()


@history
def callback_stopped() -> dict[str, Any]:
    r = Recorder("A stop is told to whoever was asked, and the answer ends it", d.pipeline(d.callback("Ask", "place")))
    r.start()
    r.ask("Ask")
    r.tell(signals.StopRequested(reason="enough"))
    r.tell(signals.AnsweredWithSuccess(step=StepKey("Ask")), after=60)
    return r.recorded()


@history
def triggers_after_success() -> dict[str, Any]:
    r = Recorder("Train succeeds: steps for its failure or stop are skipped", d.run_conditions())
    r.start()
    r.ok("Train", "Always", "Ok")
    return r.recorded()


@history
def triggers_after_failure() -> dict[str, Any]:
    r = Recorder("Train fails and OnFail answers it: CompletedWithFailures", d.run_conditions())
    r.start()
    r.run("Train")
    r.fail("Train", "The script ended with exit code 3.")
    r.ok("OnFail", "Always")
    return r.recorded()


@history
def triggers_after_a_stopped_step() -> dict[str, Any]:
    r = Recorder("Train alone is stopped: OnStop and Always run", d.run_conditions())
    r.start()
    r.run("Train")
    r.tell(signals.AttemptStopped(step=StepKey("Train"), attempt=1))
    r.ok("OnStop", "Always")
    return r.recorded()


@history
def stop_mid_run() -> dict[str, Any]:
    r = Recorder("Stop: running steps are stopped, the rest never starts", d.fan_out(5), parallelism=3)
    r.start()
    r.ok("Split")
    r.run("Part1", "Part2")  # Part3 is pending, Part4 and Part5 wait for a slot
    r.tell(signals.StopRequested(reason="Stopped by ada."))
    r.tell(signals.StopRequested(reason="Stopped by ada."))
    r.succeed("Part2")
    r.tell(signals.AttemptStopped(step=StepKey("Part1"), attempt=1))
    return r.recorded()


@history
def retry_after_failure() -> dict[str, Any]:
    r = Recorder("A failed execution is retried: what succeeded stays", d.headline())
    r.start()
    r.ok("Split")
    r.run("TrainForest", "TrainBoosted")
    r.fail("TrainForest", "ValueError: could not convert string to float: 'n/a'")
    r.succeed("TrainBoosted", auc=0.958)
    r.tell(signals.RetryRequested(), after=60)
    r.run("TrainForest")
    r.succeed("TrainForest", auc=0.965)
    r.ok("Evaluate")
    r.judge(0.965)
    return r.recorded()


@history
def retry_after_stop() -> dict[str, Any]:
    r = Recorder("A stopped execution is retried and goes on where it was", d.fan_out(2))
    r.start()
    r.ok("Split")
    r.run("Part1", "Part2")
    r.succeed("Part1")
    r.tell(signals.StopRequested())
    r.tell(signals.AttemptStopped(step=StepKey("Part2"), attempt=1))
    r.tell(signals.RetryRequested(), after=60)
    r.ok("Part2", "Merge")
    return r.recorded()


@history
def lost_attempts() -> dict[str, Any]:
    document = d.pipeline(d.processing("A", "s3://b/a"), d.processing("B", d.output_of("A")))
    r = Recorder("Lost attempts are repeated at once, then after 1 s and 5 s", document)
    r.start()
    r.run("A")
    r.lose("A")
    r.claim("A", worker="worker-2")
    r.lose("A")
    r.tell(signals.RetryDue(step=StepKey("A")), after=1)
    r.lose("A")
    r.tell(signals.RetryDue(step=StepKey("A")), after=5)
    r.ok("A", "B")
    return r.recorded()


@history
def given_back_attempt() -> dict[str, Any]:
    r = Recorder("A worker that shuts down gives its attempt back; another one takes it", d.pipeline(d.processing("A")))
    r.start()
    r.run("A")
    r.give_back("A")
    r.claim("A", worker="worker-2")
    r.tell(signals.AttemptExecuting(step=StepKey("A"), attempt=2, runner="sandbox"))
    r.succeed("A")
    return r.recorded()


@history
def lost_for_good() -> dict[str, Any]:
    document = d.pipeline(d.processing("A", "s3://b/a"), d.processing("B", d.output_of("A")))
    r = Recorder("The fourth lost attempt fails the step", document)
    r.start()
    for wait in (0, 1, 5, None):
        r.claim("A")
        r.lose("A")
        if wait:
            r.tell(signals.RetryDue(step=StepKey("A")), after=wait)
    return r.recorded()


@history
def retry_policy() -> dict[str, Any]:
    policies = [
        {"ExceptionType": ["SageMaker.CAPACITY_ERROR"], "IntervalSeconds": 10, "BackoffRate": 3.0, "MaxAttempts": 2}
    ]
    r = Recorder("A retry policy answers missing memory twice", d.pipeline(d.processing("A", RetryPolicies=policies)))
    r.start()
    for wait in (10, 30):
        r.run("A")
        r.fail("A", "The step used more than 4 GiB.", FailureCategory.OUT_OF_MEMORY)
        r.tell(signals.RetryDue(step=StepKey("A")), after=wait)
    r.ok("A")
    return r.recorded()


@history
def fan_out_with_limit() -> dict[str, Any]:
    r = Recorder("Five parts, two at a time, in the order of the document", d.fan_out(5), parallelism=2)
    r.start()
    r.ok("Split")
    r.run("Part1", "Part2")
    r.succeed("Part2")
    r.run("Part3")
    r.succeed("Part1")
    r.succeed("Part3")
    r.ok("Part5", "Part4", "Merge")
    return r.recorded()


@history
def duplicates_and_latecomers() -> dict[str, Any]:
    document = d.pipeline(d.processing("A"), d.processing("B", d.output_of("A")))
    r = Recorder("Reports that come twice, late or out of order change nothing", document)
    a, b = StepKey("A"), StepKey("B")
    r.start()
    r.start()
    r.tell(signals.AttemptExecuting(step=a, attempt=1, runner="sandbox"))
    r.tell(signals.AttemptClaimed(step=a, attempt=1, worker="worker-1"))
    r.tell(signals.AttemptGone(step=a, attempt=1, reason="The worker stopped answering."))
    r.tell(signals.AttemptSucceeded(step=a, attempt=1))
    r.tell(signals.AttemptFailed(step=a, attempt=1, reason="late", category=FailureCategory.USER_CODE))
    r.ok("A")
    r.tell(signals.AttemptSucceeded(step=a, attempt=2))
    r.tell(signals.RetryDue(step=a))
    r.ok("B")
    r.tell(signals.AttemptStopped(step=b, attempt=1))
    r.tell(signals.StopRequested())
    r.tell(signals.RetryRequested())
    return r.recorded()


@history
def selective_execution() -> dict[str, Any]:
    r = Recorder("Only two steps run; what they read comes from an earlier run", d.headline(), selected=("Evaluate",))
    r.start()
    r.ok("Evaluate")
    return r.recorded()


@history
def refused_step() -> dict[str, Any]:
    document = d.pipeline(
        d.step("Spark", "EMR", {"ClusterId": "j-1"}),
        d.processing("After", DependsOn=d.after("Spark")),
        d.processing("Beside"),
    )
    r = Recorder("A type that does not run here is refused; what does not depend on it goes on", document)
    r.start()
    reason = "EMR steps do not run here. Map the step to a local Spark runner or run it in AWS."
    refused = signals.StepRefused(step=StepKey("Spark"), reason=reason, category=FailureCategory.NOT_RUNNABLE)
    r.answer(refused)
    r.ok("Beside")
    return r.recorded()


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, make in HISTORIES.items():
        text = json.dumps(make(), indent=1, ensure_ascii=False)
        (FOLDER / f"{name}.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
