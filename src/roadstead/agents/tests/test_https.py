"""A frontgate that reaches the platform over HTTPS: with a certificate of its authority, and with no other."""

import json
from functools import partial
from pathlib import Path
from typing import Any

from roadstead.agents.tests.machines import Machine, PlatformProcess, until
from tests.ports import free_ports
from tests.testbeds.kubernetes.certificates import Authority, pem
from tests.tls import terminator

HERE, ELSEWHERE = "127.0.0.1", "127.0.0.2"


def gate(platform: PlatformProcess, folder: Path, **change: Any) -> tuple[str, Machine]:
    """Make a frontgate out of exactly what the platform tells it, but for its socket: as on another machine."""
    agent = platform.ask("admit", role="frontgate", subject_id=f"cl-{folder.name}", name="frontgate")
    boot = {**platform.ask("boot", agent=agent), "port": free_ports(1)[0], **change}
    return agent, Machine(folder, boot)


def says(machine: Machine, words: str) -> bool:
    return words in machine.said()


def test_it_enrols_and_takes_orders_and_without_the_right_authority_it_says_why(tmp_path: Path) -> None:
    with terminator(tmp_path, HERE) as (front, authority):
        told = {"ROADSTEAD_AGENT_URL": front.url, "ROADSTEAD_AGENT_CA": str(authority)}
        with PlatformProcess(tmp_path / "data", **told) as platform:
            front.lead_to(platform.port)
            agent, machine = gate(platform, tmp_path / "gate")
            stranger, suspicious = gate(platform, tmp_path / "suspicious", ca=pem(Authority.make().certificate).decode())
            nobody, careful = gate(platform, tmp_path / "careful", ca="")
            assert machine.boot["platform"] == {"socket": "/run/roadstead/platform.sock", "url": front.url}
            assert machine.boot["ca"] == authority.read_text()
            machines = (machine, suspicious, careful)
            try:
                for each in machines:
                    each.start()
                until(lambda: platform.ask("agent", agent=agent)["connected"], "the frontgate to connect")
                platform.ask("order", agent=agent, token="t-1", verb="tree.delete", params={"cluster": "cl-none"}, timeout=30)
                assert platform.ended("t-1")["number"] == 1
                for each, other in ((suspicious, stranger), (careful, nobody)):
                    until(partial(says, each, "certificate verify failed"), "the reason on its console")
                    assert not platform.ask("agent", agent=other)["connected"]
                    assert not json.loads((each.folder / "state/identity.json").read_text()).get("secret")
            finally:
                for each in machines:
                    each.kill()


def test_a_certificate_of_another_host_is_refused(tmp_path: Path) -> None:
    with terminator(tmp_path, HERE, names=ELSEWHERE) as (front, authority):
        told = {"ROADSTEAD_AGENT_URL": front.url, "ROADSTEAD_AGENT_CA": str(authority)}
        with PlatformProcess(tmp_path / "data", **told) as platform:
            front.lead_to(platform.port)
            agent, machine = gate(platform, tmp_path / "gate")
            try:
                machine.start()
                until(lambda: "IP address mismatch" in machine.said(), "the reason on its console")
                assert not platform.ask("agent", agent=agent)["connected"]
            finally:
                machine.kill()
