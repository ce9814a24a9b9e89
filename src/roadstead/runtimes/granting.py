"""Who may use this very machine: an administrator grants it and takes it back. A grant brings environments, which close with it."""

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from roadstead.accounts.access import owned_by, require
from roadstead.accounts.permissions import Action
from roadstead.accounts.selectors import people_listed
from roadstead.audit.record import record
from roadstead.core.clock import now
from roadstead.core.finding import found
from roadstead.runtimes import selectors, this_machine
from roadstead.runtimes.errors import EngineAway, GrantedAlready, NobodyOfThatName
from roadstead.runtimes.models import Credential, Environment, Grant
from roadstead.runtimes.services import fingerprint_of
from roadstead.runtimes.states import Status

if TYPE_CHECKING:
    from roadstead.accounts.models import User

ZONE = "default"


def grant_machine(*, actor: "User", email: str) -> Grant:
    """Let a person use this machine's engine, which is asked first: what isn't there isn't granted."""
    require(actor, Action.CHANGE_SETTINGS)
    looked = this_machine.look()
    if looked.problems:
        raise EngineAway(problems=looked.problems, reason=" ".join(problem.message for problem in looked.problems))
    return _write_grant(actor, email.strip())


@transaction.atomic
def withdraw_machine(*, actor: "User", grant_id: str) -> Grant:
    """Take the use of this machine back at once; what runs there goes on until somebody stops it."""
    grant = found(selectors.grants_visible_to(actor).select_for_update(of=("self",)), grant_id)
    require(actor, Action.CHANGE_SETTINGS)
    grant.withdrawn_at = now()
    grant.save(update_fields=["withdrawn_at"])
    environments = Environment.objects.filter(credential__grant=grant, status=Status.ACTIVE)
    environments.update(status=Status.DELETED, status_at=now())
    record(actor, "machine.withdrawn", grant, name=grant.person.name)
    return grant


def grant_to_samples(people: "list[User]") -> None:
    """Let sample people use this machine, if its engine answers; whoever had it taken back doesn't get it again."""
    if this_machine.offered() and this_machine.look().room:
        _give_all(people)


@transaction.atomic
def _give_all(people: "list[User]") -> None:
    for person in people:
        if not Grant.objects.filter(person=person).exists():
            _give(None, person)


@transaction.atomic
def _write_grant(actor: "User", email: str) -> Grant:
    person = people_listed(actor, status="active").filter(email__iexact=email).first()
    if person is None:
        raise NobodyOfThatName(field="email", email=email)
    if Grant.objects.filter(person=person, withdrawn_at=None).exists():
        raise GrantedAlready(field="email", name=person.name)
    return _give(actor, person)


def _give(actor: "User | None", person: "User") -> Grant:
    grant = Grant.objects.create(person=person, granted_by=actor)
    for debug in selectors.purposes_open_to(person):
        _environment(person, grant, debug=debug)
    record(actor, "machine.granted", grant, name=person.name)
    return grant


def _environment(person: "User", grant: Grant, *, debug: bool) -> Environment:
    """Make a person's environment of this machine, or bring back the one that they had: instances may live there."""
    credential = Credential.objects.filter(owner=person, debug=debug).exclude(grant=None).first()
    if credential:
        credential.grant = grant
        credential.save(update_fields=["grant"])
        environment = credential.environments.get()
        environment.status, environment.status_at, environment.checked_at = Status.ACTIVE, now(), now()
        environment.save(update_fields=["status", "status_at", "checked_at"])
        return environment
    with override(person.language or None):
        name = _("This machine, for tests") if debug else _("This machine")
    credential = Credential.objects.create(
        name=name,
        provider=this_machine.PROVIDER,
        fingerprint=fingerprint_of(f"this machine {person.pk}"),
        summary=this_machine.summary(),
        grant=grant,
        debug=debug,
        content="",
        **owned_by(person),
    )
    return Environment.objects.create(
        name=name,
        provider=this_machine.PROVIDER,
        zone=ZONE,
        credential=credential,
        debug=debug,
        checked_at=now(),
        **owned_by(person),
    )
