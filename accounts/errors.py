"""Requests that cannot be done. The message is the docstring with the facts filled in."""

from __future__ import annotations

import inspect
from typing import Any


class Refused(Exception):
    """The request cannot be done."""

    def __init__(self, *, pointer: str | None = None, **facts: Any) -> None:
        self.pointer = pointer
        self.facts = facts
        super().__init__(facts)

    def __str__(self) -> str:
        return " ".join(inspect.cleandoc(type(self).__doc__ or "").split()).format(**self.facts)

    def members(self) -> dict[str, Any]:
        """Further members of the problem document."""
        return {}

    def __getattr__(self, name: str) -> Any:
        facts = self.__dict__.get("facts", {})
        if name in facts:
            return facts[name]
        raise AttributeError(name)


class NotPermitted(Refused):
    """This needs the role {needed}; your role here is {role}. Ask an admin of the workspace."""


class NotAPerson(Refused):
    """{username} is no person, so it has no tokens, keys or password."""


class SessionNeeded(Refused):
    """An API token cannot set a password: it may be weaker than its owner. Log in to the studio and set it there."""


class CurrentPasswordNeeded(Refused):
    """A new password needs the current one. If it is lost, `python manage.py login_link` prints a link: within
    {minutes} minutes of logging in by it you may set a new one without."""


class CurrentPasswordWrong(Refused):
    """The current password is wrong, so it was not changed."""


class OutlivesCredential(Refused):
    """The credential you use ends at {latest}; what it makes cannot last longer. Choose an earlier end."""


class KeyTooStrong(Refused):
    """An access key has your whole role, {role}, and this credential has only {have}. Make the key in the studio."""


class CsrfFailed(Refused):
    """The request did not prove that it came from this site. {reason} Load the page again."""


class TokenNotFound(Refused):
    """No API token has the id {id}."""


class CredentialsWrong(Refused):
    """The user name or the password is wrong. `python manage.py login_link` prints a link that logs you in."""


class TooManyAttempts(Refused):
    """Too many failed logins. Wait {retry_after_seconds} seconds, or use a one-time link."""


class LinkUnusable(Refused):
    """This link was used already or is too old. `python manage.py login_link` prints a fresh one."""


class PasswordTooWeak(Refused):
    """{reason}"""


class NotAMember(Refused):
    """You are logged in, but belong to no workspace. Ask an admin to add you."""


class BodyTooLarge(Refused):
    """The request is larger than the {limit} bytes that are allowed."""


class CursorInvalid(Refused):
    """This cursor is not one this list gave out. Start again without it."""
