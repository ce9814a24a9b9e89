"""Environments and credentials that exist already: what each verb does, and that a refusal changes nothing."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from roadstead.accounts.factories import person
from roadstead.accounts.models import User
from roadstead.accounts.services import set_role
from roadstead.audit.models import Event
from roadstead.core.errors import DomainError, Missing, NotPermitted
from roadstead.runtimes import residents, services, upkeep
from roadstead.runtimes.errors import (
    AnotherServer,
    ConnectionFailed,
    CredentialDoesNotFit,
    CredentialExists,
    CredentialInUse,
    CredentialInvalid,
    EnvironmentExists,
    EnvironmentInUse,
)
from roadstead.runtimes.factories import DOWN, FakeProvider, environment, fake_provider
from roadstead.runtimes.models import Credential, Environment
from roadstead.runtimes.residents import Resident
from roadstead.runtimes.sdk import CredentialRefused, CredentialReport
from roadstead.runtimes.states import ENVIRONMENT_STATES, Status

pytestmark = pytest.mark.django_db


@pytest.fixture(name="fake")
def _fake() -> Iterator[FakeProvider]:
    with fake_provider() as made:
        yield made


@pytest.fixture(name="owner")
def _owner() -> User:
    return person("user")


def second_credential(owner: User, content: str = "another word", *, debug: bool = False) -> Credential:
    """Make an environment elsewhere with another credential, and return that."""
    made = services.create_environment(
        actor=owner, provider="pretend", content=content, zone=f"zone-{len(content)}-{debug:d}", name="Second", debug=debug
    )
    return made.credential


def everything() -> list[Any]:
    return [*Environment.objects.order_by("pk").values(), *Credential.objects.order_by("pk").values(), Event.objects.count()]


def refused(error: type[DomainError], act: Callable[[], object]) -> DomainError:
    before = everything()
    with pytest.raises(error) as refusal:
        act()
    assert everything() == before
    return refusal.value


def test_a_place_is_renamed(fake: FakeProvider, owner: User) -> None:
    made = environment(owner)
    upkeep.edit_environment(actor=owner, environment_id=made.pk, name=" Shop ", description="for all")
    made.refresh_from_db()
    assert (made.name, made.description) == ("Shop", "for all")
    assert Event.objects.filter(verb="environment.edited", subject_id=made.pk).exists()


def test_new_content_is_tried_everywhere_and_one_failure_leaves_all_as_it_was(fake: FakeProvider, owner: User) -> None:
    first = environment(owner)
    environment(owner, zone="second")
    fake.calls.clear()
    fake.answers = [DOWN()]
    refusal = refused(
        ConnectionFailed, lambda: upkeep.replace_credential(actor=owner, credential_id=first.credential_id, content="new word")
    )
    assert refusal.problems == (DOWN(),)
    fake.answers = []
    upkeep.replace_credential(actor=owner, credential_id=first.credential_id, content="new word")
    assert fake.calls.count("probe shop") + fake.calls.count("probe second") == 3  # one refused, then both
    assert services.target_of(first.pk)[1].credential == "new word"
    assert "new word" not in str(list(Event.objects.values()))


def test_content_that_is_refused(fake: FakeProvider, owner: User, monkeypatch: pytest.MonkeyPatch) -> None:
    credential_id = environment(owner).credential_id
    second_credential(owner)

    def put(content: str) -> Callable[[], object]:
        return lambda: upkeep.replace_credential(actor=owner, credential_id=credential_id, content=content)

    refused(CredentialInvalid, put("bad word"))
    refused(CredentialExists, put("another word"))
    elsewhere = CredentialReport(credential="x", summary={"server": "elsewhere.test:6443"})
    monkeypatch.setattr(fake, "check_credential", lambda _content: elsewhere)
    assert refused(AnotherServer, put("x")).field == "content"


def test_a_saved_credential_makes_another_place(fake: FakeProvider, owner: User) -> None:
    first = environment(owner)
    stranger, admin = person("user"), person("global_admin")

    def make(actor: User, zone: str, *, debug: bool = False) -> Environment:
        return services.create_environment(
            actor=actor, provider="pretend", credential_id=first.credential_id, zone=zone, name="Second", debug=debug
        )

    made = make(owner, "second")
    assert made.credential_id == first.credential_id
    assert services.target_of(made.pk)[1].credential == "a secret word"
    refused(EnvironmentExists, lambda: make(owner, "second"))
    refused(Missing, lambda: make(stranger, "third"))
    refused(Missing, lambda: make(admin, "third"))  # seeing it is not having it


def test_a_place_is_switched_to_another_credential_that_works_there(fake: FakeProvider, owner: User) -> None:
    made = environment(owner)
    other = second_credential(owner)

    def switch() -> Environment:
        return upkeep.switch_credential(actor=owner, environment_id=made.pk, credential_id=other.pk)

    fake.answers = [DOWN()]
    refused(ConnectionFailed, switch)
    fake.answers = []
    switch()
    assert services.target_of(made.pk)[1].credential == "another word"
    assert Event.objects.get(verb="environment.credential_switched").data == {"credential": other.pk, "former": made.credential_id}


def test_a_switch_that_is_refused(fake: FakeProvider) -> None:
    maker, stranger = person("developer"), person("user")
    made, other = environment(maker), second_credential(maker)

    def switch(actor: User, credential: Credential) -> Callable[[], object]:
        return lambda: upkeep.switch_credential(actor=actor, environment_id=made.pk, credential_id=credential.pk)

    refused(Missing, switch(maker, second_credential(stranger, "their word")))
    refused(Missing, switch(stranger, other))
    refused(Missing, switch(maker, second_credential(maker, debug=True)))
    Credential.objects.filter(pk=other.pk).update(summary={"server": "elsewhere.test:6443"})
    refused(AnotherServer, switch(maker, other))


def test_a_credential_of_another_purpose_makes_no_place(fake: FakeProvider) -> None:
    maker = person("developer")
    trial = second_credential(maker, debug=True)

    def make() -> Environment:
        return services.create_environment(actor=maker, provider="pretend", credential_id=trial.pk, zone="z", name="N")

    assert refused(CredentialDoesNotFit, make).field == "credential_id"


def test_a_place_goes_with_its_mark_but_not_while_something_lives_there(
    fake: FakeProvider, owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = environment(owner)
    monkeypatch.setattr(residents, "_asks", [lambda _actor, _id: [Resident("blog", ENVIRONMENT_STATES["active"])]])
    refused(EnvironmentInUse, lambda: upkeep.delete_environment(actor=owner, environment_id=made.pk))
    assert fake.marks == {"shop": made.pk}
    monkeypatch.setattr(residents, "_asks", [])
    refused(CredentialInUse, lambda: upkeep.delete_credential(actor=owner, credential_id=made.credential_id))
    upkeep.delete_environment(actor=owner, environment_id=made.pk)
    assert fake.marks == {}
    assert Environment.objects.get().status == Status.DELETED
    refused(Missing, lambda: upkeep.delete_environment(actor=owner, environment_id=made.pk))


def test_a_credential_is_erased_when_nothing_uses_it(fake: FakeProvider, owner: User) -> None:
    made = environment(owner)
    upkeep.delete_environment(actor=owner, environment_id=made.pk)
    upkeep.delete_credential(actor=owner, credential_id=made.credential_id)
    assert Credential.objects.get().content == ""
    with pytest.raises(CredentialRefused):
        services.target_of(made.pk)
    assert environment(owner).credential_id != made.credential_id


def test_a_check_is_kept_and_breaking_is_counted_from_its_first_finding(fake: FakeProvider, owner: User) -> None:
    made = environment(owner)
    assert made.reach.value == "answers"
    fake.answers = [DOWN()]
    first = upkeep.check_environment(actor=owner, environment_id=made.pk).broken_since
    again = upkeep.check_environment(actor=owner, environment_id=made.pk)
    assert (again.broken_since, again.reach.value, again.problems) == (first, "broken", [DOWN()])
    fake.answers = []
    assert upkeep.check_environment(actor=owner, environment_id=made.pk).reach.value == "answers"
    Environment.objects.update(checked_at=None)
    assert Environment.objects.get().reach.value == "unknown"  # never said to be well


def test_a_role_taken_away_ends_all_of_it(fake: FakeProvider) -> None:
    admin, reviewer, owner = person("global_admin"), person("technical_reviewer"), person("user")
    made = environment(owner)
    upkeep.edit_environment(actor=reviewer, environment_id=made.pk, name="By a reviewer")
    set_role(actor=admin, user_id=reviewer.pk, role_id="business_reviewer")
    reviewer = User.objects.get(pk=reviewer.pk)
    for act in (
        lambda: upkeep.edit_environment(actor=reviewer, environment_id=made.pk, name="x"),
        lambda: upkeep.delete_environment(actor=reviewer, environment_id=made.pk),
        lambda: upkeep.check_environment(actor=reviewer, environment_id=made.pk),
        lambda: upkeep.replace_credential(actor=reviewer, credential_id=made.credential_id, content="x"),
        lambda: upkeep.delete_credential(actor=reviewer, credential_id=made.credential_id),
    ):
        refused(Missing, act)


def test_own_things_without_the_action_stay_as_they_are(fake: FakeProvider) -> None:
    owner = person("technical_reviewer")
    made = environment(owner)
    owner.role.grants.filter(module="m6").update(check_all=False, actions=[])
    owner = User.objects.get(pk=owner.pk)
    refused(NotPermitted, lambda: upkeep.edit_environment(actor=owner, environment_id=made.pk, name="x"))
    refused(NotPermitted, lambda: upkeep.delete_environment(actor=owner, environment_id=made.pk))
    refused(NotPermitted, lambda: upkeep.edit_credential(actor=owner, credential_id=made.credential_id, name="x"))
