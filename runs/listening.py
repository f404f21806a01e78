"""The port: whether it can be listened on, who has it, and holding it. No Django here: the supervisor asks too."""

from __future__ import annotations

import errno
import socket
from contextlib import suppress
from pathlib import Path

_LISTENING = "0A"  # TCP_LISTEN in /proc/net/tcp
#: Connections that wait while nobody takes them.
_WAITING = 128


def url_of(host: str, port: int) -> str:
    """The address to open; one of the new kind stands in brackets."""
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


def why_not(host: str, port: int) -> str | None:
    """One sentence why nobody can listen there now, found out by trying; None when one can."""
    try:
        _bound(host, port).close()
    except socket.gaierror:
        return f"{host} is no address this machine knows. Choose another one with --host."
    except PermissionError:
        return f"Port {port} is only for root. Choose one from 1024 on with --port."
    except OSError as problem:
        if problem.errno == errno.EADDRNOTAVAIL:
            return f"{host} is no address of this machine. Choose another one with --host."
        return in_use(host, port)
    return None


class Door:
    """The port, held by the supervisor: whoever comes while the web process starts again waits for it.

    Its processes share what `number` names; closed for one, it is closed for all.
    """

    def __init__(self, host: str, port: int) -> None:
        """Raises: OSError."""
        self._socket = _bound(host, port)
        self._socket.setblocking(False)

    @property
    def number(self) -> int:
        return self._socket.fileno()

    def open(self) -> None:
        self._socket.listen(_WAITING)

    def close(self) -> None:
        """From now on connections are refused, whichever process still has the number."""
        with suppress(OSError):  # it was never opened, or is closed
            self._socket.shutdown(socket.SHUT_RD)
        self._socket.close()


def _bound(host: str, port: int) -> socket.socket:
    wanted = socket.AF_INET6 if ":" in host else socket.AF_INET
    host = "127.0.0.1" if host == "localhost" else host  # RFC 6761: whatever a name server says, or none that knows it
    family, kind, protocol, _, address = socket.getaddrinfo(
        host, port, wanted, socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    made = socket.socket(family, kind, protocol)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind(address)
    except OSError:
        made.close()
        raise
    return made


def in_use(host: str, port: int) -> str:
    """One sentence: who has the port, and the way out."""
    holder = _holder(port)
    asked = f"`ss -ltnp 'sport = :{port}'` as root says by whom"
    by = f" by {holder[1]} (process {holder[0]})" if holder else f" ({asked})"
    return f"Port {port} on {host} is in use{by}: stop that, or choose another port with --port."


def _holder(port: int) -> tuple[int, str] | None:
    """(process id, name) of who listens on the port; None where that is not ours to see."""
    wanted = {f"socket:[{inode}]" for inode in _listeners(port)}
    if not wanted:
        return None
    for process in Path("/proc").iterdir():
        if not process.name.isdecimal():
            continue
        with suppress(OSError):  # it ended, or belongs to somebody else
            for descriptor in (process / "fd").iterdir():
                with suppress(OSError):
                    if str(descriptor.readlink()) in wanted:
                        return int(process.name), (process / "comm").read_text().strip()
    return None


def _listeners(port: int) -> list[str]:
    """Inode numbers of the sockets that listen on the port."""
    found: list[str] = []
    for table in ("tcp", "tcp6"):
        with suppress(OSError):
            for line in Path("/proc/net", table).read_text().splitlines()[1:]:
                words = line.split()
                if words[3] == _LISTENING and int(words[1].rpartition(":")[2], 16) == port:
                    found.append(words[9])
    return found
