"""What AWS refuses and Clary does not: sizes, name rules, and what a step may hold.

Source: botocore's service model (sizes and patterns of the members), the SageMaker developer guide (quotas, "Pipelines
steps", "Retry Policy", "Caching pipeline steps", nested conditions). A rule AWS only documents as a default quota, or
that its own SDKs do not keep, is a warning.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from engine.checks.strict_sizes import oversized
from engine.checks.subject import Subject, error, warning
from engine.definition.dump import dump_definition
from engine.definition.model import Step
from engine.definition.parameters import TYPES
from engine.definition.pointer import join
from engine.execution.cache import parse_expire_after
from engine.expressions import expression_kind
from engine.problems import Problem
from engine.steps.schema import step_schema

LARGEST_DEFINITION = 1024 * 1024  # CreatePipeline.PipelineDefinition
_MOST_PARAMETERS = 200  # StartPipelineExecution.PipelineParameters
_USUAL_STEPS = 50  # the default quota, which AWS raises on request
_LONGEST_VALUE = 1024  # Parameter.Value at a start
_LONGEST_DEFAULT = 4096
_MOST_ITEMS = 100  # literal items of a ForEach
_METADATA_KEY = re.compile(r"[A-Za-z0-9\-_]{1,128}")
_PARAMETER_NAME = re.compile(r"[A-Za-z0-9\-_]{1,256}")
_LONGEST_DISPLAY_NAME, _LONGEST_DESCRIPTION = 256, 3072
#: Step types that take RetryPolicies; AWS refuses them elsewhere.
#: The guide's list, and the steps the SDKs take policies for.
_RETRIED = frozenset(
    {"Processing", "Training", "Tuning", "AutoML", "Model", "RegisterModel", "Transform"}
    | {"EMR", "EMRServerless", "EndpointConfig", "Job"}
)
_FLAT = frozenset({"Lambda", "Callback"})
_NOT_IN_A_BODY = frozenset({"Condition", "Fail", "ForEach"})


def check_strict(subject: Subject) -> Iterator[Problem]:
    """Nothing, unless the profile is "strict"."""
    if subject.profile != "strict":
        return
    yield from _whole(subject)
    yield from _metadata(subject.document.get("Metadata"))
    yield from _parameters(subject)
    for step in subject.definition.steps:
        yield from _step(step)
        for pointer, message in oversized(step_schema(step.type), step.document):
            yield error("over-aws-limit", f"{step.name} {message}", step.pointer + pointer, step.name)


def _whole(subject: Subject) -> Iterator[Problem]:
    size = len(dump_definition(subject.document).encode("utf-8", "replace"))
    if size > LARGEST_DEFINITION:
        message = f"The definition has {size} bytes; AWS takes at most {LARGEST_DEFINITION}."
        yield error("over-aws-limit", message, "")
    if len(subject.definition.parameters) > _MOST_PARAMETERS:
        yield error("too-many-parameters", f"AWS takes at most {_MOST_PARAMETERS} parameters.", "/Parameters")
    if len(subject.definition.steps) > _USUAL_STEPS:
        count = len(subject.definition.steps)
        message = f"The pipeline has {count} steps. An AWS account takes {_USUAL_STEPS} unless its quota was raised."
        yield warning("over-aws-quota", message, "/Steps")


def _metadata(metadata: Any) -> Iterator[Problem]:
    if not isinstance(metadata, dict):
        return
    for key, value in metadata.items():
        pointer = join("/Metadata", key)
        if _METADATA_KEY.fullmatch(key) is None:
            message = "A key of Metadata has 1 to 128 letters, digits, hyphens or underscores."
            yield error("illegal-metadata", message, pointer)
        if not isinstance(value, str) or len(value) > _LONGEST_VALUE:
            yield error("illegal-metadata", f"A value of Metadata is a text of at most {_LONGEST_VALUE}.", pointer)


def _parameters(subject: Subject) -> Iterator[Problem]:
    for parameter in subject.definition.parameters:
        if _PARAMETER_NAME.fullmatch(parameter.name) is None and parameter.name:
            message = f'AWS takes no parameter named "{parameter.name[:80]}".'
            yield error("illegal-parameter-name", message, join(parameter.pointer, "Name"))
        default = parameter.default
        if isinstance(default, str) and parameter.type in TYPES and len(default) > _LONGEST_VALUE:
            pointer = join(parameter.pointer, "DefaultValue")
            if len(default) > _LONGEST_DEFAULT:
                message = f'The default of "{parameter.name}" is longer than {_LONGEST_DEFAULT} characters.'
                yield error("over-aws-limit", message, pointer)
            else:
                message = (
                    f'The default of "{parameter.name}" is longer than the {_LONGEST_VALUE} characters a start takes.'
                )
                yield warning("over-aws-limit", message, pointer)


def _step(step: Step) -> Iterator[Problem]:
    for key, most in (("DisplayName", _LONGEST_DISPLAY_NAME), ("Description", _LONGEST_DESCRIPTION)):
        text = step.document.get(key)
        if isinstance(text, str) and len(text) > most:
            message = f"{step.name} has a {key} of {len(text)} characters; AWS takes {most}."
            yield error("over-aws-limit", message, join(step.pointer, key), step.name)
    if step.type == "Condition" and step.branch in ("if", "else"):
        message = (
            f"{step.name} is a condition inside a branch. The AWS guide calls that unsupported; its SDKs write it."
        )
        yield warning("nested-condition", message, step.pointer, step.name)
    if step.branch == "body" and step.type in _NOT_IN_A_BODY:
        message = f"{step.name} is a {step.type} step, which AWS does not take inside a ForEach."
        yield error("not-in-a-body", message, join(step.pointer, "Type"), step.name)
    if step.type in _FLAT:
        yield from _flat(step)
    if step.type == "ForEach":
        yield from _items(step)
    yield from _retries(step)
    yield from _cache(step)


def _flat(step: Step) -> Iterator[Problem]:
    for key, value in step.arguments.items():
        if isinstance(value, dict | list) and expression_kind(value) is None:
            message = f'{step.name} passes "{key}" as a nested value; {step.type} arguments are flat on AWS.'
            yield error("not-flat", message, join(step.pointer, "Arguments", key), step.name)


def _items(step: Step) -> Iterator[Problem]:
    items = step.arguments.get("IterableItems")
    if isinstance(items, list) and len(items) > _MOST_ITEMS:
        message = f"{step.name} lists {len(items)} items; AWS takes {_MOST_ITEMS}. Read a longer list from a step."
        yield error("over-aws-limit", message, join(step.pointer, "Arguments", "IterableItems"), step.name)


def _retries(step: Step) -> Iterator[Problem]:
    policies = step.document.get("RetryPolicies")
    if not isinstance(policies, list) or not policies:
        return
    pointer = join(step.pointer, "RetryPolicies")
    if step.type not in _RETRIED:
        yield error("retries-not-taken", f"AWS takes no RetryPolicies on {step.type} steps.", pointer, step.name)
    for index, policy in enumerate(policies):
        if isinstance(policy, Mapping) and _both(policy, "MaxAttempts", "ExpireAfterMin"):
            message = f"A retry rule of {step.name} has MaxAttempts and ExpireAfterMin. AWS takes one of them."
            yield error("retry-limits", message, join(pointer, index), step.name)


def _cache(step: Step) -> Iterator[Problem]:
    cache = step.document.get("CacheConfig")
    after = cache.get("ExpireAfter") if isinstance(cache, dict) else None
    if isinstance(after, str) and parse_expire_after(after) is None:
        message = f'{step.name} keeps results for "{after[:40]}", which is no ISO 8601 duration such as P30D or PT1H.'
        yield error("cache-duration", message, join(step.pointer, "CacheConfig", "ExpireAfter"), step.name)


def _both(policy: Mapping[str, Any], *keys: str) -> bool:
    return all(policy.get(key) is not None for key in keys)
