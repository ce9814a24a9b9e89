"""The deploy form of a package for machines: its questions are fields, and each mistake is said at its own."""

import json

import pytest
from django.test import Client

from roadstead.accounts.factories import person
from roadstead.blobs import services as blobs
from roadstead.catalog.factories import version
from roadstead.catalog.models import Version
from roadstead.catalog.track import Status as VersionStatus
from roadstead.clusters.models import Cluster
from roadstead.packaging.factories import vm
from roadstead.packaging.services import check, form_of, open_package

pytestmark = pytest.mark.django_db
LOCALES = {"locale/zh-cn.json": '{"Database": "数据库"}'}
WRONG = {
    "en": ("6 is more than the most allowed, 5.", "This is required. Fill it in."),
    "zh-hans": ("6 大于最大值 5。", "这一项必填，请填写。"),
}


@pytest.fixture
def offered() -> Version:
    data = vm(LOCALES)
    facts = {"files": [], "images": [], "kinds": {}, "manifests": blobs.put(check(data).manifests.encode())}
    return version(VersionStatus.ACTIVE, type="vm", package=blobs.put(data), facts=facts)


@pytest.fixture(params=["zh-hans", "en"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def browser(client: Client, language: str) -> Client:
    client.force_login(person("user"))
    client.cookies["roadstead_language"] = language
    return client


def sent(of: Version, **changed: str) -> dict[str, str]:
    """What the page sends; `changed` says answers by the last part of their path."""
    package = open_package(blobs.read(of.package))
    form = form_of(package, package.values)
    assert form is not None
    told = {question.name: changed.get(question.path[-1], question.told) for question in form.questions}
    return {"view": "form", "asked": of.pk, "values": package.values} | {name: text for name, text in told.items() if text is not None}


def test_each_role_is_a_section_with_fields(browser: Client, offered: Version, language: str) -> None:
    page = browser.get(f"/workbench/deploy/{offered.pk}").content.decode()
    assert f'<strong lang="">{"Database" if language == "en" else "数据库"}</strong>' in page
    assert 'type="password"' in page
    assert '<input type="range" data-slide min="10" max="100" step="10"' in page
    assert ">JSON</button>" in page
    assert "YAML" not in page


def test_each_mistake_is_said_at_its_field(browser: Client, offered: Version, language: str) -> None:
    answer = browser.post(f"/workbench/deploy/{offered.pk}", sent(offered, count="6"))
    fields = [field for section in answer.context["parameters"].sections for part in section.parts for field in part.fields]
    said = {field.question.where: field.bound.errors for field in fields if field.bound.errors}
    assert said == {"cluster.db.count": [WRONG[language][0]], "env.db.password": [WRONG[language][1]]}
    assert not Cluster.objects.exists()


def test_the_text_says_what_the_form_says(browser: Client, offered: Version) -> None:
    answer = browser.post(f"/workbench/deploy/{offered.pk}", sent(offered, count="3", password="s3cret", view="") | {"view": "yaml"})
    values = json.loads(answer.context["form"]["values"].value())
    assert (values["cluster"]["db"]["count"], values["env"]["db"]["password"]) == (3, "s3cret")
    assert "<textarea" in answer.content.decode()
