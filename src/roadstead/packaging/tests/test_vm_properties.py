"""Answers that keep the rules make a cluster, each that breaks one is named, and nothing strange is an exception."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roadstead.packaging import services
from roadstead.packaging.factories import CLUSTER, VM, vm
from roadstead.packaging.vm import checking, config, metadata, words
from roadstead.packaging.vm.answers import answer
from roadstead.packaging.vm.building import document_of
from roadstead.packaging.vm.items import Item, compiled

PACKAGE = services.open_vm(vm())
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
NODE = st.fixed_dictionaries(
    {},
    optional={
        "cpu": st.sampled_from([1, 2, 4, 8]),
        "memory": st.sampled_from([1024, 2048, 4096]),
        "count": st.integers(1, 5),
        "volume_size": st.integers(1, 10).map(lambda tens: tens * 10),
    },
)
PARAMETERS = st.fixed_dictionaries(
    {"password": TEXT.filter(bool)},
    optional={
        "port": st.integers(1024, 65535),
        "title": st.text("abcxyz", min_size=1, max_size=9),
        "ratio": st.floats(0, 1),
        "modules": st.lists(st.sampled_from("abc"), max_size=3, unique=True),
        "debug": st.booleans(),
    },
)
ANSWERS = st.builds(
    lambda name, description, node, parameters: {
        "cluster": {"name": name, "description": description, "db": node},
        "env": {"db": parameters},
    },
    st.text("abc-", min_size=1, max_size=50),
    TEXT,
    NODE,
    PARAMETERS,
)
BREAKS: list[tuple[str, str, Any]] = [
    ("cluster.db.cpu", "not_in_range", 3),
    ("cluster.db.cpu", "not_integer", 1.5),
    ("cluster.db.memory", "not_integer", "1024"),
    ("cluster.db.count", "below_min", 0),
    ("cluster.db.count", "above_max", 6),
    ("cluster.db.volume_size", "not_on_step", 15),
    ("cluster.name", "required", ""),
    ("cluster.other", "unknown_key", 1),
    ("env.db.port", "below_min", -1),
    ("env.db.title", "pattern_mismatch", "UP"),
    ("env.db.title", "not_string", ["a"]),
    ("env.db.ratio", "above_max", 1.01),
    ("env.db.ratio", "not_number", "1"),
    ("env.db.modules", "not_in_range", ["d"]),
    ("env.db.debug", "not_boolean", 0),
    ("env.db.password", "required", ""),
]
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-3, 300)
    | st.floats(allow_nan=False)
    | st.sampled_from(["", "db", "array", "docker", "/data", "env.port"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(sorted({"nodes", "role", "key", "type"})), inner, max_size=3)
    ),
    max_leaves=10,
)
FIELDS = [
    "name",
    "description",
    "subnet",
    "nodes",
    "env",
    "links",
    "endpoints",
    "monitor",
    "health_check",
    "display_tabs",
    "advanced_actions",
]
ROLE_FIELDS = [
    "role",
    "container",
    "count",
    "replica",
    "volume",
    "services",
    "env",
    "monitor",
    "health_check",
    "server_id_upper_bound",
    "loadbalancer",
]


@given(ANSWERS)
def test_good_answers_are_accepted_and_make_a_cluster(answers: dict[str, Any]) -> None:
    found = services.vm_answers(PACKAGE, answers)
    assert found.problems == ()
    document = services.vm_document(PACKAGE, answers)
    node, parameters = answers["cluster"]["db"], answers["env"]["db"]
    (role,) = document.roles
    assert (document.name, document.description) == (answers["cluster"]["name"], answers["cluster"]["description"])
    assert (role.count, role.cpu, role.memory) == (node.get("count", 1), node.get("cpu", 1), node.get("memory", 1024))
    assert role.volume
    assert role.volume.size == node.get("volume_size", 10)
    assert role.env["password"] == parameters["password"]
    assert document.endpoints["db"].port == parameters.get("port", 5432)


@given(ANSWERS, st.sampled_from(BREAKS))
def test_each_single_break_is_named(answers: dict[str, Any], broken: tuple[str, str, Any]) -> None:
    path, code, value = broken
    branch = answers
    *steps, last = path.split(".")
    for step in steps:
        branch = branch[step]
    branch[last] = value
    found = services.vm_answers(PACKAGE, answers)
    assert [(problem.code, problem.where) for problem in found.problems] == [(code, path)]


@given(ANSWERS)
def test_a_form_that_nobody_touched_says_the_same(answers: dict[str, Any]) -> None:
    told = json.dumps(answers)
    form = services.form_of(PACKAGE, told)
    assert form is not None
    sent = {question.name: question.told for question in form.questions if question.told is not None}
    again = services.answered(PACKAGE, told, sent)
    assert services.vm_answers(PACKAGE, json.loads(again)).data == services.vm_answers(PACKAGE, answers).data


@given(JSON)
def test_any_config_is_read_or_refused(value: Any) -> None:
    item, problems = config.read(value)
    assert problems or item.child("cluster")
    assert all(problem.message for problem in problems)


@given(st.dictionaries(st.sampled_from(["name", "version", "keywords", "maintainers", "apiVersion", "x"]), JSON))
def test_any_metadata_is_read_or_refused(value: dict[str, Any]) -> None:
    assert all(problem.message for problem in metadata.problems_in(value))


@given(
    st.sampled_from(FIELDS),
    JSON,
    st.sampled_from(ROLE_FIELDS),
    JSON | st.dictionaries(st.sampled_from(["init", "own", "items", "groups", "mount_point", "size", "type", "image"]), JSON, max_size=3),
)
def test_any_cluster_is_good_or_refused(field: str, value: Any, role_field: str, role_value: Any) -> None:
    found = services.vm_answers(PACKAGE, {"cluster": {"name": "x"}, "env": {"db": {"password": "x"}}}).data
    document = PACKAGE.cluster(found).value
    document["nodes"][0][role_field] = role_value
    document[field] = value
    problems = checking.check(document, PACKAGE.config)
    assert all(problem.message for problem in problems)
    if not [problem for problem in problems if problem.code not in {"unknown_field", "ignored_field", "weak_key"}]:
        assert document_of(document).node_count >= 1


@given(JSON)
def test_any_answers_are_good_or_refused(value: Any) -> None:
    given_answers = value if isinstance(value, dict) else {"cluster": value, "env": {"db": value}}
    assert all(problem.message for problem in answer(PACKAGE.config, given_answers).problems)


CATASTROPHES = ["(a+)+$", "(a|a)*$", "([a-z]+)*1", "(.*)*x", "(a|aa)+$", "^(([a-z])+.)+[A-Z]([a-z])+$", "(x+x+)+y"]


@pytest.mark.parametrize("pattern", CATASTROPHES)
def test_patterns_take_time_in_proportion_to_the_text(pattern: str) -> None:
    # With backtracking, the first thirty letters alone would take minutes.
    item = Item("a", "string", ("a",), pattern=pattern)
    assert item.matches("a" * 100_000 + "!") in {True, False}


@pytest.mark.parametrize("pattern", ["(?=a)b", "(?<!a)b", r"(a)\1", "(", "[", "a{2000}", "\ud800", "(?P<x>a)(?P=x)"])
def test_patterns_that_cant_be_kept_are_refused(pattern: str) -> None:
    assert compiled(pattern) is None


@pytest.mark.parametrize(
    ("language", "said"),
    [("zh-hans", "数据库"), ("zh-cn", "数据库"), ("en-gb", "Database"), ("de", "Database"), ("zh-hant", "資料庫")],
)
def test_words_come_from_the_closest_dictionary(language: str, said: str) -> None:
    files = {"locale/en.json": '{"db": "Database"}', "locale/zh-cn.json": '{"db": "数据库"}', "locale/ZH-TW.json": '{"db": "資料庫"}'}
    package = services.open_vm(vm(files))
    assert (package.locale(language)("db"), package.locale(language)("else")) == (said, "else")


@pytest.mark.parametrize("text", ["[]", '{"a": 1}', "{", '{"a": "x", "a": "y"}'])
def test_a_dictionary_that_is_none_is_refused(text: str) -> None:
    report = services.check(vm({"locale/en.json": text}))
    assert [problem.file for problem in report.problems] == ["locale/en.json"]
    assert words.read({"locale/en.json": text.encode()})[0] == {}


def test_the_networks_older_name_is_understood() -> None:
    template = CLUSTER.replace('"subnet": "{{.cluster.subnet}}"', '"vxnet": "{{.cluster.vxnet}}"')
    package = services.open_vm(vm({"cluster.json.tmpl": template, "config.json": VM["config.json"].replace("subnet", "vxnet")}))
    document = services.vm_document(package, {"cluster": {"subnet": "net-1"}, "env": {"db": {"password": "x"}}})
    assert document.subnet == "net-1"
