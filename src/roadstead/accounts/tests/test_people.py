"""Keeping people, roles, departments and rules: what each verb does, and that a refusal changes nothing."""

from collections.abc import Callable

import pytest
from django.conf import settings

from roadstead.accounts import access, departments, people, responsibilities, roles, rules, selectors, services
from roadstead.accounts.errors import (
    AnotherTree,
    BuiltInRole,
    GroupInUse,
    LastAdministrator,
    NotThisPerson,
    NotToYourself,
    PasswordIncorrect,
    RoleInUse,
    RoleNotYoursToGive,
    SettingOutOfRange,
    StillResponsible,
)
from roadstead.accounts.factories import group, person
from roadstead.accounts.models import DataLevel, Group, Role, RoleGrant, Setting, User
from roadstead.accounts.permissions import Action
from roadstead.accounts.tree import ACTIONS, FEATURES, grantable, tree_of
from roadstead.audit.models import Event
from roadstead.core.errors import DomainError, Missing, NotPermitted

pytestmark = pytest.mark.django_db


def refused(error: type[DomainError], act: Callable[[], object]) -> None:
    def everything() -> list[object]:
        return [list(model.objects.order_by("pk").values()) for model in (User, Role, RoleGrant, Group, Setting)] + [Event.objects.count()]

    before = everything()
    with pytest.raises(error):
        act()
    assert everything() == before


def test_nobody_changes_their_own_role_and_the_last_administrator_stays() -> None:
    admin = person("global_admin")
    refused(NotToYourself, lambda: services.set_role(actor=admin, user_id=admin.pk, role_id="user"))
    refused(NotToYourself, lambda: people.set_roles(actor=admin, user_ids=[admin.pk], role_id="user"))
    refused(NotToYourself, lambda: services.delete_user(actor=admin, user_id=admin.pk))
    RoleGrant.objects.create(role_id="business_reviewer", module="m4", data_level="all", actions=[Action.DELETE_USER, Action.SET_ROLE])
    deputy = person("business_reviewer")
    refused(LastAdministrator, lambda: services.delete_user(actor=deputy, user_id=admin.pk))
    refused(LastAdministrator, lambda: services.set_role(actor=deputy, user_id=admin.pk, role_id="user"))


def test_who_may_add_people_makes_no_administrators_and_takes_none_over() -> None:
    admin = person("global_admin")
    rights = [Action.CREATE_USER, Action.SET_ROLE]
    RoleGrant.objects.create(role_id="business_reviewer", module="m4", data_level="all", actions=rights)
    deputy, user = person("business_reviewer"), person("user")
    refused(RoleNotYoursToGive, lambda: people.add_person(actor=deputy, email="a@example.com", role="global_admin"))
    refused(Missing, lambda: services.set_role(actor=deputy, user_id=user.pk, role_id="global_admin"))
    refused(NotThisPerson, lambda: people.set_password(actor=deputy, user_id=admin.pk))
    assert people.add_person(actor=deputy, email="a@example.com", role="user")[0].role_id == "user"


def test_a_role_taken_away_ends_keeping_people_at_once() -> None:
    admin, second, user = person("global_admin"), person("global_admin"), person("user")
    services.set_role(actor=admin, user_id=second.pk, role_id="business_reviewer")
    second = User.objects.get(pk=second.pk)
    for act in (
        lambda: people.add_person(actor=second, email="a@example.com", role="user"),
        lambda: people.edit_person(actor=second, user_id=user.pk, name="x"),
        lambda: people.set_password(actor=second, user_id=user.pk),
        lambda: people.set_roles(actor=second, user_ids=[user.pk], role_id="isv"),
        lambda: services.suspend_user(actor=second, user_id=user.pk),
        lambda: roles.create_role(actor=second, name="x"),
        lambda: departments.add_department(actor=second, parent_id=second.group_id, name="x"),
        lambda: rules.set_rules(actor=second, values={"claim_hours": 1}),
    ):
        refused(NotPermitted, act)


def test_a_head_keeps_the_team_and_nobody_else() -> None:
    head, stranger = person("isv"), person("developer")
    member, password = people.add_person(actor=head, email="m@example.com", role="developer")
    assert (member.group_id, member.check_password(password)) == (head.group_id, True)
    refused(Missing, lambda: people.set_password(actor=head, user_id=stranger.pk))
    refused(RoleNotYoursToGive, lambda: people.add_person(actor=head, email="b@example.com", role="isv"))
    second_head = person("isv", head.group)
    refused(NotThisPerson, lambda: people.set_password(actor=head, user_id=second_head.pk))


def test_a_person_moves_with_all_they_own() -> None:
    admin = person("global_admin")
    reviewer = person("business_reviewer", admin.group)
    elsewhere = group()
    below = departments.add_department(actor=admin, parent_id=admin.group_id, name="Reviews")
    people.edit_person(actor=admin, user_id=reviewer.pk, name="R", group=below.pk)
    assert User.objects.get(pk=reviewer.pk).path == f"{below.path}:{reviewer.pk}"
    refused(Missing, lambda: people.edit_person(actor=admin, user_id=reviewer.pk, name="R", group=elsewhere.pk))
    refused(GroupInUse, lambda: departments.delete_department(actor=admin, group_id=below.pk))
    refused(NotPermitted, lambda: departments.delete_department(actor=admin, group_id=admin.group_id))
    services.delete_user(actor=admin, user_id=reviewer.pk)
    departments.delete_department(actor=admin, group_id=below.pk)
    assert User.objects.get(pk=reviewer.pk).group_id == admin.group_id


def test_several_move_together_or_nobody_does() -> None:
    admin = person("global_admin")
    one, two = person("business_reviewer", admin.group), person("technical_reviewer", admin.group)
    below = departments.add_department(actor=admin, parent_id=admin.group_id, name="Reviews")
    head = person("isv")
    refused(AnotherTree, lambda: people.move_people(actor=admin, user_ids=[one.pk, head.pk, two.pk], group_id=below.pk))
    refused(Missing, lambda: people.move_people(actor=admin, user_ids=[one.pk], group_id=head.group_id))
    refused(Missing, lambda: people.move_people(actor=head, user_ids=[one.pk], group_id=head.group_id))
    refused(NotPermitted, lambda: people.move_people(actor=one, user_ids=[two.pk], group_id=below.pk))
    place, moved = people.move_people(actor=admin, user_ids=[one.pk, two.pk, one.pk], group_id=below.pk)
    assert (place, {user.pk for user in moved}) == (below, {one.pk, two.pk})
    assert {User.objects.get(pk=user.pk).path for user in moved} == {f"{below.path}:{one.pk}", f"{below.path}:{two.pk}"}
    assert Event.objects.filter(verb="user.moved").count() == 2


def test_who_stands_for_something_is_not_deleted(monkeypatch: pytest.MonkeyPatch) -> None:
    admin, head = person("global_admin"), person("isv")
    monkeypatch.setattr(responsibilities, "_asks", [lambda _user: ["Blog"]])
    refused(StillResponsible, lambda: services.delete_user(actor=admin, user_id=head.pk))
    assert services.suspend_user(actor=admin, user_id=head.pk).status == "suspended"


def test_roles_of_ones_own() -> None:
    admin, head, other = person("global_admin"), person("isv"), person("isv")
    ours = roles.create_role(actor=head, name="Tester")
    assert (ours.portal, ours.group_id) == ("isv", head.group.root_id)
    refused(Missing, lambda: roles.edit_role(actor=other, role_id=ours.pk, name="x"))
    refused(Missing, lambda: roles.delete_role(actor=admin, role_id=ours.pk))
    refused(BuiltInRole, lambda: roles.edit_role(actor=head, role_id="developer", name="x"))
    wish = {"m1": (DataLevel.GROUP, [Action.CREATE_APP])}
    roles.set_grants(actor=head, role_id=ours.pk, wanted=wish)
    refused(NotPermitted, lambda: roles.set_grants(actor=head, role_id=ours.pk, wanted={"m1": (DataLevel.ALL, [Action.CREATE_APP])}))
    member, _password = people.add_person(actor=head, email="m@example.com", role=ours.pk)
    assert access.may(member, Action.CREATE_APP)
    refused(RoleInUse, lambda: roles.delete_role(actor=head, role_id=ours.pk))
    roles.set_grants(actor=head, role_id=ours.pk, wanted={})
    assert not access.may(User.objects.get(pk=member.pk), Action.CREATE_APP)
    services.delete_user(actor=head, user_id=member.pk)
    roles.delete_role(actor=head, role_id=ours.pk)
    assert ours not in selectors.roles_given_by(head)


def test_nobody_grants_more_than_they_have_nor_changes_their_own_role() -> None:
    admin = person("global_admin")
    made = roles.create_role(actor=admin, name="Librarian")
    rights = [Action.CREATE_USER, Action.EDIT_ROLE, Action.EDIT_ROLE_GRANTS]
    roles.set_grants(actor=admin, role_id=made.pk, wanted={"m4": (DataLevel.ALL, rights)})
    librarian, _password = people.add_person(actor=admin, email="l@example.com", role=made.pk)
    wish = {"m5": (DataLevel.ALL, [Action.CHANGE_SETTINGS])}
    refused(NotPermitted, lambda: roles.set_grants(actor=librarian, role_id="business_reviewer", wanted=wish))
    refused(NotPermitted, lambda: roles.set_grants(actor=librarian, role_id=made.pk, wanted={}))


def test_the_tree_has_words_for_everything_that_can_be_granted() -> None:
    admin = person("global_admin")
    for portal in ("global_admin", "isv", "user"):
        assert all(action in ACTIONS for action in grantable(portal))
    modules = tree_of(admin.role)
    assert len(FEATURES) >= len({branch.word for module in modules for branch in module.branches})
    assert all(module.ticked == module.total for module in modules)


def test_ones_own_password_has_to_be_known() -> None:
    user = person("user", password="the first password")
    refused(PasswordIncorrect, lambda: people.change_own_password(actor=user, current="x", new="another long one"))
    people.change_own_password(actor=user, current="the first password", new="another long one")
    assert User.objects.get(pk=user.pk).check_password("another long one")
    assert "long one" not in str(list(Event.objects.values()))


def test_rules_lie_over_the_operators_and_are_read_by_one_function() -> None:
    admin = person("global_admin")
    assert selectors.platform_rules().limits.upload_bytes == settings.OPTIONS.limits.upload_bytes
    refused(SettingOutOfRange, lambda: rules.set_rules(actor=admin, values={"upload_bytes": 20, "claim_hours": 0}))
    rules.set_rules(actor=admin, values={"upload_bytes": 20, "claim_hours": settings.OPTIONS.claim_hours})
    assert selectors.platform_rules().limits.upload_bytes == 20 * 1024 * 1024
    event = Event.objects.get(verb="setting.changed")
    assert (event.subject_id, event.data) == ("upload_bytes", {"value": 20 * 1024 * 1024, "former": settings.OPTIONS.limits.upload_bytes})
