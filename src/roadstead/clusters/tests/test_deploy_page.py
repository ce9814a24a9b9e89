"""The deploy form: what it offers, what it refuses, what it keeps of what was typed."""

import re
from typing import Any

import pytest
from django.test import Client

from roadstead.accounts.factories import person
from roadstead.accounts.models import User
from roadstead.blobs import services as blobs
from roadstead.catalog.factories import app, version
from roadstead.catalog.models import Version
from roadstead.catalog.track import Status as VersionStatus
from roadstead.clusters.factories import cluster, environment
from roadstead.clusters.forms import suggested_name
from roadstead.clusters.models import Cluster
from roadstead.packaging import services as packaging
from roadstead.packaging.factories import chart
from roadstead.runtimes.models import Environment

pytestmark = pytest.mark.django_db


@pytest.fixture
def actor() -> User:
    return person("user")


@pytest.fixture
def own(actor: User) -> Environment:
    return environment(actor, name="harbour")


@pytest.fixture(params=["zh-hans", "en"])
def browser(request: pytest.FixtureRequest, client: Client, actor: User) -> Client:
    client.force_login(actor)
    client.cookies["roadstead_language"] = request.param
    return client


def wish(own: Environment, **changed: str) -> dict[str, str]:
    return {"environment": own.pk, "name": "blog", "values": "replicas: 3\r\n# kept\r\n", "on_failure": "clean_up", **changed}


def test_the_form_knows_a_name_and_the_packages_values(browser: Client, own: Environment, listed: Version) -> None:
    page = browser.get(f"/workbench/deploy/{listed.pk}").content.decode()
    assert "replicas: 1" in page
    assert suggested_name(listed.app.name) in page
    assert f'value="{own.pk}" checked' in page
    assert listed.package[:7] in page


def test_deploying_leads_to_the_instance(browser: Client, own: Environment, listed: Version) -> None:
    answer = browser.post(f"/workbench/deploy/{listed.pk}", wish(own))
    made = Cluster.objects.get()
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/workbench/instances/{made.pk}")
    assert (made.values, made.environment, made.debug) == ("replicas: 3\n# kept\n", own, False)


def test_every_mistake_is_shown_at_its_field_at_once(browser: Client, own: Environment, listed: Version) -> None:
    answer = browser.post(f"/workbench/deploy/{listed.pk}", wish(own, name="Blog!", values="replicas: many\n", environment="runtime-x"))
    form = answer.context["form"]
    assert answer.status_code == 422
    assert set(form.errors) == {"environment", "name", "values"}
    page = answer.content.decode()
    assert "Blog!" in page
    assert "replicas: many" in page
    assert form.problems[0].message in page
    assert not Cluster.objects.exists()


def test_a_taken_name_is_said_at_the_name(browser: Client, actor: User, own: Environment, listed: Version) -> None:
    cluster(owner=actor, place=own, name="blog")
    answer = browser.post(f"/workbench/deploy/{listed.pk}", wish(own))
    assert answer.status_code == 409
    assert list(answer.context["form"].errors) == ["name"]


def test_without_a_place_the_form_says_what_to_do(browser: Client, listed: Version) -> None:
    page = browser.get(f"/workbench/deploy/{listed.pk}").content.decode()
    assert f"/workbench/environments/new?next=%2Fworkbench%2Fdeploy%2F{listed.pk}" in page
    assert 'aria-describedby="why-not"' in page


def test_an_unfit_place_stays_and_says_why(browser: Client, own: Environment, actor: User) -> None:
    machines = version(VersionStatus.ACTIVE, type="vm", package=blobs.put(chart()))
    answer = browser.get(f"/workbench/deploy/{machines.pk}")
    (offered,) = answer.context["places"]
    assert (offered.environment, offered.fits) == (own, False)
    assert "rs-choice-off" in answer.content.decode()


@pytest.mark.parametrize("wanted", ["second", "nowhere"])
def test_a_place_is_chosen_beforehand(client: Client, actor: User, listed: Version, wanted: str) -> None:
    places = {"first": environment(actor, name="a"), "second": environment(actor, name="b")}
    client.force_login(actor)
    chosen = places.get(wanted, places["first"])
    answer = client.get(f"/workbench/deploy/{listed.pk}", {"environment": places[wanted].pk if wanted in places else "x"})
    assert answer.context["chosen"] == chosen.pk


def test_an_earlier_instance_lends_its_answers(client: Client, actor: User, listed: Version) -> None:
    environment(actor, name="a")
    place = environment(actor, name="b")
    mine = cluster("ceased", owner=actor, version=listed, place=place, name="blog", values="replicas: 7\n")
    client.force_login(actor)
    again = client.get(f"/workbench/instances/{mine.pk}").context["menu"].beside[0].address
    form = client.get(again).context["form"]
    assert [form[name].value() for name in ("environment", "name", "values")] == [place.pk, "blog", "replicas: 7\n"]
    foreign = cluster("ceased", version=listed, values="password: secret\n")
    assert "secret" not in client.get(f"/workbench/deploy/{listed.pk}?like={foreign.pk}").content.decode()


def test_anonymous_people_sign_in_and_come_back(client: Client, listed: Version) -> None:
    answer = client.get(f"/workbench/deploy/{listed.pk}?environment=x")
    assert answer.headers["Location"] == f"/accounts/login/?next=%2Fworkbench%2Fdeploy%2F{listed.pk}%3Fenvironment%3Dx"


@pytest.mark.parametrize("query", ["", "?test=1"])
def test_foreign_versions_are_missing(client: Client, query: str) -> None:
    client.force_login(person("developer"))
    for version_id in (version(VersionStatus.DRAFT).pk, "appv-nowhere"):
        assert client.get(f"/workbench/deploy/{version_id}{query}").status_code == 404


def test_test_deployments_offer_test_environments(client: Client) -> None:
    developer = person("developer")
    draft = version(VersionStatus.DRAFT, of=app(developer), package=blobs.put(chart()))
    environment(developer)
    place = environment(developer, debug=True)
    client.force_login(developer)
    answer = client.get(f"/workbench/deploy/{draft.pk}?test=1")
    assert [offered.environment for offered in answer.context["places"]] == [place]
    client.post(f"/workbench/deploy/{draft.pk}?test=1", wish(place))
    made = Cluster.objects.get()
    assert (made.debug, made.environment) == (True, place)


def test_the_form_costs_few_queries(client: Client, actor: User, listed: Version, django_assert_max_num_queries: Any) -> None:
    for _ in range(5):
        environment(actor)
    client.force_login(actor)
    with django_assert_max_num_queries(12):
        client.get(f"/workbench/deploy/{listed.pk}")


@pytest.mark.parametrize(
    ("name", "suggestion"),
    [
        ("WordPress", "wordpress"),
        ("My App 2", "my-app-2"),
        ("7 Seas", "app-7-seas"),
        ("博客", "app"),
        ("x" * 40, "x" * 30),
        ("a" * 29 + " b", "a" * 29),
    ],
)
def test_suggestions_are_short_dns_labels(name: str, suggestion: str) -> None:
    assert suggested_name(name) == suggestion


ASKING = (
    "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: {{ .Release.Name }}}\nspec:\n  replicas: {{ .Values.replicas }}\n"
    "  template: {spec: {containers: [{name: web, image: nginx:1.29, resources: {requests: {cpu: 250m, memory: 512Mi}}}]}}\n"
    '---\n{{ if gt (int .Values.replicas) 8 }}{{ fail "too many" }}{{ end }}\n'
)
SCHEMA = '{"properties": {"replicas": {"type": "integer", "maximum": 9}}}'


@pytest.fixture
def asking() -> Version:
    return version(VersionStatus.ACTIVE, package=blobs.put(chart({"templates/app.yaml": ASKING, "values.schema.json": SCHEMA})), facts={})


def figures(answer: Any) -> list[str]:
    return re.findall(r"<dd><b>(.*?)</b></dd>", answer.content.decode())


def test_the_summary_follows_the_answers(browser: Client, own: Environment, asking: Version) -> None:
    address = f"/workbench/deploy/{asking.pk}"
    assert 'hx-vals=\'{"view": "needs"}\'' in browser.get(address).content.decode()
    sent = wish(own, values="replicas: 3\n") | {"view": "needs"}
    answer = browser.post(address, sent)
    assert figures(answer) == ["3", "0.75", "1.5 GiB", "0"]
    assert "<form" not in answer.content.decode()
    assert figures(browser.post(address, sent | {"values": "replicas: 1\n"})) == ["1", "0.25", "512 MiB", "0"]
    assert not Cluster.objects.exists()


@pytest.mark.parametrize("values", ["replicas: many\n", "replicas: 9\n", "a: [\n"])
def test_what_cannot_be_counted_is_not_shown_as_nothing(browser: Client, own: Environment, asking: Version, values: str) -> None:
    answer = browser.post(f"/workbench/deploy/{asking.pk}", wish(own, values=values) | {"view": "needs"})
    assert (answer.status_code, figures(answer)) == (200, [])
    assert "form-hint" in answer.content.decode()


def test_the_answers_of_a_form_count_too(browser: Client, own: Environment, asking: Version) -> None:
    page = browser.get(f"/workbench/deploy/{asking.pk}")
    (question,) = [field.question for section in page.context["parameters"].sections for part in section.parts for field in part.fields]
    sent = wish(own, values="replicas: 1\n") | {"asked": asking.pk, question.name: "2", "view": "needs"}
    assert figures(browser.post(f"/workbench/deploy/{asking.pk}", sent)) == ["2", "0.5", "1 GiB", "0"]


def test_what_the_package_has_is_counted_without_rendering(
    browser: Client, own: Environment, asking: Version, monkeypatch: pytest.MonkeyPatch
) -> None:
    def render(*_args: object, **_kwargs: object) -> None:
        raise AssertionError("rendered")

    monkeypatch.setattr(packaging, "render", render)
    stored = ASKING.partition("---")[0].replace("{{ .Values.replicas }}", "2").replace("{{ .Release.Name }}", "demo")
    asking.facts = {"manifests": blobs.put(f"---\n{stored}".encode())}
    asking.save()
    page = browser.get(f"/workbench/deploy/{asking.pk}")
    assert figures(page) == ["2", "0.5", "1 GiB", "0"]
    assert "closest form delay:300ms, load" not in page.content.decode()
