"""A real web process over the tests' own database, and boto3 clients for it."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import boto3
from botocore.config import Config
from django.conf import settings
from django.db import connection

from accounts.actors import Actor
from accounts.services.tokens import create_access_key
from tests.installation import free_port

ROOT = Path(__file__).resolve().parents[2]
REGION = "us-east-1"


class AwsServer:
    """`manage.py web`; what a committed test transaction wrote, it sees."""

    def __init__(self) -> None:
        self.port = free_port()
        self.endpoint = f"http://127.0.0.1:{self.port}/aws"
        environ = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
        environ |= {"CLARY_HOME": str(settings.CLARY_HOME), "CLARY_PORT": str(self.port)}
        environ.setdefault("CLARY_BROKER_URL", "memory://")  # nobody listens; the tests run what waits themselves
        name = connection.settings_dict["NAME"]
        if connection.vendor == "sqlite":
            environ["DATABASE_URL"] = f"sqlite:///{name}"
        else:
            environ["DATABASE_URL"] = urlsplit(environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()
        self.log = Path(settings.CLARY_HOME) / f"web-{self.port}.log"
        with self.log.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, str(ROOT / "manage.py"), "web", "--port", str(self.port)],
                cwd=ROOT,
                env=environ,
                stdout=output,
                stderr=output,
            )
        self._wait()

    def close(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(10)

    def client(self, service: str, actor: Actor | None = None, **options: Any) -> Any:
        """A boto3 client with a fresh key of `actor`, or with the keys among the options."""
        config = Config(retries={"max_attempts": 0}, **options.pop("config", {}))
        if actor is not None:
            row, secret = create_access_key(actor=actor)
            options |= {"aws_access_key_id": row.access_key_id, "aws_secret_access_key": secret}
        options = {"endpoint_url": self.endpoint, "region_name": REGION, **options}
        return boto3.session.Session().client(service, config=config, **options)

    def _wait(self) -> None:
        deadline = time.monotonic() + 30
        while True:
            with contextlib.suppress(urllib.error.URLError, ConnectionError):
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health/live", timeout=2).close()
                return
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.process.kill()
                raise AssertionError(self.log.read_text(errors="replace"))
            time.sleep(0.05)
