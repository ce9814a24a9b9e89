"""What the throw-away process does to itself before it touches anything of a stranger: limits, and no network."""

import ctypes
import platform
import resource
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


def set_limits(*, memory_mib: int, cpu_seconds: int) -> None:
    """Bound memory, CPU, files and core dumps. Go reserves 1.8 GB of addresses, so data is bounded, not addresses."""
    wanted = {
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_CPU: cpu_seconds,
        resource.RLIMIT_DATA: memory_mib * _MIB,
        resource.RLIMIT_FSIZE: 64 * _MIB,
        resource.RLIMIT_NOFILE: 256,
    }
    for limit, value in wanted.items():
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
    if platform.machine() not in _MACHINES:
        return False
    architecture, socket_call = _MACHINES[platform.machine()]
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
    """Return the most memory that this program ever had resident.

    `getrusage` would not do on Linux: its peak is inherited through `exec`, and a large server's child would seem large at once.
    """
    if sys.platform == "linux":
        with Path("/proc/self/status").open(encoding="ascii") as status:
            peak = next(line for line in status if line.startswith("VmHWM:"))
        return int(peak.split()[1]) // 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // _MIB
