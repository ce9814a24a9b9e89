"""Verbs on people: what each does, and that a refusal changes nothing."""

from collections.abc import Callable
from typing import Any

import pytest

from roadstead.accounts import access, selectors, services
from roadstead.accounts.errors import BuiltInRole, EmailTaken, LastAdministrator, NotToYourself, RoleNotYoursToGive, UnknownAction
from roadstead.accounts.factories import group, person
from roadstead.accounts.models import DataLevel, Group, RoleGrant, User
from roadstead.accounts.permissions import Action
from roadstead.audit.selectors import events_of
from roadstead.core.errors import DomainError, Missing, NotPermitted

pytestmark = pytest.mark.django_db


def _verbs(user: User) -> list[str]:
    return [event.verb for event in events_of("accounts.user", user.pk)][::-1]


def _invite(actor: User, role: str, email: str = "New.Person@Example.com") -> User:
    return services.create_user(actor=actor, email=email, role_id=role)


def test_an_administrator_invites_a_colleague_into_the_tree_and_a_customer_into_one_of_their_own() -> None:
    admin = person("global_admin")
    colleague, customer = _invite(admin, "business_reviewer"), _invite(admin, "isv", "boss@example.com")
    assert (colleague.group_id, colleague.email, colleague.name) == (services.ADMINISTRATORS, "new.person@example.com", "new.person")
    assert customer.group.root_id == customer.group_id != admin.group_id
    assert not colleague.has_usable_password()
    assert _verbs(colleague) == ["user.created"]


def test_a_provider_head_invites_into_the_team() -> None:
    head = person("isv")
    member = _invite(head, "developer")
    assert member.group == head.group
    assert access.may(head, Action.EDIT_APP, _owned(member))


def _owned(user: User) -> Any:
    return type("Thing", (), {"owner_id": user.pk, "owner_path": user.path})()


REFUSED_INVITATIONS = (
    ("isv", "isv", RoleNotYoursToGive),
    ("isv", "global_admin", RoleNotYoursToGive),
    ("isv", "user", RoleNotYoursToGive),
    ("developer", "developer", NotPermitted),
    ("user", "user", NotPermitted),
    ("business_reviewer", "user", NotPermitted),
    ("global_admin", "no-such-role", Missing),
)


@pytest.mark.parametrize(("actor", "role", "refusal"), REFUSED_INVITATIONS)
def test_invitations_that_are_refused(actor: str, role: str, refusal: type[DomainError]) -> None:
    inviter = person(actor)
    before = (User.objects.count(), Group.objects.count())
    with pytest.raises(refusal):
        _invite(inviter, role)
    assert (User.objects.count(), Group.objects.count()) == before


def test_an_address_belongs_to_one_person_in_any_case() -> None:
    admin = person("global_admin")
    _invite(admin, "user")
    with pytest.raises(EmailTaken) as refusal:
        _invite(admin, "user", "new.PERSON@example.com ")
    assert (refusal.value.field, User.objects.count()) == ("email", 2)


def test_the_first_administrator_gets_a_password_of_their_own() -> None:
    (first, password), (second, other) = services.create_administrator(), services.create_administrator(email="b@example.com")
    assert password != other
    assert len(password.replace("-", "")) == 20
    assert first.check_password(password)
    assert first.group == second.group
    assert password not in str([event.data for event in events_of("accounts.user", first.pk)])


def test_a_role_taken_away_is_gone_at_once() -> None:
    admin, reviewer = person("global_admin"), person("technical_reviewer")
    assert access.may(reviewer, Action.TECHNICAL_REVIEW)
    changed = services.set_role(actor=admin, user_id=reviewer.pk, role_id="business_reviewer")
    for seen in (changed, User.objects.get(pk=reviewer.pk)):
        assert not access.may(seen, Action.TECHNICAL_REVIEW)
        assert access.may(seen, Action.BUSINESS_REVIEW)
    assert reviewer not in access.holders(Action.TECHNICAL_REVIEW)
    assert _verbs(reviewer)[-1] == "user.role_set"


def test_an_action_taken_from_a_role_is_gone_at_once() -> None:
    admin, reviewer = person("global_admin"), person("technical_reviewer")
    assert access.may(reviewer, Action.TECHNICAL_REVIEW)
    services.grant(actor=admin, role_id="technical_reviewer", module="m1", level=DataLevel.ALL, actions=[Action.SUBMIT])
    assert not access.may(User.objects.get(pk=reviewer.pk), Action.TECHNICAL_REVIEW)
    assert not access.holders(Action.TECHNICAL_REVIEW).filter(pk=reviewer.pk).exists()


def test_a_head_sets_roles_only_in_the_team() -> None:
    head = person("isv")
    member, stranger = person("developer", head.group), person("developer")
    with pytest.raises(Missing):
        services.set_role(actor=head, user_id=stranger.pk, role_id="developer")
    with pytest.raises(Missing):
        services.set_role(actor=head, user_id=member.pk, role_id="isv")
    services.set_role(actor=head, user_id=member.pk, role_id="developer")


def test_a_regular_user_makes_nobody_an_administrator() -> None:
    user = person("user")
    other = person("user", user.group)
    for target in (user, other):
        with pytest.raises((NotToYourself, Missing)):
            services.set_role(actor=user, user_id=target.pk, role_id="global_admin")
    assert not User.objects.filter(role_id="global_admin").exists()


STATUS_VERBS: tuple[Callable[..., User], ...] = (services.suspend_user, services.delete_user)


@pytest.mark.parametrize("verb", STATUS_VERBS)
def test_a_closed_account_stays_as_a_name(verb: Callable[..., User]) -> None:
    admin, developer = person("global_admin"), person("developer", name="陈屿")
    closed = verb(actor=admin, user_id=developer.pk)
    assert not closed.is_active
    assert not access.may(closed, Action.CREATE_APP)
    assert closed not in access.holders(Action.CREATE_APP)
    assert User.objects.get(pk=developer.pk).name == "陈屿"


def test_a_suspended_person_comes_back_and_a_deleted_one_frees_the_address() -> None:
    admin, developer = person("global_admin"), person("developer")
    services.suspend_user(actor=admin, user_id=developer.pk)
    assert services.reactivate_user(actor=admin, user_id=developer.pk).is_active
    services.delete_user(actor=admin, user_id=developer.pk)
    assert _invite(admin, "developer", developer.email).pk != developer.pk
    with pytest.raises(Missing):
        services.reactivate_user(actor=admin, user_id=developer.pk)
    assert _verbs(developer) == ["user.created", "user.suspended", "user.reactivated", "user.deleted"]


@pytest.mark.parametrize("verb", STATUS_VERBS)
def test_nobody_shuts_themselves_or_everybody_out(verb: Callable[..., User]) -> None:
    admin, second = person("global_admin"), person("global_admin")
    with pytest.raises(NotToYourself):
        verb(actor=admin, user_id=admin.pk)
    verb(actor=admin, user_id=second.pk)
    deputy = person("global_admin")
    User.objects.filter(pk=deputy.pk).update(status="suspended")
    with pytest.raises(LastAdministrator):
        verb(actor=deputy_of(admin), user_id=admin.pk)
    assert User.objects.get(pk=admin.pk).is_active


def deputy_of(admin: User) -> User:
    """Return somebody who may close accounts without being an administrator."""
    RoleGrant.objects.update_or_create(
        role_id="business_reviewer", module="m4", defaults={"data_level": "all", "actions": [Action.DELETE_USER]}
    )
    return person("business_reviewer", admin.group)


@pytest.mark.parametrize(
    ("role", "module", "level", "action", "refusal"),
    [
        ("developer", "m1", DataLevel.ALL, Action.SUSPEND, BuiltInRole),
        ("business_reviewer", "m1", DataLevel.ALL, Action.ISV_REVIEW, UnknownAction),
        ("business_reviewer", "m2", DataLevel.ALL, Action.SUSPEND, UnknownAction),
    ],
)
def test_grants_that_are_refused(role: str, module: str, level: DataLevel, action: Action, refusal: type[DomainError]) -> None:
    admin = person("global_admin")
    before = list(RoleGrant.objects.order_by("pk").values())
    with pytest.raises(refusal):
        services.grant(actor=admin, role_id=role, module=module, level=level, actions=[action])
    assert list(RoleGrant.objects.order_by("pk").values()) == before


def test_people_see_those_within_reach() -> None:
    head = person("isv")
    deep = person("developer", group("team", head.group))
    stranger = person("user")
    admin = person("global_admin")
    assert set(selectors.people_visible_to(head)) == {head, deep}
    assert set(selectors.people_visible_to(deep)) == {deep}
    assert set(selectors.people_visible_to(admin)) == {head, deep, stranger, admin}
