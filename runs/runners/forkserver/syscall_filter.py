"""A seccomp filter for user code: no user namespaces, and none of the calls that reach past namespaces.

A user namespace would hand a step every capability again, within it, and with them much of the kernel that root alone
is meant to reach; keyrings, BPF, performance counters and userfaultfd are not kept apart by namespaces at all.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct
from dataclasses import dataclass

_NEWUSER = 0x10000000
_SET_MODE_FILTER = 1
#: Leave speculative execution as it is: turning mitigations on would slow the whole step down.
_SPEC_ALLOW = 1 << 2

_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _ERRNO = 0x7FFF0000, 0x00050000
_NUMBER, _ARCHITECTURE, _FIRST_ARGUMENT = 0, 4, 16  # offsets in struct seccomp_data, little endian
_X32 = 0x40000000


@dataclass(frozen=True)
class _Calls:
    """Numbers of one architecture: `refused` entirely, `flagged` where they ask for a user namespace."""

    audit: int
    seccomp: int
    clone3: int
    flagged: tuple[int, ...]  # unshare, clone
    refused: tuple[int, ...]  # add_key, request_key, keyctl, bpf, perf_event_open, userfaultfd


_CALLS = {
    "x86_64": _Calls(0xC000003E, 317, 435, (272, 56), (248, 249, 250, 321, 298, 323)),
    "aarch64": _Calls(0xC00000B7, 277, 435, (97, 220), (217, 218, 219, 280, 241, 282)),
}


def _instruction(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("HBBI", code, if_true, if_false, value)


def _program(calls: _Calls) -> bytes:
    refuse = _instruction(_RETURN, _ERRNO | errno.EPERM)
    absent = _instruction(_RETURN, _ERRNO | errno.ENOSYS)  # the C library then takes the older call
    parts = [
        _instruction(_LOAD, _ARCHITECTURE),
        _instruction(_EQUAL, calls.audit, 1, 0),
        absent,
        _instruction(_LOAD, _NUMBER),
        _instruction(_AT_LEAST, _X32, 0, 1),
        absent,
        _instruction(_EQUAL, calls.clone3, 0, 1),
        absent,
    ]
    for number in calls.refused:
        parts += [_instruction(_EQUAL, number, 0, 1), refuse]
    for number in calls.flagged:
        # Another call: on with the next. This one: refused with the flag, allowed without.
        parts += [
            _instruction(_EQUAL, number, 0, 4),
            _instruction(_LOAD, _FIRST_ARGUMENT),
            _instruction(_ANY_BIT, _NEWUSER, 0, 1),
            refuse,
            _instruction(_RETURN, _ALLOW),
        ]
    return b"".join([*parts, _instruction(_RETURN, _ALLOW)])


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_void_p)]


_calls = _CALLS.get(platform.machine())
_text = ctypes.create_string_buffer(_program(_calls)) if _calls else None
_libc = ctypes.CDLL(None, use_errno=True)


def refuse_calls() -> None:
    """From here on for this process and all it starts. Needs PR_SET_NO_NEW_PRIVS.

    On other architectures and on kernels without such filters nothing is refused; the namespaces hold as they did.
    """
    if _calls is None or _text is None:
        return
    program = _Program((len(_text) - 1) // 8, ctypes.addressof(_text))
    if _libc.syscall(_calls.seccomp, _SET_MODE_FILTER, _SPEC_ALLOW, ctypes.byref(program)) != 0:
        number = ctypes.get_errno()
        if number in (errno.ENOSYS, errno.EINVAL):
            return
        raise OSError(number, f"seccomp: {os.strerror(number)}")
