"""Asking what runs now: within the deadline, or it is said since when nothing is known."""

import pytest
from django.test import Client

from roadstead.clusters import live
from roadstead.clusters.factories import cluster
from roadstead.clusters.models import Cluster
from roadstead.clusters.seen import pod_state, seen_of
from roadstead.clusters.tests.fakes import TAKEN, FakeProvider
from roadstead.core.clock import now
from roadstead.runtimes.sdk import Endpoint, ReleaseView, Unreachable

pytestmark = pytest.mark.django_db


@pytest.fixture
def mine(place: FakeProvider) -> Cluster:
    made = cluster(name="blog", unknown_since=now())
    place.releases["blog"] = made.pk
    return made


def test_an_answer_is_kept(mine: Cluster) -> None:
    live.refresh(mine)
    mine.refresh_from_db()
    assert mine.viewed_at
    assert mine.unknown_since is None
    assert seen_of(mine).workload_count == 2


def test_silence_keeps_what_was_seen_and_says_since_when(place: FakeProvider, mine: Cluster) -> None:
    live.refresh(mine)
    place.fails["workloads"] = Unreachable(TAKEN())
    live.refresh(mine)
    first = mine.unknown_since
    live.refresh(mine)
    assert first is not None
    assert mine.unknown_since == first
    assert (mine.state.value, seen_of(mine).workload_count) == ("unknown", 2)


def test_a_place_that_never_answers_is_not_waited_for(place: FakeProvider, mine: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "SECONDS", 0.05)
    place.pause = 0.3
    live.refresh(mine)
    assert mine.unknown_since


def test_a_release_that_is_gone_is_an_answer(place: FakeProvider, mine: Cluster) -> None:
    place.releases.clear()
    live.refresh(mine)
    assert mine.unknown_since is None
    assert seen_of(mine).missing


@pytest.mark.parametrize("transition", ["creating", "deleting", "ceasing"])
def test_nobody_wonders_about_a_release_that_comes_or_goes(client: Client, place: FakeProvider, mine: Cluster, transition: str) -> None:
    place.releases.clear()
    live.refresh(mine)
    client.force_login(mine.owner)
    client.cookies["roadstead_language"] = "en"
    warning, address = "The environment knows no such release.", f"/workbench/instances/{mine.pk}"
    assert warning in client.get(address).content.decode()
    Cluster.objects.filter(pk=mine.pk).update(transition=transition)
    assert warning not in client.get(address).content.decode()


@pytest.mark.parametrize("part", ["side", "workloads", "objects", "../../secret"])
def test_the_page_asks(client: Client, mine: Cluster, part: str) -> None:
    client.force_login(mine.owner)
    answer = client.get(f"/workbench/instances/{mine.pk}/live", {"part": part})
    assert answer.status_code == 200
    mine.refresh_from_db()
    assert mine.viewed_at


@pytest.mark.parametrize("status", ["deleted", "ceased"])
def test_what_is_gone_is_not_asked_for(client: Client, place: FakeProvider, status: str) -> None:
    gone = cluster(status)
    place.fails["workloads"] = Unreachable(TAKEN())
    client.force_login(gone.owner)
    assert client.get(f"/workbench/instances/{gone.pk}/live").status_code == 200
    gone.refresh_from_db()
    assert gone.unknown_since is None


@pytest.mark.parametrize(
    ("status", "reason", "ready", "tone"),
    [
        ("Running", "", True, "ok"),
        ("Running", "", False, "wait"),
        ("Running", "CrashLoopBackOff", False, "bad"),
        ("Pending", "", False, "wait"),
        ("Pending", "Unschedulable", False, "bad"),
        ("Succeeded", "", False, "ok"),
        ("Failed", "Error", False, "bad"),
        ("Terminating", "", False, "work"),
        ("Unknown", "", False, "halt"),
        ("Strange", "", False, "bad"),
    ],
)
def test_pods_say_their_state(status: str, reason: str, ready: bool, tone: str) -> None:
    state = pod_state(status, reason, ready=ready)
    assert (state.tone, str(state.word) == reason) == (tone, bool(reason))


def test_only_web_addresses_become_links() -> None:
    wild = ReleaseView("deployed", endpoints=(Endpoint("a", "x", "javascript:alert(1)"), Endpoint("b", "y", "https://y/")))
    assert [endpoint["url"] for endpoint in seen_of(Cluster(view=wild.as_dict())).endpoints] == ["", "https://y/"]
