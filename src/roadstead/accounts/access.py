"""The one place that decides who may do what, to which things. Nothing else compares roles, groups or owners.

A role's actions and their reach are read when they are first asked for and kept with the loaded person: taking a role away
takes effect with the next request, the next job step, the next load.
"""

from typing import Protocol, TypedDict, TypeVar

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from roadstead.accounts.models import DataLevel, Grant, Portal, Role, RoleGrant, User
from roadstead.accounts.permissions import Action, is_default, portals_of, reach_module_of
from roadstead.core.errors import NotPermitted
from roadstead.core.models import Owned

Actor = User | AnonymousUser
M = TypeVar("M", bound=Owned)


class Belonging(Protocol):
    """What a thing must say about itself to be decided on; everything `Owned` does."""

    owner_id: str
    owner_path: str


class Ownership(TypedDict):
    """The columns that make a new thing somebody's."""

    owner: User
    owner_path: str


def may(actor: Actor, action: Action, thing: Belonging | None = None) -> bool:
    """Whether this person may do this: at all, or to this thing."""
    level = _level(actor, action)
    if thing is None or level is None:
        return level is not None
    return _reaches(actor, level, thing)


def require(actor: Actor, action: Action, thing: Belonging | None = None) -> None:
    """Raise `NotPermitted` where `may` says no."""
    if not may(actor, action, thing):
        raise NotPermitted


def visible(actor: Actor, rows: QuerySet[M], *actions: Action) -> QuerySet[M]:
    """Return the rows that one of these actions reaches for this person; their own always among them."""
    levels = {_level(actor, action) for action in actions} - {None}
    if not levels or isinstance(actor, AnonymousUser):
        return rows.none()
    if DataLevel.ALL in levels:
        return rows
    return rows.filter(_within(actor, DataLevel.GROUP if DataLevel.GROUP in levels else DataLevel.SELF))


def reaches_others(actor: Actor, action: Action) -> bool:
    """Whether an action reaches more than this person's own things."""
    return _level(actor, action) in {DataLevel.ALL, DataLevel.GROUP}


def people_within(actor: Actor, action: Action) -> QuerySet[User]:
    """Return the people that an action reaches: everybody, the department and those below it, or the person alone."""
    level = _level(actor, action)
    if level is None or isinstance(actor, AnonymousUser):
        return User.objects.none()
    if level == DataLevel.ALL:
        return User.objects.all()
    own = Q(pk=actor.pk)
    if level == DataLevel.GROUP:
        own |= Q(group__path=actor.group.path) | Q(group__path__begins=f"{actor.group.path}.")
    return User.objects.filter(own)


def owns(actor: Actor, thing: Belonging) -> bool:
    """Whether a thing is this person's own, whatever their role is now."""
    return actor.is_active and thing.owner_id == actor.pk


def owned_by(actor: User) -> Ownership:
    """Return the columns that make a new thing this person's, for `create(**owned_by(actor), …)`."""
    return {"owner": actor, "owner_path": actor.path}


def holders(action: Action, thing: Belonging | None = None) -> QuerySet[User]:
    """Return the active people who hold an action, or who may do it to this thing."""
    levels = _levels_by_role(action)
    people = User.objects.active().filter(role_id__in=levels)
    if thing is None:
        return people
    reach = Q(pk__in=[])
    for role_id, level in levels.items():
        reach |= Q(role_id=role_id) & _reaching(level, thing)
    return people.filter(reach)


def _level(actor: Actor, action: Action) -> str | None:
    """Return how far the action reaches for this person; None: they don't hold it."""
    if isinstance(actor, AnonymousUser) or not actor.is_active:
        return None
    grant = actor.role.grants_by_module.get(reach_module_of(action))
    if is_default(action):
        return grant.data_level if grant else DataLevel.SELF
    return grant.data_level if grant and _holds(grant, Portal(actor.role.portal), action) else None


def _levels_by_role(action: Action) -> dict[str, str]:
    """Return every role that holds the action, with how far it reaches; the same answers as `_level`."""
    grants = RoleGrant.objects.filter(module=reach_module_of(action)).select_related("role")
    if is_default(action):
        everybody = dict.fromkeys(Role.objects.values_list("pk", flat=True), str(DataLevel.SELF))
        return everybody | {grant.role_id: grant.data_level for grant in grants}
    return {grant.role_id: grant.data_level for grant in grants if _holds(grant, Portal(grant.role.portal), action)}


def _holds(grant: Grant | RoleGrant, portal: Portal, action: Action) -> bool:
    return portal in portals_of(action) and (grant.check_all or action in grant.actions)


def _reaches(actor: Actor, level: str, thing: Belonging) -> bool:
    if isinstance(actor, AnonymousUser):
        return False
    if level == DataLevel.ALL or thing.owner_id == actor.pk:
        return True
    return level == DataLevel.GROUP and thing.owner_path.startswith(_prefixes(actor))


def _within(actor: User, level: str) -> Q:
    own = Q(owner=actor)
    if level != DataLevel.GROUP:
        return own
    here, below = _prefixes(actor)
    return own | Q(owner_path__begins=here) | Q(owner_path__begins=below)


def _prefixes(actor: User) -> tuple[str, str]:
    """Return how owner paths begin in this person's group and below it; whole segments, so that grp-1 isn't grp-10."""
    return f"{actor.group.path}:", f"{actor.group.path}."


def _reaching(level: str, thing: Belonging) -> Q:
    """Return who reaches a thing at this level: everybody, the groups above its owner, or the owner."""
    if level == DataLevel.ALL:
        return Q()
    own = Q(pk=thing.owner_id)
    if level != DataLevel.GROUP:
        return own
    segments = thing.owner_path.partition(":")[0].split(".")
    above = [".".join(segments[: depth + 1]) for depth in range(len(segments))]
    return own | Q(group__path__in=above)
