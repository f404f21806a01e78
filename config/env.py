"""The environment, read once and typed. Imports no Django, so the supervisor can use it too."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit


class EnvironmentInvalid(Exception):
    """A variable that cannot be used. The message says what was expected and what came."""


def _text(value: str) -> str:
    return value


def _path(value: str) -> Path:
    return Path(value).expanduser().resolve()


def _port(value: str) -> int:
    if value.isdecimal() and 0 < int(value) < 65_536:
        return int(value)
    raise ValueError("a port between 1 and 65535")


def _count(value: str) -> int:
    if value.isdecimal() and 0 < int(value) <= 1_024:
        return int(value)
    raise ValueError("a whole number between 1 and 1024")


def _names(value: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in value.split(",") if part.strip())


def _networks(value: str) -> tuple[IPv4Network | IPv6Network, ...]:
    try:
        return tuple(ip_network(part) for part in _names(value))
    except ValueError:
        raise ValueError("addresses or networks separated by commas, such as 10.0.0.7, 192.0.2.0/24") from None


def _one_of(*choices: str) -> Callable[[str], str]:
    def read(value: str) -> str:
        if value in choices:
            return value
        raise ValueError("one of " + ", ".join(choices))

    return read


def _url(*schemes: str) -> Callable[[str], str]:
    def read(value: str) -> str:
        if urlsplit(value).scheme in schemes:
            return value
        raise ValueError("a URL that starts with " + ", ".join(f"{scheme}://" for scheme in schemes))

    return read


def _storage(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme == "file" and not parts.netloc and parts.path.startswith("/"):
        return value
    if parts.scheme == "s3":
        raise ValueError("a file:// URL, because this release keeps blobs in folders only")
    raise ValueError("a file:// URL with an absolute path, such as file:///srv/clary/blobs")


def _origin(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme in ("http", "https") and parts.hostname and parts.path in ("", "/") and not parts.query:
        return f"{parts.scheme}://{parts.netloc}"
    raise ValueError("an origin such as https://clary.example.org")


def variable(name: str, read: Callable[[str], Any], description: str, default: Any = None) -> Any:
    """A dataclass field filled from the variable `name`; None or `default` when it is unset or empty."""
    return field(default=default, metadata={"name": name, "read": read, "description": description})


# ruff: noqa: RUF009 - `variable` is dataclasses.field with a name
@dataclass(frozen=True, kw_only=True)
class Environment:
    """Every variable Clary reads. docs/reference/settings.md holds one row per field."""

    home: Path = variable("CLARY_HOME", _path, "Folder of all state, made with mode 0700.", Path(".clary").absolute())
    host: str = variable("CLARY_HOST", _text, "Address the web process listens on.", "127.0.0.1")
    port: int = variable("CLARY_PORT", _port, "Port the web process listens on.", 8000)
    public_url: str | None = variable(
        "CLARY_PUBLIC_URL",
        _origin,
        "Origin people type in their browser; set it behind a proxy. https turns secure cookies on.",
    )
    allowed_hosts: tuple[str, ...] = variable(
        "CLARY_ALLOWED_HOSTS", _names, "Further host names that are answered, separated by commas.", ()
    )
    trusted_proxies: tuple[IPv4Network | IPv6Network, ...] = variable(
        "CLARY_TRUSTED_PROXIES",
        _networks,
        "Proxies whose X-Forwarded-For is believed: limits then count by the client's address, not by the proxy's.",
        (),
    )
    artifact_origin: str | None = variable(
        "CLARY_ARTIFACT_ORIGIN", _origin, "A second origin that serves what steps wrote."
    )
    secret_key_file: Path | None = variable(
        "CLARY_SECRET_KEY_FILE",
        _path,
        "File of the signing key; CLARY_HOME/secret.key, made at the first start, when unset.",
    )
    database_url: str | None = variable(
        "DATABASE_URL",
        _url("postgres", "postgresql", "sqlite"),
        "Database; SQLite (WAL) in CLARY_HOME when unset.",
    )
    broker_url: str | None = variable(
        "CLARY_BROKER_URL",
        _url("redis", "rediss", "redis+socket", "valkey", "amqp", "amqps", "memory"),
        "Redis, Valkey or RabbitMQ; an embedded Valkey when unset.",
    )
    channel_url: str | None = variable(
        "CLARY_CHANNEL_URL",
        _url("redis", "rediss", "redis+socket", "unix", "valkey"),
        "Redis or Valkey that carries live hints; the broker when unset.",
    )
    storage_url: str | None = variable(
        "CLARY_STORAGE_URL",
        _storage,
        "Where blobs live: a file:// URL (s3:// is refused in this release); CLARY_HOME/blobs when unset.",
    )
    runner: str = variable(
        "CLARY_RUNNER", _one_of("auto", "process", "sandbox", "docker"), "What runs the steps.", "auto"
    )
    pool: str = variable("CLARY_POOL", _text, "Name of the worker pool this worker serves.", "default")
    workers: int | None = variable(
        "CLARY_WORKERS", _count, "Steps a worker runs side by side; the number of processors when unset."
    )
    region: str = variable("CLARY_REGION", _text, "Region in ARNs and signatures.", "us-east-1")
    sync: str = variable(
        "CLARY_SYNC", _one_of("normal", "full"), "SQLite durability; full survives a power cut too.", "normal"
    )

    @property
    def socket_folder(self) -> Path:
        """Folder of the private unix sockets, below CLARY_HOME."""
        return self.home / "run"


def variables() -> dict[str, str]:
    """Variable name → description, in reading order."""
    return {item.metadata["name"]: item.metadata["description"] for item in fields(Environment)}


def read_environment(environ: Mapping[str, str]) -> Environment:
    """The typed environment.

    Raises:
        EnvironmentInvalid: an unknown CLARY_* name (the nearest known one is suggested) or a value of the wrong kind.
    """
    known = variables()
    for name in sorted(environ):
        if name.startswith("CLARY_") and name not in known and name not in TOOLING:
            near = difflib.get_close_matches(name, known, n=1, cutoff=0.7)
            hint = f" Did you mean {near[0]}?" if near else f" Known names: {', '.join(known)}."
            raise EnvironmentInvalid(f"{name} is not a setting of Clary.{hint}")
    values: dict[str, Any] = {}
    for item in fields(Environment):
        given = environ.get(item.metadata["name"], "").strip()
        if not given:
            continue
        try:
            values[item.name] = item.metadata["read"](given)
        except ValueError as wrong:
            raise EnvironmentInvalid(f"{item.metadata['name']} must be {wrong}; it is {given!r}.") from None
    return Environment(**values)


#: Read by the scripts that build and test Clary, never by Clary itself.
TOOLING = frozenset({"CLARY_REQUIRE"})
