from __future__ import annotations

import shlex
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import User
from accounts.selectors import actor_for_user, first_admin
from accounts.services.aws_environment import aws_environment


class Command(BaseCommand):
    help = (
        'Print what a shell needs so that the AWS SDKs talk to this installation: eval "$(python manage.py aws_env)". '
        "Another user than the owner gets a new access key at each call."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("user", nargs="?", help="user name")

    def handle(self, *args: Any, user: str | None = None, **options: Any) -> None:
        found = User.objects.filter(username=user, is_active=True).first() if user else first_admin()
        if found is None:
            raise CommandError(
                f"There is no user {user!r}."
                if user
                else "There is no user yet; `python manage.py up` makes the owner."
            )
        actor = actor_for_user(found.pk)
        if actor is None:
            raise CommandError(f"{found.username} is a member of no workspace.")
        environment = aws_environment(actor=actor)
        for name, value in environment.variables.items():
            self.stdout.write(f"export {name}={shlex.quote(value)}")
        self.stdout.write(f"# A role ARN for scripts that must name one: {environment.role_arn}")
        if environment.made_key is not None:
            self.stderr.write(f"Made the access key {environment.made_key} for {found.username}.")
