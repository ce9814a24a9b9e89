"""YAML as data."""

from typing import Any

import pytest

from roadstead.packaging import yamlsafe


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None),
        ("a: 1", {"a": 1}),
        ("on: yes", {True: True}),
        ("day: 2026-02-30", {"day": "2026-02-30"}),
        ("a: &x {b: 1}\nc: {<<: *x, d: 2}", {"a": {"b": 1}, "c": {"b": 1, "d": 2}}),
        ("a: &x 1\nb: *x", {"a": 1, "b": 1}),
        ("a: !!str 1", {"a": "1"}),
        ("\ufeffa: 1", {"a": 1}),
    ],
)
def test_what_is_read(text: str, value: Any) -> None:
    document = yamlsafe.load(text, "f")
    assert (document.value, document.problems) == (value, ())


@pytest.mark.parametrize(
    ("text", "code", "where"),
    [
        ("a: !!python/object/apply:os.system ['true']", "yaml_syntax", "1"),
        ("a: !custom 1", "yaml_syntax", "1"),
        ("a: 1\n---\nb: 1", "yaml_syntax", ""),
        ("a: *nothing", "yaml_aliases", "1"),
        ("? [a]\n: 1", "yaml_syntax", "1"),
        ("a: " + "9" * 5_000, "yaml_syntax", ""),
        ("a: \x00", "yaml_syntax", ""),
        ("a: \ud800", "yaml_syntax", ""),
        ("a: 1\nb: .inf", "yaml_syntax", "2"),
        ("a: -.Inf", "yaml_syntax", "1"),
        ("a: !!float nan", "yaml_syntax", "1"),
        ("a: !!int ''", "yaml_syntax", ""),
        ("a: !!bool x", "yaml_syntax", ""),
        ("a: !!timestamp soon", "yaml_syntax", ""),
        ("a: {b: 1, b: 2}\n\na: 3", "duplicate_key", "1"),
        ("<<: [" + "{a: 1}," * 60_000 + "]", "yaml_aliases", "1"),
    ],
)
def test_what_is_refused(text: str, code: str, where: str) -> None:
    problem = yamlsafe.load(text, "f").problems[0]
    assert (problem.code, problem.where) == (code, where)


@pytest.mark.parametrize("text", ['{"\\ud800": 1}', '{"a": ["\\udc00"]}', '{"a": 1', '{"a": %s}' % ("9" * 5_000)])
def test_json_that_could_not_be_stored_is_refused(text: str) -> None:
    assert [problem.code for problem in yamlsafe.load_json(text.encode(), "f").problems] == ["json_syntax"]


def test_every_double_key_is_told() -> None:
    found = yamlsafe.load("a: 1\nb: {c: 1, c: 2}\na: 2\n", "f").problems
    assert sorted((problem.where, problem.params["key"]) for problem in found) == [("2", "c"), ("3", "a")]


def test_a_small_text_never_becomes_large() -> None:
    merges = "a: &a {x: 1}\n" + "".join(
        f"k{n}: &k{n} {{<<: [{', '.join(['*' + before] * 9)}]}}\n" for n, before in enumerate(["a", *map("k{}".format, range(8))])
    )
    assert len(merges) < 600
    assert yamlsafe.load(merges, "f").problems[0].code == "yaml_aliases"
