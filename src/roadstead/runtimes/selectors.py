"""Which environments a person reaches, and how a form asks for a new one."""

from typing import TYPE_CHECKING

from django.db.models import Count, Q, QuerySet

from roadstead.accounts.access import may, visible
from roadstead.accounts.permissions import Action
from roadstead.core.errors import Missing
from roadstead.runtimes import registry
from roadstead.runtimes.models import Credential, Environment, Grant
from roadstead.runtimes.places import asks_zone
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


def environments_named(actor: "Actor", words: str) -> QuerySet[Environment]:
    """The environments a person reaches whose name or zone contains the words, or whose id they are."""
    meant = Q(name__icontains=words) | Q(zone__icontains=words) | Q(pk=words)
    return environments_visible_to(actor).filter(meant).order_by("name")


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


def grants_visible_to(actor: "Actor") -> QuerySet[Grant]:
    """The grants that stand, newest first, for those who give them; for others there are none."""
    rows = Grant.objects.filter(withdrawn_at=None).select_related("person", "granted_by").order_by("-created_at", "pk")
    return rows if may(actor, Action.CHANGE_SETTINGS) else rows.none()


def machine_environments() -> QuerySet[Environment]:
    """Every environment of this very machine, also those whose grant was withdrawn: something may still live there."""
    return Environment.objects.exclude(credential__grant=None).select_related("owner", "credential").order_by("name", "pk")


def provider_title(name: str) -> "Words":
    """Return how a provider is called; one that is no longer installed goes by its id."""
    return registry.provider(name).title if name in registry.names() else name


def delivery_of(name: str) -> str:
    """Return which kind of package a provider's environments run, or nothing when it is not installed."""
    return registry.provider(name).delivery if name in registry.names() else ""


def names_zone(name: str) -> bool:
    """Whether an environment of this provider names a namespace or a zone."""
    return name in registry.names() and asks_zone(registry.provider(name))


def credentials_visible_to(actor: "Actor") -> QuerySet[Credential]:
    """The saved credentials that a person may see the facts of; what they hold is never shown."""
    return visible(actor, Credential.objects.filter(status=Status.ACTIVE, grant=None), Action.VIEW_CREDENTIALS)


def own_credentials(actor: "Actor") -> QuerySet[Credential]:
    """The credentials that a person saved, by name."""
    return credentials_visible_to(actor).filter(owner_id=actor.pk).order_by("name", "id")


def credentials_of_owner(actor: "Actor", environment: Environment) -> QuerySet[Credential]:
    """The credentials that an environment could be switched to: its owner's, as far as this person may see them."""
    rows = credentials_visible_to(actor).filter(owner_id=environment.owner_id, provider=environment.provider, debug=environment.debug)
    return rows.order_by("name", "id")


def credential_rows(actor: "Actor") -> QuerySet[Credential]:
    """The rows of the list of credentials, each with its `used_by`, the number of environments that use it."""
    used = Count("environments", filter=Q(environments__status=Status.ACTIVE))
    return credentials_visible_to(actor).select_related("owner").annotate(used_by=used)
