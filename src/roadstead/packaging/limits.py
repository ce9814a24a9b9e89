"""What an uploaded package may be. The operator's own limits have the same shape."""

from dataclasses import dataclass
from typing import Protocol

KIB = 1024
MIB = 1024 * KIB


class Limits(Protocol):
    """The figures that a check goes by."""

    @property
    def upload_bytes(self) -> int:
        """How large the file itself may be."""
        ...

    @property
    def unpacked_bytes(self) -> int:
        """How much all of its content may be."""
        ...

    @property
    def entries(self) -> int:
        """How many entries it may have, folders included."""
        ...

    @property
    def ratio(self) -> int:
        """How many times its own size it may unpack to."""
        ...

    @property
    def depth(self) -> int:
        """How many levels a path may have below the top folder."""
        ...


@dataclass(frozen=True)
class PackageLimits:
    """The ordinary limits."""

    upload_bytes: int = 16 * MIB
    unpacked_bytes: int = 256 * MIB
    entries: int = 2_000
    ratio: int = 50
    depth: int = 12


STANDARD = PackageLimits()
# For packages that were accepted before, under whatever limits the operator had set then.
HIGHEST = PackageLimits(upload_bytes=64 * MIB)
