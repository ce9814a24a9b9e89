"""The engine of this machine: granted by administrators, closed at once when taken back, and swept of what nobody owns."""

import json
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from roadstead.accounts.factories import person
from roadstead.accounts.models import User
from roadstead.audit.models import Event
from roadstead.core.errors import DomainError, Missing, NotPermitted
from roadstead.runtimes import granting, residents, selectors, services, sweeping, upkeep
from roadstead.runtimes.errors import CredentialInvalid, EngineAway, GrantedAlready, NobodyOfThatName, OnlyWithdrawn
from roadstead.runtimes.models import Credential, Environment, Grant
from roadstead.runtimes.sdk import CredentialRefused
from roadstead.runtimes.states import Status
from roadstead.runtimes.tests.near import filled, granted, ledger
from tests.testbeds.cloud.faults import forced
from tests.testbeds.cloud.ledger import Ledger

__all__ = ["ledger"]  # a fixture

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.django_db
MACHINE = "/workbench/this-machine"


def test_a_grant_brings_an_environment_for_each_purpose_and_a_withdrawal_closes_them_at_once(ledger: Ledger) -> None:
    admin, reviewer = person("global_admin"), person("technical_reviewer")
    grant = granting.grant_machine(actor=admin, email=f" {reviewer.email.upper()} ")
    environments = {environment.debug: environment for environment in selectors.environments_visible_to(reviewer).filter(owner=reviewer)}
    assert set(environments) == set(selectors.purposes_open_to(reviewer))
    place = services.place_of(environments[True].pk)[1]
    assert (json.loads(place.credential)["ledger"], place.mark) == (str(ledger.path), environments[True].pk)
    granting.withdraw_machine(actor=admin, grant_id=grant.pk)
    assert not selectors.environments_visible_to(reviewer).filter(owner=reviewer).exists()
    with pytest.raises(CredentialRefused) as refusal:
        services.place_of(environments[True].pk)
    assert refusal.value.problem.code == "grant_withdrawn"
    assert services.place_of(environments[True].pk, ending=True)[1] == place
    granting.grant_machine(actor=admin, email=reviewer.email)
    assert {row.pk for row in selectors.environments_visible_to(reviewer).filter(owner=reviewer)} == {
        row.pk for row in environments.values()
    }
    verbs = list(Event.objects.filter(verb__startswith="machine.").order_by("pk").values_list("verb", flat=True))
    assert verbs == ["machine.granted", "machine.withdrawn", "machine.granted"]


def test_it_belongs_to_the_person_and_is_no_credential_to_use_elsewhere(ledger: Ledger) -> None:
    admin, user = person("global_admin"), person("user")
    granting.grant_machine(actor=admin, email=user.email)
    environment = Environment.objects.get(owner=user)
    assert not selectors.own_credentials(user).exists()
    with pytest.raises(Missing):
        services.create_environment(actor=user, provider="docker", zone="", name="mine", credential_id=environment.credential_id)
    with pytest.raises(CredentialInvalid) as refusal:
        services.create_environment(actor=user, provider="docker", zone="", name="mine", content=f"unix://{ledger.path}")
    assert [problem.code for problem in refusal.value.problems] == ["local_engine_not_pasted"]
    with pytest.raises(OnlyWithdrawn):
        upkeep.delete_environment(actor=user, environment_id=environment.pk)
    assert Environment.objects.filter(status=Status.ACTIVE).count() == 1


def test_what_is_refused_changes_nothing(ledger: Ledger) -> None:
    admin, user = person("global_admin"), person("user")
    refused: list[tuple[type[DomainError], Callable[[], object]]] = [
        (NotPermitted, lambda: granting.grant_machine(actor=user, email=user.email)),
        (NobodyOfThatName, lambda: granting.grant_machine(actor=admin, email="nobody@example.com")),
        (Missing, lambda: granting.withdraw_machine(actor=admin, grant_id="grant-2222222222222222")),
        (Missing, lambda: granting.withdraw_machine(actor=user, grant_id="grant-2222222222222222")),
        (NotPermitted, lambda: sweeping.sweep(actor=user)),
    ]
    for kind, call in refused:
        with pytest.raises(kind):
            call()
    assert not Grant.objects.exists()
    assert not Environment.objects.exists()


def test_nobody_is_granted_twice_or_what_does_not_answer(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    admin, user = person("global_admin"), person("user")
    granting.grant_machine(actor=admin, email=user.email)
    with pytest.raises(GrantedAlready):
        granting.grant_machine(actor=admin, email=user.email)
    for address in ("unix:///nowhere/ledger", "tcp://engine.test:2375"):
        monkeypatch.setattr(settings.OPTIONS, "docker_host", address)
        with pytest.raises(EngineAway) as refusal:
            granting.grant_machine(actor=admin, email=admin.email)
        assert refusal.value.problems
    assert Grant.objects.count() == 1


def test_samples_are_granted_once_and_never_again(ledger: Ledger) -> None:
    user = person("user")
    granting.grant_to_samples([user])
    admin = person("global_admin")
    with pytest.raises(Missing):
        granting.withdraw_machine(actor=user, grant_id=Grant.objects.get().pk)
    assert selectors.grants_visible_to(admin).exists()
    granting.withdraw_machine(actor=admin, grant_id=Grant.objects.get().pk)
    granting.grant_to_samples([user])
    assert not selectors.grants_visible_to(admin).exists()


def test_a_sweep_takes_what_nobody_owns_and_nothing_else(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    environment = granted(person("user"))
    place = filled(environment)
    monkeypatch.setattr(residents, "_keeps", [lambda found: {one.token for one in found if one.labels["roadstead.cluster"] == "cl-lives"}])
    assert [left.thing.name for left in sweeping.leftovers().found] == ["disk-lost"]
    swept = sweeping.sweep(actor=person("global_admin"))
    assert ([left.thing.name for left in swept.gone], swept.problems) == (["disk-lost"], ())
    assert sorted(thing.name for thing in ledger.things()) == ["disk-lives", "disk-strange", "net"]
    # The network lives as long as its environment.
    Environment.objects.filter(pk=environment.pk).update(status=Status.DELETED)
    assert [left.thing.name for left in sweeping.sweep(actor=None).gone] == ["net"]
    assert place.mark == environment.pk


def test_while_nobody_says_what_it_owns_nothing_is_taken(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(granted(person("user")))
    monkeypatch.setattr(residents, "_keeps", [])
    assert sweeping.sweep(actor=None).found == ()
    assert len(ledger.things()) == 4


def test_a_place_that_does_not_answer_is_said_and_nothing_is_called_clean(ledger: Ledger) -> None:
    filled(granted(person("user")))
    with forced("trouble"):
        page = _signed_in(person("global_admin")).get(f"{MACHINE}/leftovers").content.decode()
    assert "The cloud has trouble." in page
    assert "Nothing was found where the place could be asked." in page


def test_the_page_shows_the_engine_grants_and_takes_back(ledger: Ledger) -> None:
    admin, user = person("global_admin"), person("user")
    client = _signed_in(admin)
    assert "Nobody yet." in client.get(MACHINE).content.decode()
    wrong = client.post(MACHINE, {"email": "nobody@example.com"})
    assert (wrong.status_code, "Nobody who is active here" in wrong.content.decode()) == (422, True)
    assert client.post(MACHINE, {"email": user.email}).status_code == 302
    page = client.get(MACHINE).content.decode()
    assert user.email in page
    assert "64 cores" in page
    card = _signed_in(user).get("/workbench/environments").content.decode()
    assert "This machine" in card
    assert "Granted by an administrator" in card
    assert "Namespace" not in card
    assert client.post(f"{MACHINE}/{Grant.objects.get().pk}/withdraw").status_code == 302
    assert not Environment.objects.filter(status=Status.ACTIVE).exists()


def test_the_page_asks_no_more_for_more_grants(ledger: Ledger) -> None:
    client = _signed_in(person("global_admin"))
    counts = []
    for _round in range(2):
        for _person in range(3):
            granted(person("user"))
        with CaptureQueriesContext(connection) as asked:
            assert client.get(MACHINE).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_the_page_says_why_there_is_no_engine(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings.OPTIONS, "docker_host", "tcp://engine.test:2375")
    page = _signed_in(person("global_admin")).get(MACHINE).content.decode()
    assert "DOCKER_HOST names an engine elsewhere" in page


def test_the_installation_has_one_mark_for_good() -> None:
    assert services.installation_mark() == services.installation_mark()
    assert services.installation_mark().startswith("inst-")


def test_the_credential_of_this_machine_holds_nothing(ledger: Ledger) -> None:
    granted(person("user"))
    assert Credential.objects.get().content == ""


def _signed_in(user: User) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client
