"""Which Host headers are answered. Anything else may be a DNS rebinding attack."""

from __future__ import annotations

from urllib.parse import urlsplit

from config.env import Environment

LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
EVERYWHERE = ("0.0.0.0", "::", "")


def allowed_hosts(environment: Environment) -> list[str]:
    """Loopback names, the address we bind, the public URL's host, and CLARY_ALLOWED_HOSTS."""
    hosts = [*LOOPBACK]
    if environment.host not in EVERYWHERE:
        hosts.append(f"[{environment.host}]" if ":" in environment.host else environment.host)
    for origin in (environment.public_url, environment.artifact_origin):
        if origin and (name := urlsplit(origin).hostname):
            hosts.append(name)
    return list(dict.fromkeys([*hosts, *environment.allowed_hosts]))
