"""Every operation with missing, extra, mistyped and oversized members: AWS's code, never a fault of the server.

The cases are made from AWS's own model, so an operation added to the catalogue is tested at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.loaders import Loader

from accounts.actors import Actor
from aws.operations.catalog import OPERATIONS
from editor.models import Pipeline
from runs.models import ClientToken
from tests.aws.direct import call, code

MODEL = Loader().load_service_model("sagemaker", "service-2")
SHAPES = MODEL["shapes"]
EXAMPLES = {
    "RoleArn": "arn:aws:iam::123456789012:role/clary",
    "PipelineExecutionArn": "arn:aws:sagemaker:us-east-1:123456789012:pipeline/x/execution/abcdefghijkl",
    "PipelineArn": "arn:aws:sagemaker:us-east-1:123456789012:pipeline/x",
    "ModelPackageArn": "arn:aws:sagemaker:us-east-1:123456789012:model-package/x/1",
    "ResourceArn": "arn:aws:sagemaker:us-east-1:123456789012:pipeline/x",
    "IdempotencyToken": "t" * 36,
    "CallbackToken": "abcdefghij",
    "S3Uri": "s3://bucket/key",
    "ProcessingInstanceType": "ml.m5.large",
    "ContainerImage": "image",
}
OF_ANOTHER_TYPE = {
    "string": [1, 1.5, True, [], {}],
    "integer": ["1", 1.5, True, [], {}, 2**40],
    "long": ["1", 1.5, True, [], {}, 2**70],
    "boolean": ["true", 1, [], {}],
    "timestamp": ["soon", True, [], {}, 1e300],
    "list": ["x", 1, {}, True],
    "map": ["x", 1, [], True],
    "structure": ["x", 1, [], True],
    "float": ["x", True, [], {}],
    "double": ["x", True, [], {}],
}


def example(name: str) -> Any:
    """The smallest value of a shape."""
    shape = SHAPES[name]
    if name in EXAMPLES:
        return EXAMPLES[name]
    match shape["type"]:
        case "structure":
            return {key: example(shape["members"][key]["shape"]) for key in shape.get("required", ())}
        case "list":
            return [example(shape["member"]["shape"])] * shape.get("min", 0)
        case "map":
            return {}
        case "string":
            return shape["enum"][0] if "enum" in shape else "x" * max(1, shape.get("min", 1))
        case "boolean":
            return True
        case "timestamp":
            return 1_700_000_000
    return shape.get("min", 1)


def input_of(operation: str) -> str:
    name: str = MODEL["operations"][operation]["input"]["shape"]
    return name


def members_of(operation: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for member, place in SHAPES[input_of(operation)]["members"].items():
        yield member, SHAPES[place["shape"]]


@pytest.mark.parametrize("operation", OPERATIONS)
def test_each_missing_member_is_named(member: Actor, operation: str) -> None:
    whole = example(input_of(operation))
    for name in SHAPES[input_of(operation)].get("required", ()):
        for rest in ({**whole, name: None}, {key: value for key, value in whole.items() if key != name}):
            status, document = call(member, operation, rest)
            assert (status, document["__type"]) == (400, "ValidationException")
            said = f"Value null at '{name[0].lower()}{name[1:]}' failed to satisfy constraint: Member must not be null"
            assert said in document["message"]


@pytest.mark.parametrize("operation", OPERATIONS)
def test_members_aws_does_not_know_are_ignored(member: Actor, operation: str) -> None:
    whole = example(input_of(operation))
    status, document = call(member, operation, whole)
    odd = {**whole, "Colour": "red", "pipelineName": 3, "": None, "__type": {"deep": [1, {"x": 2}]}}
    again_status, again = call(member, operation, odd)
    assert status < 500
    if operation.startswith("Create"):
        return  # the second call finds what the first one made
    assert (status, document.get("__type")) == (again_status, again.get("__type"))


@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_member_of_another_type_is_refused(member: Actor, operation: str) -> None:
    whole = example(input_of(operation))
    for name, shape in members_of(operation):
        for value in OF_ANOTHER_TYPE[shape["type"]]:
            assert code(member, operation, {**whole, name: value}) == "SerializationException", (name, value)


@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_member_that_is_too_large_or_no_member_of_its_set_is_refused(member: Actor, operation: str) -> None:
    whole = example(input_of(operation))
    for name, shape in members_of(operation):
        for value in _beyond(shape):
            assert code(member, operation, {**whole, name: value}) == "ValidationException", (name, str(value)[:60])


def _beyond(shape: dict[str, Any]) -> Iterator[Any]:
    if shape["type"] == "string":
        yield from ("a\0b", "\ud800")
        if "max" in shape:
            yield "x" * (shape["max"] + 1)
        if shape.get("min"):
            yield ""
        if "enum" in shape:
            yield "Sideways"
        if shape.get("pattern", ".").startswith(("[a-zA-Z0-9]", "arn:", "(arn:")):
            yield from ("a b", "../../etc/passwd", "é")
    if shape["type"] in ("integer", "long"):
        yield from [shape["max"] + 1] if "max" in shape else []
        yield from [shape["min"] - 1] if "min" in shape else []
    if shape["type"] == "list" and "max" in shape:
        yield [example(shape["member"]["shape"])] * (shape["max"] + 1)


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"[]",
        b'"text"',
        b"null",
        b"\xff\xfe",
        b'{"MaxResults": NaN}',
        b'{"MaxResults": ' + b"9" * 5000 + b"}",
        b'{"A":' * 2000 + b"1" + b"}" * 2000,
        b"[" * 100_000,
    ],
    ids=["cut", "list", "text", "null", "no-utf8", "nan", "digits", "deep", "deeper"],
)
def test_a_body_that_is_no_object_is_refused(member: Actor, operation: str, body: bytes) -> None:
    assert code(member, operation, body) in ("SerializationException", "ValidationException")


def test_an_empty_body_is_an_empty_object(member: Actor) -> None:
    assert call(member, "ListPipelines", b"")[0] == 200


def test_a_body_over_6_mib_is_refused(member: Actor) -> None:
    status, document = call(member, "ListPipelines", b" " * (6 * 1024 * 1024 + 1))
    assert (status, document["__type"]) == (413, "RequestEntityTooLarge")


@pytest.mark.parametrize("depth", [25, 200, 900])
def test_an_expression_nested_without_end_is_refused(member: Actor, depth: int) -> None:
    inner = b'{"SubExpressions":[' * depth + b"{}" + b"]}" * depth
    body = b'{"Resource":"Pipeline","SearchExpression":' + inner + b"}"
    assert code(member, "Search", body) == "SerializationException"


def test_an_operation_we_lack_is_named(member: Actor) -> None:
    status, document = call(member, "CreateFeatureGroup")
    assert (status, document["__type"]) == (400, "UnknownOperationException")
    assert document["message"] == "CreateFeatureGroup is not implemented by Clary."


@pytest.mark.parametrize("operation", ["", "Nonsense", "createPipeline", "__class__", "é", "x" * 5000])
def test_an_operation_nobody_has_is_refused(member: Actor, operation: str) -> None:
    assert code(member, operation) == "UnknownOperationException"


def test_every_finding_is_told_at_once_in_awss_words(member: Actor) -> None:
    _, document = call(
        member,
        "CreatePipeline",
        PipelineName="-bad-",
        RoleArn="short",
        ClientRequestToken="short",
        Tags=[{"Key": ""}],
        ParallelismConfiguration={"MaxParallelExecutionSteps": 0},
    )
    message = document["message"]
    assert message.startswith("6 validation errors detected: ")
    for said in (
        "Value '-bad-' at 'pipelineName' failed to satisfy constraint: Member must satisfy regular expression pattern:",
        "Value 'short' at 'roleArn' failed to satisfy constraint: Member must have length greater than or equal to 20",
        "Value '' at 'tags.1.member.key' failed to satisfy constraint",
        "Value null at 'tags.1.member.value' failed to satisfy constraint: Member must not be null",
        "Value '0' at 'parallelismConfiguration.maxParallelExecutionSteps' failed to satisfy constraint: "
        "Member must have value greater than or equal to 1",
    ):
        assert said in message


def test_a_list_of_nulls_is_refused(member: Actor) -> None:
    body = {"ResourceArn": EXAMPLES["ResourceArn"], "Tags": [None]}
    assert code(member, "AddTags", body) == "ValidationException"


def test_nothing_of_a_refused_call_is_kept(member: Actor) -> None:
    sent = {"PipelineName": "x", "PipelineDefinition": "{", "RoleArn": EXAMPLES["RoleArn"]}
    assert code(member, "CreatePipeline", {**sent, "ClientRequestToken": "t" * 36}) == "ValidationException"
    assert not Pipeline.objects.exists()
    assert not ClientToken.objects.exists()
