"""The pages of environments, as people meet them."""

import re
from collections.abc import Iterator

import pytest
from django.test import Client

from roadstead.accounts.factories import person
from roadstead.accounts.models import RoleGrant, User
from roadstead.runtimes.factories import DOWN, FakeProvider, environment, fake_provider
from roadstead.runtimes.models import Environment

pytestmark = pytest.mark.django_db
LIST, NEW = "/workbench/environments", "/workbench/environments/new"
WISH = {"provider": "pretend", "content": "a secret word", "zone": "shop", "name": "Staging"}


@pytest.fixture(name="fake")
def _fake() -> Iterator[FakeProvider]:
    with fake_provider() as made:
        yield made


@pytest.fixture(params=["zh-hans", "en"], name="language")
def _language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def signed_in(person: User, language: str = "en") -> Client:
    client = Client(headers={"accept-language": language})
    client.force_login(person)
    return client


def test_the_list_teaches_when_it_is_empty_and_shows_what_is_there(fake: FakeProvider, language: str) -> None:
    owner = person("user")
    client = signed_in(owner, language)
    empty = client.get(LIST)
    assert empty.status_code == 200
    assert {"zh-hans": "还没有环境", "en": "No environments yet"}[language] in empty.content.decode()
    assert f'href="{NEW}"' in empty.content.decode()
    made = environment(owner, name="生产集群")
    full = client.get(LIST).content.decode()
    assert "生产集群" in full
    assert made.server in full
    assert "shop" in full
    assert "a secret word" not in full


def test_a_card_says_where_it_is_and_offers_what_may_be_done(fake: FakeProvider, monkeypatch: pytest.MonkeyPatch) -> None:
    owner = person("user")
    free, lived_in = environment(owner, name="Free"), environment(owner, name="Lived in", zone="shop-2")
    monkeypatch.setattr("roadstead.runtimes.views.numbers_in", lambda _ids: {lived_in.pk: 2})
    answer = signed_in(owner).get(LIST)
    page, rows = answer.content.decode(), {row["environment"].pk: row for row in answer.context["rows"]}
    assert page.count('<article class="rs-place">') == 2
    assert all(fact in page for fact in ("Pretend", "shop-2", free.server, free.credential.name, "2 instances", "No instance yet"))
    assert all(f"{LIST}/{free.pk}{part}" in page for part in ("/edit", "/credential", "?ask=delete"))
    assert f"{LIST}/{lived_in.pk}?ask=delete" not in page
    assert (rows[free.pk]["may_delete"], rows[lived_in.pk]["may_delete"]) == (True, False)


def test_a_card_offers_only_what_the_role_allows(fake: FakeProvider) -> None:
    made = environment(person("user"), name="Somebody's")
    page = signed_in(person("technical_reviewer")).get(LIST).content.decode()
    assert ("Somebody" in page, f"{LIST}/{made.pk}/edit" in page) == (True, True)
    RoleGrant.objects.filter(role_id="technical_reviewer", module="m6").update(check_all=False, actions=[])
    page = signed_in(person("technical_reviewer")).get(LIST).content.decode()
    assert ("Somebody" in page, f"{LIST}/{made.pk}/edit" in page, "ask=delete" in page) == (True, False, False)


def test_the_page_of_one_shows_facts_and_no_credential(fake: FakeProvider, language: str) -> None:
    owner = person("user")
    made = environment(owner)
    page = signed_in(owner, language).get(f"{LIST}/{made.pk}").content.decode()
    assert all(fact in page for fact in ("Staging", "shop", "pretend.test:6443", "tester", "Pretend"))
    assert "a secret word" not in page
    assert signed_in(person("user")).get(f"{LIST}/{made.pk}").status_code == 404


def test_an_environment_is_made_and_the_deploy_form_gets_it_back(fake: FakeProvider) -> None:
    client = signed_in(person("user"))
    back = "/workbench/deploy/appv-1?test=1&environment=old"
    form = client.get(NEW, {"next": back})
    assert form.status_code == 200
    assert "no-store" in form.headers["Cache-Control"]
    done = client.post(NEW, {**WISH, "next": back})
    made = Environment.objects.get()
    assert done.status_code == 302
    assert done.headers["Location"] == f"/workbench/deploy/appv-1?test=1&environment={made.pk}"


@pytest.mark.parametrize("away", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_going_back_never_leaves_this_site(fake: FakeProvider, away: str) -> None:
    done = signed_in(person("user")).post(NEW, {**WISH, "next": away})
    assert done.headers["Location"] == f"{LIST}/{Environment.objects.get().pk}"


@pytest.mark.parametrize(
    ("change", "said", "status"),
    [
        ({"content": "bad word"}, "This credential is bad", 422),
        ({"zone": "Shop"}, "There is no Shop", 422),
        ({"name": ""}, "This field is required.", 422),
        ({"name": "x" * 51}, "at most 50 characters", 422),
        ({"provider": "nowhere"}, "nowhere is not one of the available choices", 422),
    ],
)
def test_each_mistake_is_said_at_its_field_and_keeps_the_rest(fake: FakeProvider, change: dict[str, str], said: str, status: int) -> None:
    answer = signed_in(person("user")).post(NEW, {**WISH, **change})
    page = answer.content.decode()
    assert answer.status_code == status
    assert said in page
    wrong = re.search(rf'id="id_{next(iter(change))}"', page)
    assert wrong or "provider" in change
    assert not Environment.objects.exists()


def test_a_place_that_is_down_and_one_that_is_had_already(fake: FakeProvider) -> None:
    owner = person("user")
    client = signed_in(owner)
    fake.answers = [DOWN()]
    down = client.post(NEW, WISH)
    assert (down.status_code, "Nobody is at home" in down.content.decode()) == (422, True)
    fake.answers = []
    environment(owner, name="First")
    twice = client.post(NEW, WISH)
    assert (twice.status_code, "“First”" in twice.content.decode()) == (409, True)


def test_only_makers_are_asked_about_testing(fake: FakeProvider) -> None:
    assert 'name="debug"' not in signed_in(person("user")).get(NEW).content.decode()
    maker = signed_in(person("global_admin"))
    assert 'name="debug"' in maker.get(NEW, {"test": "1"}).content.decode()
    maker.post(NEW, {**WISH, "debug": "on"})
    assert Environment.objects.get().debug
    assert "Staging" in maker.get(LIST, {"test": "1"}).content.decode()
    assert "Staging" not in maker.get(LIST, {"test": "0"}).content.decode()


def test_nobody_is_led_to_the_sign_in() -> None:
    for address in (LIST, NEW, f"{LIST}/runtime-x"):
        assert Client().get(address).headers["Location"].startswith("/accounts/login/")


def test_a_pasted_kubeconfig_with_a_program_is_answered_with_the_way_out(language: str) -> None:
    text = "clusters: [{name: c, cluster: {server: 'https://10.0.0.1'}}]\nusers: [{name: u, user: {exec: {command: aws}}}]\n"
    text += "contexts: [{name: x, context: {cluster: c, user: u}}]\n"
    answer = signed_in(person("user"), language).post(NEW, {**WISH, "provider": "kubernetes", "content": text})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "users[0].user.exec" in page
    assert "kubectl -n kube-system create serviceaccount roadstead" in page
    assert {"zh-hans": "靠运行程序登录", "en": "signs in by running a program"}[language] in page
