"""What brings one tree to another: as few puts and deletes as possible, in transactions between which every host record is whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

# A record of a host is told by what stands in it: no reader may see one without its address.
ADDRESS = "ip"
RECORDS = frozenset({"hosts", "adding-hosts", "deleting-hosts", "vertical-scaling-hosts", "stopping-hosts", "starting-hosts"})
# `/clusters/<id>/hosts/<instance>/<field>`, and the empty one before the first slash.
SEGMENTS = 6
MOST_OPERATIONS = 128
MOST_BYTES = 1024 * 1024


@dataclass
class Change:
    """Keys to write and keys to remove, in one transaction."""

    puts: dict[str, str] = field(default_factory=dict)
    deletes: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.puts) + len(self.deletes)

    @property
    def size(self) -> int:
        """About so many bytes travel."""
        return sum(len(key) + len(value) for key, value in self.puts.items()) * 2 + sum(map(len, self.deletes)) * 2

    def add(self, other: Change) -> None:
        """Take another change into this one."""
        self.puts.update(other.puts)
        self.deletes.extend(other.deletes)


def difference(old: Mapping[str, str], new: Mapping[str, str]) -> Change:
    """Return what makes the new tree of the old one."""
    puts = {key: value for key, value in sorted(new.items()) if old.get(key) != value}
    return Change(puts, sorted(key for key in old if key not in new))


def transactions(change: Change, most: int = MOST_OPERATIONS) -> Iterator[Change]:
    """Split a change. Applied in order, between any two of them every host record is as it was before or as it will be."""
    waiting = Change()
    for piece in _pieces(change, most):
        if len(waiting) and (len(waiting) + len(piece) > most or waiting.size + piece.size > MOST_BYTES):
            yield waiting
            waiting = Change()
        waiting.add(piece)
    if len(waiting):
        yield waiting


def _pieces(change: Change, most: int) -> Iterator[Change]:
    """Yield what must not be parted: records of hosts, and every other key by itself; what is written comes before what is removed."""
    records: dict[str, Change] = {}
    single: list[Change] = []
    for key, value in change.puts.items():
        record = record_of(key)
        if record:
            records.setdefault(record, Change()).puts[key] = value
        else:
            single.append(Change({key: value}))
    gone: list[Change] = []
    for key in change.deletes:
        record = record_of(key)
        if record:
            records.setdefault(record, Change()).deletes.append(key)
        else:
            gone.append(Change({}, [key]))
    yield from single
    for record, piece in sorted(records.items(), key=lambda item: (not item[1].puts, item[0])):
        yield from _parted(record, piece, most)
    yield from gone


def record_of(key: str) -> str:
    """Return the host record that a key of `/clusters/<id>/hosts/[<role>/]<instance>/<field>` belongs to; empty for any other key."""
    segments = key.split("/")
    if len(segments) < SEGMENTS or segments[1] != "clusters" or segments[3] not in RECORDS:
        return ""
    return key.rpartition("/")[0]


def _parted(record: str, piece: Change, most: int) -> Iterator[Change]:
    """Yield a record whole; one that is too large for a transaction begins with its address, or ends with it when it goes."""
    if len(piece) <= most and piece.size <= MOST_BYTES:
        yield piece
        return
    address = f"{record}/{ADDRESS}"
    steps: list[tuple[bool, str]] = [(True, key) for key in sorted(piece.puts, key=lambda key: key != address)]
    steps += [(False, key) for key in sorted(piece.deletes, key=lambda key: key == address)]
    for writes, key in steps:
        yield Change({key: piece.puts[key]}) if writes else Change({}, [key])
