from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import User
from accounts.selectors import first_admin
from accounts.services.bootstrap import last_url
from accounts.services.logins import create_login_link


class Command(BaseCommand):
    help = "Print a link that logs a user in once (the owner when no user is named)."

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
        self.stdout.write(f"{last_url()}/?token={create_login_link(user=found)}")
