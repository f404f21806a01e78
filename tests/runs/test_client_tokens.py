"""A request sent twice under one token is carried out once."""

from __future__ import annotations

import pytest

from accounts.actors import Actor
from runs.errors import TokenReused
from runs.models import ClientToken
from runs.services.tokens import once


def test_the_second_call_gets_the_first_answer(member: Actor) -> None:
    done: list[int] = []

    def act() -> str:
        done.append(1)
        return f"answer {len(done)}"

    given = {"PipelineName": "churn"}
    first = once(actor=member, action="DeletePipeline", token="t" * 32, asked=given, act=act)
    again = once(actor=member, action="DeletePipeline", token="t" * 32, asked=given, act=act)
    other = once(actor=member, action="StopPipelineExecution", token="t" * 32, asked=given, act=act)
    assert (first, again, other) == ("answer 1", "answer 1", "answer 2")


def test_a_token_stands_for_one_request(member: Actor) -> None:
    once(actor=member, action="a", token="t" * 32, asked={"x": 1}, act=lambda: "")
    with pytest.raises(TokenReused):
        once(actor=member, action="a", token="t" * 32, asked={"x": 2}, act=lambda: "")


def test_a_refused_request_keeps_no_token(member: Actor) -> None:
    def refuse() -> str:
        raise TokenReused(token="inner")

    with pytest.raises(TokenReused):
        once(actor=member, action="a", token="t" * 32, asked={}, act=refuse)
    assert not ClientToken.objects.exists()


def test_a_token_of_another_workspace_is_another_token(member: Actor, stranger: Actor) -> None:
    once(actor=member, action="a", token="t" * 32, asked={}, act=lambda: "ours")
    assert once(actor=stranger, action="a", token="t" * 32, asked={}, act=lambda: "theirs") == "theirs"
