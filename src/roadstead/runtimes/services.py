"""The verbs of environments. Places are asked outside of transactions, within a limit, and told apart from what was typed wrong."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils.crypto import salted_hmac

from roadstead.accounts.access import owned_by, require
from roadstead.accounts.permissions import Action
from roadstead.audit.record import record
from roadstead.core.clock import now
from roadstead.core.finding import found
from roadstead.core.ids import new_id
from roadstead.core.problems import Problem
from roadstead.core.secrets import seal, unseal
from roadstead.runtimes import registry, this_machine
from roadstead.runtimes.errors import (
    CREDENTIAL_GONE,
    GRANT_WITHDRAWN,
    LOCAL_ENGINE,
    ConnectionFailed,
    CredentialDoesNotFit,
    CredentialInvalid,
    EnvironmentExists,
    PlaceInvalid,
    PlaceTaken,
)
from roadstead.runtimes.models import Credential, Environment, Installation
from roadstead.runtimes.places import Spot, check_zone, let_go, probe
from roadstead.runtimes.registry import Provider
from roadstead.runtimes.residents import Resident, register_keeper, register_residents
from roadstead.runtimes.sdk import (
    CredentialRefused,
    CredentialReport,
    MachineProvider,
    NameTaken,
    Place,
    ProviderError,
    ReleaseProvider,
    Target,
)
from roadstead.runtimes.states import Status

if TYPE_CHECKING:
    from roadstead.accounts.models import User

__all__ = [
    "Resident",
    "check_credential",
    "create_environment",
    "installation_mark",
    "place_of",
    "register_keeper",
    "register_residents",
    "target_of",
    "validate",
]
DEFAULT_ZONE = "default"


@dataclass(frozen=True)
class _Wish:
    """An environment that was asked for and whose texts are in order."""

    id: str
    provider: Provider
    report: CredentialReport = field(repr=False)
    zone: str
    name: str
    description: str
    debug: bool

    @property
    def spot(self) -> Spot:
        return Spot(self.provider, self.report.credential, self.zone, self.id)

    @property
    def fingerprint(self) -> str:
        return fingerprint_of(self.report.credential)

    @property
    def place(self) -> str:
        cluster = self.report.summary.get("cluster", "")
        return fingerprint_of(f"{cluster}/{self.zone}") if cluster else ""


def check_credential(provider: str, content: str) -> CredentialReport:
    """Look at a pasted credential offline, as data."""
    return registry.provider(provider).check_credential(content)


def validate(provider: str, content: str, zone: str) -> list[Problem]:
    """Try a credential in a zone, within the limit for connections. No problems means that releases can be made there."""
    place = registry.provider(provider)
    report = place.check_credential(content)
    if not report.ok:
        return list(report.problems)
    zone = zone or DEFAULT_ZONE
    if report.local:
        return [LOCAL_ENGINE()]
    return list(check_zone(place, zone)) or probe(Spot(place, report.credential, zone))


def create_environment(
    *,
    actor: "User",
    provider: str,
    zone: str,
    name: str,
    content: str = "",
    credential_id: str = "",
    description: str = "",
    debug: bool = False,
) -> Environment:
    """Create an environment: what was typed is checked, the place asked, its namespace claimed, the row written, the claim looked at again.

    It signs in with `content`, or with a credential that the actor has saved before.
    """
    require(actor, Action.TEST_ENVIRONMENT if debug else Action.CREATE_ENVIRONMENT)
    report = _saved(actor, provider, credential_id, debug=debug) if credential_id else check_credential(provider, content)
    wish = _checked(provider, report, zone or DEFAULT_ZONE, name=name.strip(), description=description.strip(), debug=debug)
    # Before the place is asked: claiming already changes something there.
    _refuse_second(actor, wish)
    _claim(wish)
    try:
        made = _write(actor, wish)
    except BaseException:
        # Another request was quicker, or the database is away: the namespace must not stay marked for nobody.
        let_go(wish.spot)
        raise
    _hold(actor, wish, made)
    return made


def target_of(environment_id: str) -> tuple[ReleaseProvider, Target]:
    """Return the provider and the place of an environment, for work that was already permitted; the credential is open in it."""
    environment = Environment.objects.select_related("credential").get(pk=environment_id)
    return registry.release_provider(environment.provider), spot_of(environment).target


def place_of(environment_id: str, *, ending: bool = False) -> tuple[MachineProvider, Place]:
    """Return the same of an environment that runs machines; `ending` enters also where a grant was withdrawn, to stop and take away."""
    environment = Environment.objects.select_related("credential__grant").get(pk=environment_id)
    text = opened(environment.credential, ending=ending)
    return registry.machine_provider(environment.provider), spot_of(environment, text).place


def spot_of(environment: Environment, credential: str = "") -> Spot:
    """Return an environment's spot, to be entered with this credential or its own."""
    text = credential or opened(environment.credential)
    return Spot(registry.provider(environment.provider), text, environment.zone, environment.pk)


def installation_mark() -> str:
    """Return what this installation writes on everything that it makes at places (the label `roadstead.installation`)."""
    return Installation.objects.get_or_create(pk=1)[0].mark


def opened(credential: Credential, *, ending: bool = False) -> str:
    """Return what a saved credential holds, or what opens this machine as long as its grant stands."""
    if credential.grant is not None:
        if credential.grant.withdrawn_at and not ending:
            raise CredentialRefused(GRANT_WITHDRAWN())
        return this_machine.credential()
    if credential.status == Status.DELETED:
        raise CredentialRefused(CREDENTIAL_GONE())
    return unseal(credential.content, context=credential.pk).decode()


def fingerprint_of(content: str) -> str:
    """Return what the same credential is found by again."""
    return salted_hmac("roadstead.runtimes.credential", content, algorithm="sha256").hexdigest()


def _saved(actor: "User", provider: str, credential_id: str, *, debug: bool) -> CredentialReport:
    credential = found(Credential.objects.filter(owner=actor, status=Status.ACTIVE, grant=None), credential_id)
    if (credential.provider, credential.debug) != (provider, debug):
        raise CredentialDoesNotFit(field="credential_id", name=credential.name)
    return CredentialReport(credential=opened(credential), summary=credential.summary)


def _checked(provider: str, report: CredentialReport, zone: str, *, name: str, description: str, debug: bool) -> _Wish:
    place = registry.provider(provider)
    if not report.ok:
        raise CredentialInvalid(field="content", problems=report.problems)
    if report.local:
        raise CredentialInvalid(field="content", problems=[LOCAL_ENGINE(where="line 1")])
    wrong = check_zone(place, zone)
    if wrong:
        raise _place_invalid(wrong)
    return _Wish(new_id("runtime"), place, report, zone, name, description, debug)


def _claim(wish: _Wish) -> None:
    """Ask the place and take its namespace; every failure is said at the field that it belongs to."""
    problems = probe(wish.spot)
    if problems and all(problem.where == "zone" for problem in problems):
        raise _place_invalid(problems)
    if problems:
        raise ConnectionFailed(field="content", problems=problems)
    try:
        wish.spot.claim(_is_stale)
    except ProviderError as error:
        raise _place_invalid(error.problems) from error


def _hold(actor: "User", wish: _Wish, made: Environment) -> None:
    """Look at the claim again. Before the row was there, another request took it for a leftover; of two, one keeps it now."""
    try:
        wish.spot.claim(_is_stale)
    except NameTaken as error:
        _take_back(actor, made)
        raise _place_invalid(error.problems) from error
    except ProviderError:
        # It is away now, but answered a moment ago; the mark is added by the first deployment.
        return


@transaction.atomic
def _take_back(actor: "User", made: Environment) -> None:
    """Leave nothing of an environment that lost its namespace before anybody knew of it."""
    record(actor, "environment.withdrawn", made, name=made.name, zone=made.zone)
    made.delete()
    if not made.credential.environments.exists():
        made.credential.delete()


@transaction.atomic
def _write(actor: "User", wish: _Wish) -> Environment:
    _refuse_second(actor, wish)
    try:
        with transaction.atomic():
            credential = _credential(actor, wish)
            environment = Environment.objects.create(
                id=wish.id,
                name=wish.name,
                description=wish.description,
                provider=wish.provider.id,
                zone=wish.zone,
                credential=credential,
                debug=wish.debug,
                checked_at=now(),
                place=wish.place,
                **owned_by(actor),
            )
    except IntegrityError as error:
        _refuse_second(actor, wish)
        raise EnvironmentExists(field="zone", name=wish.name) from error
    record(actor, "environment.created", environment, name=wish.name, zone=wish.zone, provider=wish.provider.id, **_shown(wish))
    return environment


def _credential(actor: "User", wish: _Wish) -> Credential:
    """Return the owner's credential with this content, or seal a new one."""
    same = _same_credential(actor, wish)
    if same is not None:
        return same
    made = Credential(
        name=wish.name,
        provider=wish.provider.id,
        fingerprint=wish.fingerprint,
        summary=wish.report.summary,
        debug=wish.debug,
        **owned_by(actor),
    )
    made.content = seal(wish.report.credential.encode(), context=made.pk)
    made.save(force_insert=True)
    record(actor, "credential.created", made, name=wish.name, provider=wish.provider.id, **_shown(wish))
    return made


def _same_credential(actor: "User", wish: _Wish) -> Credential | None:
    active = Credential.objects.filter(owner=actor, status=Status.ACTIVE)
    return active.filter(provider=wish.provider.id, debug=wish.debug, fingerprint=wish.fingerprint).first()


def _refuse_second(actor: "User", wish: _Wish) -> None:
    credential = _same_credential(actor, wish)
    twin = credential and credential.environments.filter(zone=wish.zone, status=Status.ACTIVE).first()
    if twin:
        raise EnvironmentExists(field="zone", name=twin.name)
    if wish.place and Environment.objects.filter(place=wish.place, status=Status.ACTIVE).exists():
        raise PlaceTaken(field="zone", namespace=wish.zone)


def _place_invalid(problems: "tuple[Problem, ...] | list[Problem]") -> PlaceInvalid:
    return PlaceInvalid(field="zone", problems=problems, reason=" ".join(problem.message for problem in problems))


def _is_stale(mark: str) -> bool:
    return not Environment.objects.filter(pk=mark, status=Status.ACTIVE).exists()


def _shown(wish: _Wish) -> dict[str, str]:
    return {"server": wish.report.summary.get("server", ""), "user": wish.report.summary.get("user", "")}
