"""What changed between two texts, line by line, in bounded time however large or strange they are."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

Mark = Literal["A", "M", "D"]
Kind = Literal["same", "added", "removed", "gap"]

# Work on one piece grows with the square of this; pieces that differ more are shown as replaced.
_MOST_EDITS = 200
_AROUND = 3

Pair = tuple[int, int]


@dataclass(frozen=True)
class Line:
    """One line of a difference with its numbers in both texts; a gap stands for `count` equal lines that are left out."""

    kind: Kind
    text: str = ""
    old: int = 0
    new: int = 0
    count: int = 0


def marks(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> dict[str, Mark]:
    """Return the files that were added, changed or removed."""
    found: dict[str, Mark] = {path: "D" for path in before if path not in after}
    for path, content in after.items():
        if path not in before:
            found[path] = "A"
        elif before[path] != content:
            found[path] = "M"
    return dict(sorted(found.items()))


def compare(before: str, after: str, *, around: int = _AROUND) -> list[Line]:
    """Return the difference of two texts, each change with some equal lines around it."""
    old, new = before.splitlines(), after.splitlines()
    return list(_shortened(list(_walk(old, new, matches(old, new))), around))


def matches(old: Sequence[str], new: Sequence[str]) -> list[Pair]:
    """Return the pairs of equal lines, rising on both sides.

    Lines that come once in both texts hold the pieces together (patience); what lies between them is compared edit by edit (Myers)
    up to a limit.
    """
    names: dict[str, int] = {}
    a = [names.setdefault(line, len(names)) for line in old]
    b = [names.setdefault(line, len(names)) for line in new]
    found: list[Pair] = []
    pieces = [(0, len(a), 0, len(b))]
    while pieces:
        low, high, below, above = pieces.pop()
        while low < high and below < above and a[low] == b[below]:
            found.append((low, below))
            low, below = low + 1, below + 1
        while low < high and below < above and a[high - 1] == b[above - 1]:
            high, above = high - 1, above - 1
            found.append((high, above))
        anchors = [(low + x, below + y) for x, y in _anchors(a[low:high], b[below:above])]
        if not anchors:
            found.extend((low + x, below + y) for x, y in _myers(a[low:high], b[below:above]))
            continue
        found.extend(anchors)
        ends = [(low - 1, below - 1), *anchors, (high, above)]
        pieces.extend((x + 1, u, y + 1, v) for (x, y), (u, v) in pairwise(ends) if x + 1 < u and y + 1 < v)
    return sorted(found)


def _anchors(a: Sequence[int], b: Sequence[int]) -> list[Pair]:
    """Return the longest rising row of pairs of lines that come once on each side."""
    left, right = Counter(a), Counter(b)
    places = {line: at for at, line in enumerate(b) if right[line] == 1}
    pairs = [(at, places[line]) for at, line in enumerate(a) if left[line] == 1 and line in places]
    tops: list[int] = []
    piles: list[int] = []
    previous: list[int] = []
    for index, (_, place) in enumerate(pairs):
        pile = bisect_left(tops, place)
        previous.append(piles[pile - 1] if pile else -1)
        tops[pile : pile + 1], piles[pile : pile + 1] = [place], [index]
    row, index = [], piles[-1] if piles else -1
    while index >= 0:
        row.append(pairs[index])
        index = previous[index]
    return row[::-1]


def _myers(a: Sequence[int], b: Sequence[int]) -> list[Pair]:
    """Return the pairs of a shortest edit of a piece, or none when that takes too many edits."""
    reach = {1: 0}
    steps: list[dict[int, int]] = []
    for edits in range(min(len(a) + len(b), _MOST_EDITS) + 1):
        steps.append(dict(reach))
        for diagonal in range(-edits, edits + 1, 2):
            x = _further(reach, diagonal, edits)
            while x < len(a) and x - diagonal < len(b) and a[x] == b[x - diagonal]:
                x += 1
            reach[diagonal] = x
            if x >= len(a) and x - diagonal >= len(b):
                return _back(steps, len(a), len(b))
    return []


def _further(reach: dict[int, int], diagonal: int, edits: int) -> int:
    """Return where a diagonal begins after one more edit: from above (added) or from the left (removed)."""
    added = diagonal == -edits or (diagonal != edits and reach[diagonal - 1] < reach[diagonal + 1])
    return reach[diagonal + 1] if added else reach[diagonal - 1] + 1


def _back(steps: list[dict[int, int]], x: int, y: int) -> list[Pair]:
    pairs: list[Pair] = []
    for edits, reach in reversed(list(enumerate(steps))):
        diagonal = x - y
        start = _further(reach, diagonal, edits) if edits else 0
        while x > start:
            x, y = x - 1, y - 1
            pairs.append((x, y))
        if edits:
            added = diagonal == -edits or (diagonal != edits and reach[diagonal - 1] < reach[diagonal + 1])
            x, y = (x, y - 1) if added else (x - 1, y)
    return pairs


def _walk(old: Sequence[str], new: Sequence[str], pairs: Sequence[Pair]) -> Iterator[Line]:
    x = y = 0
    for u, v in [*pairs, (len(old), len(new))]:
        yield from (Line("removed", old[at], at + 1, 0) for at in range(x, u))
        yield from (Line("added", new[at], 0, at + 1) for at in range(y, v))
        if u < len(old) and v < len(new):
            yield Line("same", old[u], u + 1, v + 1)
        x, y = u + 1, v + 1


def _shortened(lines: list[Line], around: int) -> Iterator[Line]:
    """Leave out equal lines that are far from any change."""
    kept = bytearray(len(lines))
    for at, line in enumerate(lines):
        if line.kind != "same":
            kept[max(0, at - around) : at + around + 1] = b"\1" * len(lines[max(0, at - around) : at + around + 1])
    left_out = 0
    for at, line in enumerate(lines):
        if kept[at] or not any(kept):
            if left_out:
                yield Line("gap", count=left_out)
            left_out = 0
            yield line
        else:
            left_out += 1
    if left_out:
        yield Line("gap", count=left_out)
