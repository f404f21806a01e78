"""Logging in: by one-time link or by password."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib.auth.hashers import check_password as hash_matches
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.actors import Actor
from accounts.errors import (
    CredentialsWrong,
    CurrentPasswordNeeded,
    CurrentPasswordWrong,
    LinkUnusable,
    PasswordTooWeak,
    TooManyAttempts,
)
from accounts.models import LoginFailure, LoginLink, User
from accounts.secrets import digest, new_token
from accounts.selectors import actor_for_user

LINK_LIFETIME = timedelta(hours=24)
WINDOW = timedelta(minutes=15)
FAILURES_PER_ACCOUNT_AND_ADDRESS = 5
#: Looser, because a whole office may share one address.
FAILURES_PER_ADDRESS = 100
#: How long after a one-time link a lost password may be replaced.
LINK_FRESHNESS = timedelta(minutes=15)


def create_login_link(*, user: User, lifetime: timedelta = LINK_LIFETIME) -> str:
    """The token of a link that logs `user` in once within `lifetime`. Used and expired links are cleared away."""
    token, now = new_token(), timezone.now()
    with transaction.atomic():
        LoginLink.objects.filter(expires_at__lt=now - LINK_LIFETIME).delete()
        LoginLink.objects.create(user=user, digest=digest(token), expires_at=now + lifetime)
    return token


def redeem_login_link(*, token: str) -> User:
    """The user of the link, which is used up.

    Raises:
        LinkUnusable: unknown, used or too old. Of two simultaneous callers one gets this.
    """
    now = timezone.now()
    with transaction.atomic():
        found = LoginLink.objects.filter(digest=digest(token), expires_at__gt=now, user__is_active=True)
        link = found.select_related("user").first()
        if link is None or not LoginLink.objects.filter(pk=link.pk, used_at__isnull=True).update(used_at=now):
            raise LinkUnusable()
        _record_login(link.user, "link")
    return link.user


def log_in_with_password(*, username: str, password: str, address: str) -> User:
    """The user, when the password is right.

    An attempt is counted before it is checked, so attempts side by side cannot pass the throttle together.

    Raises:
        TooManyAttempts: 5 failures of this account from this address, or 100 from this address, in 15 minutes. Other
            accounts and other addresses go on.
        CredentialsWrong: otherwise; takes as long for an unknown user as for a wrong password.
    """
    username, address = username[:64], address[:45]
    attempt = _count_attempt(username, address)
    user = User.objects.filter(username=username, is_active=True).first()
    if user is None or not user.has_usable_password():
        make_password(password)
        raise CredentialsWrong()
    if not hash_matches(password, user.password):
        raise CredentialsWrong()
    with transaction.atomic():
        attempt.delete()
        _record_login(user, "password")
    return user


def set_password(
    *,
    actor: Actor,
    password: str,
    current: str | None = None,
    link_used_at: datetime | None = None,
    address: str = "",
) -> User:
    """The actor's user with a new password. Every other session of theirs ends.

    Where a password is set it takes the `current` one, so that a session left open is not enough to take the account
    over; a session that a one-time link opened at `link_used_at` may do without it for a quarter of an hour.

    Raises:
        CurrentPasswordNeeded, CurrentPasswordWrong: as they say.
        TooManyAttempts: wrong current passwords count as failed logins from `address`.
        PasswordTooWeak: shorter than 10 characters, common, or digits only.
    """
    fresh = link_used_at is not None and timezone.now() - link_used_at < LINK_FRESHNESS
    if not fresh:
        _prove_password(User.objects.get(pk=actor.person_id), current, address)
    with transaction.atomic():
        user = User.objects.select_for_update().get(pk=actor.person_id)
        try:
            validate_password(password, user)
        except ValidationError as weak:
            raise PasswordTooWeak(pointer="/password", reason=" ".join(weak.messages)) from None
        user.set_password(password)
        user.save(update_fields=["password"])
        audit.record(actor, "set-password", user.username)
    return user


def _prove_password(user: User, current: str | None, address: str) -> None:
    if not user.has_usable_password():
        return
    if not current:
        minutes = int(LINK_FRESHNESS.total_seconds() // 60)
        raise CurrentPasswordNeeded(pointer="/current_password", minutes=minutes)
    attempt = _count_attempt(user.username, address[:45])
    if not hash_matches(current, user.password):
        raise CurrentPasswordWrong(pointer="/current_password")
    attempt.delete()


def _count_attempt(username: str, address: str) -> LoginFailure:
    now = timezone.now()
    since = now - WINDOW
    with transaction.atomic():
        LoginFailure.objects.filter(at__lt=since).delete()
        failures = LoginFailure.objects.filter(address=address, at__gte=since).order_by("at")
        everyone = list(failures.values_list("username", "at"))
        mine = [at for name, at in everyone if name == username]
        all_of_them = [at for _, at in everyone]
        blocking = _blocking(mine, FAILURES_PER_ACCOUNT_AND_ADDRESS) + _blocking(all_of_them, FAILURES_PER_ADDRESS)
        if blocking:
            wait = int((max(blocking) + WINDOW - now).total_seconds()) + 1
            raise TooManyAttempts(retry_after_seconds=max(wait, 1))
        return LoginFailure.objects.create(username=username, address=address, at=now)


def _blocking(failures: list[datetime], limit: int) -> list[datetime]:
    """The failure, oldest first, that has to be forgotten before there are fewer than `limit`."""
    return failures[len(failures) - limit :][:1] if len(failures) >= limit else []


def _record_login(user: User, how: str) -> None:
    actor = actor_for_user(user.pk)
    if actor is not None:
        audit.record(actor, "log-in", user.username, {"how": how})
