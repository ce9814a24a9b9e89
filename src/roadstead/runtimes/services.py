"""The verbs of environments. Places are asked outside of transactions, within a limit, and told apart from what was typed wrong."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.crypto import salted_hmac

from roadstead.accounts.access import owned_by, require
from roadstead.accounts.permissions import Action
from roadstead.audit.record import record
from roadstead.core.ids import new_id
from roadstead.core.problems import Problem
from roadstead.core.secrets import seal, unseal
from roadstead.runtimes import registry
from roadstead.runtimes.errors import NO_ANSWER, ConnectionFailed, CredentialInvalid, EnvironmentExists, PlaceInvalid
from roadstead.runtimes.models import Credential, Environment
from roadstead.runtimes.sdk import CredentialReport, ProviderError, ReleaseProvider, Target
from roadstead.runtimes.states import Status

if TYPE_CHECKING:
    from roadstead.accounts.models import User

DEFAULT_ZONE = "default"
# Places that never answer must not hold more than these threads.
_ASKING = ThreadPoolExecutor(max_workers=8, thread_name_prefix="environment")


@dataclass(frozen=True)
class _Wish:
    """An environment that was asked for and whose texts are in order."""

    id: str
    provider: ReleaseProvider
    report: CredentialReport = field(repr=False)
    zone: str
    name: str
    description: str
    debug: bool

    @property
    def target(self) -> Target:
        return Target(credential=self.report.credential, namespace=self.zone, mark=self.id)

    @property
    def fingerprint(self) -> str:
        return salted_hmac("roadstead.runtimes.credential", self.report.credential, algorithm="sha256").hexdigest()


def check_credential(provider: str, content: str) -> CredentialReport:
    """Look at a pasted credential offline, as data."""
    return registry.provider(provider).check_credential(content)


def validate(provider: str, content: str, zone: str) -> list[Problem]:
    """Try a credential in a zone, within the limit for connections. No problems means that releases can be made there."""
    found = registry.provider(provider)
    report = found.check_credential(content)
    if not report.ok:
        return list(report.problems)
    zone = zone or DEFAULT_ZONE
    return list(found.check_namespace(zone)) or _probe(found, Target(report.credential, zone))


def create_environment(
    *, actor: "User", provider: str, content: str, zone: str, name: str, description: str = "", debug: bool = False
) -> Environment:
    """Create an environment: what was typed is checked, then the place is asked, then the namespace is claimed, then it is written."""
    require(actor, Action.TEST_ENVIRONMENT if debug else Action.CREATE_ENVIRONMENT)
    wish = _checked(provider, content, zone or DEFAULT_ZONE, name=name.strip(), description=description.strip(), debug=debug)
    # Before the place is asked: claiming already changes something there.
    _refuse_second(actor, wish)
    _claim(wish)
    try:
        return _write(actor, wish)
    except BaseException:
        # Another request was quicker, or the database is away: the namespace must not stay marked for nobody.
        _let_go(wish)
        raise


def target_of(environment_id: str) -> tuple[ReleaseProvider, Target]:
    """Return the provider and the place of an environment, for work that was already permitted; the credential is open in it."""
    environment = Environment.objects.select_related("credential").get(pk=environment_id)
    credential = environment.credential
    opened = unseal(credential.content, context=credential.pk).decode()
    return registry.provider(environment.provider), Target(credential=opened, namespace=environment.zone, mark=environment.pk)


def _checked(provider: str, content: str, zone: str, *, name: str, description: str, debug: bool) -> _Wish:
    found = registry.provider(provider)
    report = found.check_credential(content)
    if not report.ok:
        raise CredentialInvalid(field="content", problems=report.problems)
    wrong = found.check_namespace(zone)
    if wrong:
        raise _place_invalid(wrong)
    return _Wish(new_id("runtime"), found, report, zone, name, description, debug)


def _claim(wish: _Wish) -> None:
    """Ask the place and take its namespace; every failure is said at the field that it belongs to."""
    problems = _probe(wish.provider, wish.target)
    if problems and all(problem.where == "zone" for problem in problems):
        raise _place_invalid(problems)
    if problems:
        raise ConnectionFailed(field="content", problems=problems)
    try:
        wish.provider.claim_namespace(wish.target, stale=_is_stale)
    except ProviderError as error:
        raise _place_invalid(error.problems) from error


def _probe(provider: ReleaseProvider, target: Target) -> list[Problem]:
    seconds = settings.OPTIONS.connection_timeout
    # A thread of its own: looking up a name can't be given a limit, and a server can drip.
    asked = _ASKING.submit(provider.probe, target, seconds=seconds * 0.9)
    try:
        return list(asked.result(timeout=seconds))
    except TimeoutError:
        asked.cancel()
        return [NO_ANSWER(seconds=round(seconds))]


def _let_go(wish: _Wish) -> None:
    try:
        wish.provider.release_namespace(wish.target)
    except ProviderError:
        # A mark whose environment does not exist is ignored by the next claim.
        return


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
                **owned_by(actor),
            )
    except IntegrityError as error:
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
    if credential is None:
        return
    twin = credential.environments.filter(zone=wish.zone, status=Status.ACTIVE).first()
    if twin is not None:
        raise EnvironmentExists(field="zone", name=twin.name)


def _place_invalid(problems: "tuple[Problem, ...] | list[Problem]") -> PlaceInvalid:
    return PlaceInvalid(field="zone", problems=problems, reason=" ".join(problem.message for problem in problems))


def _is_stale(mark: str) -> bool:
    return not Environment.objects.filter(pk=mark, status=Status.ACTIVE).exists()


def _shown(wish: _Wish) -> dict[str, str]:
    return {"server": wish.report.summary.get("server", ""), "user": wish.report.summary.get("user", "")}
