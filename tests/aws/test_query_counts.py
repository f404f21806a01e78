"""Lists cost the same number of queries however long they are."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.actors import Actor
from tests.aws.direct import call
from tests.aws.refusals import ROLE
from tests.runs.definitions import chain, pipeline, step
from tests.runs.workers import Bench


def create(member: Actor, count: int, width: int) -> str:
    definition = json.dumps(pipeline(*(step(f"S{n}") for n in range(width))))
    arn = ""
    for number in range(count):
        name = {"PipelineName": f"p-{number}"}
        call(
            member,
            "CreatePipeline",
            **name,
            PipelineDefinition=definition,
            RoleArn=ROLE,
            ClientRequestToken=f"{number:040}",
        )
        _, started = call(member, "StartPipelineExecution", **name, ClientRequestToken=f"{number:040}")
        arn = started["PipelineExecutionArn"]
    return arn


def queries(member: Actor, operation: str, **members: Any) -> int:
    call(member, operation, **members)  # definitions are compiled once
    with CaptureQueriesContext(connection) as captured:
        status, _ = call(member, operation, **members)
    assert status == 200
    return len(captured)


@pytest.mark.parametrize(
    ("operation", "members", "count"),
    [
        ("ListPipelines", {}, 1),
        ("ListPipelineVersions", {"PipelineName": "p-0"}, 5),
        ("ListPipelineExecutions", {"PipelineName": "p-0"}, 3),
        ("ListProcessingJobs", {}, 1),
        ("Search", {"Resource": "Pipeline"}, 3),
        ("Search", {"Resource": "PipelineExecution"}, 3),
        ("Search", {"Resource": "PipelineVersion"}, 4),
        ("DescribePipeline", {"PipelineName": "p-0"}, 6),
    ],
)
def test_a_list_costs_a_fixed_number_of_queries(
    bench: Bench, member: Actor, operation: str, members: dict[str, Any], count: int
) -> None:
    create(member, 3, 2)
    assert queries(member, operation, **members) == count
    create_more = [f"p-{n}" for n in range(3)]
    for name in create_more:
        call(member, "StartPipelineExecution", PipelineName=name, ClientRequestToken=f"again-{name}".ljust(32, "-"))
    assert queries(member, operation, **members) == count


def test_steps_cost_a_fixed_number_of_queries(bench: Bench, member: Actor) -> None:
    few = queries(member, "ListPipelineExecutionSteps", PipelineExecutionArn=create(member, 1, 3))
    named = {"PipelineName": "long", "ClientRequestToken": "c" * 32}
    call(member, "CreatePipeline", **named, PipelineDefinition=json.dumps(chain(60)), RoleArn=ROLE)
    _, started = call(member, "StartPipelineExecution", **named)
    bench.answer()
    many = queries(member, "ListPipelineExecutionSteps", PipelineExecutionArn=started["PipelineExecutionArn"])
    assert (few, many) == (3, 3)
