"""What the throw-away process does to itself before it touches anything of a stranger: limits, and no network."""

import contextlib
import ctypes
import os
import resource
import signal
import sys
from pathlib import Path

_MIB = 1024 * 1024
_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000
_PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS = 22, 38
_SECCOMP_MODE_FILTER = 2
_LOAD_WORD, _JUMP_IF_EQUAL, _JUMP_IF_AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _KILL, _DENY = 0x7FFF0000, 0x80000000, 0x00050000 | 13  # 13 = EACCES
_IO_URING_SETUP = 425
_X32_BIT = 0x40000000
# machine: (the kernel's name of the architecture, number of the call socket())
_MACHINES = {"x86_64": (0xC000003E, 41), "aarch64": (0xC00000B7, 198)}


class _Instruction(ctypes.Structure):
    _fields_ = [("code", ctypes.c_uint16), ("yes", ctypes.c_uint8), ("no", ctypes.c_uint8), ("k", ctypes.c_uint32)]


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_uint16), ("instructions", ctypes.POINTER(_Instruction))]


def set_limits(*, memory_mib: int) -> None:
    """Bound memory, files and core dumps. Go reserves 1.8 GB of addresses, so data is bounded, not addresses."""
    wanted = {
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_DATA: memory_mib * _MIB,
        resource.RLIMIT_FSIZE: 64 * _MIB,
        resource.RLIMIT_NOFILE: 256,
    }
    for limit, value in wanted.items():
        _lower(limit, value)


def limit_processor(seconds: int) -> None:
    """Bound the processor time, of which a part is used already."""
    _lower(resource.RLIMIT_CPU, seconds)


def _lower(limit: int, value: int) -> None:
    hard = resource.getrlimit(limit)[1]
    ceiling = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(limit, (ceiling, ceiling))


def cut_network() -> bool:
    """Take the network away from this process for good, and say whether that worked.

    A system-call filter refuses every new socket; it needs no privilege and works inside containers. Where the kernel or the machine
    has none, a network namespace without interfaces does the same. Call it while the process has one thread.
    """
    return sys.platform == "linux" and (_refuse_sockets() or _enter_empty_namespace())


def _refuse_sockets() -> bool:
    if os.uname().machine not in _MACHINES:
        return False
    architecture, socket_call = _MACHINES[os.uname().machine]
    steps = [
        (_LOAD_WORD, 0, 0, 4),  # the architecture of the call
        (_JUMP_IF_EQUAL, 1, 0, architecture),
        (_RETURN, 0, 0, _KILL),
        (_LOAD_WORD, 0, 0, 0),  # the number of the call
        (_JUMP_IF_AT_LEAST, 3, 0, _X32_BIT),
        (_JUMP_IF_EQUAL, 2, 0, socket_call),
        (_JUMP_IF_EQUAL, 1, 0, _IO_URING_SETUP),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _DENY),
    ]
    program = _Program(len(steps), (_Instruction * len(steps))(*(_Instruction(*step) for step in steps)))
    libc = ctypes.CDLL(None, use_errno=True)
    arguments = (ctypes.c_ulong(1), ctypes.c_ulong(0), ctypes.c_ulong(0), ctypes.c_ulong(0))
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, *arguments):
        return False
    return bool(libc.prctl(_PR_SET_SECCOMP, ctypes.c_ulong(_SECCOMP_MODE_FILTER), ctypes.byref(program)) == 0)


def _enter_empty_namespace() -> bool:
    libc = ctypes.CDLL(None, use_errno=True)
    return any(libc.unshare(flags) == 0 for flags in (_CLONE_NEWUSER | _CLONE_NEWNET, _CLONE_NEWNET))


def resident_mib() -> int:
    """Return the most memory that this program ever had resident, together with what the programs that it started had.

    `getrusage` would not do on Linux: its peak is inherited through `exec`, and a large server's child would seem large at once.
    """
    if sys.platform == "linux":
        return sum(_peak_kib(process) for process in ("self", *_children())) // 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // _MIB


def kill_children() -> None:
    """Kill what this program started."""
    for process in _children():
        with contextlib.suppress(ProcessLookupError):
            os.kill(int(process), signal.SIGKILL)


def _children() -> list[str]:
    """Return the numbers of the processes that this one started and that still run."""
    found: list[str] = []
    for children in Path("/proc/self/task").glob("*/children"):
        with contextlib.suppress(OSError):
            found += children.read_text().split()
    return found


def _peak_kib(process: str) -> int:
    with contextlib.suppress(OSError), Path(f"/proc/{process}/status").open(encoding="ascii") as status:
        return next((int(line.split()[1]) for line in status if line.startswith("VmHWM:")), 0)
    return 0
