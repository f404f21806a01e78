"""IAM answers as far as the SageMaker SDK asks it."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from accounts.actors import Actor
from tests.aws.server import AwsServer


def test_every_role_name_is_a_role_sagemaker_may_assume(aws: AwsServer, viewer: Actor) -> None:
    role = aws.client("iam", viewer).get_role(RoleName="Any-Role")["Role"]
    assert role["Arn"] == f"arn:aws:iam::{viewer.workspace.account_id}:role/Any-Role"
    assert "sagemaker.amazonaws.com" in role["AssumeRolePolicyDocument"]["Statement"][0]["Principal"]["Service"]


def test_a_role_name_that_is_none_is_refused(aws: AwsServer, owner: Actor) -> None:
    with pytest.raises(ClientError) as refused:
        aws.client("iam", owner).get_role(RoleName="a b/<c>")
    assert refused.value.response["Error"]["Code"] == "ValidationError"


def test_a_simulation_answers_from_the_role_in_the_workspace(aws: AwsServer, owner: Actor, viewer: Actor) -> None:
    arn = f"arn:aws:iam::{owner.workspace.account_id}:role/x"
    actions = ["s3:GetObject", "s3:PutObject"]
    resources = [f"arn:aws:s3:::{owner.workspace.default_bucket}"]
    for actor, decisions in ((owner, ["allowed", "allowed"]), (viewer, ["allowed", "implicitDeny"])):
        found = aws.client("iam", actor).simulate_principal_policy(
            PolicySourceArn=arn, ActionNames=actions, ResourceArns=resources
        )
        assert [row["EvalDecision"] for row in found["EvaluationResults"]] == decisions
        assert {row["EvalResourceName"] for row in found["EvaluationResults"]} == set(resources)
        assert found["IsTruncated"] is False


@pytest.mark.parametrize(
    ("arn", "actions", "code"),
    [
        ("arn:aws:iam::{account}:role/x", ["nonsense"], "InvalidInput"),
        ("arn:aws:iam::{account}:role/x", [], "InvalidInput"),
        ("arn:aws:s3:::bucket-of-somebody", ["s3:GetObject"], "InvalidInput"),
        ("arn:aws:iam::{stranger}:role/x", ["s3:GetObject"], "NoSuchEntity"),
    ],
)
def test_a_simulation_of_nonsense_is_refused(
    aws: AwsServer, owner: Actor, stranger: Actor, arn: str, actions: list[str], code: str
) -> None:
    accounts = {"account": owner.workspace.account_id, "stranger": stranger.workspace.account_id}
    with pytest.raises(ClientError) as refused:
        aws.client("iam", owner).simulate_principal_policy(PolicySourceArn=arn.format(**accounts), ActionNames=actions)
    assert refused.value.response["Error"]["Code"] == code
