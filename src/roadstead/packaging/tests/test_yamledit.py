"""Answers are written into the YAML that an author wrote; nothing else of it changes."""

from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from roadstead.packaging import yamledit, yamlsafe

TEXT = """\
# Everything about the site
replicas: 1  # one is enough
image:
  tag: '1.2'   # fixed
  pull:
names:
  - a
  # the second
  - b

# Below: the database
db: {host: x, port: 3306}
empty: {}
words: |
  first
  second
last: no-newline"""


@pytest.mark.parametrize(
    ("tree", "before", "after"),
    [
        ({"replicas": 3}, "replicas: 1  #", "replicas: 3  #"),
        ({"image": {"tag": "2.0"}}, "tag: '1.2'   # fixed", "tag: '2.0'   # fixed"),
        ({"image": {"pull": "Always"}}, "  pull:\n", "  pull: Always\n"),
        ({"image": {"name": "demo # x"}}, "  pull:\n", "  pull:\n  name: 'demo # x'\n"),
        ({"names": ["c", "d"]}, "  - a\n  # the second\n  - b\n", "  - c\n  - d\n"),
        ({"names": []}, "names:\n  - a\n  # the second\n  - b\n", "names: []\n"),
        ({"db": {"port": 3307}}, "{host: x, port: 3306}", "{host: x, port: 3307}"),
        ({"empty": {"a": {"b": True}}}, "empty: {}", "empty: {a: {b: true}}"),
        ({"words": "first\nthird\n"}, "|\n  first\n  second\n", '"first\\nthird\\n"\n'),
        ({"last": "1e3"}, "last: no-newline", 'last: "1e3"'),
        ({"new": {"deep": 1}}, "last: no-newline", "last: no-newline\nnew:\n  deep: 1"),
        ({"last": None}, "last: no-newline", "last: null"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_one_place_changes_and_nothing_else(tree: dict[str, Any], before: str, after: str) -> None:
    assert TEXT.count(before) == 1
    assert yamledit.changed(TEXT, tree) == TEXT.replace(before, after)


def test_several_answers_at_once_are_all_there() -> None:
    tree = {"replicas": 2, "image": {"tag": "3"}, "names": ["x"], "fresh": "y"}
    edited = yamledit.changed(TEXT, tree)
    assert yaml.safe_load(edited) == yamledit.merged(yaml.safe_load(TEXT), tree)
    assert {"# Everything about the site", "# one is enough", "# Below: the database"} <= {
        f"# {line.partition('# ')[2]}" for line in edited.splitlines()
    }


@pytest.mark.parametrize("text", ["", "# only a word\n", "# only a word"])
def test_a_text_that_says_nothing_keeps_its_comments(text: str) -> None:
    edited = yamledit.changed(text, {"a": {"b": 2}})
    assert yaml.safe_load(edited) == {"a": {"b": 2}}
    assert edited.startswith(text)


def test_what_other_places_use_too_is_written_out() -> None:
    text = "base: &shared\n  size: 1\nfirst: *shared\nsecond: &number 5\nthird: *number\n"
    for tree in ({"first": {"size": 2}}, {"second": 6}):
        edited = yamledit.changed(text, tree)
        assert yaml.safe_load(edited) == yamledit.merged(yaml.safe_load(text), tree)


SCALARS = st.none() | st.booleans() | st.integers() | st.text("a1e:# -'\"\n{[&*!|>%@,yn0x.\u00e9\u535a\U0001f6a2", max_size=8)
KEYS = st.text("abcdefg-", min_size=1, max_size=3)
VALUES = st.recursive(SCALARS | st.lists(SCALARS, max_size=3), lambda inner: st.dictionaries(KEYS, inner, max_size=4), max_leaves=12)
MAPPINGS = st.dictionaries(KEYS, VALUES, max_size=4)


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(before=MAPPINGS, tree=MAPPINGS, flow=st.sampled_from([None, True, False]))
def test_whatever_was_there_the_answers_hold_afterwards(before: dict[str, Any], tree: dict[str, Any], flow: bool | None) -> None:
    text = yaml.safe_dump(before, default_flow_style=flow, allow_unicode=True, sort_keys=False)
    read = yamlsafe.load(text, "").value
    edited = yamledit.changed(text, tree)
    assert repr(yamlsafe.load(edited, "").value) == repr(yamledit.merged(read, tree))
