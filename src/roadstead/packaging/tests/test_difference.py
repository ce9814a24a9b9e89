"""Differences: right for every pair of texts, readable for usual ones, and quick for strange ones."""

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roadstead.packaging.difference import Line, compare, marks, matches

LINES = st.lists(st.sampled_from(["a", "b", "c", "", "x: 1", "y: 2"]), max_size=40)


def told(before: str, after: str) -> list[str]:
    signs = {"same": " ", "added": "+", "removed": "-"}
    return [f"… {line.count}" if line.kind == "gap" else signs[line.kind] + line.text for line in compare(before, after, around=1)]


def test_files_are_marked() -> None:
    before = {"Chart.yaml": b"1", "values.yaml": b"1", "old.yaml": b""}
    after = {"Chart.yaml": b"2", "values.yaml": b"1", "new.yaml": b""}
    assert marks(before, after) == {"Chart.yaml": "M", "new.yaml": "A", "old.yaml": "D"}
    assert marks(after, after) == {}


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("a\nb\nc", "a\nb\nc", [" a", " b", " c"]),
        ("", "a\nb", ["+a", "+b"]),
        ("a\nb", "", ["-a", "-b"]),
        ("a\nb\nc\nd\ne", "a\nb\nC\nd\ne", ["… 1", " b", "-c", "+C", " d", "… 1"]),
        ("a: 1\nb: 1\nc: 1", "c: 1\na: 1\nb: 1", ["+c: 1", " a: 1", " b: 1", "-c: 1"]),
        ("x\nx\nx\ny", "x\nx\ny\ny", ["… 1", " x", "-x", "+y", " y"]),
    ],
)
def test_differences_are_told(before: str, after: str, expected: list[str]) -> None:
    assert told(before, after) == expected


def test_numbers_name_the_lines_of_both_texts() -> None:
    assert compare("a\nb", "a\nc\nb", around=0) == [Line("gap", count=1), Line("added", "c", 0, 2), Line("gap", count=1)]


@given(LINES, LINES)
def test_both_texts_can_be_read_back(old: list[str], new: list[str]) -> None:
    lines = compare("\n".join(old) + "\n", "\n".join(new) + "\n", around=1_000)
    assert [line.text for line in lines if line.kind != "added"] == (old or [""])
    assert [line.text for line in lines if line.kind != "removed"] == (new or [""])


@given(LINES, LINES)
def test_pairs_rise_on_both_sides(old: list[str], new: list[str]) -> None:
    pairs = matches(old, new)
    assert all(old[x] == new[y] for x, y in pairs)
    assert all(x < u and y < v for (x, y), (u, v) in pairwise(pairs))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("x\n" * 20_000, "y\n" * 20_000),
        ("x\ny\n" * 10_000, "y\nz\nx\n" * 7_000),
        ("".join(f"{n % 997}\n" for n in range(20_000)), "".join(f"{n * 7 % 997}\n" for n in range(20_000))),
        ("".join(f"{n}\n" for n in range(20_000)), "".join(f"{n}\n" for n in reversed(range(20_000)))),
    ],
)
def test_strange_texts_take_bounded_time(before: str, after: str) -> None:
    started = time.process_time()
    assert compare(before, after)
    assert time.process_time() - started < 3
