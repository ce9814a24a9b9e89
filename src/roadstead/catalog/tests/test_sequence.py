"""The order of versions follows semantic versioning; what can't be read comes first."""

from functools import cmp_to_key

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roadstead.catalog.sequence import sequence_of

LADDER = [
    *("nightly", "0.9.0", "1.0.0-1", "1.0.0-10", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta.2", "1.0.0-beta.11"),
    *("1.0.0-rc.1", "1.0.0", "1.0.1", "1.9.0", "1.10.0", "v2", "10.0"),
]

# Small numbers beside large ones, so that versions often agree in their first parts.
numbers = st.one_of(st.integers(0, 2), st.integers(0, 10**8))
triples = st.tuples(numbers, numbers, numbers)
identifiers = st.one_of(st.integers(0, 10**12).map(str), st.sampled_from(["a", "a-", "alpha", "rc", "-", "A1", "9a"]))
versions = st.tuples(triples, st.lists(identifiers, max_size=3))


def test_the_ladder_of_the_specification() -> None:
    shuffled = LADDER[::2] + LADDER[1::2]
    assert sorted(shuffled, key=sequence_of) == LADDER


def text_of(version: tuple[tuple[int, int, int], list[str]]) -> str:
    triple, prerelease = version
    return ".".join(map(str, triple)) + (f"-{'.'.join(prerelease)}" if prerelease else "")


def by_the_rules(one: tuple[tuple[int, int, int], list[str]], other: tuple[tuple[int, int, int], list[str]]) -> int:
    """Compare two versions as semver.org, section 11, says."""
    if one[0] != other[0]:
        return -1 if one[0] < other[0] else 1
    if not one[1] or not other[1]:
        return (not one[1]) - (not other[1])
    keys = [[(0, int(part), "") if part.isdigit() else (1, 0, part) for part in version[1]] for version in (one, other)]
    return (keys[0] > keys[1]) - (keys[0] < keys[1])


@given(st.lists(st.tuples(st.just((1, 0, 0)), st.lists(identifiers, max_size=3)) | versions, max_size=8))
def test_sorted_as_semver_says(found: list[tuple[tuple[int, int, int], list[str]]]) -> None:
    expected = sorted(found, key=cmp_to_key(by_the_rules))
    sorted_texts = sorted((text_of(version) for version in found), key=sequence_of)
    assert [sequence_of(text) for text in sorted_texts] == [sequence_of(text_of(version)) for version in expected]


@given(triples)
def test_a_release_comes_after_its_prereleases(triple: tuple[int, int, int]) -> None:
    name = ".".join(map(str, triple))
    assert sequence_of(f"{name}-rc.1") < sequence_of(name) < sequence_of(f"{triple[0] + 1}")


@pytest.mark.parametrize("name", ["1.2.3 [build 5]", "v1.2.3", "1.2.3+metadata"])
def test_what_follows_the_number_does_not_count(name: str) -> None:
    assert sequence_of(name) == sequence_of("1.2.3")


@given(st.text(max_size=200))
def test_no_name_is_too_strange(name: str) -> None:
    assert len(sequence_of(name)) <= 120
