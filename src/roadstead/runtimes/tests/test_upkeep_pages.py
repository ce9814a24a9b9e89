"""The pages that change environments and credentials."""

from collections.abc import Iterator

import pytest
from django.test import Client

from roadstead.accounts.factories import person
from roadstead.accounts.models import User
from roadstead.runtimes import residents, services
from roadstead.runtimes.factories import DOWN, FakeProvider, environment, fake_provider
from roadstead.runtimes.models import Credential, Environment
from roadstead.runtimes.residents import Resident
from roadstead.runtimes.states import ENVIRONMENT_STATES, Status

pytestmark = pytest.mark.django_db
ENVIRONMENTS, CREDENTIALS = "/workbench/environments", "/workbench/credentials"


@pytest.fixture(name="fake")
def _fake() -> Iterator[FakeProvider]:
    with fake_provider() as made:
        yield made


def signed_in(user: User, language: str = "en") -> Client:
    client = Client(headers={"accept-language": language})
    client.force_login(user)
    return client


@pytest.mark.parametrize(
    ("language", "words"), [("zh-hans", ("立即检查", "这里还没有运行任何东西")), ("en", ("Check now", "Nothing runs here yet"))]
)
def test_the_page_checks_and_says_since_when_it_is_broken(fake: FakeProvider, language: str, words: tuple[str, str]) -> None:
    made = environment(person("user"))
    client = signed_in(made.owner, language)
    page = client.get(f"{ENVIRONMENTS}/{made.pk}").content.decode()
    assert all(word in page for word in words)
    fake.answers = [DOWN()]
    client.post(f"{ENVIRONMENTS}/{made.pk}/check")
    broken = client.get(f"{ENVIRONMENTS}/{made.pk}").content.decode()
    assert "Nobody is at home" in broken
    assert {"zh-hans": "发现故障于", "en": "Broken since"}[language] in broken


def test_who_lives_there_is_shown_and_keeps_the_place(fake: FakeProvider, monkeypatch: pytest.MonkeyPatch) -> None:
    made = environment(person("user"))
    state = ENVIRONMENT_STATES["active"]
    monkeypatch.setattr(residents, "_asks", [lambda _a, _e: [Resident("blog", state, "/x", "Ann"), Resident("", state)]])
    client = signed_in(made.owner)
    page = client.get(f"{ENVIRONMENTS}/{made.pk}").content.decode()
    assert 'href="/x"' in page
    assert "Somebody else" in page
    assert "ask=delete" not in page
    assert client.post(f"{ENVIRONMENTS}/{made.pk}/delete", {"name": made.name}).status_code == 409
    assert Environment.objects.get().status == Status.ACTIVE


def test_a_place_is_edited_and_deleted_by_its_name(fake: FakeProvider) -> None:
    made = environment(person("user"))
    client = signed_in(made.owner)
    assert client.post(f"{ENVIRONMENTS}/{made.pk}/edit", {"name": ""}).status_code == 422
    client.post(f"{ENVIRONMENTS}/{made.pk}/edit", {"name": "Shop", "description": ""})
    assert client.post(f"{ENVIRONMENTS}/{made.pk}/delete", {"name": "Staging"}).status_code == 422
    assert Environment.objects.get().status == Status.ACTIVE
    assert client.post(f"{ENVIRONMENTS}/{made.pk}/delete", {"name": "Shop"}).status_code == 302
    assert Environment.objects.get().status == Status.DELETED


def test_a_saved_credential_is_offered_and_used(fake: FakeProvider) -> None:
    made = environment(person("user"))
    client = signed_in(made.owner)
    page = client.get(f"{ENVIRONMENTS}/new?provider=pretend").content.decode()
    assert f'value="{made.credential_id}"' in page
    wish = {"provider": "pretend", "zone": "second", "name": "Second", "content": ""}
    assert client.post(f"{ENVIRONMENTS}/new", {**wish, "credential_id": ""}).status_code == 422
    assert client.post(f"{ENVIRONMENTS}/new", {**wish, "credential_id": "runtimec-foreign"}).status_code == 422
    assert client.post(f"{ENVIRONMENTS}/new", {**wish, "credential_id": made.credential_id}).status_code == 302
    assert Environment.objects.get(zone="second").credential_id == made.credential_id


def test_credentials_are_listed_renamed_replaced_and_erased(fake: FakeProvider) -> None:
    made = environment(person("user"))
    address = f"{CREDENTIALS}/{made.credential_id}"
    client = signed_in(made.owner)
    listed = client.get(CREDENTIALS).content.decode()
    assert made.server in listed
    assert "a secret word" not in listed + client.get(address).content.decode()
    client.post(address, {"name": "Key of the shop"})
    assert "bad" in client.post(f"{address}/content", {"content": "bad word"}).content.decode()
    assert client.post(f"{address}/content", {"content": "new word"}).status_code == 302
    assert services.target_of(made.pk)[1].credential == "new word"
    assert client.post(f"{address}/delete", {"name": "Key of the shop"}).status_code == 409
    client.post(f"{ENVIRONMENTS}/{made.pk}/delete", {"name": made.name})
    assert client.post(f"{address}/delete", {"name": "Key of the shop"}).status_code == 302
    assert client.get(address).status_code == 404


def test_a_switch_offers_what_fits(fake: FakeProvider) -> None:
    made = environment(person("user"))
    services.create_environment(actor=made.owner, provider="pretend", content="another word", zone="second", name="Second")
    other = Credential.objects.get(name="Second")
    client = signed_in(made.owner)
    address = f"{ENVIRONMENTS}/{made.pk}/credential"
    assert other.pk in client.get(address).content.decode()
    fake.answers = [DOWN()]
    tried = client.post(address, {"credential": other.pk})
    assert (tried.status_code, "Nobody is at home" in tried.content.decode()) == (422, True)
    fake.answers = []
    assert client.post(address, {"credential": other.pk}).status_code == 302
    made.refresh_from_db()
    assert made.credential_id == other.pk


@pytest.mark.parametrize(("address", "most"), [(CREDENTIALS, 8), (ENVIRONMENTS, 8)])
def test_lists_cost_the_same_for_many_rows(fake: FakeProvider, django_assert_max_num_queries: object, address: str, most: int) -> None:
    owner = person("user")
    for number in range(6):
        services.create_environment(actor=owner, provider="pretend", content=f"word {number}", zone=f"z{number}", name=f"N{number}")
    client = signed_in(owner)
    assert callable(django_assert_max_num_queries)
    with django_assert_max_num_queries(most):
        assert client.get(address).status_code == 200


def test_the_page_of_one_costs_few_queries(fake: FakeProvider, django_assert_max_num_queries: object) -> None:
    made = environment(person("user"))
    client = signed_in(made.owner)
    assert callable(django_assert_max_num_queries)
    for address in (f"{ENVIRONMENTS}/{made.pk}", f"{CREDENTIALS}/{made.credential_id}"):
        with django_assert_max_num_queries(9):
            client.get(address)
