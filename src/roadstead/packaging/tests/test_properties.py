"""Whatever the bytes are, the readers answer with files or problems, never with an exception."""

import gzip
import string
import tarfile
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roadstead.core.problems import Problem
from roadstead.packaging import archive, schema, yamlsafe
from roadstead.packaging.chart import read
from roadstead.packaging.factories import CHART, chart, entry, tar, tar_of, tbz, zipped
from roadstead.packaging.limits import STANDARD

LIMITS = replace(STANDARD, unpacked_bytes=1024 * 1024, entries=50)
GOOD = [tar(CHART), chart(), tbz(CHART), zipped(CHART)]
KINDS = [tarfile.REGTYPE, tarfile.DIRTYPE, tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE, b"S", b"Z"]
NAMES = st.lists(st.sampled_from([*"aA.\\/é中:\0\n", "../", "e\u0301", "\udcff"]), min_size=1, max_size=30).map("".join)
PIECES = [*string.printable, "&a ", "*a ", "<<: ", "- ", "? ", ": ", "\n  ", "!!set ", "!!binary ", "---\n", "\ufeff", "中"]
YAMLISH = st.lists(st.sampled_from(PIECES), max_size=200).map("".join)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=20,
)
WORDS = [
    "type",
    "properties",
    "patternProperties",
    "pattern",
    "$ref",
    "enum",
    "items",
    "allOf",
    "minimum",
    "required",
    "$id",
    "uniqueItems",
]
SCHEMAS = st.dictionaries(st.sampled_from(WORDS), JSON, max_size=4)


def sound(contents: archive.Contents) -> None:
    """Nothing leaves the package, and there is nothing without a reason."""
    assert all(isinstance(problem, Problem) and problem.message for problem in contents.problems)
    for path in contents.files:
        assert not path.startswith("/")
        assert not {"..", ".", ""} & set(path.split("/"))
    assert contents.files or contents.problems
    assert sum(map(len, contents.files.values())) <= LIMITS.unpacked_bytes


@given(st.sampled_from([b"", b"\x1f\x8b\x08", b"BZh9", b"PK\x03\x04", bytes(257) + b"ustar\x0000"]), st.binary(max_size=600))
def test_any_bytes(start: bytes, rest: bytes) -> None:
    sound(archive.read(start + rest, LIMITS))


@given(
    st.sampled_from(GOOD), st.lists(st.tuples(st.integers(0, 20_000), st.integers(0, 255)), min_size=1, max_size=8), st.integers(0, 4_000)
)
def test_a_damaged_archive(good: bytes, damage: list[tuple[int, int]], cut: int) -> None:
    data = bytearray(good)
    for place, value in damage:
        data[place % len(data)] = value
    sound(archive.read(bytes(data[: len(data) - cut if cut < len(data) else None]), LIMITS))


@given(st.binary(max_size=2_000))
def test_damage_below_the_compression(noise: bytes) -> None:
    plain = tar(CHART)
    sound(archive.read(gzip.compress(plain[:700] + noise + plain[700:], 1), LIMITS))


@given(st.lists(st.tuples(NAMES, st.sampled_from(KINDS), st.binary(max_size=20)), min_size=1, max_size=6))
def test_any_names_and_kinds(members: list[tuple[str, bytes, bytes]]) -> None:
    entries = [(entry(name.replace("\0", "_"), kind, "x"), content if kind == tarfile.REGTYPE else b"") for name, kind, content in members]
    sound(archive.read(tar_of(entries), LIMITS))


@given(YAMLISH | st.text(max_size=200))
def test_any_yaml(text: str) -> None:
    document = yamlsafe.load_all(text, "f")
    assert isinstance(document.value, list) != bool(document.problems)


@given(st.binary(max_size=200) | JSON.map(lambda value: repr(value).encode()))
def test_any_json(data: bytes) -> None:
    document = yamlsafe.load_json(data, "f")
    assert not (document.value and document.problems)


@given(SCHEMAS, JSON)
def test_any_schema(wanted: dict[str, object], values: object) -> None:
    if not schema.problems_in(wanted, "f"):
        assert all(problem.message for problem in schema.check(wanted, values, "f"))


@pytest.mark.parametrize("name", ["Chart.yaml", "values.yaml", "requirements.yaml", "values.schema.json"])
@given(content=st.binary(max_size=100) | YAMLISH.map(lambda text: text.encode("utf-8", "replace")))
@settings(max_examples=50)
def test_any_file_of_a_chart(name: str, content: bytes) -> None:
    files = {path: text.encode() for path, text in CHART.items()}
    found = read({**files, name: content}, LIMITS)
    assert all(problem.message for problem in found.problems)
