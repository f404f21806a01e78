"""What a running step may call us with: temporary AWS keys of its own, and where our AWS endpoint is.

Nothing is stored: keys are derived from the attempt and its lease, so they are void the moment the attempt has ended,
its lease is over, or another worker took it.
"""

from __future__ import annotations

import base64

from django.conf import settings
from django.utils.crypto import salted_hmac

from accounts.actors import Actor
from accounts.identifiers import ALPHABET, LENGTH
from accounts.roles import Role
from accounts.signing import SigningIdentity
from engine.steps.base import JobSpec
from runs.clock import database_now
from runs.listening import url_of
from runs.models import StepAttempt
from runs.models.attempt import LIVE

#: AWS's prefix of temporary keys, the attempt's id, and four characters of its lease: 20 in all, as AWS's are.
PREFIX = "ASIA"
_LEASE_CHARACTERS = 4
#: A definition that brings one of these talks to another AWS; ours would only stand in its way.
OWN_ACCESS = frozenset(
    {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE", "AWS_ENDPOINT_URL"}
)
_EVERY_ADDRESS = {"0.0.0.0": "127.0.0.1", "::": "::1"}


def environment_for(attempt_id: str, lease_token: int, job: JobSpec) -> dict[str, str]:
    """Variables of one attempt: its region always; keys and endpoint unless it is isolated or brings its own."""
    variables = {"AWS_REGION": settings.CLARY_REGION, "AWS_DEFAULT_REGION": settings.CLARY_REGION}
    if not job.network or OWN_ACCESS & job.environment.keys():
        return variables
    return variables | keys_of(attempt_id, lease_token) | {"AWS_ENDPOINT_URL": endpoint_url()}


def keys_of(attempt_id: str, lease_token: int) -> dict[str, str]:
    """The temporary keys of an attempt under this lease, by the names AWS SDKs read."""
    return {
        "AWS_ACCESS_KEY_ID": PREFIX + attempt_id.upper() + _lease_mark(lease_token),
        "AWS_SECRET_ACCESS_KEY": _derived("secret", attempt_id, lease_token)[:40],
        "AWS_SESSION_TOKEN": _derived("session", attempt_id, lease_token),
    }


def endpoint_url() -> str:
    """Our AWS endpoint as a process on this host, or one that knows our public address, can reach it."""
    environment = settings.ENVIRONMENT
    if environment.public_url:
        return f"{environment.public_url.rstrip('/')}/aws"
    host = _EVERY_ADDRESS.get(environment.host, environment.host)
    return f"{url_of(host, environment.port)}/aws"


def identity_of(access_key_id: str) -> SigningIdentity | None:
    """Whom the keys of a running attempt stand for: its step, with the rights its author's code has in the workspace.

    None when no attempt of this id runs under this lease now.
    """
    attempt_id = access_key_id.removeprefix(PREFIX).lower()[:LENGTH]
    running = StepAttempt.objects.filter(pk=attempt_id, status__in=LIVE, lease_until__gt=database_now())
    attempt = running.select_related("execution__workspace", "step").defer("execution__definition").first()
    if attempt is None:
        return None
    keys = keys_of(attempt.pk, attempt.lease_token)
    if keys["AWS_ACCESS_KEY_ID"] != access_key_id:
        return None
    actor = Actor(
        user_id=None,
        username=f"step {attempt.step.name} of {attempt.execution_id}"[:64],
        workspace=attempt.execution.workspace,
        role=Role.EDITOR,
    )
    return SigningIdentity(secret=keys["AWS_SECRET_ACCESS_KEY"], actor=actor, session_token=keys["AWS_SESSION_TOKEN"])


def _derived(use: str, attempt_id: str, lease_token: int) -> str:
    mac = salted_hmac(f"clary.step-access.{use}", f"{attempt_id}:{lease_token}", algorithm="sha512")
    return base64.urlsafe_b64encode(mac.digest()).decode().rstrip("=")


def _lease_mark(lease_token: int) -> str:
    marks = []
    for _ in range(_LEASE_CHARACTERS):
        lease_token, position = divmod(lease_token, len(ALPHABET))
        marks.append(ALPHABET[position].upper())
    return "".join(marks)
