"""Answers to a package for machines: V1 to V15, each rule at the server, all violations at once."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import pytest
from django.utils import translation

from roadstead.packaging import services
from roadstead.packaging.errors import AnswersRefused
from roadstead.packaging.factories import QUESTIONS
from roadstead.packaging.services import Link, VmPackage
from roadstead.packaging.tests.vm_wrong import config_with

GOOD: dict[str, Any] = {"cluster": {"name": "shop"}, "env": {"db": {"password": "s3cret"}}}


def laid(path: str, value: Any) -> dict[str, Any]:
    """Return good answers with one of them changed."""
    answers = {
        section: {key: dict(part) if isinstance(part, dict) else part for key, part in rest.items()} for section, rest in GOOD.items()
    }
    branch: dict[str, Any] = answers
    *steps, last = path.split(".")
    for step in steps:
        branch = branch.setdefault(step, {})
    branch[last] = value
    return answers


class Case(NamedTuple):
    """An answer that breaks one rule, and what is said of it."""

    rule: str
    path: str
    value: Any
    code: str
    english: str
    chinese: str


CASES = [
    Case("V1", "cluster.db.cpu", "2", "not_integer", 'Expected a whole number, found "2".', '应当是整数，实际是 "2"。'),
    Case("V1 bool", "cluster.db.count", True, "not_integer", "Expected a whole number, found true.", "应当是整数，实际是 true。"),
    Case("V1 huge", "cluster.db.count", 2**70, "not_integer", f"Expected a whole number, found {2**70}.", f"应当是整数，实际是 {2**70}。"),
    Case("V2", "cluster.db.count", 6, "above_max", "6 is more than the most allowed, 5.", "6 大于最大值 5。"),
    Case("V3", "env.db.port", 80, "below_min", "80 is less than the least allowed, 1024.", "80 小于最小值 1024。"),
    Case("V4", "cluster.db.volume_size", 15, "not_on_step", "15 isn't a multiple of 10.", "15 不是 10 的倍数。"),
    Case("V5", "env.db.ratio", "x", "not_number", 'Expected a number, found "x".', '应当是数字，实际是 "x"。'),
    Case("V5 NaN", "env.db.ratio", float("nan"), "not_number", "Expected a number, found NaN.", "应当是数字，实际是 NaN。"),
    Case("V6", "env.db.title", 1, "not_string", "Expected text, found integer.", "应当是文本，实际是 integer。"),
    Case("V7", "cluster.name", "", "required", "This is required. Fill it in.", "这一项必填，请填写。"),
    Case("V7 password", "env.db.password", "", "required", "This is required. Fill it in.", "这一项必填，请填写。"),
    Case("V8", "env.db.debug", "true", "not_boolean", 'Expected true or false, found "true".', '应当是 true 或 false，实际是 "true"。'),
    Case("V10", "cluster.db.cpu", 3, "not_in_range", "3 isn't one of 1, 2, 4, 8.", "3 不在可选值 1, 2, 4, 8 之中。"),
    Case(
        "V10 several",
        "env.db.modules",
        ["a", "z"],
        "not_in_range",
        '"z" isn\'t one of "a", "b", "c".',
        '"z" 不在可选值 "a", "b", "c" 之中。',
    ),
    Case("V10 joined", "env.db.modules", "a,z", "not_in_range", '"z" isn\'t one of "a", "b", "c".', '"z" 不在可选值 "a", "b", "c" 之中。'),
    Case(
        "V11",
        "env.db.title",
        "A1",
        "pattern_mismatch",
        '"A1" doesn\'t match the pattern "^[a-z]+$".',
        '"A1" 与正则表达式 "^[a-z]+$" 不符。',
    ),
    Case(
        "V12",
        "env.db.colour",
        1,
        "unknown_key",
        "“colour” isn't asked for by this package. Remove it.",
        "这个应用包没有“colour”这一项，请删去。",
    ),
    Case(
        "a group",
        "env.db",
        1,
        "not_a_group",
        "Expected an object with the values of this group, found integer.",
        "应当是含有这一组各值的对象，实际是 integer。",
    ),
    Case("V13", "env.db.password", "other", "not_changeable", "This can't be changed after creation.", "创建之后不能再修改这一项。"),
    Case("fixed", "env.db.fixed", "b", "not_asked", "This is fixed by the package and can't be chosen.", "这一项由应用包固定，不能选择。"),
    Case(
        "V15",
        "env.db.zk",
        "cl-foreign",
        "link_not_allowed",
        "“cl-foreign” can't be linked: it isn't allowed, isn't running, or is in another network.",
        "不能关联“cl-foreign”：应用包不允许，或它没有运行，或在另一个网络里。",
    ),
]


def opened() -> VmPackage:
    """Open a package that asks for a bit of everything."""
    plain = QUESTIONS["properties"][1]["properties"][0]["properties"]
    more = [
        {"key": "fixed", "type": "string", "default": "a", "changeable_when_create": False},
        {"key": "zk", "type": "service", "default": "", "limits": {"app-zk": ["ver-1"]}},
    ]
    return services.open_vm(config_with("properties.1.properties.0.properties", [*plain, *more]))


def said(answers: Mapping[str, Any], before: Mapping[str, Any] | None = None) -> list[tuple[str, str]]:
    """Return codes with their places."""
    return [(problem.code, problem.where) for problem in services.vm_answers(opened(), answers, before=before, links={}).problems]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.rule)
def test_each_rule_holds_at_the_server(case: Case) -> None:
    before = {"env": {"db": {"password": "s3cret"}}} if case.rule == "V13" else None
    found = services.vm_answers(opened(), laid(case.path, case.value), before=before, links={}).problems
    where = case.path
    assert [(problem.code, problem.where) for problem in found] == [(case.code, where)]
    with translation.override("en"):
        assert found[0].message == case.english
    with translation.override("zh-hans"):
        assert found[0].message == case.chinese


def test_all_violations_come_at_once() -> None:
    answers = {"cluster": {"name": "", "db": {"cpu": "x", "count": 0}}, "env": {"db": {"title": "A"}}, "other": 1}
    assert said(answers) == [
        ("unknown_key", "other"),
        ("required", "cluster.name"),
        ("not_integer", "cluster.db.cpu"),
        ("below_min", "cluster.db.count"),
        ("pattern_mismatch", "env.db.title"),
        ("required", "env.db.password"),
    ]


def test_good_answers_lie_over_the_defaults() -> None:
    found = services.vm_answers(opened(), laid("env.db.modules", ["a", "c"]))
    assert found.problems == ()
    assert found.data["cluster"]["db"] == {"cpu": 1, "memory": 1024, "count": 1, "volume_size": 10}
    assert found.data["env"]["db"]["modules"] == "a,c"
    assert found.data["service_params"] == {}
    assert "s3cret" not in repr(found)


@pytest.mark.parametrize(
    ("data", "ok"),
    [({"min": 5, "default": 15}, True), ({"min": 5, "default": 20}, True), ({"min": 5, "default": 18}, False)],
    ids=["from the least", "from nought", "from neither"],
)
def test_steps_are_counted_from_either_base(data: dict[str, Any], ok: bool) -> None:
    item = {"key": "volume_size", "type": "integer", "step": 10, "required": True, **data}
    report = services.check(config_with("properties.0.properties.3.properties.3", item))
    assert [problem.code for problem in report.problems] == ([] if ok else ["not_on_step"])


@pytest.mark.parametrize(
    ("link", "ok"),
    [
        (Link("app-zk", "ver-1", "net-1"), True),
        (Link("app-zk", "ver-2", "net-1"), False),
        (Link("app-other", "ver-1", "net-1"), False),
        (Link("app-zk", "ver-1", "net-2"), False),
        (Link("app-zk", "ver-1", "net-1", active=False), False),
    ],
)
def test_only_fitting_instances_are_linked(link: Link, ok: bool) -> None:
    answers = laid("env.db.zk", "cl-1")
    answers["cluster"]["subnet"] = "net-1"
    problems = services.vm_answers(opened(), answers, links={"cl-1": link}).problems
    assert [problem.code for problem in problems] == ([] if ok else ["link_not_allowed"])


def test_what_was_fixed_at_creation_may_be_said_again() -> None:
    assert said(GOOD, before={"env": {"db": {"password": "s3cret"}}}) == []


def test_the_network_goes_by_both_of_its_names() -> None:
    for key in ("subnet", "vxnet"):
        found = services.vm_answers(opened(), laid(f"cluster.{key}", "net-1"))
        assert found.problems == ()
        assert found.data["cluster"]["subnet"] == found.data["cluster"]["vxnet"] == "net-1"


def test_the_cluster_of_bad_answers_is_none() -> None:
    with pytest.raises(AnswersRefused) as raised:
        services.vm_document(opened(), {})
    assert [problem.where for problem in raised.value.problems] == ["env.db.password"]


def test_a_password_is_never_repeated() -> None:
    rules = {"key": "password", "type": "password", "required": True, "default": "", "pattern": "^[a-z]+$"}
    package = services.open_vm(config_with("properties.1.properties.0.properties.5", rules))
    found = services.vm_answers(package, laid("env.db.password", "CANARY"))
    assert [problem.code for problem in found.problems] == ["pattern_mismatch"]
    assert "CANARY" not in repr(found.problems)
