"""Client tokens of AWS calls: sent twice, carried out once."""

from __future__ import annotations

from collections.abc import Callable

from aws.call import Call
from runs.services import tokens


def once(call: Call, act: Callable[[], str], *, member: str = "ClientRequestToken") -> str:
    """The answer of `act`, or of the first call with this token; without a token `act` is just carried out.

    Raises:
        TokenReused: the token was sent with other members.
    """
    token = call.get(member)
    if token is None:
        return act()
    asked = {key: value for key, value in call.given.items() if key != member}
    return tokens.once(actor=call.actor, action=call.operation, token=token, asked=asked, act=act)
