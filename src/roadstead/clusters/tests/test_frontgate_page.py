"""The tab of the frontgate on an instance's page, and what the deploy form says of it beforehand."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from roadstead.accounts.access import owned_by
from roadstead.accounts.factories import bearer, person
from roadstead.accounts.models import User
from roadstead.agents.models import Agent
from roadstead.clusters import live
from roadstead.clusters.factories import cluster, environment, machine
from roadstead.clusters.machines.gate_seen import frontgate_expected, frontgate_of
from roadstead.clusters.machines.seen import keep, machine_named
from roadstead.clusters.models import Cluster, Frontgate
from roadstead.core.clock import now
from roadstead.core.errors import Missing
from roadstead.runtimes.sdk import Machine

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> User:
    return person("user")


@pytest.fixture
def served(owner: User) -> Cluster:
    """An instance on one machine, behind a frontgate whose agent was heard a moment ago."""
    made = machine(owner=owner).cluster
    gate = gate_of(made.environment, owner, address="172.30.0.2", network="roadstead-net", image="roadstead-frontgate:1")
    agent = Agent.objects.create(role="frontgate", environment_id=made.environment_id, subject_id=gate.pk, name=gate.pk)
    Agent.objects.filter(pk=agent.pk).update(seen_at=now(), version="0.1.7", facts={"resident_kib": 20_480})
    Frontgate.objects.filter(pk=gate.pk).update(agent_id=agent.pk)
    Cluster.objects.filter(pk=made.pk).update(frontgate=gate)
    return Cluster.objects.get(pk=made.pk)


def gate_of(place: Any, owner: User, **fields: Any) -> Frontgate:
    return Frontgate.objects.create(environment=place, status="active", **fields, **owned_by(owner))


def page(client: Client, viewer: User, made: Cluster, language: str) -> str:
    client.force_login(viewer)
    client.cookies["roadstead_language"] = language
    return client.get(f"/workbench/instances/{made.pk}?tab=frontgate").content.decode()


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["Frontgate", "Connected", "Agent version", "It runs as long as an instance does. 15 minutes after the last one"]),
        ("zh-hans", ["前置网关", "已连接", "代理版本", "只要有实例运行", "15 分钟后"]),
    ],
)
def test_its_tab_tells_what_it_is_and_how_it_is(client: Client, owner: User, served: Cluster, language: str, words: list[str]) -> None:
    shown = page(client, owner, served, language)
    gate = served.frontgate
    assert gate
    for word in [*words, gate.pk, "172.30.0.2", "roadstead-net", "roadstead-frontgate:1", "0.1.7", "20 MiB", served.name]:
        assert word in shown
    assert f"/machines/{gate.pk}/console" in shown


def test_programs_read_of_machines_what_the_page_tells(owner: User, served: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    gate, node = served.frontgate, served.nodes.get()
    assert gate
    disks = [{"token": "t", "size": 10, "mount_point": "/data", "filesystem": "ext4", "options": ""}]
    ports = [{"name": "web", "port": 80, "protocol": "http", "prefer": 8080, "host": "127.0.0.1", "host_port": 8080}]
    served.nodes.update(disks=disks, ports=ports, address="172.30.0.3", status="active")
    running = [Machine(token, token, "running") for token in (node.pk, gate.pk)]
    monkeypatch.setattr(live, "refresh", lambda made: keep(made, [*made.nodes.all()], running))
    client = Client(headers={"authorization": f"Bearer {bearer(owner)}"})
    told = client.get(f"/api/v1/instances/{served.pk}/machines").json()
    (machine_told,) = told["machines"]
    assert (machine_told["name"], machine_told["state"], machine_told["address"]) == ("db 1", "running", "172.30.0.3")
    assert machine_told["disks"] == [{"size": 10, "mount_point": "/data", "filesystem": "ext4"}]
    assert machine_told["ports"][0]["host_port"] == 8080
    expected = (gate.pk, "running", "connected", "0.1.7", 1)
    assert tuple(told["frontgate"][name] for name in ("id", "state", "agent", "agent_version", "instances")) == expected
    shown = client.get(f"/api/v1/instances/{served.pk}").json()
    assert shown["endpoints"] == [{"name": "web", "address": "localhost:8080", "url": "http://localhost:8080/"}]
    assert client.get(f"/api/v1/instances/{cluster(owner=owner).pk}/machines").json()["machines"] == []


def test_programs_read_a_console_as_the_page_does(owner: User, served: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "console_of", lambda _made, token, *, lines: f"{token} {lines}")
    gate = served.frontgate
    assert gate
    path = f"/api/v1/instances/{served.pk}/machines"
    client = Client(headers={"authorization": f"Bearer {bearer(owner)}"})
    assert client.get(f"{path}/{gate.pk}/console?lines=7").json() == {"text": f"{gate.pk} 7"}
    assert client.get(f"{path}/cln-2222222222222222/console").status_code == 404
    foreign = Client(headers={"authorization": f"Bearer {bearer(person('user'))}"})
    assert foreign.get(f"{path}/{gate.pk}/console").status_code == 404


def test_an_instance_without_one_has_no_such_tab(client: Client, owner: User) -> None:
    assert 'href="?tab=frontgate"' not in page(client, owner, cluster(owner=owner), "en")


def test_it_is_as_the_place_and_its_agent_say(owner: User, served: Cluster) -> None:
    gate = served.frontgate
    assert gate
    keep(served, [], [Machine(gate.pk, "x", "failed", reason="out of memory")])
    Agent.objects.update(seen_at=now() - timedelta(hours=1))
    seen = frontgate_of(owner, served)
    assert seen
    assert seen.agent_state
    assert (seen.state.value, seen.reason, seen.agent_state.value) == ("failed", "out of memory", "silent")
    # A look at the machines alone leaves what is known of it.
    keep(served, [], [])
    assert served.view["frontgate"]["state"] == "failed"
    keep(served, [], [Machine(gate.pk, "x", "running", cut_off="net-1")])
    seen = frontgate_of(owner, served)
    assert seen
    assert "net-1" in seen.reason


def test_it_names_those_that_share_it_and_when_it_goes(owner: User, served: Cluster) -> None:
    gate = served.frontgate
    assert gate
    for status in ("stopped", "deleted"):
        cluster(status, owner=owner, place=served.environment, frontgate=gate)
    seen = frontgate_of(owner, served)
    assert seen
    assert ({row.status for row in seen.served}, seen.number, seen.goes_at) == ({"active", "stopped"}, 2, None)
    stranger = frontgate_of(person("user"), served)
    assert stranger
    assert (stranger.served, stranger.number) == ([], 2)
    moment = now()
    gate.idle_since = moment
    idle = frontgate_of(owner, served)
    assert idle
    assert idle.comes_back
    assert idle.goes_at == moment + timedelta(minutes=15)


def test_its_console_is_reached_by_its_instances_alone(owner: User, served: Cluster) -> None:
    gate = served.frontgate
    assert gate
    with translation.override("en"):
        assert machine_named(served, gate.pk) == (gate.pk, "Frontgate")
        node = served.nodes.get()
        assert machine_named(served, node.pk) == (node.pk, "db 1")
    other = gate_of(environment(owner, provider="docker"), owner)
    for foreign in (other.pk, machine().pk, ""):
        with pytest.raises(Missing):
            machine_named(served, foreign)


def test_a_deployment_says_which_frontgate_it_will_have(owner: User, served: Cluster) -> None:
    place = served.environment
    shared = frontgate_expected(owner, place, "{}")
    assert shared
    assert (shared.shared, shared.number) == (True, 1)
    for who, values in ((owner, '{"cluster": {"subnet": "net-2"}}'), (person("user"), "{}")):
        new = frontgate_expected(who, place, values)
        assert new
        assert (new.shared, new.number) == (False, 0)
    unread = frontgate_expected(owner, place, "no JSON")
    assert unread
    assert unread.shared
    assert frontgate_expected(owner, environment(owner), "") is None
    assert frontgate_expected(owner, None, "{}") is None
