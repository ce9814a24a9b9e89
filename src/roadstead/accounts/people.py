"""What those who keep people do with them, and what everybody does with their own account."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.apps import apps
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet

from roadstead.accounts import selectors, services, tokens
from roadstead.accounts.access import require
from roadstead.accounts.errors import AnotherTree, NotThisPerson, PasswordIncorrect, PasswordUnfit
from roadstead.accounts.models import Portal, User
from roadstead.accounts.permissions import Action
from roadstead.audit.record import record
from roadstead.core.finding import found
from roadstead.core.models import Owned

if TYPE_CHECKING:
    from roadstead.accounts.models import Group


PASSWORD_RULES = (password_validation.MinimumLengthValidator(10), password_validation.CommonPasswordValidator())


def keeper_action(actor: User) -> Action:
    """Return the action that makes somebody a keeper of people, in their portal."""
    return Action.CREATE_USER if actor.role.portal == Portal.ADMIN else Action.CREATE_MEMBER


@transaction.atomic
def add_person(*, actor: User, email: str, role: str, name: str = "", group: str = "") -> tuple[User, str]:
    """Add a person with a generated password, which is returned this once and kept nowhere."""
    require(actor, keeper_action(actor))
    password = services.generated_password()
    # Only colleagues sit in the keeper's own tree.
    colleague = selectors.roles_given_by(actor).filter(pk=role, portal=actor.role.portal).exists()
    place = found(selectors.groups_visible_to(actor), group) if group and colleague else None
    return services.create_user(actor=actor, email=email, name=name.strip(), role_id=role, group=place, password=password), password


@transaction.atomic
def edit_person(*, actor: User, user_id: str, name: str, description: str = "", group: str = "") -> User:
    """Change what is known of a person; in another department, what they own goes with them."""
    user = _kept(actor, user_id)
    user.name, user.description = name.strip(), description.strip()
    user.save(update_fields=["name", "description"])
    record(actor, "user.edited", user, name=user.name)
    if group and group != user.group_id:
        _move(actor, user, found(selectors.groups_visible_to(actor), group))
    return user


@transaction.atomic
def set_roles(*, actor: User, user_ids: Sequence[str], role_id: str) -> list[User]:
    """Give several people one role: all of them, or nobody."""
    return [services.set_role(actor=actor, user_id=user_id, role_id=role_id) for user_id in sorted(set(user_ids))]


@transaction.atomic
def move_people(*, actor: User, user_ids: Sequence[str], group_id: str) -> "tuple[Group, list[User]]":
    """Put several people into one department, with what they own: all of them, or nobody."""
    group = found(selectors.groups_visible_to(actor), group_id)
    users = [_kept(actor, user_id) for user_id in sorted(set(user_ids))]
    for user in users:
        if user.group_id != group.pk:
            _move(actor, user, group)
    return group, users


@transaction.atomic
def set_password(*, actor: User, user_id: str) -> tuple[User, str]:
    """Give a person a new generated password, which is returned this once; their sessions and tokens end."""
    user = _kept(actor, user_id)
    password = services.generated_password()
    user.set_password(password)
    user.save(update_fields=["password"])
    revoked = tokens.revoke_all(actor=actor, person=user)
    record(actor, "user.password_set", user, tokens_revoked=revoked)
    return user, password


@transaction.atomic
def edit_own_data(*, actor: User, name: str, language: str) -> User:
    """Change one's own name and language."""
    require(actor, Action.EDIT_OWN_DATA)
    user = User.objects.select_for_update().get(pk=actor.pk)
    user.name, user.language = name.strip(), language
    user.save(update_fields=["name", "language"])
    record(actor, "user.edited", user, name=user.name, language=language)
    return user


@transaction.atomic
def change_own_password(*, actor: User, current: str, new: str, end_tokens: bool = False) -> User:
    """Replace one's own password, which has to be known; other sessions end, and tokens if that is wanted."""
    user = User.objects.select_for_update().get(pk=actor.pk)
    if not user.check_password(current):
        raise PasswordIncorrect(field="current")
    try:
        password_validation.validate_password(new, user, password_validators=PASSWORD_RULES)
    except ValidationError as unfit:
        raise PasswordUnfit(field="new") from unfit
    user.set_password(new)
    user.save(update_fields=["password"])
    revoked = tokens.revoke_all(actor=actor, person=user) if end_tokens else 0
    record(actor, "user.password_changed", user, tokens_revoked=revoked)
    return user


def _kept(actor: User, user_id: str) -> User:
    """Lock and return a person whom the actor keeps; a new password for somebody is the way into all that they may do."""
    require(actor, keeper_action(actor))
    user = services.reachable(actor, keeper_action(actor), user_id)
    same_portal = user.role.portal == actor.role.portal
    if same_portal and not selectors.roles_given_by(actor).filter(pk=user.role_id).exists():
        raise NotThisPerson(role=user.role.title)
    return user


def _move(actor: User, user: User, group: "Group") -> None:
    require(actor, Action.JOIN_GROUP)
    if group.root_id != user.group.root_id:
        raise AnotherTree(field="group")
    former, user.group = user.group_id, group
    user.save(update_fields=["group"])
    for model in apps.get_models():
        if issubclass(model, Owned) and model._meta.managed:
            QuerySet(model).filter(owner=user).update(owner_path=user.path)
    record(actor, "user.moved", user, group=group.pk, former=former)
