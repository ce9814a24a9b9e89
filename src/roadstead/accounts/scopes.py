"""What a token is for. A scope only takes away: whatever the person's role doesn't allow, no scope gives."""

from collections.abc import Iterable
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from roadstead.core.problems import Words


class Scope(StrEnum):
    """An area of the API, to read or to change; stored in tokens and part of the API."""

    APPS_READ = "apps:read"
    APPS_WRITE = "apps:write"
    REVIEWS_READ = "reviews:read"
    REVIEWS_WRITE = "reviews:write"
    INSTANCES_READ = "instances:read"
    INSTANCES_WRITE = "instances:write"
    ENVIRONMENTS_READ = "environments:read"
    ENVIRONMENTS_WRITE = "environments:write"
    PEOPLE_READ = "people:read"
    PEOPLE_WRITE = "people:write"
    PLATFORM_READ = "platform:read"
    PLATFORM_WRITE = "platform:write"
    ACCOUNT_WRITE = "account:write"


WORDS: dict[Scope, Words] = {
    Scope.APPS_READ: _("See apps, versions and categories"),
    Scope.APPS_WRITE: _("Create, submit, release and delete apps and versions"),
    Scope.REVIEWS_READ: _("See reviews"),
    Scope.REVIEWS_WRITE: _("Claim and decide reviews"),
    Scope.INSTANCES_READ: _("See instances and their jobs"),
    Scope.INSTANCES_WRITE: _("Deploy, change and delete instances"),
    Scope.ENVIRONMENTS_READ: _("See environments and credentials"),
    Scope.ENVIRONMENTS_WRITE: _("Create, change and delete environments and credentials"),
    Scope.PEOPLE_READ: _("See people and roles"),
    Scope.PEOPLE_WRITE: _("Add people, change their roles, suspend and delete them"),
    Scope.PLATFORM_READ: _("See the record and the platform's settings"),
    Scope.PLATFORM_WRITE: _("Change the platform's settings"),
    Scope.ACCOUNT_WRITE: _("Change your own name, language and password"),
}


def covers(held: Iterable[str], wanted: Scope) -> bool:
    """Whether a token may do what needs a scope; who may change an area may also see it."""
    area, _colon, _kind = wanted.partition(":")
    return not {wanted.value, f"{area}:write"}.isdisjoint(held)
