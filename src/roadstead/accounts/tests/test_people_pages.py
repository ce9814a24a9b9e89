"""The pages of people, roles, departments, one's own account, the rules and the record."""

import re

import pytest
from django.test import Client

from roadstead.accounts import roles as verbs
from roadstead.accounts.factories import group, person, sign_in
from roadstead.accounts.models import Group, Role, Setting, User, UserStatus
from roadstead.audit.models import Event

pytestmark = pytest.mark.django_db
PEOPLE, ROLES, DEPARTMENTS = "/workbench/people", "/workbench/roles", "/workbench/departments"
PAGES = [
    (PEOPLE, "人员", "People"),
    (f"{PEOPLE}/new", "添加人员", "Add person"),
    (ROLES, "角色", "Roles"),
    (f"{ROLES}/developer", "上架到商店", "Release to store"),
    (DEPARTMENTS, "部门", "Departments"),
    ("/workbench/account", "我的账户", "My account"),
    ("/workbench/settings", "平台设置", "Platform settings"),
    ("/workbench/audit", "审计", "Audit"),
]


def signed_in(user: User, language: str = "en") -> Client:
    client = Client(headers={"accept-language": language})
    sign_in(client, user)
    return client


@pytest.mark.parametrize(("address", "chinese", "english"), PAGES)
def test_each_page_speaks_both_languages(address: str, chinese: str, english: str) -> None:
    admin = person("global_admin")
    for language, word in (("zh-hans", chinese), ("en", english)):
        answer = signed_in(admin, language).get(address)
        assert answer.status_code == 200
        assert word in answer.content.decode()


@pytest.mark.parametrize("role", ["user", "developer", "business_reviewer"])
@pytest.mark.parametrize("address", [PEOPLE, f"{PEOPLE}/new", ROLES, DEPARTMENTS, "/workbench/settings", "/workbench/audit"])
def test_who_keeps_nobody_is_refused(role: str, address: str) -> None:
    assert signed_in(person(role)).get(address).status_code == 403


def test_a_head_sees_the_team_and_no_platform_pages() -> None:
    head = person("isv")
    person("developer", head.group, name="Mei")
    person("developer", name="Somebody else's")
    client = signed_in(head)
    page = client.get(PEOPLE).content.decode()
    assert "Mei" in page
    assert "Somebody" not in page
    assert client.get("/workbench/settings").status_code == 403
    assert client.get(f"{PEOPLE}/{person('user').pk}").status_code == 404


def test_several_people_get_a_role_or_a_department_from_the_list() -> None:
    admin = person("global_admin")
    client, one = signed_in(admin), person("business_reviewer", admin.group)
    page = client.get(PEOPLE).content.decode()
    assert f'name="person" value="{one.pk}"' in page
    assert f'name="person" value="{admin.pk}"' not in page  # nobody changes their own role
    sent = {"person": one.pk, "role": "technical_reviewer", "group": admin.group_id, "next": f"{PEOPLE}?q=a"}
    given = client.post(f"{PEOPLE}/role", sent)
    assert (given.status_code, given.headers["Location"]) == (302, f"{PEOPLE}?q=a")
    assert "1 person is in" in client.post(f"{PEOPLE}/move", sent, follow=True).content.decode()
    assert "Tick the people first." in client.post(f"{PEOPLE}/move", {"group": admin.group_id}, follow=True).content.decode()
    assert User.objects.get(pk=one.pk).role_id == "technical_reviewer"


def test_a_person_is_added_with_a_password_that_works_and_is_shown_once() -> None:
    admin = person("global_admin")
    answer = signed_in(admin).post(f"{PEOPLE}/new", {"email": "New@Example.com", "name": "", "role": "user", "group": ""})
    shown = re.search(r"new@example.com\s+([a-z0-9-]{23})", answer.content.decode())
    made = User.objects.get(email="new@example.com")
    assert shown
    assert made.check_password(shown[1])
    assert "no-store" in answer.headers["Cache-Control"]
    assert shown[1] not in str(list(Event.objects.values()))
    assert shown[1] not in signed_in(admin).get(f"{PEOPLE}/{made.pk}").content.decode()


def test_mistakes_are_said_at_their_field() -> None:
    admin = person("global_admin")
    wish = {"email": admin.email, "name": "x", "role": "user", "group": ""}
    taken = signed_in(admin).post(f"{PEOPLE}/new", wish)
    assert (taken.status_code, "belongs to somebody already" in taken.content.decode()) == (422, True)
    head = person("isv")
    assert signed_in(head).post(f"{PEOPLE}/new", {**wish, "email": "a@example.com", "role": "isv"}).status_code == 422
    assert not User.objects.filter(email="a@example.com").exists()


def test_people_are_found_by_what_is_known_of_them() -> None:
    admin = person("global_admin")
    found = person("developer", name="Mei")
    person("user", name="Other")
    client = signed_in(admin)
    for query in ({"q": "mei"}, {"q": found.email}, {"q": found.pk}, {"role": "developer"}, {"portal": "isv"}):
        page = client.get(PEOPLE, query).content.decode()
        assert "Mei" in page
        assert ">Other<" not in page
    assert ">Mei<" not in client.get(PEOPLE, {"status": "suspended"}).content.decode()


def test_several_get_a_role_at_once_or_nobody_does() -> None:
    admin = person("global_admin")
    both = [person("user"), person("user")]
    client = signed_in(admin)
    refused = client.post(f"{PEOPLE}/role", {"person": [both[0].pk, admin.pk], "role": "developer"})
    assert refused.status_code == 409
    assert {user.role_id for user in User.objects.filter(pk__in=[user.pk for user in both])} == {"user"}
    client.post(f"{PEOPLE}/role", {"person": [user.pk for user in both], "role": "developer"})
    assert {user.role_id for user in User.objects.filter(pk__in=[user.pk for user in both])} == {"developer"}


def test_a_person_is_edited_suspended_let_in_again_and_deleted() -> None:
    admin, user = person("global_admin"), person("business_reviewer")
    client, address = signed_in(admin), f"{PEOPLE}/{user.pk}"
    assert client.post(address, {"name": "", "group": user.group_id}).status_code == 422
    client.post(address, {"name": "Renamed", "group": user.group_id, "description": "x"})
    client.post(f"{address}/role", {"role": "technical_reviewer"})
    client.post(f"{address}/suspend")
    assert User.objects.get(pk=user.pk).status == UserStatus.SUSPENDED
    client.post(f"{address}/reactivate")
    client.post(f"{address}/delete")
    gone = User.objects.get(pk=user.pk)
    assert (gone.name, gone.role_id, gone.status) == ("Renamed", "technical_reviewer", UserStatus.DELETED)


def test_a_role_is_made_ticked_and_deleted() -> None:
    admin = person("global_admin")
    client = signed_in(admin)
    made = client.post(f"{ROLES}/new", {"name": "Librarian", "description": ""}).headers["Location"]
    ticks = {"action": ["m1.f3.a2", "m5.f2.a2", "no-such-action", "isv_review"], "level-m1": "all", "level-m5": "self"}
    client.post(f"{made}/permissions", ticks)
    role = Role.objects.get(name="Librarian")
    assert {grant.module: (grant.data_level, grant.actions) for grant in role.grants.all()} == {
        "m1": ("all", ["m1.f3.a2"]),
        "m5": ("self", ["m5.f2.a2"]),
    }
    assert "checked" in client.get(made).content.decode()
    assert client.post(f"{made}/permissions", {"action": ["m1.f3.a2"], "level-m1": "everything"}).status_code == 422
    assert client.post(f"{ROLES}/isv/permissions", ticks).status_code == 403
    client.post(f"{made}/delete")
    assert client.get(made).status_code == 404


def test_departments_grow_are_renamed_and_go() -> None:
    admin = person("global_admin")
    client = signed_in(admin)
    client.post(DEPARTMENTS, {"parent": admin.group_id, "name": "Reviews"})
    made = Group.objects.get(name="Reviews")
    assert client.post(DEPARTMENTS, {"parent": made.pk, "name": ""}).status_code == 422
    assert client.post(DEPARTMENTS, {"parent": group("stranger").pk, "name": "x"}).status_code == 404
    client.post(f"{DEPARTMENTS}/{made.pk}/rename", {"name": "Reviewers"})
    assert "Reviewers" in client.get(DEPARTMENTS).content.decode()
    client.post(f"{DEPARTMENTS}/{made.pk}/delete")
    assert not Group.objects.filter(pk=made.pk).exists()


def test_everybody_changes_their_own_name_language_and_password() -> None:
    user = person("user", password="the first password")
    client = signed_in(user)
    client.post("/workbench/account", {"name": "New name", "language": "zh-hans"})
    secret = {"current": "the first password", "new": "another long one", "again": "another long one"}
    for wrong in (
        {"current": "no"},
        {"again": "different"},
        {"new": "short", "again": "short"},
        {"new": "password123", "again": "password123"},
    ):
        assert client.post("/workbench/account/password", {**secret, **wrong}).status_code == 422
        assert User.objects.get(pk=user.pk).check_password("the first password")
    elsewhere = signed_in(user)
    assert client.post("/workbench/account/password", secret).status_code == 302
    changed = User.objects.get(pk=user.pk)
    assert (changed.name, changed.language, changed.check_password("another long one")) == ("New name", "zh-hans", True)
    assert client.get("/workbench/account").status_code == 200
    assert elsewhere.get("/workbench/account").status_code == 302


def test_the_record_is_searched() -> None:
    admin = person("global_admin")
    client = signed_in(admin)
    client.post(f"{ROLES}/new", {"name": "Librarian", "description": ""})
    told = client.get("/workbench/audit", {"verb": "role.created"}).content.decode()
    assert all(words in told for words in ("Created a role", "<span>Name</span> Librarian", "role.created"))
    assert "name: Librarian" not in told
    assert "Librarian" in client.get("/workbench/audit", {"verb": "role."}).content.decode()
    assert "Librarian" in client.get("/workbench/audit", {"person": admin.pk}).content.decode()
    assert "Librarian" not in client.get("/workbench/audit", {"thing": "x"}).content.decode()


def test_rules_are_set_and_refused() -> None:
    client = signed_in(person("global_admin"))
    page = client.get("/workbench/settings").content.decode()
    values = dict(re.findall(r'name="(\w+)" value="(\d+)"', page))
    assert client.post("/workbench/settings", {**values, "claim_hours": "0"}).status_code == 422
    assert not Setting.objects.exists()
    client.post("/workbench/settings", {**values, "claim_hours": "12", "upload_bytes": "20"})
    assert dict(Setting.objects.values_list("name", "value")) == {"claim_hours": 12, "upload_bytes": 20 * 1024 * 1024}


@pytest.mark.parametrize("address", [PEOPLE, ROLES, DEPARTMENTS, "/workbench/audit", "/workbench/settings", f"{ROLES}/developer"])
def test_pages_cost_the_same_for_many_rows(django_assert_max_num_queries: object, address: str) -> None:
    admin = person("global_admin")
    for number in range(8):
        person("user", group(f"department {number}", admin.group))
        verbs.create_role(actor=admin, name=f"Role {number}")
    client = signed_in(admin)
    assert callable(django_assert_max_num_queries)
    with django_assert_max_num_queries(12):
        assert client.get(address).status_code == 200
