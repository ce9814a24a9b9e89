"""Writes: people, their roles, and the roles that every installation has."""

import secrets
from collections.abc import Iterable

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import translation

from roadstead.accounts import selectors
from roadstead.accounts.access import may, people_within, require
from roadstead.accounts.errors import (
    BuiltInRole,
    EmailTaken,
    LastAdministrator,
    NotToYourself,
    RoleNotYoursToGive,
    StillResponsible,
    UnknownAction,
)
from roadstead.accounts.models import DataLevel, Group, Portal, Role, RoleGrant, User, UserStatus
from roadstead.accounts.permissions import SHIPPED_ROLES, Action, ShippedRole, module_of, portals_of
from roadstead.accounts.personas import PERSONAS, TEAM, Persona
from roadstead.accounts.responsibilities import register_responsibilities, responsibilities_of
from roadstead.accounts.tokens import revoke_all
from roadstead.audit.record import record
from roadstead.core.errors import NotPermitted
from roadstead.core.finding import found
from roadstead.core.ids import new_id
from roadstead.core.turns import take_turn

__all__ = [
    "create_administrator",
    "create_group",
    "create_user",
    "delete_user",
    "ensure_builtin_roles",
    "ensure_sample_people",
    "generated_password",
    "grant",
    "reactivate_user",
    "register_responsibilities",
    "set_role",
    "suspend_user",
]
ADMINISTRATORS = "grp-administrators"
_UNMISTAKABLE = "abcdefghijkmnpqrstuvwxyz23456789"


@transaction.atomic
def ensure_builtin_roles() -> None:
    """Make the shipped roles where they are missing, and bring built-in ones up to date; edited reviewer roles stay."""
    present = set(Role.objects.filter(pk__in=[role.id for role in SHIPPED_ROLES]).values_list("pk", flat=True))
    for shipped in SHIPPED_ROLES:
        if shipped.builtin or shipped.id not in present:
            _write_shipped(shipped)


@transaction.atomic
def create_group(*, name: str, parent: Group | None = None, group_id: str = "") -> Group:
    """Add a group below `parent`, or the root of a new tree."""
    group_id = group_id or new_id("grp")
    path = f"{parent.path}.{group_id}" if parent else group_id
    return Group.objects.create(id=group_id, parent=parent, path=path, name=name)


@transaction.atomic
def create_user(
    *, actor: User | None, email: str, role_id: str, name: str = "", password: str | None = None, group: Group | None = None
) -> User:
    """Add a person. Without a password they can't sign in with one; without a group they join the actor's tree or get their own.

    `actor` None is the platform itself: the first administrator, samples.
    """
    role = found(Role.objects.filter(deleted_at=None), role_id)
    if actor:
        _require_may_invite(actor, role)
    email = email.strip().lower()
    take_turn(f"email {email}")
    if User.objects.filter(email=email).exists():
        raise EmailTaken(field="email", email=email)
    user = User.objects.create(
        email=email,
        name=name or email.partition("@")[0],
        role=role,
        group=group or _home_of(actor, role, email),
        language=translation.get_language() or "",
        password=make_password(password),
    )
    record(actor, "user.created", user, email=email, role=role.pk)
    return user


@transaction.atomic
def create_administrator(*, email: str = "admin@localhost", name: str = "Administrator") -> tuple[User, str]:
    """Make an administrator with a generated password, which is returned this once and kept nowhere."""
    ensure_builtin_roles()
    password = generated_password()
    return create_user(actor=None, email=email, name=name, role_id="global_admin", password=password), password


def generated_password() -> str:
    """Return a password of 100 random bits that can be read aloud."""
    return "-".join("".join(secrets.choice(_UNMISTAKABLE) for _ in range(5)) for _ in range(4))


@transaction.atomic
def ensure_sample_people() -> dict[str, User]:
    """Make the sample people where they are missing, and return them by role; the team shares its head's group."""
    ensure_builtin_roles()
    people: dict[str, User] = {}
    for persona in sorted(PERSONAS, key=lambda persona: persona.id != TEAM[0]):
        group = people[TEAM[0]].group if persona.id in TEAM[1:] else None
        people[persona.id] = _ensure_sample(persona, group)
    return people


@transaction.atomic
def set_role(*, actor: User, user_id: str, role_id: str) -> User:
    """Replace a person's role; what it allowed ends with it."""
    require(actor, Action.SET_ROLE)
    user = reachable(actor, Action.SET_ROLE, user_id)
    role = found(selectors.roles_given_by(actor), role_id)
    if role.portal != user.role.portal and actor.role.portal != Portal.ADMIN:
        raise RoleNotYoursToGive(role=role.title)
    _keep_an_administrator(user, role.pk)
    former = user.role_id
    user.role = role
    user.save(update_fields=["role"])
    record(actor, "user.role_set", user, role=role.pk, former=former)
    return user


@transaction.atomic
def suspend_user(*, actor: User, user_id: str) -> User:
    """Refuse a person's sign-in, and end their sessions and tokens for good: letting them in again brings none of them back."""
    return _set_status(actor, user_id, UserStatus.SUSPENDED, "user.suspended")


@transaction.atomic
def reactivate_user(*, actor: User, user_id: str) -> User:
    """Let a suspended person in again."""
    return _set_status(actor, user_id, UserStatus.ACTIVE, "user.reactivated")


@transaction.atomic
def delete_user(*, actor: User, user_id: str) -> User:
    """Close an account for good: the address is free again, the name stays on what the person made."""
    user = _set_status(actor, user_id, UserStatus.DELETED, "user.deleted")
    if things := responsibilities_of(user):
        raise StillResponsible(name=user.name, things=", ".join(things))
    user.email = f"{user.pk}@deleted.invalid"
    user.set_unusable_password()
    user.save(update_fields=["email", "password"])
    return user


@transaction.atomic
def grant(*, actor: User, role_id: str, module: str, level: DataLevel, actions: Iterable[Action]) -> None:
    """Say what a role may do in one module and how far; no actions takes the module away."""
    require(actor, Action.EDIT_ROLE_GRANTS)
    role = found(selectors.roles_given_by(actor), role_id)
    if role.builtin:
        raise BuiltInRole(role=role.title)
    if not selectors.may_edit_role(actor, role):
        raise NotPermitted
    wanted = sorted(set(actions))
    for action in wanted:
        if module_of(action) != module or Portal(role.portal) not in portals_of(action):
            raise UnknownAction(field="actions", action=action)
        if not may(actor, action):  # nobody gives more than they have
            raise NotPermitted
    if level == DataLevel.ALL and role.portal != Portal.ADMIN:
        raise NotPermitted
    if wanted:
        held = {"data_level": level, "check_all": False, "actions": wanted}
        RoleGrant.objects.update_or_create(role=role, module=module, defaults=held)
    else:
        # A row without actions would still say how far looking reaches.
        role.grants.filter(module=module).delete()
    record(actor, "role.granted", role, module=module, level=level, actions=wanted)


def _write_shipped(shipped: ShippedRole) -> None:
    role, _new = Role.objects.update_or_create(
        pk=shipped.id,
        defaults={"name": shipped.name, "description": shipped.description, "portal": shipped.portal, "builtin": shipped.builtin},
    )
    role.grants.exclude(module__in=shipped.grants).delete()
    for module, given in shipped.grants.items():
        role.grants.update_or_create(
            module=module,
            defaults={"data_level": given.level, "check_all": not given.actions, "actions": list(given.actions)},
        )


def _ensure_sample(persona: Persona, group: Group | None) -> User:
    known = User.objects.filter(email=persona.email).first()
    return known or create_user(actor=None, email=persona.email, name=persona.name, role_id=persona.id, group=group)


def _require_may_invite(actor: User, role: Role) -> None:
    require(actor, Action.CREATE_USER if actor.role.portal == Portal.ADMIN else Action.CREATE_MEMBER)
    if not selectors.roles_given_by(actor).filter(pk=role.pk).exists():
        raise RoleNotYoursToGive(field="role", role=role.title)


def _home_of(actor: User | None, role: Role, email: str) -> Group:
    """Return the group of a new person: the root of the inviter's tree if they share a portal, else a tree of their own."""
    if actor and actor.role.portal == role.portal:
        return found(Group.objects.all(), actor.group.root_id)
    if role.portal == Portal.ADMIN:
        return Group.objects.filter(pk=ADMINISTRATORS).first() or create_group(name="root", group_id=ADMINISTRATORS)
    return create_group(name=email)


def reachable(actor: User, action: Action, user_id: str) -> User:
    """Lock and return a person whom the actor's action reaches and who isn't the actor."""
    user = found(people_within(actor, action).exclude(status=UserStatus.DELETED).select_for_update(of=("self",)), user_id)
    if user == actor:
        raise NotToYourself
    return user


def _keep_an_administrator(user: User, role_id: str) -> None:
    if user.role_id == "global_admin" != role_id:
        take_turn("administrators")  # two of them may be leaving at once
        if not selectors.administrators().exclude(pk=user.pk).exists():
            raise LastAdministrator


def _set_status(actor: User, user_id: str, status: UserStatus, verb: str) -> User:
    require(actor, Action.DELETE_USER)
    user = reachable(actor, Action.DELETE_USER, user_id)
    if status != UserStatus.ACTIVE:
        _keep_an_administrator(user, "")
        user.sessions_ended += 1
        revoke_all(actor=actor, person=user)
    user.status = status
    user.save(update_fields=["status", "sessions_ended"])
    record(actor, verb, user, email=user.email)
    return user
