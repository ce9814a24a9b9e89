"""Which environments a person reaches, and how a form asks for a new one."""

from typing import TYPE_CHECKING

from django.db.models import QuerySet

from roadstead.accounts.access import may, visible
from roadstead.accounts.permissions import Action
from roadstead.core.errors import Missing
from roadstead.runtimes import registry
from roadstead.runtimes.models import Environment
from roadstead.runtimes.states import Status

if TYPE_CHECKING:
    from roadstead.accounts.access import Actor
    from roadstead.core.problems import Words


def environments_visible_to(actor: "Actor", debug: bool | None = None, provider: str | None = None) -> QuerySet[Environment]:
    """The environments that a person may look at and deploy to, deleted ones left out."""
    rows = visible(actor, Environment.objects.filter(status=Status.ACTIVE), Action.VIEW_ENVIRONMENTS)
    if debug is not None:
        rows = rows.filter(debug=debug)
    return rows if provider is None else rows.filter(provider=provider)


def environment_for(actor: "Actor", environment_id: str) -> Environment:
    """Return one environment with what its page shows; a foreign one is missing."""
    rows = environments_visible_to(actor).select_related("credential", "owner")
    environment = rows.filter(pk=environment_id).first()
    if environment is None:
        raise Missing
    return environment


def listed(actor: "Actor", *, debug: bool | None) -> QuerySet[Environment]:
    """The rows of the list page."""
    return environments_visible_to(actor, debug=debug).select_related("credential", "owner")


def purposes_open_to(actor: "Actor") -> list[bool]:
    """Which environments a person may create: False for own ones, True for test environments."""
    actions = {False: Action.CREATE_ENVIRONMENT, True: Action.TEST_ENVIRONMENT}
    return [debug for debug, action in actions.items() if may(actor, action)]


def provider_title(name: str) -> "Words":
    """Return how a provider is called; one that is no longer installed goes by its id."""
    return registry.provider(name).title if name in registry.names() else name


def delivery_of(name: str) -> str:
    """Return which kind of package a provider's environments run, or nothing when it is not installed."""
    return registry.provider(name).delivery if name in registry.names() else ""
