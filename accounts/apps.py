from __future__ import annotations

from django.apps import AppConfig

from accounts.lean_imports import import_rest_framework


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        import_rest_framework()  # first of all rooms, so before anybody imports it with everything it can find
