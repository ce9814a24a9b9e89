"""What a schema lets people be asked, and how their answers reach the YAML."""

import json
from pathlib import Path
from typing import Any

import pytest

from roadstead.packaging import services
from roadstead.packaging.factories import chart
from roadstead.packaging.questions import MOST, Form, Kind, Question, form_of
from roadstead.packaging.services import Package, answered, open_package

SAMPLE = Path(__file__).parents[4] / "examples/wordpress/helm"


def package(properties: dict[str, Any], values: str = "replicas: 1\n", **more: Any) -> Package:
    schema = {"type": "object", "properties": properties, **more}
    return open_package(chart({"values.schema.json": json.dumps(schema), "values.yaml": values}))


def only(rules: dict[str, Any], answer: Any = None) -> Question:
    (question,) = form_of({"properties": {"a": rules}}, {"a": answer}).questions
    return question


@pytest.mark.parametrize(
    ("rules", "answer", "kind"),
    [
        ({"type": "string"}, "x", Kind.TEXT),
        ({"type": "string"}, "x\ny", Kind.LINES),
        ({"type": "string", "format": "password"}, "", Kind.SECRET),
        ({"type": "string", "writeOnly": True}, "", Kind.SECRET),
        ({"type": "integer"}, 1, Kind.NUMBER),
        ({"type": ["number", "null"]}, None, Kind.NUMBER),
        ({"anyOf": [{"type": "string"}, {"type": "number"}]}, "100m", Kind.TEXT),
        ({"type": "boolean"}, True, Kind.SWITCH),
        ({"enum": ["a", "b"]}, "a", Kind.CHOICE),
        ({"type": "array", "items": {"type": "string"}}, ["x"], Kind.LIST),
        ({"$ref": "#/properties/a/definition", "definition": {"type": "integer"}}, 1, Kind.NUMBER),
        ({}, "typed by its value", Kind.TEXT),
    ],
    ids=lambda value: str(value)[:40],
)
def test_how_a_value_is_asked_for(rules: dict[str, Any], answer: Any, kind: Kind) -> None:
    assert only(rules, answer).kind is kind


@pytest.mark.parametrize(
    ("rules", "answer"),
    [
        ({"type": "object"}, {"a": 1}),
        ({"type": "array", "items": {"type": "object"}}, []),
        ({"type": "array"}, []),
        ({"type": "array", "items": {"type": "string"}}, [{"not": "simple"}]),
        ({"type": "string"}, ["not a text"]),
        ({"$ref": "#/properties/a"}, None),
        ({"type": "object", "properties": {"b": {"type": "string"}}}, "no object"),
        (True, None),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_no_field_can_hold_is_named_as_yaml_only(rules: Any, answer: Any) -> None:
    form = form_of({"properties": {"a": rules}}, {"a": answer})
    assert (form.questions, form.left) == ([], ("a",))


@pytest.mark.parametrize(
    ("rules", "before", "told", "heard"),
    [
        ({"type": "integer"}, 1, "12", 12),
        ({"type": "integer"}, 1, "010", 10),
        ({"type": "integer"}, 1, "many", "many"),
        ({"type": "integer"}, 1, "1.5", 1.5),
        ({"type": "integer"}, 1, "", None),
        ({"type": "string"}, "", "12", "12"),
        ({"type": "string"}, "x", "", ""),
        ({"type": "string"}, "", "true", "true"),
        ({"type": ["string", "number"]}, "100m", "2", 2),
        ({"type": ["string", "number"]}, "100m", "12:30", "12:30"),
        ({"type": "boolean"}, True, None, False),
        ({"type": "boolean"}, False, "on", True),
        ({"enum": [1, "1", None]}, 1, '"1"', "1"),
        ({"enum": ["a"]}, "a", '"forged"', "a"),
        ({"type": "array", "items": {"type": "integer"}}, [1], "1\r\n\r\n 2 \r\nx", [1, 2, "x"]),
    ],
    ids=str,
)
def test_what_a_field_says_is_heard_as_its_type(rules: dict[str, Any], before: Any, told: str | None, heard: Any) -> None:
    found = only(rules, before).heard(told)
    assert (found, type(found)) == (heard, type(heard))


def told_unchanged(form: Form) -> dict[str, str]:
    """What a browser sends when nobody touches anything."""
    return {question.name: question.told for question in form.questions if question.told is not None}


EVERYTHING = {
    "text": {"type": "string"},
    "note": {"type": "string"},
    "count": {"type": "integer"},
    "share": {"type": "number"},
    "use": {"type": "boolean"},
    "off": {"type": "boolean"},
    "kind": {"enum": ["A", "B"]},
    "names": {"type": "array", "items": {"type": "string"}},
    "absent": {"type": "string"},
    "unset": {"type": "integer"},
    "inner": {"type": "object", "properties": {"size": {"type": "string"}}},
}
VALUES = "text: a # b\nnote: |\n  x\n  y\ncount: 0x10\nshare: 1.50\nuse: yes\noff: false\nkind: C\nnames: [a, 'b']\ninner: {size: 5Gi}\n"


@pytest.mark.parametrize("values", [VALUES, "# nothing\n", "", "count: 7\n"])
def test_a_form_that_nobody_touched_changes_no_letter(values: str) -> None:
    made = package(EVERYTHING, VALUES)
    form = services.form_of(made, values)
    assert form is not None
    assert answered(made, values, told_unchanged(form)) == values


def test_only_what_was_changed_is_written_beside_what_was_typed() -> None:
    made = package(EVERYTHING, VALUES)
    values = "# mine\ncount: 7 # seven\n"
    form = services.form_of(made, values)
    assert form is not None
    names = {question.where: question.name for question in form.questions}
    told = {**told_unchanged(form), names["inner.size"]: "8Gi", names["count"]: "8", names["use"]: ""}
    del told[names["use"]]
    assert answered(made, values, told) == "# mine\ncount: 8 # seven\nuse: false\ninner:\n  size: 8Gi\n"


def test_objects_become_groups_with_their_titles() -> None:
    inner = {"type": "object", "title": "Access", "properties": {"user": {"type": "string", "title": "User"}}}
    outer = {"type": "object", "title": "Database", "description": "Where", "properties": {"on": {"type": "boolean"}, "auth": inner}}
    form = form_of({"properties": {"db": outer, "n": {"type": "integer"}}, "required": ["n"]}, {})
    shown = [(group.title, group.description, [(one.title, one.required) for one in group.questions]) for group in form.groups]
    assert shown == [("", "", [("n", True)]), ("Database", "Where", [("on", False)]), ("Database · Access", "", [("User", False)])]


def test_a_hostile_schema_makes_a_form_of_bounded_size() -> None:
    wide = {str(number): {"type": "string", "title": "x" * 9_000} for number in range(5 * MOST)}
    ring = {"type": "object", "properties": {"ring": {"$ref": "#/definitions/ring"}, "end": {"type": "string"}}}
    form = form_of({"properties": {"ring": {"$ref": "#/definitions/ring"}, **wide}, "definitions": {"ring": ring}}, {})
    assert len(form.questions) == MOST
    assert len(form.left) <= MOST
    assert max(len(question.title) for question in form.questions) == 300


def test_without_a_schema_or_with_values_that_cannot_be_read_there_is_no_form() -> None:
    assert services.form_of(open_package(chart()), "") is None
    made = package({"replicas": {"type": "integer"}})
    assert services.form_of(made, "a: [") is None
    assert answered(made, "a: [", {"anything": "x"}) == "a: ["


def test_the_sample_is_asked_for_almost_all_that_it_has() -> None:
    form = services.form_of(open_package(services.pack_folder(SAMPLE)), "")
    assert form is not None
    assert len(form.questions) > 30
    only_in_yaml = {"imagePullSecrets", "nodeSelector", "tolerations", "affinity"}
    assert set(form.left) == only_in_yaml | {f"mariadb.{name}" for name in only_in_yaml}


DEPENDENCIES = "apiVersion: v2\nname: demo\nversion: 0.1.0\ndependencies:\n"
CHILD = {
    "charts/db/Chart.yaml": "apiVersion: v2\nname: db\nversion: 1.0.0\n",
    "charts/db/values.yaml": "size: 8\nuser: app\n",
    "charts/db/values.schema.json": json.dumps(
        {"properties": {"size": {"type": "integer", "maximum": 100}, "user": {"type": "string"}, "rest": {"type": "object"}}}
    ),
}


def with_child(wish: str = "", values: str = "", properties: dict[str, Any] | None = None) -> Package:
    files: dict[str, Any] = {"Chart.yaml": DEPENDENCIES + f"  - {{name: db, version: 1.0.0{wish}}}\n", "values.yaml": values, **CHILD}
    return open_package(chart(files | ({"values.schema.json": json.dumps({"properties": properties})} if properties else {})))


def asked(package: Package, values: str = "") -> dict[str, Any]:
    form = services.form_of(package, values)
    return {question.where: question.answer for question in form.questions} if form else {}


def test_a_chart_in_it_is_asked_under_its_name() -> None:
    form = services.form_of(with_child(values="db: {size: 20}\n"), "db: {user: me}\n")
    assert form is not None
    (group,) = (group for group in form.groups if group.questions)
    assert (group.titles, [(one.where, one.answer) for one in group.questions]) == (("db",), [("db.size", 20), ("db.user", "me")])
    assert form.left == ("db.rest",)


@pytest.mark.parametrize(
    ("wish", "values", "wanted"),
    [
        ("", "", {"db.size", "db.user"}),
        (", alias: store", "", {"store.size", "store.user"}),
        (", condition: db.enabled", "", {"db.size", "db.user"}),
        (", condition: db.enabled", "db: {enabled: false}", set()),
        (", condition: 'none.such,db.enabled'", "db: {enabled: false}", set()),
        (", tags: [back]", "tags: {back: false}", set()),
        (", tags: [back, front]", "tags: {back: false, front: true}", {"db.size", "db.user"}),
        (", condition: db.enabled, tags: [back]", "db: {enabled: true}\ntags: {back: false}", {"db.size", "db.user"}),
    ],
)
def test_a_chart_that_is_switched_off_is_asked_nothing(wish: str, values: str, wanted: set[str]) -> None:
    assert set(asked(with_child(wish), values)) == wanted


def test_what_the_outer_chart_asks_is_asked_once() -> None:
    outer = {"db": {"type": "object", "properties": {"size": {"type": "integer", "title": "Size of it"}}}, "name": {"type": "string"}}
    form = services.form_of(with_child(values="name: x\n", properties=outer), "")
    assert form is not None
    assert sorted((one.where, one.title) for one in form.questions) == [("db.size", "Size of it"), ("db.user", "user"), ("name", "name")]


def test_answers_for_a_chart_in_it_are_checked_and_written() -> None:
    package = with_child()
    form = services.form_of(package, "")
    assert form is not None
    told = {question.name: {"db.size": "20"}.get(question.where, question.told or "") for question in form.questions}
    assert answered(package, "", told) == "db:\n  size: 20\n"
    (problem,) = services.check_values(package, "db: {size: 200}")
    assert (problem.where, problem.file) == ("db.size", "values.yaml")
    assert services.check_values(with_child(", condition: db.enabled"), "db: {size: 200, enabled: false}") == []
