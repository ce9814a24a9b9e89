"""What an instance's page, and programs, are told of a machine that isn't as it should be."""

from typing import Any

import pytest
from django.test import Client

from roadstead.accounts.factories import bearer, person
from roadstead.accounts.models import User
from roadstead.agents.models import Agent
from roadstead.clusters import live
from roadstead.clusters.factories import machine
from roadstead.clusters.machines.seen import keep
from roadstead.clusters.models import Node
from roadstead.runtimes.sdk import Machine

pytestmark = pytest.mark.django_db
ENROLLED = {"step": "enrolled", "at": "", "problem": "", "output": ""}
FAILED = {"step": "start", "at": "", "problem": "exit code 7", "output": "no <wind>\n"}


@pytest.fixture
def owner() -> User:
    return person("user")


@pytest.fixture
def node(owner: User) -> Node:
    made = machine(owner=owner)
    agent = Agent.objects.create(role="node", environment_id=made.cluster.environment_id, subject_id=made.cluster_id, name=made.pk)
    Node.objects.filter(pk=made.pk).update(agent_id=agent.pk, status="active")
    return Node.objects.get(pk=made.pk)


def came_up(node: Node, *steps: dict[str, str]) -> None:
    Agent.objects.filter(pk=node.agent_id).update(boot=[ENROLLED, *steps])


def page(owner: User, node: Node, language: str = "en", tab: str = "activity") -> str:
    client = Client()
    client.force_login(owner)
    client.cookies["roadstead_language"] = language
    return client.get(f"/workbench/instances/{node.cluster_id}?tab={tab}").content.decode()


def test_what_was_not_started_again_is_on_every_tab_with_what_it_printed(owner: User, node: Node) -> None:
    came_up(node, FAILED)
    for tab in ("activity", "machines"):
        shown = page(owner, node, tab=tab)
        assert "failed there with exit code 7" in shown
        assert "no &lt;wind&gt;" in shown
    assert "退出码为 7" in page(owner, node, "zh-hans")
    came_up(node, {**FAILED, "problem": "timed_out"})
    assert "in time there" in page(owner, node)


@pytest.mark.parametrize("later", [{**FAILED, "problem": ""}, {**ENROLLED, "step": "ordered"}])
def test_a_later_word_puts_it_right(owner: User, node: Node, later: dict[str, str]) -> None:
    came_up(node, FAILED, later)
    assert "failed there" not in page(owner, node)


def test_a_machine_without_its_network_is_told_to_people_and_programs(owner: User, node: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Any] = [Machine(node.pk, node.pk, "running", cut_off="net-1")]
    monkeypatch.setattr(live, "refresh", lambda made: keep(made, [node], seen))
    programs = Client(headers={"authorization": f"Bearer {bearer(owner)}", "accept-language": "en"})
    told = programs.get(f"/api/v1/instances/{node.cluster_id}/machines").json()
    (problem,) = told["machines"][0]["problems"]
    assert "isn't connected to its network net-1 any more" in problem
    assert "net-1" in page(owner, node)
    assert "已不在它的网络 net-1 中" in page(owner, node, "zh-hans")
    seen[:] = [Machine(node.pk, node.pk, "running")]
    keep(node.cluster, [node], seen)
    assert "net-1" not in page(owner, node)
