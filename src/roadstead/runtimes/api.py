"""Environments and credentials for programs. What signs in is written, and never answered."""

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from roadstead.accounts.bearer import Bearer, Scope
from roadstead.accounts.repeating import once
from roadstead.core.api import Id, PageOf, listed
from roadstead.core.finding import found
from roadstead.core.pages import actor_of
from roadstead.runtimes import schemas, selectors, services, upkeep
from roadstead.runtimes.errors import NothingToSignInWith
from roadstead.runtimes.machine_api import machine

__all__ = ["credentials", "environments", "machine"]

READ, WRITE = Bearer(Scope.ENVIRONMENTS_READ), Bearer(Scope.ENVIRONMENTS_WRITE)
environments, credentials = Router(tags=["environments"]), Router(tags=["credentials"])


@environments.get("", response=PageOf[schemas.Environment], auth=READ, operation_id="list_environments")
def list_environments(request: HttpRequest, asked: Query[schemas.EnvironmentsAsked]) -> PageOf[schemas.Environment]:
    """List the environments in reach."""
    rows = selectors.listed(actor_of(request), debug=asked.test).filter(name__icontains=asked.q)
    rows = rows.filter(provider=asked.provider) if asked.provider else rows
    return listed(rows, asked, schemas.Environment.of, sort=asked.sort)


@environments.post("", response={201: schemas.Environment}, auth=WRITE, operation_id="create_environment")
@once
def create_environment(request: HttpRequest, sent: schemas.NewEnvironment) -> schemas.Environment:
    """Make an environment: what was sent is checked, then the place is asked, then its namespace is taken."""
    content = sent.content.get_secret_value() if sent.content else ""
    if not content.strip() and not sent.credential:
        raise NothingToSignInWith(field="content")
    made = services.create_environment(
        actor=actor_of(request),
        provider=sent.provider,
        zone=sent.zone,
        name=sent.name,
        content=content,
        credential_id=sent.credential,
        description=sent.description,
        debug=sent.test,
    )
    return schemas.Environment.of(made)


@environments.get("/{environment_id}", response=schemas.Environment, auth=READ, operation_id="get_environment")
def get_environment(request: HttpRequest, environment_id: Id) -> schemas.Environment:
    """Return one environment."""
    return schemas.Environment.of(selectors.environment_for(actor_of(request), environment_id))


@environments.patch("/{environment_id}", response=schemas.Environment, auth=WRITE, operation_id="edit_environment")
def edit_environment(request: HttpRequest, environment_id: Id, sent: schemas.EnvironmentEdit) -> schemas.Environment:
    """Call an environment something else."""
    actor = actor_of(request)
    return schemas.Environment.of(
        upkeep.edit_environment(actor=actor, environment_id=environment_id, name=sent.name, description=sent.description)
    )


@environments.delete("/{environment_id}", response={204: None}, auth=WRITE, operation_id="delete_environment")
def delete_environment(request: HttpRequest, environment_id: Id) -> HttpResponse:
    """Give up an environment in which nothing lives; its namespace stays."""
    upkeep.delete_environment(actor=actor_of(request), environment_id=environment_id)
    return HttpResponse(status=204)


@environments.post("/{environment_id}/check", response=schemas.Environment, auth=WRITE, operation_id="check_environment")
def check_environment(request: HttpRequest, environment_id: Id) -> schemas.Environment:
    """Ask the place now, and answer what was found."""
    return schemas.Environment.of(upkeep.check_environment(actor=actor_of(request), environment_id=environment_id))


@environments.post("/{environment_id}/credential", response=schemas.Environment, auth=WRITE, operation_id="switch_credential")
def switch_credential(request: HttpRequest, environment_id: Id, sent: schemas.CredentialChoice) -> schemas.Environment:
    """Let an environment sign in with another saved credential of its owner; it is tried first."""
    actor = actor_of(request)
    return schemas.Environment.of(upkeep.switch_credential(actor=actor, environment_id=environment_id, credential_id=sent.credential))


@credentials.get("", response=PageOf[schemas.Credential], auth=READ, operation_id="list_credentials")
def list_credentials(request: HttpRequest, asked: Query[schemas.CredentialsAsked]) -> PageOf[schemas.Credential]:
    """List the facts of the saved credentials in reach."""
    rows = selectors.credentials_visible_to(actor_of(request)).filter(name__icontains=asked.q)
    return listed(rows, asked, schemas.Credential.of, sort=asked.sort)


@credentials.get("/{credential_id}", response=schemas.Credential, auth=READ, operation_id="get_credential")
def get_credential(request: HttpRequest, credential_id: Id) -> schemas.Credential:
    """Return the facts of one credential."""
    return schemas.Credential.of(found(selectors.credentials_visible_to(actor_of(request)), credential_id))


@credentials.patch("/{credential_id}", response=schemas.Credential, auth=WRITE, operation_id="edit_credential")
def edit_credential(request: HttpRequest, credential_id: Id, sent: schemas.CredentialEdit) -> schemas.Credential:
    """Call a credential something else."""
    return schemas.Credential.of(upkeep.edit_credential(actor=actor_of(request), credential_id=credential_id, name=sent.name))


@credentials.post("/{credential_id}/content", response=schemas.Credential, auth=WRITE, operation_id="replace_credential")
def replace_credential(request: HttpRequest, credential_id: Id, sent: schemas.CredentialContent) -> schemas.Credential:
    """Put new content into a credential; it is tried for every environment that uses it."""
    content = sent.content.get_secret_value()
    return schemas.Credential.of(upkeep.replace_credential(actor=actor_of(request), credential_id=credential_id, content=content))


@credentials.delete("/{credential_id}", response={204: None}, auth=WRITE, operation_id="delete_credential")
def delete_credential(request: HttpRequest, credential_id: Id) -> HttpResponse:
    """Forget a credential that no environment uses."""
    upkeep.delete_credential(actor=actor_of(request), credential_id=credential_id)
    return HttpResponse(status=204)
