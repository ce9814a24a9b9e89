"""What the pages do, programs do too: a version goes from upload to the store, and what is refused is refused alike."""

from typing import Any

import pytest
from django.test import Client

from roadstead.accounts.factories import person
from roadstead.accounts.models import User
from roadstead.api.tests.caller import Caller
from roadstead.audit.models import Event
from roadstead.blobs import services as blobs
from roadstead.catalog.models import App, Version
from roadstead.clusters import factories as clusters
from roadstead.clusters.models import Cluster
from roadstead.jobs.models import Job
from roadstead.packaging.factories import chart
from roadstead.reviews.factories import cast, submission
from roadstead.store.factories import listing

pytestmark = pytest.mark.django_db


def test_a_token_publishes_a_version() -> None:
    people = cast()
    ci = Caller(people.developer, ("apps:write",))
    made = ci.upload("/apps", chart())
    assert ci.status == 201
    version = made["version"]["id"]
    assert ci.send(f"/versions/{version}/submit")["status"] == "submitted"
    for stage, reviewer in (("provider", people.head), ("business", people.business), ("technical", people.technical)):
        decide(Caller(reviewer, ("reviews:write",)), version, stage)
    assert ci.get(f"/versions/{version}")["verbs"] == ["release", "delete"]
    assert ci.send(f"/versions/{version}/release")["status"] == "active"
    shown = Client().get(f"/api/v1/store/apps/{made['app']['id']}").json()
    assert [proof["stage"] for proof in shown["versions"][0]["proofs"]] == ["provider", "business", "technical"]
    assert shown["versions"][0]["digest"] == made["version"]["digest"]


def decide(reviewer: Caller, version: str, stage: str) -> None:
    waiting = reviewer.get("/reviews", queue="unprocessed")["items"]
    (review,) = [row["id"] for row in waiting if row["version"] == version]
    assert reviewer.send(f"/reviews/{review}/claim", stage=stage)["verdicts"] == ["pass", "reject"]
    reviewer.send(f"/reviews/{review}/pass", stage=stage)
    assert reviewer.status == 200


def test_a_package_with_problems_says_all_of_them_and_leaves_nothing() -> None:
    people = cast()
    ci = Caller(people.developer)
    said = ci.upload("/apps", b"no archive")
    assert (ci.status, said["code"]) == (422, "package_refused")
    assert said["problems"][0]["message"]
    assert not App.objects.exists()


def test_an_upload_above_the_limit_is_refused_before_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("roadstead.store.receiving.package_limit", lambda: -1024 * 1024 + 10)
    ci = Caller(cast().developer)
    said = ci.upload("/apps", chart())
    assert (ci.status, said["code"]) == (413, "upload_too_large")


def test_a_wrong_state_is_a_conflict_with_the_pages_code() -> None:
    people = cast()
    ci = Caller(people.developer)
    version = ci.upload("/apps", chart())["version"]["id"]
    said = ci.send(f"/versions/{version}/release")
    assert (ci.status, said["code"]) == (409, "app_version_incorrect_status")
    assert Version.objects.get(pk=version).status == "draft"


def test_a_role_that_was_taken_away_stops_a_token_in_the_middle() -> None:
    people = cast()
    ci = Caller(people.developer)
    version = ci.upload("/apps", chart())["version"]["id"]
    User.objects.filter(pk=people.developer.pk).update(role="user")
    ci.send(f"/versions/{version}/submit")
    assert ci.status == 403
    assert Version.objects.get(pk=version).status == "draft"


def test_lists_are_walked_by_cursor_filtered_and_sorted() -> None:
    people = cast()
    ci = Caller(people.developer)
    app = ci.upload("/apps", chart())["app"]["id"]
    for number in range(2, 5):
        ci.upload(
            f"/apps/{app}/versions", chart({"Chart.yaml": f"apiVersion: v2\nname: demo\nversion: {number}.0.0\n"}), description="more"
        )
        assert ci.status == 201, ci.said
    names: list[str] = []
    cursor = ""
    more = True
    while more:
        page = ci.get("/versions", app=app, sort="name", limit="2", cursor=cursor)
        names += [row["name"] for row in page["items"]]
        cursor = page["next_cursor"]
        more = bool(cursor)
    assert names == sorted(names)
    assert len(names) == 4
    assert ci.get("/versions", app=app, status="passed")["items"] == []
    assert ci.get("/versions", q="4.0.0")["items"][0]["description"] == "more"
    ci.get("/versions", sort="package")
    assert ci.status == 422


def test_a_deployment_is_planned_then_made_and_driven() -> None:
    version = listing().versions.get().version
    Version.objects.filter(pk=version.pk).update(package=blobs.put(chart()))
    owner = person("user")
    place = clusters.environment(owner)
    ci = Caller(owner, ("instances:write",))
    wish = {"version": version.pk, "environment": place.pk, "name": "blog"}
    before = Event.objects.count()
    plan = ci.send("/instances/plan", **wish)
    assert (ci.status, plan["operation"], plan["steps"][0]) == (200, "create", "Check environment and name")
    assert (Event.objects.count(), Cluster.objects.count(), Job.objects.count()) == (before, 0, 0)
    made = ci.send("/instances", **wish)
    assert (ci.status, made["transition"]) == (201, "creating")
    job = ci.get(f"/jobs/{made['job']}")
    assert [step["status"] for step in job["steps"]] == ["pending"] * len(plan["steps"])
    assert job["verbs"] == ["cancel"]
    assert ci.send(f"/jobs/{made['job']}/cancel")["status"] == "cancelled"


def test_what_would_refuse_a_change_refuses_its_plan_too() -> None:
    owner = person("user")
    cluster = clusters.cluster("stopped", owner=owner)
    ci = Caller(owner)
    assert ci.send(f"/instances/{cluster.pk}/start?dry_run=true")["operation"] == "start"
    said = ci.send(f"/instances/{cluster.pk}/stop?dry_run=true")
    assert (ci.status, said["code"]) == (409, "resource_not_in_status")
    assert not Job.objects.exists()
    assert ci.send(f"/instances/{cluster.pk}/start")["transition"] == "starting"
    assert ci.status == 202


def test_a_credential_is_written_and_never_answered() -> None:
    owner = person("user")
    place = clusters.environment(owner)
    ci = Caller(owner)
    for path in (f"/environments/{place.pk}", f"/credentials/{place.credential_id}", "/environments", "/credentials"):
        ci.get(path)
        assert ci.status == 200
        assert "apiVersion" not in repr(ci.said)
        assert "rs1." not in repr(ci.said)
    canary = "canary-kubeconfig-content"
    said = ci.send("/environments", name="x", zone="x", content=canary)
    assert (ci.status, said["code"]) == (422, "credential_illegal")
    assert canary not in repr(said)


def test_people_are_kept_by_those_who_keep_them() -> None:
    head = person("isv")
    keeper = Caller(head)
    made = keeper.send("/people", email="new@example.com", role="developer")
    assert keeper.status == 201
    added = User.objects.get(pk=made["id"])
    assert added.check_password(made["password"])
    assert "password" not in keeper.get(f"/people/{added.pk}")
    keeper.send(f"/people/{added.pk}/suspend")
    assert keeper.get("/people", status="suspended")["items"][0]["id"] == added.pk
    stranger = Caller(person("developer"))
    stranger.get("/people")
    assert stranger.status == 403


@pytest.mark.parametrize("body", [b"{", b"[1", b'{"name": "\\ud800"}', b'{"name": "a\\u0000"}', b"NaN", b"\xff", b'{"name": NaN}'])
def test_what_is_no_json_is_said_so(body: bytes) -> None:
    admin = Caller(person("global_admin"))
    answer = admin.client.post("/api/v1/categories", body, content_type="application/json")
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")


def test_a_body_beyond_all_measure_is_too_large() -> None:
    admin = Caller(person("global_admin"))
    answer = admin.client.post("/api/v1/categories", b" " * (5 * 1024 * 1024), content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (413, "request_too_large")


@pytest.mark.parametrize(
    ("path", "most"),
    [("/instances", 4), ("/environments", 4), ("/credentials", 4), ("/versions", 4), ("/apps", 4), ("/reviews?queue=all", 7)],
)
def test_a_list_costs_as_many_queries_as_ever(path: str, most: int, django_assert_max_num_queries: Any) -> None:
    for _ in range(3):
        clusters.cluster("pending")
        submission(cast())
    admin = Caller(person("global_admin"))
    admin.get(path)
    with django_assert_max_num_queries(most):
        assert len(admin.get(path)["items"]) >= 3


@pytest.mark.parametrize("path", ["/versions?q=a%00", "/versions/appv-%00", "/store/apps?q=%00", "/store/apps/%00"])
def test_a_zero_byte_gets_nowhere_near_a_database(path: str, django_assert_max_num_queries: Any) -> None:
    ci = Caller(person("user"))
    ci.get("/me")
    with django_assert_max_num_queries(1):  # the token, and what the role of its person may do
        ci.get(path)
    assert ci.status in {404, 422}


def test_values_are_told_to_those_who_may_read_them() -> None:
    cluster = clusters.cluster()
    assert Caller(cluster.owner).get(f"/instances/{cluster.pk}/values") == {"values": "replicas: 1\n"}
    reviewer = Caller(person("technical_reviewer"))
    said = reviewer.get(f"/instances/{cluster.pk}/values")
    assert (reviewer.status, said["code"]) == (403, "permission_denied")
