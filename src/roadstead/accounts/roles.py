"""Roles of one's own: making, naming, granting, deleting."""

from collections.abc import Mapping, Sequence

from django.db import transaction

from roadstead.accounts import selectors, services
from roadstead.accounts.access import require
from roadstead.accounts.errors import BuiltInRole, RoleInUse
from roadstead.accounts.models import DataLevel, Group, Portal, Role, User, UserStatus
from roadstead.accounts.permissions import Action
from roadstead.audit.record import record
from roadstead.core.clock import now
from roadstead.core.errors import NotPermitted
from roadstead.core.finding import found

Wanted = Mapping[str, tuple[DataLevel, Sequence[Action]]]


@transaction.atomic
def create_role(*, actor: User, name: str, description: str = "") -> Role:
    """Make a role in the actor's portal; it may do nothing yet."""
    require(actor, Action.CREATE_ROLE)
    owner = None if actor.role.portal == Portal.ADMIN else found(Group.objects.all(), actor.group.root_id)
    role = Role.objects.create(name=name.strip(), description=description.strip(), portal=actor.role.portal, group=owner)
    record(actor, "role.created", role, name=role.name)
    return role


@transaction.atomic
def edit_role(*, actor: User, role_id: str, name: str, description: str = "") -> Role:
    """Call a role something else."""
    role = _own(actor, Action.EDIT_ROLE, role_id)
    role.name, role.description = name.strip(), description.strip()
    role.save(update_fields=["name", "description"])
    record(actor, "role.edited", role, name=role.name)
    return role


@transaction.atomic
def set_grants(*, actor: User, role_id: str, wanted: Wanted) -> Role:
    """Replace what a role may do: a module that isn't named is taken away."""
    role = _own(actor, Action.EDIT_ROLE_GRANTS, role_id)
    if role.pk == actor.role_id:
        raise NotPermitted  # nobody changes what they themselves may do
    role.grants.exclude(module__in=wanted).delete()
    for module, (level, actions) in wanted.items():
        services.grant(actor=actor, role_id=role_id, module=module, level=level, actions=actions)
    record(actor, "role.grants_set", role, modules=sorted(wanted))
    return role


@transaction.atomic
def delete_role(*, actor: User, role_id: str) -> Role:
    """Delete a role that nobody has."""
    role = _own(actor, Action.DELETE_ROLE, role_id)
    if role.users.exclude(status=UserStatus.DELETED).exists():
        raise RoleInUse(role=role.title)
    role.deleted_at = now()
    role.save(update_fields=["deleted_at"])
    record(actor, "role.deleted", role, name=role.name)
    return role


def _own(actor: User, action: Action, role_id: str) -> Role:
    """Lock and return a role that the actor may change."""
    require(actor, action)
    role = found(selectors.roles_visible_to(actor).select_for_update(of=("self",)), role_id)
    if role.builtin:
        raise BuiltInRole(role=role.title)
    if not selectors.may_edit_role(actor, role):
        raise NotPermitted
    return role
