"""The form of a package for machines: a group a role, in the author's words, with units and rules."""

import json
from typing import Any

import pytest
from django.utils import translation

from roadstead.packaging import services
from roadstead.packaging.factories import vm
from roadstead.packaging.services import Form, Kind, Question, VmPackage
from roadstead.packaging.tests.vm_wrong import config_with

LOCALES = {
    "locale/en.json": '{"Database": "Data store", "title": "Site title", "a": "Alpha"}',
    "locale/zh-cn.json": '{"Database": "数据库", "title": "站点标题", "a": "甲"}',
}


def form(package: VmPackage, language: str = "en", answers: dict[str, Any] | None = None) -> Form:
    """Return the form in a language."""
    with translation.override(language):
        found = services.vm_form(package, answers or {}, language)
    assert found is not None
    return found


def question(found: Form, where: str) -> Question:
    """Return one question."""
    return next(one for one in found.questions if one.where == where)


def test_each_role_has_its_resources_and_parameters() -> None:
    found = form(services.open_vm(vm()))
    assert [(group.title, len(group.questions)) for group in found.groups] == [("", 0), ("Database", 4), ("Database", 6)]
    assert [(one.where, one.kind) for one in found.questions] == [
        ("cluster.db.cpu", Kind.CHOICE),
        ("cluster.db.memory", Kind.CHOICE),
        ("cluster.db.count", Kind.NUMBER),
        ("cluster.db.volume_size", Kind.NUMBER),
        ("env.db.port", Kind.NUMBER),
        ("env.db.title", Kind.TEXT),
        ("env.db.ratio", Kind.NUMBER),
        ("env.db.modules", Kind.CHOICES),
        ("env.db.debug", Kind.SWITCH),
        ("env.db.password", Kind.SECRET),
    ]


def test_what_the_page_asks_for_itself_is_no_question() -> None:
    asked = {one.where for one in form(services.open_vm(vm())).questions}
    assert not asked & {"cluster.name", "cluster.description", "cluster.subnet"}


@pytest.mark.parametrize(
    ("language", "role", "title", "disk", "memory"),
    [("en", "Data store", "Site title", "Disk size", "Memory"), ("zh-hans", "数据库", "站点标题", "磁盘大小", "内存")],
)
def test_it_speaks_the_readers_language(language: str, role: str, title: str, disk: str, memory: str) -> None:
    package = services.open_vm(vm(LOCALES))
    with translation.override(language):
        found = form(package, language)
        assert {group.title for group in found.groups} == {"", role}
        assert question(found, "env.db.title").title == title
        assert (question(found, "cluster.db.volume_size").title, question(found, "cluster.db.memory").title) == (disk, memory)


def test_numbers_have_units_steps_and_sliders() -> None:
    found = form(services.open_vm(vm()))
    disk, port = question(found, "cluster.db.volume_size"), question(found, "env.db.port")
    assert (disk.unit, disk.step, disk.bounds, disk.slides) == ("GiB", 10, (10, 100), True)
    assert (port.unit, port.step, port.slides) == ("", 1, False)
    assert [words for _value, words in question(found, "cluster.db.memory").choices] == ["1 GiB", "2 GiB", "4 GiB"]
    assert [words for _value, words in question(found, "cluster.db.cpu").choices] == ["1", "2", "4", "8"]


def test_what_is_fixed_or_cant_be_typed_is_no_field() -> None:
    items = [
        {"key": "fixed", "type": "string", "default": "a", "changeable_when_create": False},
        {"key": "balancer", "type": "loadbalancer"},
        {"key": "more", "label": "More", "type": "array", "properties": [{"key": "x", "type": "string", "default": ""}]},
    ]
    found = form(services.open_vm(config_with("properties.1.properties", [*items, {"key": "flat", "type": "string", "default": "f"}])))
    assert [(group.title, [one.where for one in group.questions]) for group in found.groups[2:]] == [
        ("env", ["env.flat"]),
        ("env · More", ["env.more.x"]),
    ]
    assert found.left == ("env.balancer",)


def test_several_choices_are_ticked_and_joined_as_the_author_wants() -> None:
    item = {"key": "plans", "type": "integer", "default": "2+9", "range": [1, 2, 3], "multichoice": True, "separator": "+"}
    plans = question(form(services.open_vm(config_with("properties.1.properties", [item]))), "env.plans")
    assert plans.kind is Kind.CHOICES
    # What is set although nobody offers it stays to be seen, and to be taken away.
    assert [words for _key, words in plans.choices] == ["9", "1", "2", "3"]
    assert plans.shown == ["2", '"9"']
    assert plans.heard(plans.told) == "9+2"
    assert (plans.heard("3\n1"), plans.heard(None), plans.heard("4")) == ("1+3", "", "")


@pytest.mark.parametrize(
    ("rules", "row", "fixed", "slides"),
    [
        ({"range": [1, 2, 4]}, True, False, False),
        ({"range": [1, 2, 3, 4, 5, 6]}, False, False, False),
        ({"min": 1, "max": 1}, False, True, False),
        ({"min": 1, "max": 9}, False, False, True),
    ],
)
def test_a_few_numbers_are_a_row_and_one_alone_is_fixed(rules: dict[str, Any], row: bool, fixed: bool, slides: bool) -> None:
    item = {"key": "size", "type": "integer", "default": 1, **rules}
    size = question(form(services.open_vm(config_with("properties.1.properties", [item]))), "env.size")
    assert (size.is_row, size.fixed, size.slides) == (row, fixed, slides)


def test_answers_of_a_form_become_those_of_the_package() -> None:
    package = services.open_vm(vm())
    found = form(package)
    told = {one.name: one.told for one in found.questions if one.told is not None}
    told |= {
        question(found, "cluster.db.cpu").name: "4",
        question(found, "env.db.debug").name: "on",
        question(found, "env.db.modules").name: '"c"\n"a"\n"stranger"',
        question(found, "env.db.password").name: "s3cret",
        question(found, "env.db.ratio").name: "much",
    }
    answers = json.loads(services.answered(package, package.values, told))
    assert answers["cluster"]["db"] == {"cpu": 4, "memory": 1024, "count": 1, "volume_size": 10}
    assert answers["env"]["db"] == {
        "port": 5432,
        "title": "demo",
        "ratio": "much",
        "modules": "a,c",
        "debug": True,
        "password": "s3cret",
    }
    assert [(problem.code, problem.where) for problem in services.check_values(package, json.dumps(answers))] == [
        ("not_number", "env.db.ratio")
    ]


@pytest.mark.parametrize(
    ("values", "codes"),
    [
        ("", ["required"]),
        ('{"env": {"db": {"password": "x"}}}', []),
        ('{"env": {"db": {"password": "x"}}, "cluster": {"name": ""}}', ["required"]),
        ("{", ["json_syntax"]),
        ("[]", ["not_a_mapping"]),
        ('{"a": 1, "a": 2}', ["duplicate_key"]),
        ('{"cluster": 1, "env": {"db": {"password": "x"}}}', ["not_a_group"]),
    ],
)
def test_answers_as_text_are_checked_by_the_same_rules(values: str, codes: list[str]) -> None:
    assert [problem.code for problem in services.check_values(services.open_vm(vm()), values)] == codes


def test_a_cluster_that_answers_break_is_told_with_its_field() -> None:
    package = services.open_vm(config_with("properties.0.properties.3.properties.2.max", 500))
    values = '{"cluster": {"db": {"count": 300}}, "env": {"db": {"password": "x"}}}'
    assert [(problem.code, problem.where) for problem in services.check_values(package, values)] == [("out_of_bounds", "nodes[0].count")]
