"""The list and the page of an instance: who sees what, in both languages, at what cost."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from roadstead.accounts.factories import person
from roadstead.accounts.models import User
from roadstead.catalog.models import Version
from roadstead.clusters import services
from roadstead.clusters.factories import cluster, environment
from roadstead.clusters.models import Cluster
from roadstead.clusters.states import STATUS_STATES, Status
from roadstead.clusters.tests.fakes import TAKEN, FakeProvider
from roadstead.clusters.tests.fakes_view import VIEW
from roadstead.clusters.tests.walking import newest, walk
from roadstead.core.clock import now
from roadstead.runtimes.sdk import Refused

pytestmark = pytest.mark.django_db
ZH, EN = "zh-hans", "en"


@pytest.fixture
def owner() -> User:
    return person("user")


@pytest.fixture(params=[ZH, EN])
def browser(request: pytest.FixtureRequest, client: Client, owner: User) -> Client:
    client.force_login(owner)
    client.cookies["roadstead_language"] = request.param
    return client


@pytest.fixture
def made(place: FakeProvider, owner: User, listed: Version) -> Cluster:
    del place
    wish: Any = {"environment_id": environment(owner).pk, "name": "blog", "values": "# mine\n"}
    return services.create(actor=owner, version_id=listed.pk, **wish)


def seen(owner: User, **fields: Any) -> Cluster:
    return cluster(owner=owner, view=VIEW.as_dict(), viewed_at=now(), **fields)


def names(browser: Client, address: str) -> list[str]:
    return [row.name for row in browser.get(address).context["page"]]


def test_the_list_shows_what_lives(browser: Client, owner: User) -> None:
    for status in Status:
        cluster(status, owner=owner, name=status.value)
    cluster(owner=owner, name="trial", debug=True)
    cluster(name="foreign")
    assert names(browser, "/workbench/instances") == ["suspended", "stopped", "active", "pending"]
    assert names(browser, "/workbench/instances?status=deleted") == ["deleted"]
    assert len(names(browser, "/workbench/instances?status=all")) == 6
    assert names(browser, "/workbench/instances?q=SUSP") == ["suspended"]
    assert names(browser, "/workbench/test-instances") == names(browser, "/workbench/instances?test=1") == ["trial"]


def test_the_list_says_states_in_words(browser: Client, owner: User) -> None:
    for status in Status:
        cluster(status, owner=owner)
    page = browser.get("/workbench/instances?status=all").content.decode()
    assert all(str(state.word) in page for state in STATUS_STATES.values())


def test_the_list_counts_the_pods_that_were_seen_last(browser: Client, owner: User) -> None:
    seen(owner)
    cluster(owner=owner)
    cluster(Status.DELETED, owner=owner, view=VIEW.as_dict(), viewed_at=now())
    rows = browser.get("/workbench/instances?status=all").context["rows"]
    pods = sum(len(row["pods"]) for row in VIEW.as_dict()["workloads"]) + len(VIEW.as_dict()["pods"])
    assert pods > 0
    assert [number for _row, _acts, number in rows] == [None, None, pods]


def test_a_moving_list_looks_again(browser: Client, owner: User) -> None:
    cluster(owner=owner)
    assert "every 4s" not in browser.get("/workbench/instances").content.decode()
    cluster(owner=owner, transition="creating")
    assert "every 4s" in browser.get("/workbench/instances").content.decode()


@pytest.mark.parametrize("address", ["/workbench/instances", "/workbench/test-instances", "/workbench/instances?q=nothing"])
def test_an_empty_list_teaches(browser: Client, address: str) -> None:
    assert "rs-empty" in browser.get(address).content.decode()


def test_the_list_pages_by_cursor_and_costs_few_queries(client: Client, owner: User, django_assert_max_num_queries: Any) -> None:
    place = environment(owner)
    for _ in range(23):
        cluster(owner=owner, place=place)
    client.force_login(owner)
    with django_assert_max_num_queries(12):
        page = client.get("/workbench/instances").context["page"]
    assert len(page) == 20
    assert len(client.get("/workbench/instances", {"cursor": page.next_cursor}).context["page"]) == 3


@pytest.mark.parametrize("tab", ["activity", "workloads", "objects", "values", "notes"])
def test_the_page_costs_few_queries(client: Client, owner: User, made: Cluster, tab: str, django_assert_max_num_queries: Any) -> None:
    walk(made)
    client.force_login(owner)
    with django_assert_max_num_queries(12):
        assert client.get(f"/workbench/instances/{made.pk}?tab={tab}").status_code == 200


@pytest.mark.parametrize("part", ["", "/activity", "/live"])
def test_foreign_is_missing(browser: Client, part: str) -> None:
    foreign = browser.get(f"/workbench/instances/{cluster().pk}{part}")
    missing = browser.get(f"/workbench/instances/cl-nowhere{part}")
    assert foreign.status_code == missing.status_code == 404


@pytest.mark.parametrize("part", ["", "/activity", "/live", "/delete", "/cease"])
def test_anonymous_people_sign_in(client: Client, part: str) -> None:
    address = f"/workbench/instances/{cluster().pk}{part}"
    answer = client.post(address) if part in ("/delete", "/cease") else client.get(address)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/accounts/login/")


def test_while_a_job_runs_the_head_says_the_step(browser: Client, made: Cluster) -> None:
    walk(made, layers=2)
    page = browser.get(f"/workbench/instances/{made.pk}").content.decode()
    assert ("第 3 步，共 5 步" in page) or ("step 3 of 5" in page)
    assert f'sse-connect="/events/jobs/{newest(made).pk}"' in page
    part = browser.get(f"/workbench/instances/{made.pk}/activity").content.decode()
    assert part.count("hx-swap-oob") == 1
    assert "<html" not in part


def test_what_runs_is_shown_and_secrets_are_counted(browser: Client, owner: User) -> None:
    mine = seen(owner)
    workloads = browser.get(f"/workbench/instances/{mine.pk}?tab=workloads").content.decode()
    assert all(word in workloads for word in ("blog-wordpress", "1 / 1", "0 / 1", "10.0.0.7", "node-2", "ImagePullBackOff"))
    objects = browser.get(f"/workbench/instances/{mine.pk}?tab=objects").content.decode()
    assert all(word in objects for word in ("PersistentVolumeClaim", "Secret", "8Gi", "80/TCP"))
    assert "Open the address" in browser.get(f"/workbench/instances/{mine.pk}?tab=notes").content.decode()
    assert 'href="http://203.0.113.7:80/"' in browser.get(f"/workbench/instances/{mine.pk}").content.decode()


def test_unknown_is_never_shown_as_running(browser: Client, owner: User) -> None:
    mine = seen(owner, unknown_since=now() - timedelta(minutes=12))
    page = browser.get(f"/workbench/instances/{mine.pk}").content.decode()
    assert "rs-tone-halt" in page
    assert browser.get("/workbench/instances").context["page"].items[0].state.value == "unknown"


def test_a_failure_offers_its_two_next_acts(browser: Client, place: FakeProvider, made: Cluster) -> None:
    newest(made).__class__.objects.update(on_failure="keep")
    place.fails["await_ready"] = Refused(TAKEN())
    job = walk(made)
    page = browser.get(f"/workbench/instances/{made.pk}").content.decode()
    assert f"{job.pk}/retry" in page
    assert f"{job.pk}/give-up" in page
    assert "taken" in page
    assert browser.post(f"/workbench/instances/{made.pk}/jobs/{job.pk}/retry").status_code == 302
    made.refresh_from_db()
    assert made.transition == "creating"


def test_cancelling_from_the_page(browser: Client, made: Cluster) -> None:
    job = newest(made)
    assert f"{job.pk}/cancel" in browser.get(f"/workbench/instances/{made.pk}").content.decode()
    browser.post(f"/workbench/instances/{made.pk}/jobs/{job.pk}/cancel")
    made.refresh_from_db()
    assert made.status == Status.CEASED


def test_deleting_asks_for_the_name(browser: Client, owner: User) -> None:
    mine = seen(owner, name="blog")
    page = browser.get(f"/workbench/instances/{mine.pk}?ask=delete").content.decode()
    assert 'aria-labelledby="ask-delete-title" open' in page
    assert "1 × StatefulSet" in page
    wrong = browser.post(f"/workbench/instances/{mine.pk}/delete", {"name": "block"})
    assert wrong.status_code == 422
    assert 'id="delete_name-error"' in wrong.content.decode()
    mine.refresh_from_db()
    assert mine.transition == ""
    assert browser.post(f"/workbench/instances/{mine.pk}/delete", {"name": "blog"}).status_code == 302
    mine.refresh_from_db()
    assert mine.transition == "deleting"


@pytest.mark.parametrize("status", [Status.CEASED, Status.SUSPENDED])
def test_a_stale_page_cannot_delete(browser: Client, owner: User, status: Status) -> None:
    mine = cluster(status, owner=owner, name="blog")
    assert browser.post(f"/workbench/instances/{mine.pk}/delete", {"name": "blog"}).status_code == 409
    mine.refresh_from_db()
    assert (mine.status, mine.transition) == (status, "")
