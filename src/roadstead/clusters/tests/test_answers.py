"""The form made from a chart's schema, and the YAML beside it: both say one thing, and the schema decides on it."""

import json
import re
from typing import Any

import pytest
from django.test import Client

from roadstead.accounts.factories import person
from roadstead.accounts.models import User
from roadstead.blobs import services as blobs
from roadstead.catalog.factories import version
from roadstead.catalog.models import Version
from roadstead.catalog.track import Status as VersionStatus
from roadstead.clusters.factories import cluster, environment
from roadstead.clusters.models import Cluster
from roadstead.packaging.factories import chart
from roadstead.packaging.services import form_of, open_package
from roadstead.runtimes.models import Environment

pytestmark = pytest.mark.django_db
VALUES = "# Of the author\nreplicas: 1  # one will do\nstorage:\n  size: 5Gi\n  keep: true\n"
STORAGE = {
    "type": "object",
    "title": "Storage",
    "properties": {"size": {"type": "string", "title": "Size", "pattern": "^[0-9]+Gi$"}, "keep": {"type": "boolean"}},
}
SCHEMA = {
    "type": "object",
    "properties": {"replicas": {"type": "integer", "title": "Replicas", "minimum": 1, "maximum": 9}, "storage": STORAGE},
    "required": ["replicas"],
}
WRONG = {
    "en": ('"much" doesn\'t match the pattern "^[0-9]+Gi$".', "12 is outside of the range: ≤ 9.", "“replicas” is required."),
    "zh-hans": ('"much" 与正则表达式 "^[0-9]+Gi$" 不符。', "12 超出范围：≤ 9。", "缺少必填项“replicas”。"),
}


def package(schema: dict[str, Any] | None = SCHEMA, values: str = VALUES) -> str:
    return blobs.put(chart({"values.yaml": values, "values.schema.json": json.dumps(schema) if schema else None}))


@pytest.fixture
def offered() -> Version:
    return version(VersionStatus.ACTIVE, package=package())


@pytest.fixture
def actor() -> User:
    return person("user")


@pytest.fixture
def own(actor: User) -> Environment:
    return environment(actor, name="harbour")


@pytest.fixture(params=["zh-hans", "en"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def browser(client: Client, actor: User, language: str) -> Client:
    client.force_login(actor)
    client.cookies["roadstead_language"] = language
    return client


def answers(of: Version, own: Environment, values: str = VALUES, **changed: str | None) -> dict[str, str]:
    """What the form on the page sends; `changed` says answers by their paths."""
    form = form_of(open_package(blobs.read(of.package)), values)
    assert form is not None
    told = {question.name: changed.get(question.where.replace(".", "_"), question.told) for question in form.questions}
    sent = {name: text for name, text in told.items() if text is not None}
    return {"environment": own.pk, "name": "blog", "on_failure": "clean_up", "asked": of.pk, "values": values, **sent}


def at(of: Version) -> str:
    return f"/workbench/deploy/{of.pk}"


def said(page: str, label: str) -> str:
    """What the page says at the field of a label."""
    field = re.search(rf'<span lang="">{label}</span>.*?class="rs-says"[^>]*>(.*?)</div>\s*</div>', page, re.DOTALL)
    assert field is not None, page
    return " ".join(re.sub(r"<[^>]+>", " ", field[1]).split()).replace("&quot;", '"').replace("&#x27;", "'")


def test_the_form_asks_what_the_schema_names(browser: Client, own: Environment, offered: Version) -> None:
    page = browser.get(at(offered)).content.decode()
    number, *_rest = re.findall(r'<input type="number"[^>]*>', page)
    assert all(part in number for part in ('value="1"', 'min="1"', 'max="9"', 'step="1"'))
    assert '<strong lang="">Storage</strong>' in page
    assert 'value="5Gi"' in page
    assert "# Of the author" in page


@pytest.mark.parametrize(
    ("changed", "values"),
    [
        ({}, VALUES),
        ({"replicas": "3"}, VALUES.replace("replicas: 1  #", "replicas: 3  #")),
        ({"storage_size": "8Gi", "storage_keep": None}, VALUES.replace("5Gi", "8Gi").replace("true", "false")),
    ],
    ids=["nothing", "a number", "a text and a switch"],
)
def test_answers_become_the_values_and_comments_stay(
    browser: Client, own: Environment, offered: Version, changed: dict[str, Any], values: str
) -> None:
    answer = browser.post(at(offered), answers(offered, own, **changed))
    assert answer.status_code == 302
    assert Cluster.objects.get().values == values


@pytest.mark.parametrize("view", ["", "form"])
def test_each_mistake_is_said_at_its_field(browser: Client, own: Environment, offered: Version, language: str, view: str) -> None:
    size, replicas, missing = WRONG[language]
    wish = {"view": view} if view else {}
    page = browser.post(at(offered), answers(offered, own, storage_size="much", replicas="12") | wish)
    assert page.status_code == (200 if view else 422)
    text = page.content.decode()
    assert (said(text, "Size"), said(text, "Replicas")) == (size, replicas)
    # A section with a mistake in it is unfolded, whatever was typed stays.
    assert '<details class="rs-section" open>' in text
    assert 'value="much"' in text
    text = browser.post(at(offered), answers(offered, own, replicas="") | wish).content.decode()
    assert (said(text, "Replicas"), said(text, "Size")) == (missing, "")
    assert not Cluster.objects.exists()


def test_both_views_say_one_thing(browser: Client, own: Environment, offered: Version) -> None:
    told = answers(offered, own, replicas="3") | {"view": "yaml", "name": "kept"}
    shown = browser.post(at(offered), told)
    text = VALUES.replace("replicas: 1", "replicas: 3")
    assert (shown.status_code, shown.context["form"]["values"].value()) == (200, text)
    page = shown.content.decode()
    assert "<textarea" in page
    assert 'value="kept"' in page
    typed = {"environment": own.pk, "name": "kept", "on_failure": "clean_up", "values": text.replace("5Gi", "6Gi"), "view": "form"}
    shown = browser.post(at(offered), typed)
    page = shown.content.decode()
    assert 'value="6Gi"' in page
    assert 'name="asked"' in page
    assert shown.context["form"]["values"].value() == typed["values"]
    assert not Cluster.objects.exists()


@pytest.mark.parametrize("values", ["replicas: [", "replicas: 1\nreplicas: 2\n", "- a\n"])
def test_what_no_form_can_show_stays_yaml_and_says_why(browser: Client, own: Environment, offered: Version, values: str) -> None:
    shown = browser.post(at(offered), {"environment": own.pk, "values": values, "view": "form"})
    page = shown.content.decode()
    assert "<textarea" in page
    assert 'name="asked"' not in page
    # The way to the form stays open for whoever mends the text.
    assert page.count('name="view"') == 2
    (problem,) = shown.context["parameters"].problems
    assert problem.code in ("yaml_syntax", "duplicate_key", "not_a_mapping")
    assert 'class="rs-problems"' in page


def test_a_chart_without_a_schema_has_the_yaml_only(browser: Client, own: Environment) -> None:
    plain = version(VersionStatus.ACTIVE, package=package(None))
    page = browser.get(at(plain)).content.decode()
    assert "<textarea" in page
    assert 'name="view"' not in page


def test_what_only_the_yaml_can_say_is_named(browser: Client, own: Environment) -> None:
    taints = {"type": "array", "items": {"type": "object"}}
    rich = version(VersionStatus.ACTIVE, package=package({"properties": {**SCHEMA["properties"], "tolerations": taints}}))  # type: ignore[dict-item]  # a mapping
    shown = browser.get(at(rich))
    assert "<code>tolerations</code>" in shown.content.decode()
    wrong = answers(rich, own, VALUES + "tolerations: [x]\n", replicas="0")
    shown = browser.post(at(rich), wrong)
    assert [problem.where for problem in shown.context["parameters"].problems] == ["tolerations[0]"]
    assert not Cluster.objects.exists()


def test_an_update_writes_into_what_was_typed_before(browser: Client, actor: User, own: Environment, offered: Version) -> None:
    mine = cluster("active", owner=actor, version=offered, place=own, name="blog", values="# busy now\nreplicas: 2\n")
    address = f"/workbench/instances/{mine.pk}/update"
    assert 'value="2"' in browser.get(address).content.decode()
    told = answers(offered, own, mine.values, storage_size="9Gi") | {"version": offered.pk}
    shown = browser.post(address, told)
    after = "# busy now\nreplicas: 2\nstorage:\n  size: 9Gi\n"
    assert (shown.status_code, shown.context["form"]["values"].value()) == (200, after)
    assert "<ins>+   size: 9Gi</ins>" in shown.content.decode()


def test_answers_given_to_one_versions_form_reach_another_versions(
    browser: Client, actor: User, own: Environment, offered: Version
) -> None:
    renamed = {"properties": {"replicas": {"type": "integer", "title": "Copies"}, "theme": {"type": "string"}}}
    newer = version(VersionStatus.ACTIVE, of=offered.app, name="9.0.0", package=package(renamed, "replicas: 1\ntheme: sea\n"))
    mine = cluster("active", owner=actor, version=offered, place=own, name="blog", values="")
    address = f"/workbench/instances/{mine.pk}/upgrade"
    told = answers(offered, own, "", storage_size="9Gi", replicas="4") | {"version": newer.pk, "view": "form"}
    other = version(VersionStatus.ACTIVE, of=offered.app, name="8.0.0", package=offered.package)
    shown = browser.post(address, told | {"asked": other.pk})
    assert shown.context["form"]["values"].value() == "replicas: 4\nstorage:\n  size: 9Gi\n"
    page = shown.content.decode()
    assert "Copies" in page
    assert 'value="4"' in page
    assert 'value="sea"' in page


def test_looking_at_answers_costs_few_queries(
    client: Client, actor: User, own: Environment, offered: Version, django_assert_max_num_queries: Any
) -> None:
    client.force_login(actor)
    with django_assert_max_num_queries(12):
        client.post(at(offered), answers(offered, own, replicas="3") | {"view": "form"})
