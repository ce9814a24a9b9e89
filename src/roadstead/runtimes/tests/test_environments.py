"""Environments: who may make them, what is checked in which order, and what is never told."""

import threading
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db import connection

from roadstead.accounts.factories import person
from roadstead.accounts.models import User
from roadstead.audit.models import Event
from roadstead.core.errors import DomainError, Missing, NotPermitted
from roadstead.core.problems import Problem
from roadstead.runtimes import registry, selectors, services
from roadstead.runtimes.errors import ConnectionFailed, CredentialInvalid, EnvironmentExists, PlaceInvalid, PlaceTaken, ProviderUnknown
from roadstead.runtimes.factories import DOWN, MISSING, FakeProvider, environment, fake_provider
from roadstead.runtimes.models import Credential, Environment
from roadstead.runtimes.sdk import ReleaseProvider
from roadstead.runtimes.states import Status

pytestmark = pytest.mark.django_db
CANARY = "canary-kubeconfig-token-7391"


@pytest.fixture(name="fake")
def _fake() -> Iterator[FakeProvider]:
    with fake_provider() as made:
        yield made


@pytest.fixture(name="owner")
def _owner() -> User:
    return person("user")


def create(owner: User, **wish: str | bool) -> Environment:
    return services.create_environment(
        actor=owner,
        provider=str(wish.get("provider", "pretend")),
        content=str(wish.get("content", CANARY)),
        zone=str(wish.get("zone", "shop")),
        name=str(wish.get("name", "Staging")),
        debug=bool(wish.get("debug")),
    )


def test_an_environment_is_made_and_its_namespace_marked(fake: FakeProvider, owner: User) -> None:
    made = create(owner)
    assert (made.zone, made.server, made.status) == ("shop", "pretend.test:6443", Status.ACTIVE)
    assert fake.marks == {"shop": made.pk}
    provider, target = services.target_of(made.pk)
    assert provider is fake
    assert (target.credential, target.namespace, target.mark) == (CANARY, "shop", made.pk)


def test_what_a_credential_holds_is_nowhere_in_the_open(fake: FakeProvider, owner: User) -> None:
    made = create(owner)
    _provider, target = services.target_of(made.pk)
    with connection.cursor() as cursor:
        dump = ""
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608  # names of our own tables
            dump += repr(cursor.fetchall())
    assert made.pk in dump
    assert CANARY not in dump + repr(target) + repr(made.credential) + repr(fake.check_credential(CANARY))


@pytest.mark.parametrize(
    ("wish", "answers", "refusal"),
    [
        ({"content": "bad word"}, [], (CredentialInvalid, "content")),
        ({"zone": "Shop"}, [], (PlaceInvalid, "zone")),
        ({}, [DOWN()], (ConnectionFailed, "content")),
        ({}, [MISSING(where="zone", name="shop")], (PlaceInvalid, "zone")),
        ({"provider": "nowhere"}, [], (ProviderUnknown, "provider")),
    ],
)
def test_a_refusal_names_its_field_and_leaves_nothing(
    fake: FakeProvider, owner: User, wish: dict[str, str], answers: list[Problem], refusal: tuple[type[DomainError], str]
) -> None:
    error, field = refusal
    fake.answers = answers
    with pytest.raises(error) as refused:
        create(owner, **wish)
    assert refused.value.field == field
    assert not Environment.objects.exists()
    assert not Credential.objects.exists()
    assert not fake.marks


def test_one_credential_makes_one_environment_of_a_namespace(fake: FakeProvider, owner: User) -> None:
    first = create(owner)
    fake.calls.clear()
    with pytest.raises(EnvironmentExists):
        create(owner, name="Again")
    assert fake.calls == []  # refused before the place was asked
    assert fake.marks == {"shop": first.pk}
    second = create(owner, zone="shop-2")
    assert second.credential_id == first.credential_id


def test_a_namespace_of_another_environment_is_refused_until_that_is_gone(fake: FakeProvider, owner: User) -> None:
    theirs = create(person("user"))
    with pytest.raises(PlaceInvalid):
        create(owner)
    Environment.objects.filter(pk=theirs.pk).update(status=Status.DELETED)
    assert fake.marks["shop"] == theirs.pk
    assert create(owner).pk == fake.marks["shop"]


def test_a_mark_is_taken_off_again_when_the_row_cannot_be_written(fake: FakeProvider, owner: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(**_fields: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(Environment.objects, "create", fail)
    with pytest.raises(RuntimeError):
        create(owner)
    assert not fake.marks


def test_roles_decide_which_kind_may_be_made(fake: FakeProvider) -> None:
    user, developer = person("user"), person("developer")
    with pytest.raises(NotPermitted):
        create(user, debug=True)
    assert create(developer, debug=True).debug
    assert True not in selectors.purposes_open_to(user)
    assert True in selectors.purposes_open_to(developer)


def test_people_see_their_own_environments_and_no_others(fake: FakeProvider, owner: User) -> None:
    made = environment(owner)
    assert list(selectors.environments_visible_to(owner, debug=False, provider="pretend")) == [made]
    assert not selectors.environments_visible_to(owner, debug=True).exists()
    stranger = person("user")
    assert not selectors.environments_visible_to(stranger).exists()
    with pytest.raises(Missing):
        selectors.environment_for(stranger, made.pk)


def test_creating_is_recorded_without_the_credential(fake: FakeProvider, owner: User) -> None:
    made = create(owner)
    event = Event.objects.get(verb="environment.created")
    assert (event.subject_id, event.actor_id) == (made.pk, owner.pk)
    assert event.data["server"] == "pretend.test:6443"


def test_a_place_that_never_answers_is_given_up(fake: FakeProvider, monkeypatch: pytest.MonkeyPatch) -> None:
    released = threading.Event()
    monkeypatch.setattr(fake, "probe", lambda *_a, **_k: released.wait(5) or ())
    monkeypatch.setattr(settings.OPTIONS, "connection_timeout", 0.2)
    problems = services.validate("pretend", "word", "shop")
    released.set()
    assert [problem.code for problem in problems] == ["environment_no_answer"]


def test_providers_come_in_through_entry_points() -> None:
    assert "kubernetes" in registry.names()
    found = registry.provider("kubernetes")
    assert isinstance(found, ReleaseProvider)
    assert selectors.delivery_of("kubernetes") == "helm"
    assert selectors.provider_title("gone") == "gone"
    assert any(folder.parts[-2] == "providers" for folder in registry.locale_folders())


def test_of_two_who_claim_at_once_one_keeps_the_namespace(fake: FakeProvider, owner: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second claim comes while the first has a mark and no row yet, so that the mark looks like a leftover."""
    quick, write = person("user"), services._write
    made: list[Environment] = []

    def late(actor: User, wish: object) -> Environment:
        monkeypatch.setattr(services, "_write", write)
        made.append(create(quick))
        return write(actor, wish)  # type: ignore[arg-type]  # as it was asked for

    monkeypatch.setattr(services, "_write", late)
    with pytest.raises(PlaceInvalid) as refused:
        create(owner)
    assert refused.value.field == "zone"
    assert list(Environment.objects.all()) == made
    assert list(Credential.objects.values_list("owner", flat=True)) == [quick.pk]
    assert fake.marks == {"shop": made[0].pk}


def test_a_mark_that_was_lost_before_the_row_is_taken_again(fake: FakeProvider, owner: User, monkeypatch: pytest.MonkeyPatch) -> None:
    write = services._write

    def late(actor: User, wish: object) -> Environment:
        fake.marks["shop"] = "runtime-somebody-who-has-no-row"
        return write(actor, wish)  # type: ignore[arg-type]  # as it was asked for

    monkeypatch.setattr(services, "_write", late)
    assert create(owner).pk == fake.marks["shop"]


@pytest.mark.parametrize("looks", [0, 2])
def test_where_no_mark_can_be_written_the_database_keeps_two_apart(
    fake: FakeProvider, owner: User, monkeypatch: pytest.MonkeyPatch, looks: int
) -> None:
    """So many looks miss the other row, as if it came right after them; the constraint doesn't."""
    fake.cluster = "pretend.test:6443/k8s/clusters/a"
    monkeypatch.setattr(fake, "claim_namespace", lambda *_a, **_k: None)
    theirs = create(person("user"))
    misses, refuse = iter([None] * looks), services._refuse_second
    monkeypatch.setattr(services, "_refuse_second", lambda *asked: next(misses, "") is None or refuse(*asked))
    with pytest.raises(PlaceTaken):
        create(owner)
    assert list(Environment.objects.all()) == [theirs]
    assert Credential.objects.count() == 1
    fake.cluster = "pretend.test:6443/k8s/clusters/b"
    assert create(owner, content="another word").pk != theirs.pk
