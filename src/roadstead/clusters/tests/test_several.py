"""One thing done to several instances: what is asked, what is passed by and why, what became of each."""

from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test import Client
from django.test.utils import CaptureQueriesContext

from roadstead.accounts.factories import person
from roadstead.accounts.models import User
from roadstead.audit.models import Event
from roadstead.clusters import several
from roadstead.clusters.beginning import begin
from roadstead.clusters.errors import ClusterInTransition
from roadstead.clusters.factories import cluster, environment
from roadstead.clusters.models import Cluster
from roadstead.clusters.operations import Operation
from roadstead.clusters.states import Status
from roadstead.jobs.models import Job

pytestmark = pytest.mark.django_db
SEVERAL, NOWHERE = "/workbench/instances-several", "cl-2222222222222222"
EVERY_STATE = [
    (Status.PENDING, "", ["delete"]),
    (Status.ACTIVE, "", ["stop", "delete"]),
    (Status.STOPPED, "", ["start", "delete"]),
    (Status.SUSPENDED, "", []),
    (Status.DELETED, "", []),
    (Status.CEASED, "", []),
    (Status.ACTIVE, "stopping", []),
]


@pytest.fixture
def owner() -> User:
    return person("user")


@pytest.fixture
def browser(client: Client, owner: User) -> Client:
    client.force_login(owner)
    client.cookies["roadstead_language"] = "en"
    return client


def asked(browser: Client, act: str, *rows: Cluster | str, **headers: str) -> Any:
    return browser.get(SEVERAL, {"act": act, "instance": ids(rows), "next": "/workbench/instances?q=a"}, headers=headers)


def done(browser: Client, act: str, *rows: Cluster | str, **more: str) -> Any:
    return browser.post(SEVERAL, {"act": act, "instance": ids(rows), "next": "/workbench/instances?q=a", **more})


def ids(rows: tuple[Cluster | str, ...]) -> list[str]:
    return [row if isinstance(row, str) else row.pk for row in rows]


def transitions(*rows: Cluster) -> list[str]:
    return [Cluster.objects.get(pk=row.pk).transition for row in rows]


def deeds() -> QuerySet[Event]:
    return Event.objects.filter(verb__startswith="cluster.")


def reasons(answer: Any) -> list[str]:
    return [row.reason for row in answer.context["rows"]]


@pytest.mark.parametrize(("status", "transition", "acts"), EVERY_STATE)
def test_a_row_can_be_chosen_for_what_its_state_allows(
    browser: Client, owner: User, status: Status, transition: str, acts: list[str]
) -> None:
    cluster(status, owner=owner, transition=transition)
    answer = browser.get("/workbench/instances?status=all")
    assert [allowed for _row, allowed, _pods in answer.context["rows"]] == [acts]
    assert (f'data-acts="{" ".join(acts)}"' in answer.content.decode()) is bool(acts)
    assert ('type="checkbox" name="instance"' in answer.content.decode()) is bool(acts)


@pytest.mark.parametrize("act", ["stop", "start", "delete"])
@pytest.mark.parametrize(("status", "transition", "acts"), EVERY_STATE)
def test_what_is_offered_is_what_is_accepted(owner: User, act: str, status: Status, transition: str, acts: list[str]) -> None:
    mine = cluster(status, owner=owner, transition=transition)
    operation = Operation(act)
    assert [not row.reason for row in several.looked_over(owner, operation, [mine.pk])] == [act in acts]
    assert [not row.reason for row in several.begin_several(actor=owner, operation=operation, cluster_ids=[mine.pk])] == [act in acts]
    assert (transitions(mine) == [transition], Job.objects.count(), deeds().count()) == ((False, 1, 1) if act in acts else (True, 0, 0))


def test_the_question_names_what_happens_and_what_is_passed_by(browser: Client, owner: User) -> None:
    runs, rests, busy = cluster(owner=owner), cluster(Status.STOPPED, owner=owner), cluster(owner=owner, transition="upgrading")
    page = asked(browser, "stop", runs, rests, busy).content.decode()
    assert "Stop 1 instance" in page
    assert "2 are passed by and stay as they are" in page
    assert "It&#x27;s “Stopped” now." in page or "It's “Stopped” now." in page
    assert "It&#x27;s busy: “Upgrading”." in page or "It's busy: “Upgrading”." in page
    assert f'name="instance" value="{runs.pk}"' in page
    assert f'value="{rests.pk}"' not in page
    assert transitions(runs, rests, busy) == ["", "", "upgrading"]


def test_only_what_the_question_named_is_done(browser: Client, owner: User) -> None:
    one, two, other = cluster(owner=owner), cluster(owner=owner), cluster(owner=owner)
    answer = done(browser, "stop", one, two)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/workbench/instances?q=a")
    assert transitions(one, two, other) == ["stopping", "stopping", ""]
    assert "2 instances are being stopped." in browser.get("/workbench/instances").content.decode()
    assert sorted(deeds().values_list("verb", "subject_id")) == sorted([("cluster.stop", one.pk), ("cluster.stop", two.pk)])


def test_one_that_moved_on_keeps_no_other_from_it(browser: Client, owner: User) -> None:
    runs, rests, last = cluster(owner=owner), cluster(Status.STOPPED, owner=owner), cluster(owner=owner)
    answer = done(browser, "stop", runs, rests, last)
    assert answer.status_code == 200
    assert reasons(answer) == ["", "It's “Stopped” now.", ""]
    assert "1 was refused. Nothing was changed on it." in answer.content.decode()
    assert transitions(runs, rests, last) == ["stopping", "", "stopping"]
    assert Job.objects.count() == 2


def test_a_row_that_breaks_half_way_is_left_as_it_was(owner: User, monkeypatch: pytest.MonkeyPatch) -> None:
    one, two = cluster(owner=owner), cluster(owner=owner)

    def breaking(actor: User, cluster_id: str, operation: Operation) -> Cluster:
        begun = begin(actor, cluster_id, operation)
        if cluster_id == one.pk:
            raise ClusterInTransition(state="Stopping")
        return begun

    monkeypatch.setattr("roadstead.clusters.several.begin", breaking)
    rows = several.begin_several(actor=owner, operation=Operation.STOP, cluster_ids=[one.pk, two.pk])
    assert [bool(row.reason) for row in rows] == [True, False]
    assert transitions(one, two) == ["", "stopping"]
    assert [job.subject_id for job in Job.objects.all()] == [two.pk]


def test_all_refused_is_a_refusal(browser: Client, owner: User) -> None:
    rests = cluster(Status.STOPPED, owner=owner)
    assert "None of these can be stopped now" in asked(browser, "stop", rests).content.decode()
    answer = done(browser, "stop", rests)
    assert answer.status_code == 409
    assert "None of these can be stopped now" in answer.content.decode()
    assert (transitions(rests), Job.objects.count(), deeds().count()) == ([""], 0, 0)


@pytest.mark.parametrize("act", ["stop", "start", "delete"])
def test_a_foreign_one_looks_like_a_missing_one(browser: Client, owner: User, act: str) -> None:
    mine, foreign = cluster(Status.ACTIVE if act != "start" else Status.STOPPED, owner=owner), cluster(name="secret-name")
    told = [asked(browser, act, mine, one).content.decode().replace(ids((one,))[0], "ID") for one in (foreign, NOWHERE)]
    assert "secret-name" not in told[0]
    assert [told[0].count("There is nothing here"), told[1].count("There is nothing here")] == [1, 1]
    answers = [done(browser, act, one, name=ids((one,))[0]) for one in (foreign, NOWHERE)]
    assert [answer.status_code for answer in answers] == [409, 409]
    assert reasons(answers[0]) == reasons(answers[1])
    assert (transitions(foreign), Job.objects.count(), deeds().count()) == ([""], 0, 0)


def test_a_reviewer_stops_what_they_reach_and_a_role_without_the_right_does_not(client: Client, owner: User) -> None:
    mine = cluster(owner=owner)
    client.force_login(person("business_reviewer"))
    assert done(client, "stop", mine).status_code == 409
    assert transitions(mine) == [""]
    client.force_login(person("technical_reviewer"))
    assert done(client, "stop", mine).status_code == 302
    assert transitions(mine) == ["stopping"]


@pytest.mark.parametrize(
    ("number", "typed", "accepted"), [(2, "2", True), (2, "3", False), (2, "", False), (1, "blog", True), (1, "1", False)]
)
def test_deleting_asks_for_the_name_or_the_number(browser: Client, owner: User, number: int, typed: str, accepted: bool) -> None:
    rows = [cluster(owner=owner, name="blog") for _ in range(number)]
    answer = done(browser, "delete", *rows, name=typed)
    assert answer.status_code == (302 if accepted else 422)
    assert transitions(*rows) == ["deleting" if accepted else ""] * number
    if not accepted:
        assert all(f'value="{row.pk}"' in answer.content.decode() for row in rows)


@pytest.mark.parametrize("sent", [{"act": "stop"}, {"act": "stop", "instance": [f"cl-{number}" for number in range(101)]}])
def test_none_and_too_many_are_refused(browser: Client, sent: dict[str, Any]) -> None:
    assert browser.get(SEVERAL, sent).status_code == browser.post(SEVERAL, sent).status_code == 422


@pytest.mark.parametrize("act", ["", "cease", "create", "everything"])
def test_nothing_else_is_done_to_several(browser: Client, owner: User, act: str) -> None:
    mine = cluster(Status.DELETED, owner=owner)
    assert asked(browser, act, mine).status_code == done(browser, act, mine).status_code == 404
    assert transitions(mine) == [""]


def test_htmx_gets_a_dialog_and_no_script_a_page(browser: Client, owner: User) -> None:
    mine = cluster(owner=owner)
    part = asked(browser, "delete", mine, HX_Request="true").content.decode()
    assert "data-open" in part
    assert "<html" not in part
    assert "<html" in asked(browser, "delete", mine).content.decode()


def test_the_way_back_is_one_of_ours(browser: Client, owner: User) -> None:
    mine = cluster(owner=owner)
    answer = browser.post(SEVERAL, {"act": "stop", "instance": mine.pk, "next": "https://elsewhere.example/"})
    assert answer.headers["Location"] == "/workbench/instances"


def test_the_question_costs_the_same_for_many(client: Client, owner: User) -> None:
    place = environment(owner)
    rows = [cluster(owner=owner, place=place) for _ in range(20)]
    client.force_login(owner)
    costs = []
    for chosen in (rows[:1], rows[:1], rows):
        with CaptureQueriesContext(connection) as told:
            assert asked(client, "stop", *chosen).status_code == 200
        costs.append(len(told))
    assert costs[1] == costs[2] <= 12
