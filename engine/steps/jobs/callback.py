"""A Callback step: the message it sends, and the answer it takes.

Source: AWS "Callback step" (message body, stopping), SendPipelineExecutionStepSuccess (limits of an answer).
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from engine.expressions import to_text
from engine.steps.base import Json, StepNotRunnable
from engine.steps.jobs.arguments import mapping, text

#: AWS: OutputParameters of an answer, and of a step.
MOST_OUTPUTS = 50
#: AWS: OutputParameter.Value.
VALUE_LENGTH = 1024
#: AWS: SendPipelineExecutionStepFailure.FailureReason.
REASON_LENGTH = 256
#: AWS ends a pipeline execution after 672 hours; a question nobody has answered by then never will be.
LONGEST_WAIT_SECONDS = 672 * 3600
#: What an SQS message may hold.
MESSAGE_BYTES = 1024 * 1024
EXECUTING, STOPPING = "Executing", "Stopping"
#: SQS: QueueName. The last part of a queue's URL.
QUEUE_NAME = re.compile(r"[A-Za-z0-9_-]{1,80}(\.fifo)?")
_NUMBERS = re.compile(r"[+-]?[0-9]{1,300}")


class AnswerRefused(Exception):
    """This answer does not fit what the step declares. The message says what was expected and what came."""


@dataclass(frozen=True)
class Output:
    """One output parameter a step declares: String, Integer, Boolean or Float."""

    name: str
    type: str


def outputs_of(step: Mapping[str, Json]) -> tuple[Output, ...]:
    """What the step declares to return; what has no name is left out, as nothing can refer to it."""
    listed = step.get("OutputParameters")
    found: dict[str, Output] = {}
    for item in listed if isinstance(listed, list) else ():
        name = item.get("OutputName") if isinstance(item, Mapping) else None
        if isinstance(name, str) and name:
            kind = item.get("OutputType")
            found[name] = Output(name, kind if isinstance(kind, str) and kind in _READERS else "String")
    return tuple(found.values())


def queue_name(url: Json) -> str:
    """The name at the end of a queue's URL.

    Raises:
        StepNotRunnable: no URL of a queue.
    """
    name = text(url, "SqsQueueUrl").rstrip("/").rpartition("/")[2]
    if not QUEUE_NAME.fullmatch(name):
        raise StepNotRunnable(
            "SqsQueueUrl must end with the name of a queue, as in "
            f"https://sqs.us-east-1.amazonaws.com/123456789012/my-queue, but is {str(url)[:120]!r}."
        )
    return name


def message(token: str, execution_arn: str, arguments: Json, status: str) -> str:
    """The text of the message: `{token, pipelineExecutionArn, arguments, status}`.

    Raises:
        StepNotRunnable: arguments that are no object, or more than a message holds.
    """
    body = {
        "token": token,
        "pipelineExecutionArn": execution_arn,
        "arguments": dict(mapping(arguments, "Arguments")),
        "status": status,
    }
    written = json.dumps(body, ensure_ascii=False)
    size = len(written.encode("utf-8", "replace"))
    if size > MESSAGE_BYTES:
        raise StepNotRunnable(
            f"The message has {size} bytes, and a queue takes {MESSAGE_BYTES}. Store the data and pass its address."
        )
    return written


def read_answer(declared: Sequence[Output], given: Iterable[tuple[str, str]]) -> dict[str, Json]:
    """The given values in their declared types, by name, in the order of the declaration.

    A declared output may be missing; see `missing`.

    Raises:
        AnswerRefused: too many, too long, twice, not declared, or a text that is no value of the declared type.
    """
    pairs = list(given)
    if len(pairs) > MOST_OUTPUTS:
        raise AnswerRefused(f"An answer has at most {MOST_OUTPUTS} output parameters, but these are {len(pairs)}.")
    texts = dict(pairs)
    if len(texts) != len(pairs):
        raise AnswerRefused("Each output parameter can be given once.")
    unknown = sorted(texts.keys() - {output.name for output in declared})
    if unknown:
        names = ", ".join(output.name for output in declared) or "none"
        raise AnswerRefused(f'The step declares no output parameter "{unknown[0][:64]}". It declares: {names}.')
    return {output.name: _value(output, texts[output.name]) for output in declared if output.name in texts}


def missing(declared: Sequence[Output], values: Mapping[str, Json]) -> str | None:
    """The failure reason of an answer that lacks declared outputs; None when it is complete."""
    lacking = [output.name for output in declared if output.name not in values]
    if not lacking:
        return None
    word = "parameter" if len(lacking) == 1 else "parameters"
    return f"The answer lacks the output {word} {', '.join(lacking)}, which the step declares."


def results(values: Mapping[str, Json]) -> dict[str, Json]:
    """The digest of an answer: its first output as the key figure."""
    for name, value in values.items():
        return {"key": {"label": name, "value": to_text(value)[:80]}}
    return {}


def _value(output: Output, given: str) -> Json:
    if len(given) > VALUE_LENGTH:
        raise AnswerRefused(
            f'The value of "{output.name}" has {len(given)} characters; an output parameter has at most {VALUE_LENGTH}.'
        )
    try:
        return _READERS[output.type](given)
    except ValueError:
        shown = given if len(given) <= 60 else f"{given[:57]}…"
        expected = _EXPECTED[output.type]
        raise AnswerRefused(f'The output "{output.name}" is {expected}, but the answer says {shown!r}.') from None


def _integer(given: str) -> int:
    if not _NUMBERS.fullmatch(given.strip()):
        raise ValueError(given)
    return int(given)


def _float(given: str) -> float:
    value = float(given)
    if not math.isfinite(value) or "_" in given or not given.isascii():
        raise ValueError(given)
    return value


def _boolean(given: str) -> bool:
    value = {"true": True, "false": False}.get(given.strip().lower())
    if value is None:
        raise ValueError(given)
    return value


_READERS: Mapping[str, Callable[[str], Json]] = {
    "String": str,
    "Integer": _integer,
    "Float": _float,
    "Boolean": _boolean,
}
_EXPECTED = {
    "String": "a text",
    "Integer": "a whole number",
    "Float": "a number",
    "Boolean": "true or false",
}
