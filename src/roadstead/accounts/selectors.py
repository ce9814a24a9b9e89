"""Reads: people and roles within reach."""

from django.db.models import QuerySet

from roadstead.accounts.access import Actor, people_within
from roadstead.accounts.models import Portal, Role, User
from roadstead.accounts.permissions import Action


def people_visible_to(actor: Actor) -> QuerySet[User]:
    """Return the people this person may look at, themselves included; former ones too."""
    return people_within(actor, Action.VIEW_USERS)


def administrators() -> QuerySet[User]:
    """Return the active people who run the platform."""
    return User.objects.active().filter(role_id="global_admin")


def roles_given_by(actor: User) -> QuerySet[Role]:
    """Return the roles this person may give: all but other tenants' for administrators, their team's for heads, else none."""
    if actor.role.portal == Portal.ADMIN:
        return Role.objects.filter(group=None) | Role.objects.filter(portal=Portal.ADMIN)
    if actor.role.portal == Portal.PROVIDER:
        team = Role.objects.filter(portal=Portal.PROVIDER).exclude(pk="isv")
        return team.filter(group=None) | team.filter(group=actor.group.root_id)
    return Role.objects.none()
