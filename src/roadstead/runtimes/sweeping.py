"""What is at places of machines and belongs to no instance any more: found by labels, and taken away when somebody says so.

Only what carries this installation's own mark is ever looked at.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from roadstead.accounts.access import require
from roadstead.accounts.permissions import Action
from roadstead.audit.record import record
from roadstead.core.problems import Problem
from roadstead.runtimes import registry, this_machine
from roadstead.runtimes.models import Environment, Installation
from roadstead.runtimes.residents import kept_of
from roadstead.runtimes.sdk import MachineProvider, Owned, Place, ProviderError
from roadstead.runtimes.services import installation_mark, opened
from roadstead.runtimes.states import Status

if TYPE_CHECKING:
    from roadstead.accounts.models import User

ORDER = ("machine", "disk", "network")
ENVIRONMENT, CLUSTER = "roadstead.environment", "roadstead.cluster"


@dataclass(frozen=True)
class Leftover:
    """One thing that nobody owns, and where it is."""

    provider: str
    server: str
    thing: Owned
    place: Place


@dataclass(frozen=True)
class Swept:
    """What was found, what of it is gone now, and what could not be asked or taken away."""

    found: tuple[Leftover, ...] = ()
    gone: tuple[Leftover, ...] = ()
    problems: tuple[Problem, ...] = ()


def leftovers() -> Swept:
    """Look at every place of machines that can be entered."""
    found: list[Leftover] = []
    problems: list[Problem] = []
    for provider, server, place in _places():
        try:
            owned = provider.owned(place, installation_mark())
        except ProviderError as error:
            problems += error.problems
            continue
        found += [Leftover(provider.id, server, thing, place) for thing in _left(owned)]
    return Swept(found=tuple(sorted(found, key=lambda left: (ORDER.index(left.thing.kind), left.thing.name))), problems=tuple(problems))


def sweep(*, actor: "User | None") -> Swept:
    """Take away what no instance owns; without an actor it is the operator, at the command line."""
    if actor is not None:
        require(actor, Action.CHANGE_SETTINGS)
    looked = leftovers()
    gone, problems = [], list(looked.problems)
    for left in looked.found:
        try:
            _take(left)
        except ProviderError as error:
            problems += error.problems
        else:
            gone.append(left)
    if gone:
        _note(actor, gone)
    return Swept(looked.found, tuple(gone), tuple(problems))


@transaction.atomic
def _note(actor: "User | None", gone: Sequence[Leftover]) -> None:
    installation = Installation.objects.get(pk=1)
    record(actor, "machine.swept", installation, names=[left.thing.name for left in gone][:50], number=len(gone))


def _places() -> Iterator[tuple[MachineProvider, str, Place]]:
    """Return each place once: several environments may lie at one."""
    seen: set[tuple[str, str, str]] = set()
    for environment in Environment.objects.select_related("credential__grant").order_by("status", "pk"):
        if environment.provider not in registry.names() or registry.provider(environment.provider).delivery != "vm":
            continue
        try:
            text = this_machine.credential() if environment.granted else opened(environment.credential, ending=True)
        except ProviderError:
            # Deleted, with what it held: nobody can look there any more.
            continue
        key = (environment.provider, text, environment.zone)
        if key not in seen:
            seen.add(key)
            place = Place(credential=text, zone=environment.zone, mark=environment.pk)
            yield registry.machine_provider(environment.provider), environment.server, place


def _left(owned: Sequence[Owned]) -> Iterable[Owned]:
    """Return what nobody owns. What belongs to no instance, such as a network, lives as long as its environment."""
    kept = kept_of(owned)
    marks = {one.labels.get(ENVIRONMENT, "") for one in owned}
    active = set(Environment.objects.filter(pk__in=marks, status=Status.ACTIVE).values_list("pk", flat=True))
    for one in owned:
        shared = not one.labels.get(CLUSTER)
        if one.token and one.token not in kept and not (shared and one.labels.get(ENVIRONMENT, "") in active):
            yield one


def _take(left: Leftover) -> None:
    provider = registry.machine_provider(left.provider)
    take = {"machine": provider.delete_machine, "disk": provider.delete_disk, "network": provider.delete_network}[left.thing.kind]
    take(left.place, left.thing.token)
