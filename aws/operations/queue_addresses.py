"""Queues by their addresses: only the name at the end counts."""

from __future__ import annotations

from aws.call import Call
from runs.step_access import endpoint_url


def queue_url(call: Call, name: str) -> str:
    """An address below our own endpoint, for clients that send requests to the queue itself."""
    return f"{endpoint_url()}/{call.actor.workspace.account_id}/{name}"


def name_in(call: Call) -> str:
    """The name of the queue a call is about."""
    name: str = call["QueueUrl"].rstrip("/").rpartition("/")[2]
    return name
