"""Who may do what to whose things: every row is one rule, and every door to the rule gives the same answer."""

from collections.abc import Iterator
from typing import ClassVar

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection, models

from roadstead.accounts import access, services
from roadstead.accounts.factories import group, person
from roadstead.accounts.models import DataLevel, Group, User
from roadstead.accounts.permissions import Action
from roadstead.core.errors import NotPermitted
from roadstead.core.models import Owned

pytestmark = pytest.mark.django_db

OWN = {"own"}
TEAM = {"own", "same", "below"}
ALL = {"own", "same", "below", "above", "beside", "foreign"}
NONE: set[str] = set()

RULES: tuple[tuple[str, Action, set[str]], ...] = (
    ("developer", Action.EDIT_APP, OWN),
    ("developer", Action.RELEASE, OWN),
    ("developer", Action.SUBMIT, OWN),
    ("developer", Action.VIEW_APPS, OWN),
    ("developer", Action.TEST_INSTANCE, OWN),
    ("developer", Action.ISV_REVIEW, NONE),
    ("developer", Action.SUSPEND, NONE),
    ("developer", Action.CREATE_MEMBER, NONE),
    ("isv", Action.EDIT_APP, TEAM),
    ("isv", Action.VIEW_APPS, TEAM),
    ("isv", Action.ISV_REVIEW, TEAM),
    ("isv", Action.DELETE_INSTANCE, TEAM),
    ("isv", Action.SUSPEND, NONE),
    ("isv", Action.BUSINESS_REVIEW, NONE),
    ("isv", Action.CERTIFY_PROVIDER, NONE),
    ("isv", Action.CREATE_CATEGORY, NONE),
    ("user", Action.CREATE_INSTANCE, OWN),
    ("user", Action.VIEW_INSTANCES, OWN),
    ("user", Action.TEST_INSTANCE, NONE),
    ("user", Action.TEST_ENVIRONMENT, NONE),
    ("user", Action.CREATE_APP, NONE),
    ("business_reviewer", Action.BUSINESS_REVIEW, ALL),
    ("business_reviewer", Action.VIEW_APPS, ALL),
    ("business_reviewer", Action.VIEW_INSTANCES, OWN),
    ("business_reviewer", Action.TECHNICAL_REVIEW, NONE),
    ("business_reviewer", Action.RELEASE, NONE),
    ("technical_reviewer", Action.TECHNICAL_REVIEW, ALL),
    ("technical_reviewer", Action.TEST_INSTANCE, ALL),
    ("technical_reviewer", Action.BUSINESS_REVIEW, NONE),
    ("global_admin", Action.FORCE_DECIDE, ALL),
    ("global_admin", Action.SUSPEND, ALL),
    ("global_admin", Action.BUSINESS_REVIEW, ALL),
    ("global_admin", Action.TECHNICAL_REVIEW, ALL),
    ("global_admin", Action.ISV_REVIEW, NONE),
    ("global_admin", Action.CREATE_MEMBER, NONE),
)


class Thing(Owned):
    """Something owned; `place` says where its owner sits, seen from the actor."""

    place = models.CharField(max_length=10)

    # Said here because this table belongs to no installed migration, so no type checker sees it.
    owner_id: str
    objects: ClassVar[models.Manager["Thing"]] = models.Manager()

    class Meta:
        app_label = "accounts"
        managed = False
        db_table = "test_thing"

    def __str__(self) -> str:
        return self.place


@pytest.fixture
def office() -> Iterator[Group]:
    """Make the actor's group, a department of a tree; it has a sister department and one below."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE test_thing (id integer PRIMARY KEY, owner_id varchar(32), owner_path varchar(500), place varchar(10))")
    yield group("office", group("root"))
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE test_thing")


def _things(actor: User) -> list[Thing]:
    office = actor.group
    homes = {"same": office, "below": group("below", office), "above": office.parent, "beside": group("beside", office.parent)}
    owners = {"own": actor, "foreign": person("developer")} | {place: person("developer", home) for place, home in homes.items()}
    return [Thing.objects.create(pk=number, place=place, **access.owned_by(owner)) for number, (place, owner) in enumerate(owners.items())]


@pytest.mark.parametrize(("role", "action", "reach"), RULES)
def test_rule(office: Group, role: str, action: Action, reach: set[str]) -> None:
    actor = person(role, office)
    things = _things(actor)
    assert {thing.place for thing in things if access.may(actor, action, thing)} == reach
    assert {thing.place for thing in access.visible(actor, Thing.objects.all(), action)} == reach
    assert {thing.place for thing in things if actor in access.holders(action, thing)} == reach
    assert (actor in access.holders(action)) == access.may(actor, action) == bool(reach)


@pytest.mark.parametrize("action", [Action.VIEW_APPS, Action.EDIT_APP, Action.CREATE_INSTANCE])
def test_nobody_and_the_suspended_reach_nothing(office: Group, action: Action) -> None:
    suspended = person("global_admin", office)
    suspended.status = "suspended"
    suspended.save()
    things = _things(suspended)
    for actor in (AnonymousUser(), suspended):
        assert not access.may(actor, action)
        assert not any(access.may(actor, action, thing) for thing in things)
        assert not access.visible(actor, Thing.objects.all(), action)
        with pytest.raises(NotPermitted):
            access.require(actor, action)
    assert suspended not in access.holders(action)


def test_a_group_is_its_whole_id(office: Group) -> None:
    """An id that begins like another is another group."""
    actor = person("isv", services.create_group(name="one", group_id="grp-1"))
    lookalike = person("developer", services.create_group(name="ten", group_id="grp-10"))
    thing = Thing.objects.create(pk=1, place=office.name, **access.owned_by(lookalike))
    assert not access.may(actor, Action.VIEW_APPS, thing)
    assert not access.visible(actor, Thing.objects.all(), Action.VIEW_APPS)


def test_one_question_after_another_reads_the_grants_once(office: Group, django_assert_num_queries: object) -> None:
    actor = User.objects.select_related("role", "group").get(pk=person("isv", office).pk)
    assert callable(django_assert_num_queries)
    with django_assert_num_queries(1):
        assert [access.may(actor, action) for action in Action].count(True) > 30


def test_a_custom_level_counts_per_module(office: Group) -> None:
    admin = person("global_admin")
    reviewer = person("business_reviewer", office)
    things = _things(reviewer)
    services.grant(actor=admin, role_id="business_reviewer", module="m1", level=DataLevel.GROUP, actions=[Action.BUSINESS_REVIEW])
    again = User.objects.get(pk=reviewer.pk)
    assert {thing.place for thing in things if access.may(again, Action.BUSINESS_REVIEW, thing)} == TEAM
