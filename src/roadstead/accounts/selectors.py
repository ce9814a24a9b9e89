"""Reads: people and roles within reach."""

from django.db.models import Count, Q, QuerySet

from roadstead.accounts.access import Actor, may, people_within
from roadstead.accounts.models import Group, Portal, Role, User, UserStatus
from roadstead.accounts.permissions import Action
from roadstead.accounts.rules import Rules, rules


def people_visible_to(actor: Actor) -> QuerySet[User]:
    """Return the people this person may look at, themselves included; former ones too."""
    return people_within(actor, Action.VIEW_USERS)


def administrators() -> QuerySet[User]:
    """Return the active people who run the platform."""
    return User.objects.active().filter(role_id="global_admin")


def anybody() -> bool:
    """Whether there has ever been a person here: an installation without one is empty."""
    return User.objects.exists()


def roles_given_by(actor: User) -> QuerySet[Role]:
    """Return the roles this person may give: all but other tenants' for administrators, their team's for heads, else none."""
    present = Role.objects.filter(deleted_at=None)
    if actor.role.portal == Portal.ADMIN:
        rows = present.filter(group=None) | present.filter(portal=Portal.ADMIN)
        # Who isn't one makes no administrators: a role that may add people must not be a way to every right.
        return rows if actor.role_id == "global_admin" else rows.exclude(pk="global_admin")
    if actor.role.portal == Portal.PROVIDER:
        team = present.filter(portal=Portal.PROVIDER).exclude(pk="isv")
        return team.filter(group=None) | team.filter(group=actor.group.root_id)
    return Role.objects.none()


def manages_people(actor: Actor) -> bool:
    """Whether this person keeps the people of the platform or of a company."""
    return may(actor, Action.CREATE_USER) or may(actor, Action.CREATE_MEMBER)


def people_listed(actor: User, *, words: str = "", role: str = "", status: str = "", portal: str = "") -> QuerySet[User]:
    """The rows of the list of people: those who haven't left, unless asked; `words` looks at names, emails and ids."""
    rows = people_visible_to(actor).select_related("role", "group")
    rows = rows.filter(status=status) if status in set(UserStatus) else rows.exclude(status=UserStatus.DELETED)
    if words:
        rows = rows.filter(Q(name__icontains=words) | Q(email__icontains=words) | Q(pk=words))
    if role:
        rows = rows.filter(role_id=role)
    return rows.filter(role__portal=portal) if portal in set(Portal) else rows


def roles_visible_to(actor: User) -> QuerySet[Role]:
    """The roles a person may look at: an administrator the platform's, a head the team's; everybody their own."""
    present = Role.objects.filter(deleted_at=None)
    own = Q(pk=actor.role_id)
    if actor.role.portal == Portal.ADMIN:
        return present.filter(own | Q(group=None) | Q(portal=Portal.ADMIN))
    if actor.role.portal == Portal.PROVIDER:
        return present.filter(own | Q(portal=Portal.PROVIDER) & (Q(group=None) | Q(group=actor.group.root_id)))
    return present.filter(own)


def roles_listed(actor: User) -> QuerySet[Role]:
    """The rows of the page of roles, each with its `held_by`: how many of the people in reach have it."""
    held = Count("users", filter=Q(users__in=people_visible_to(actor).exclude(status=UserStatus.DELETED)))
    return roles_visible_to(actor).annotate(held_by=held).order_by("portal", "-builtin", "name", "pk")


def may_edit_role(actor: User, role: Role) -> bool:
    """Whether this person may change a role: it isn't built in, and belongs to the platform or the company that they keep."""
    ours = role.portal == actor.role.portal and (actor.role.portal == Portal.ADMIN or role.group_id == actor.group.root_id)
    return ours and not role.builtin and may(actor, Action.EDIT_ROLE)


def groups_visible_to(actor: User) -> QuerySet[Group]:
    """The departments of a person's own company, as a tree in the order of its paths."""
    root = actor.group.root_id
    return Group.objects.filter(Q(pk=root) | Q(path__begins=f"{root}.")).order_by("path")


def groups_listed(actor: User) -> QuerySet[Group]:
    """The rows of the page of departments, each with its `members`."""
    return groups_visible_to(actor).annotate(members=Count("users", filter=~Q(users__status=UserStatus.DELETED)))


def platform_rules() -> Rules:
    """Return the limits and times that hold now: the operator's, with the administrators' on top."""
    return rules()
