from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils.module_loading import import_string

from runs.listening import url_of
from runs.web import serve


class Command(BaseCommand):
    help = "Serves the studio, the API and the sockets."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default=settings.ENVIRONMENT.host)
        parser.add_argument("--port", type=int, default=settings.ENVIRONMENT.port)

    def handle(self, *args: Any, **options: Any) -> None:
        host, port = options["host"], options["port"]
        serve(
            import_string(settings.ASGI_APPLICATION),
            host=host,
            port=port,
            streamed=import_string(settings.STREAMED_BODIES),
            listening=lambda: self._say(host, port),
        )

    def _say(self, host: str, port: int) -> None:
        self.stdout.write(f"Listening on {url_of(host, port)}/")
        self.stdout.flush()
