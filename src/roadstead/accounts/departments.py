"""The tree of departments: adding below one, renaming, deleting an empty one."""

from django.db import transaction

from roadstead.accounts import selectors, services
from roadstead.accounts.access import require
from roadstead.accounts.errors import GroupInUse
from roadstead.accounts.models import Group, User, UserStatus
from roadstead.accounts.permissions import Action
from roadstead.audit.record import record
from roadstead.core.errors import NotPermitted
from roadstead.core.finding import found


@transaction.atomic
def add_department(*, actor: User, parent_id: str, name: str) -> Group:
    """Add a department below another of the actor's company."""
    require(actor, Action.CREATE_GROUP)
    parent = found(selectors.groups_visible_to(actor).select_for_update(), parent_id)
    group = services.create_group(name=name.strip(), parent=parent)
    record(actor, "group.created", group, name=group.name, parent=parent.pk)
    return group


@transaction.atomic
def rename_department(*, actor: User, group_id: str, name: str) -> Group:
    """Call a department something else."""
    require(actor, Action.EDIT_GROUP)
    group = found(selectors.groups_visible_to(actor).select_for_update(), group_id)
    former, group.name = group.name, name.strip()
    group.save(update_fields=["name"])
    record(actor, "group.renamed", group, name=group.name, former=former)
    return group


@transaction.atomic
def delete_department(*, actor: User, group_id: str) -> None:
    """Delete a department in which nobody is and below which nothing is; who once was in it counts to the one above."""
    require(actor, Action.DELETE_GROUP)
    group = found(selectors.groups_visible_to(actor).select_for_update(), group_id)
    if group.parent_id is None:
        raise NotPermitted
    if group.children.exists() or group.users.exclude(status=UserStatus.DELETED).exists():
        raise GroupInUse(group=group.name)
    group.users.update(group=group.parent_id)
    record(actor, "group.deleted", group, name=group.name)
    group.delete()
