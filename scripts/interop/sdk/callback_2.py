"""SageMaker Python SDK 2: a CallbackStep and its consumer, as on AWS. Only the settings of the shell point at Clary."""

import json
import os
import threading
from typing import Any

import boto3
from life_cycle import check, ended
from sagemaker.workflow.callback_step import CallbackOutput, CallbackOutputTypeEnum, CallbackStep
from sagemaker.workflow.condition_step import ConditionStep
from sagemaker.workflow.conditions import ConditionGreaterThanOrEqualTo
from sagemaker.workflow.fail_step import FailStep
from sagemaker.workflow.functions import Join
from sagemaker.workflow.parameters import ParameterInteger
from sagemaker.workflow.pipeline import Pipeline
from sagemaker.workflow.pipeline_context import PipelineSession

ROLE = os.environ["ROLE_ARN"]
# As it stands in a script for AWS: another account and host. The queue of that name here is the workspace's own.
QUEUE_URL = "https://sqs.us-east-1.amazonaws.com/123456789012/outside-work"


def pipeline_that_asks(session: PipelineSession) -> Pipeline:
    rows = ParameterInteger("Rows", default_value=5)
    ask = CallbackStep(
        name="Ask",
        sqs_queue_url=QUEUE_URL,
        inputs={"table": "customers", "rows": rows},
        outputs=[
            CallbackOutput(output_name="place", output_type=CallbackOutputTypeEnum.String),
            CallbackOutput(output_name="share", output_type=CallbackOutputTypeEnum.Float),
        ],
    )
    confirm = CallbackStep(
        name="Confirm",
        sqs_queue_url=QUEUE_URL,
        inputs={"place": ask.properties.Outputs["place"]},
        outputs=[],
    )
    too_few = FailStep("TooFew", error_message=Join(on=" ", values=["share", ask.properties.Outputs["share"]]))
    enough = ConditionStep(
        "Enough",
        conditions=[ConditionGreaterThanOrEqualTo(left=ask.properties.Outputs["share"], right=0.5)],
        if_steps=[confirm],
        else_steps=[too_few],
    )
    return Pipeline("interop-callback-2", parameters=[rows], steps=[ask, enough], sagemaker_session=session)


class Consumer(threading.Thread):
    """What runs outside: takes messages and answers them."""

    def __init__(self, messages: int) -> None:
        super().__init__(daemon=True)
        self.taken: list[dict[str, Any]] = []
        self._left = messages
        self._sqs = boto3.client("sqs")
        self._sagemaker = boto3.client("sagemaker")

    def run(self) -> None:
        while self._left:
            found = self._sqs.receive_message(QueueUrl=QUEUE_URL, WaitTimeSeconds=20, MaxNumberOfMessages=1)
            for message in found.get("Messages", []):
                body = json.loads(message["Body"])
                self.taken.append(body)
                self._left -= 1
                self.answer(body)
                self._sqs.delete_message(QueueUrl=QUEUE_URL, ReceiptHandle=message["ReceiptHandle"])

    def answer(self, body: dict[str, Any]) -> None:
        token = body["token"]
        if body["status"] == "Stopping":
            self._sagemaker.send_pipeline_execution_step_failure(CallbackToken=token, FailureReason="cleaned up")
        elif "table" in body["arguments"] and body["arguments"]["rows"] >= 0:
            outputs = [{"Name": "place", "Value": "s3://elsewhere/done"}, {"Name": "share", "Value": "0.75"}]
            self._sagemaker.send_pipeline_execution_step_success(CallbackToken=token, OutputParameters=outputs)
        elif "place" in body["arguments"]:
            self._sagemaker.send_pipeline_execution_step_success(CallbackToken=token)


def callbacks(execution: Any) -> dict[str, Any]:
    return {
        one["StepName"]: one["Metadata"]["Callback"] for one in execution.list_steps() if "Callback" in one["Metadata"]
    }


def main() -> None:
    pipeline = pipeline_that_asks(PipelineSession())
    with check("make the queue and upsert a pipeline that asks"):
        boto3.client("sqs").create_queue(QueueName="outside-work")
        pipeline.upsert(role_arn=ROLE)
    with check("a consumer answers and the execution ends"):
        consumer = Consumer(messages=2)
        consumer.start()
        execution = pipeline.start(parameters={"Rows": 7})
        execution.wait(delay=2, max_attempts=60)
        consumer.join(30)
        first, second = consumer.taken
        assert first["arguments"] == {"table": "customers", "rows": 7}, first
        assert second["arguments"] == {"place": "s3://elsewhere/done"}, second
        assert {one["pipelineExecutionArn"] for one in consumer.taken} == {execution.arn}
    with check("list_steps shows token and outputs"):
        shown = callbacks(execution)["Ask"]
        assert (shown["CallbackToken"], shown["SqsQueueUrl"]) == (first["token"], QUEUE_URL), shown
        assert {one["Name"]: one["Value"] for one in shown["OutputParameters"]} == {
            "place": "s3://elsewhere/done",
            "share": "0.75",
        }
    with check("a stop is announced and awaits the answer"):
        consumer = Consumer(messages=2)
        stopped = pipeline.start(parameters={"Rows": -1})  # the consumer leaves this one open
        consumer.start()
        while not consumer.taken:
            consumer.join(0.1)
        stopped.stop()
        assert ended(stopped) == "Stopped"
        consumer.join(30)
        assert [one["status"] for one in consumer.taken] == ["Executing", "Stopping"], consumer.taken
    with check("delete the pipeline"):
        pipeline.delete()
    print(json.dumps({"check": "finished"}), flush=True)


main()
