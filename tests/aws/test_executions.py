"""Executions over the wire: started, watched, stopped, tried again."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from accounts.actors import Actor
from runs.models import Execution, StepExecution
from runs.services.start import start_execution
from tests.aws.conftest import Runs
from tests.aws.refusals import ROLE, refusal
from tests.aws.server import AwsServer
from tests.runs.definitions import chain, fail, fan, pipeline, step
from tests.runs.obedient import fails

PARAMETERS = [
    {"Name": "Rate", "Type": "Float", "DefaultValue": 0.1},
    {"Name": "Deep", "Type": "Boolean", "DefaultValue": False},
    {"Name": "Name", "Type": "String"},
]


def describe(sagemaker: Any, arn: str) -> dict[str, Any]:
    found: dict[str, Any] = sagemaker.describe_pipeline_execution(PipelineExecutionArn=arn)
    return found


def test_an_execution_is_described_from_its_start_to_its_end(sagemaker: Any, runs: Runs) -> None:
    arn = runs.start(
        chain(2),
        PipelineExecutionDisplayName="Nightly-1",
        PipelineExecutionDescription="the first",
        ParallelismConfiguration={"MaxParallelExecutionSteps": 2},
        RoleArn=ROLE,
        MlflowExperimentName="churn",
    )
    found = describe(sagemaker, arn)
    assert found["PipelineExecutionStatus"] == "Executing"
    assert found["PipelineArn"] == arn.partition("/execution/")[0]
    assert found["PipelineExecutionDisplayName"] == "Nightly-1"
    assert found["PipelineExecutionDescription"] == "the first"
    assert found["ParallelismConfiguration"] == {"MaxParallelExecutionSteps": 2}
    assert (found["RoleArn"], found["MLflowConfig"]) == (ROLE, {"MlflowExperimentName": "churn"})
    assert found["PipelineVersionId"] == 1
    assert found["CreatedBy"] == {"UserProfileName": "miles"}
    assert "FailureReason" not in found
    runs.finish()
    assert describe(sagemaker, arn)["PipelineExecutionStatus"] == "Succeeded"
    assert sagemaker.describe_pipeline(PipelineName="pipeline-0")["LastRunTime"] == found["CreationTime"]


def test_an_execution_nobody_named_has_a_name_all_the_same(sagemaker: Any, runs: Runs) -> None:
    assert describe(sagemaker, runs.start(chain(1)))["PipelineExecutionDisplayName"].startswith("execution-")


def test_parameters_come_as_texts_and_are_listed_with_the_defaults(sagemaker: Any, runs: Runs) -> None:
    given = [{"Name": "Name", "Value": "x"}, {"Name": "Deep", "Value": "True"}]
    arn = runs.start(pipeline(step("A"), parameters=PARAMETERS), PipelineParameters=given)
    assert Execution.objects.get().parameters == {"Rate": 0.1, "Deep": True, "Name": "x"}
    found = sagemaker.list_pipeline_parameters_for_execution(PipelineExecutionArn=arn)["PipelineParameters"]
    assert {one["Name"]: one["Value"] for one in found} == {"Rate": "0.1", "Deep": "true", "Name": "x"}
    pages = sagemaker.get_paginator("list_pipeline_parameters_for_execution").paginate(
        PipelineExecutionArn=arn, PaginationConfig={"PageSize": 2}
    )
    assert [len(page["PipelineParameters"]) for page in pages] == [2, 1]


def test_parameters_that_do_not_fit_are_refused_by_name(sagemaker: Any, runs: Runs) -> None:
    runs.start(pipeline(step("A"), parameters=PARAMETERS[:2]))
    for name, value, said in (("Rat", "1", "Rate"), ("Rate", "many", "Rate"), ("Deep", "perhaps", "Deep")):
        code, message = refusal(
            sagemaker.start_pipeline_execution,
            PipelineName="pipeline-0",
            PipelineParameters=[{"Name": name, "Value": value}],
        )
        assert (code, said in message) == ("ValidationException", True)
    twice = [{"Name": "Rate", "Value": "1"}] * 2
    said = refusal(sagemaker.start_pipeline_execution, PipelineName="pipeline-0", PipelineParameters=twice)
    assert said[0] == "ValidationException"
    assert Execution.objects.count() == 1


def test_the_definition_of_an_execution_stays_what_it_was(sagemaker: Any, runs: Runs) -> None:
    arn = runs.start(chain(1))
    sagemaker.update_pipeline(PipelineName="pipeline-0", PipelineDefinition=json.dumps(chain(3)))
    found = sagemaker.describe_pipeline_definition_for_execution(PipelineExecutionArn=arn)
    assert found["PipelineDefinition"] == json.dumps(chain(1))
    assert found["CreationTime"] == describe(sagemaker, arn)["CreationTime"]
    again = sagemaker.start_pipeline_execution(PipelineName="pipeline-0", PipelineVersionId=1)
    found = sagemaker.describe_pipeline_definition_for_execution(PipelineExecutionArn=again["PipelineExecutionArn"])
    assert found["PipelineDefinition"] == json.dumps(chain(1))


def test_a_start_sent_twice_starts_once(sagemaker: Any, runs: Runs) -> None:
    runs.start(chain(1))
    token = "t" * 32
    arns = {
        sagemaker.start_pipeline_execution(PipelineName="pipeline-0", ClientRequestToken=token)["PipelineExecutionArn"]
        for _ in range(3)
    }
    assert len(arns) == 1
    assert Execution.objects.count() == 2
    said = refusal(
        sagemaker.start_pipeline_execution,
        PipelineName="pipeline-0",
        ClientRequestToken=token,
        PipelineExecutionDisplayName="other",
    )
    assert said[0] == "ConflictException"


def test_a_pipelines_limit_counts_unless_the_start_names_its_own(sagemaker: Any, runs: Runs) -> None:
    runs.run(fan(4))
    sagemaker.update_pipeline(PipelineName="pipeline-0", ParallelismConfiguration={"MaxParallelExecutionSteps": 2})
    started = [
        sagemaker.start_pipeline_execution(PipelineName="pipeline-0", **members)["PipelineExecutionArn"]
        for members in ({}, {"ParallelismConfiguration": {"MaxParallelExecutionSteps": 7}})
    ]
    assert [describe(sagemaker, arn)["ParallelismConfiguration"] for arn in started] == [
        {"MaxParallelExecutionSteps": 2},
        {"MaxParallelExecutionSteps": 7},
    ]


def test_a_higher_limit_counts_at_once(sagemaker: Any, runs: Runs) -> None:
    arn = runs.start(
        pipeline(*(step(f"S{n}") for n in range(5))), ParallelismConfiguration={"MaxParallelExecutionSteps": 1}
    )
    assert StepExecution.objects.filter(has_attempt=True).count() == 1
    sagemaker.update_pipeline_execution(
        PipelineExecutionArn=arn,
        PipelineExecutionDisplayName="Renamed",
        PipelineExecutionDescription="all at once",
        ParallelismConfiguration={"MaxParallelExecutionSteps": 4},
    )
    assert StepExecution.objects.filter(has_attempt=True).count() == 4
    found = describe(sagemaker, arn)
    assert found["PipelineExecutionDisplayName"] == "Renamed"
    assert found["PipelineExecutionDescription"] == "all at once"
    runs.finish()
    said = refusal(
        sagemaker.update_pipeline_execution,
        PipelineExecutionArn=arn,
        ParallelismConfiguration={"MaxParallelExecutionSteps": 9},
    )
    assert said[0] == "ConflictException"


def test_stop_twice_is_harmless_and_what_ended_cannot_be_stopped(sagemaker: Any, runs: Runs) -> None:
    arn = runs.start(chain(2))
    for _ in range(2):
        stopped = sagemaker.stop_pipeline_execution(PipelineExecutionArn=arn, ClientRequestToken="s" * 32)
        assert stopped["PipelineExecutionArn"] == arn
    assert describe(sagemaker, arn)["PipelineExecutionStatus"] == "Stopped"
    ended = runs.run(chain(1))
    assert refusal(sagemaker.stop_pipeline_execution, PipelineExecutionArn=ended)[0] == "ConflictException"


def test_a_failed_execution_is_tried_again_with_another_limit(sagemaker: Any, runs: Runs) -> None:
    runs.bench.runner.acts["S1"] = fails()
    arn = runs.run(chain(3))
    found = describe(sagemaker, arn)
    assert found["PipelineExecutionStatus"] == "Failed"
    assert "S1" in found["FailureReason"]
    del runs.bench.runner.acts["S1"]
    again = sagemaker.retry_pipeline_execution(
        PipelineExecutionArn=arn, ParallelismConfiguration={"MaxParallelExecutionSteps": 5}
    )
    assert again["PipelineExecutionArn"] == arn
    assert refusal(sagemaker.retry_pipeline_execution, PipelineExecutionArn=arn)[0] == "ConflictException"
    runs.finish()
    found = describe(sagemaker, arn)
    assert found["PipelineExecutionStatus"] == "Succeeded"
    assert found["ParallelismConfiguration"] == {"MaxParallelExecutionSteps": 5}
    assert "FailureReason" not in found


def test_what_a_fail_step_ended_is_not_tried_again(sagemaker: Any, runs: Runs) -> None:
    arn = runs.run(pipeline(fail("Stop", "no good")))
    code, message = refusal(sagemaker.retry_pipeline_execution, PipelineExecutionArn=arn)
    assert (code, "Fail step" in message) == ("ConflictException", True)


def test_selected_steps_take_the_rest_from_their_source(sagemaker: Any, runs: Runs) -> None:
    source = runs.run(chain(3))
    config = {"SelectedSteps": [{"StepName": "S2"}], "SourcePipelineExecutionArn": source}
    arn = sagemaker.start_pipeline_execution(PipelineName="pipeline-0", SelectiveExecutionConfig=config)[
        "PipelineExecutionArn"
    ]
    runs.finish()
    found = describe(sagemaker, arn)
    assert (found["PipelineExecutionStatus"], found["SelectiveExecutionConfig"]) == ("Succeeded", config)
    by_name = {one["StepName"]: one for one in runs.steps(arn)}
    assert set(by_name) == {"S0", "S1", "S2"}
    assert by_name["S1"]["SelectiveExecutionResult"] == {"SourcePipelineExecutionArn": source}
    assert "SelectiveExecutionResult" not in by_name["S2"]


def test_selected_steps_without_a_source_are_refused_in_awss_words(sagemaker: Any, runs: Runs) -> None:
    source = runs.run(chain(3))
    only = {"SelectedSteps": [{"StepName": "S2"}]}
    code, message = refusal(
        sagemaker.start_pipeline_execution, PipelineName="pipeline-0", SelectiveExecutionConfig=only
    )
    assert code == "ValidationException"
    assert message.startswith("Invalid SourcePipelineExecutionArn: null. The selected steps [S2] have dependencies on")
    for bad in (source[:-3] + "zzz", "arn:aws:sagemaker:us-east-1:123456789012:pipeline/x/execution/abcdefghijkl"):
        members = {"SelectiveExecutionConfig": {**only, "SourcePipelineExecutionArn": bad}}
        said = refusal(sagemaker.start_pipeline_execution, PipelineName="pipeline-0", **members)
        assert said[0] == "ValidationException"
        assert "SourcePipelineExecutionArn" in said[1]


def test_executions_are_listed_newest_first_with_their_aliases(sagemaker: Any, runs: Runs, member: Actor) -> None:
    first = runs.start(chain(1))
    sagemaker.update_pipeline(
        PipelineName="pipeline-0", PipelineDefinition=json.dumps(chain(1)), PipelineVersionAliases=["prod"]
    )
    second = sagemaker.start_pipeline_execution(PipelineName="pipeline-0")["PipelineExecutionArn"]
    drawn = start_execution(actor=member, pipeline_id=Execution.objects.first().pipeline_id)  # type: ignore[union-attr]
    pipeline_arn = first.partition("/execution/")[0]

    def arns(**members: Any) -> list[str]:
        found = sagemaker.list_pipeline_executions(PipelineName=pipeline_arn, **members)
        return [one["PipelineExecutionArn"] for one in found["PipelineExecutionSummaries"]]

    studio = f"{pipeline_arn}/execution/{drawn.pk}"
    assert arns() == [studio, second, first]
    assert arns(SortOrder="Ascending") == [first, second, studio]
    assert arns(SortBy="PipelineExecutionArn", SortOrder="Ascending") == sorted([first, second, studio])
    assert arns(PipelineVersionAlias="prod") == [second]
    assert arns(CreatedAfter=datetime.now(UTC) + timedelta(hours=1)) == []
    summaries = sagemaker.list_pipeline_executions(PipelineName="pipeline-0")["PipelineExecutionSummaries"]
    assert "PipelineVersionAliases" not in summaries[0]
    assert summaries[1]["PipelineVersionAliases"] == ["prod"]
    assert {one["PipelineExecutionStatus"] for one in summaries} == {"Executing"}
    pages = sagemaker.get_paginator("list_pipeline_executions").paginate(
        PipelineName="pipeline-0", PaginationConfig={"PageSize": 2}
    )
    assert [len(page["PipelineExecutionSummaries"]) for page in pages] == [2, 1]
    runs.finish()


def test_executions_of_others_do_not_exist(sagemaker: Any, runs: Runs, aws: AwsServer, stranger: Actor) -> None:
    arn = runs.run(chain(1))
    other = aws.client("sagemaker", stranger)
    foreign = arn.replace(runs.bench.owner.workspace.account_id, stranger.workspace.account_id)
    wrong_pipeline = arn.replace("pipeline-0", "pipeline-1")
    for client, name in ((other, arn), (other, foreign), (sagemaker, wrong_pipeline), (sagemaker, arn[:-1])):
        for operation in (
            "describe_pipeline_execution",
            "describe_pipeline_definition_for_execution",
            "list_pipeline_execution_steps",
            "list_pipeline_parameters_for_execution",
            "stop_pipeline_execution",
            "retry_pipeline_execution",
            "update_pipeline_execution",
        ):
            code, message = refusal(getattr(client, operation), PipelineExecutionArn=name)
            assert (code, "does not exist" in message) == ("ResourceNotFound", True), operation
