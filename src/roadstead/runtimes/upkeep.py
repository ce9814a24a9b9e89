"""The verbs of environments and credentials that exist. Places are asked before a transaction; what was asked is what is written."""

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import ngettext

from roadstead.accounts.access import require
from roadstead.accounts.permissions import Action
from roadstead.audit.record import record
from roadstead.core.clock import now
from roadstead.core.finding import found
from roadstead.core.secrets import seal
from roadstead.runtimes import selectors, services
from roadstead.runtimes.errors import (
    LOCAL_ENGINE,
    AnotherServer,
    ConnectionFailed,
    CredentialDoesNotFit,
    CredentialExists,
    CredentialInUse,
    CredentialInvalid,
    EnvironmentExists,
    EnvironmentInUse,
    MovedMeanwhile,
    OnlyWithdrawn,
)
from roadstead.runtimes.models import Credential, Environment
from roadstead.runtimes.places import let_go, probe
from roadstead.runtimes.residents import residents_of
from roadstead.runtimes.sdk import CredentialReport, ProviderError
from roadstead.runtimes.states import Status

if TYPE_CHECKING:
    from roadstead.accounts.models import User
    from roadstead.core.problems import Problem
    from roadstead.runtimes.residents import Resident


@transaction.atomic
def edit_environment(*, actor: "User", environment_id: str, name: str, description: str = "") -> Environment:
    """Call an environment something else."""
    environment = _environment(actor, environment_id, Action.EDIT_ENVIRONMENT)
    environment.name, environment.description = name.strip(), description.strip()
    environment.save(update_fields=["name", "description"])
    record(actor, "environment.edited", environment, name=environment.name)
    return environment


def switch_credential(*, actor: "User", environment_id: str, credential_id: str) -> Environment:
    """Let an environment sign in with another saved credential of its owner; it must lead to the same cluster, and work there."""
    environment = selectors.environment_for(actor, environment_id)
    require(actor, Action.EDIT_ENVIRONMENT, environment)
    credential = found(selectors.credentials_of_owner(actor, environment), credential_id)
    if (credential.provider, credential.debug) != (environment.provider, environment.debug):
        raise CredentialDoesNotFit(field="credential", name=credential.name)
    _same_server(environment, credential.summary, field="credential")
    content = services.opened(credential)
    problems = probe(services.spot_of(environment, content))
    if problems:
        raise ConnectionFailed(field="credential", problems=problems)
    return _write_switch(actor, environment, credential)


def delete_environment(*, actor: "User", environment_id: str) -> Environment:
    """Give up an environment in which nothing lives; its namespace stays and loses its mark."""
    environment = _write_deletion(actor, environment_id)
    let_go(services.spot_of(environment))
    return environment


def check_environment(*, actor: "User", environment_id: str) -> Environment:
    """Ask a place now whether it answers and grants the rights, and keep what was found."""
    environment = selectors.environment_for(actor, environment_id)
    try:
        problems = probe(services.spot_of(environment))
    except ProviderError as error:
        problems = list(error.problems)
    return _write_check(actor, environment.pk, problems)


@transaction.atomic
def edit_credential(*, actor: "User", credential_id: str, name: str) -> Credential:
    """Call a credential something else."""
    credential = _credential(actor, credential_id, Action.EDIT_CREDENTIAL)
    credential.name = name.strip()
    credential.save(update_fields=["name"])
    record(actor, "credential.edited", credential, name=credential.name)
    return credential


def replace_credential(*, actor: "User", credential_id: str, content: str) -> Credential:
    """Put new content into a credential; it is tried for every environment that uses it, and one failure refuses it."""
    credential = found(selectors.credentials_visible_to(actor), credential_id)
    require(actor, Action.EDIT_CREDENTIAL, credential)
    report = services.check_credential(credential.provider, content)
    if not report.ok:
        raise CredentialInvalid(field="content", problems=report.problems)
    if report.local:
        raise CredentialInvalid(field="content", problems=[LOCAL_ENGINE(where="line 1")])
    users = list(credential.environments.filter(status=Status.ACTIVE).select_related("credential"))
    for environment in users:
        _same_server(environment, report.summary, field="content")
        problems = probe(services.spot_of(environment, report.credential))
        if problems:
            raise ConnectionFailed(field="content", problems=problems)
    return _write_content(actor, credential, report, tried_for=users)


@transaction.atomic
def delete_credential(*, actor: "User", credential_id: str) -> Credential:
    """Forget a credential that no environment uses; what it held is gone for good."""
    credential = _credential(actor, credential_id, Action.DELETE_CREDENTIAL)
    users = list(credential.environments.filter(status=Status.ACTIVE).values_list("name", flat=True))
    if users:
        raise CredentialInUse(name=credential.name, users=", ".join(users))
    credential.status, credential.status_at, credential.content = Status.DELETED, now(), ""
    credential.save(update_fields=["status", "status_at", "content"])
    record(actor, "credential.deleted", credential, name=credential.name)
    return credential


@transaction.atomic
def _write_switch(actor: "User", tried: Environment, credential: Credential) -> Environment:
    environment = _environment(actor, tried.pk, Action.EDIT_ENVIRONMENT)
    chosen = found(selectors.credentials_of_owner(actor, environment).select_for_update(of=("self",)), credential.pk)
    if chosen.fingerprint != credential.fingerprint or environment.credential_id != tried.credential_id:
        raise MovedMeanwhile(field="credential")
    twin = chosen.environments.filter(owner_id=environment.owner_id, zone=environment.zone, status=Status.ACTIVE)
    twin = twin.exclude(pk=environment.pk)
    if second := twin.first():
        raise EnvironmentExists(field="credential", name=second.name)
    environment.credential = chosen
    _well(environment)
    environment.save(update_fields=["credential", "checked_at", "broken_since", "findings"])
    record(actor, "environment.credential_switched", environment, credential=chosen.pk, former=tried.credential_id)
    return environment


@transaction.atomic
def _write_deletion(actor: "User", environment_id: str) -> Environment:
    # Whoever deploys waits for this row and then finds no environment.
    environment = _environment(actor, environment_id, Action.DELETE_ENVIRONMENT)
    if environment.granted:
        raise OnlyWithdrawn(name=environment.name)
    if living := residents_of(actor, environment.pk):
        raise EnvironmentInUse(name=environment.name, instances=_names(living))
    environment.status, environment.status_at = Status.DELETED, now()
    environment.save(update_fields=["status", "status_at"])
    record(actor, "environment.deleted", environment, name=environment.name, zone=environment.zone)
    return environment


@transaction.atomic
def _write_check(actor: "User", environment_id: str, problems: "list[Problem]") -> Environment:
    environment = found(selectors.environments_visible_to(actor).select_for_update(of=("self",)), environment_id)
    _well(environment)
    if problems:
        environment.broken_since = Environment.objects.values_list("broken_since", flat=True).get(pk=environment.pk) or now()
        environment.findings = [problem.to_store() for problem in problems]
    environment.save(update_fields=["checked_at", "broken_since", "findings"])
    record(actor, "environment.checked", environment, problems=[problem.code for problem in problems])
    return environment


@transaction.atomic
def _write_content(actor: "User", tried: Credential, report: CredentialReport, *, tried_for: list[Environment]) -> Credential:
    credential = _credential(actor, tried.pk, Action.EDIT_CREDENTIAL)
    users = list(credential.environments.filter(status=Status.ACTIVE))
    if {user.pk for user in users} != {user.pk for user in tried_for} or credential.fingerprint != tried.fingerprint:
        raise MovedMeanwhile(field="content")
    fingerprint = services.fingerprint_of(report.credential)
    same = Credential.objects.filter(owner_id=credential.owner_id, provider=credential.provider, debug=credential.debug)
    if twin := same.filter(status=Status.ACTIVE, fingerprint=fingerprint).exclude(pk=credential.pk).first():
        raise CredentialExists(field="content", name=twin.name)
    credential.content = seal(report.credential.encode(), context=credential.pk)
    credential.fingerprint, credential.summary = fingerprint, report.summary
    credential.save(update_fields=["content", "fingerprint", "summary"])
    credential.environments.filter(status=Status.ACTIVE).update(checked_at=now(), broken_since=None, findings=[])
    record(actor, "credential.replaced", credential, server=report.summary.get("server", ""), user=report.summary.get("user", ""))
    return credential


def _names(living: "list[Resident]") -> str:
    """Name those that the reader may see, and count the others."""
    named = [resident.name for resident in living if resident.name]
    others = len(living) - len(named)
    words = ngettext("%(number)s of somebody else's", "%(number)s of other people's", others) % {"number": others}
    return ", ".join([*named, *([words] if others else [])])


def _well(environment: Environment) -> None:
    environment.checked_at, environment.broken_since, environment.findings = now(), None, []


def _same_server(environment: Environment, summary: dict[str, str], *, field: str) -> None:
    server, cluster = summary.get("server", ""), environment.credential.summary.get("cluster", "")
    if server != environment.server or (cluster and summary.get("cluster", "") != cluster):
        raise AnotherServer(field=field, found=server, wanted=environment.server)


def _environment(actor: "User", environment_id: str, action: Action) -> Environment:
    rows = selectors.environments_visible_to(actor).select_related("credential")
    environment = found(rows.select_for_update(of=("self",)), environment_id)
    require(actor, action, environment)
    return environment


def _credential(actor: "User", credential_id: str, action: Action) -> Credential:
    credential = found(selectors.credentials_visible_to(actor).select_for_update(of=("self",)), credential_id)
    require(actor, action, credential)
    return credential
