"""Machines on an engine that is somewhere else: it is reached over TLS, and its frontgate reaches the platform over HTTPS."""

from collections.abc import Iterator

import pytest

from roadstead.agents.program import FRONTGATE
from tests.machines.conftest import GATE, Harbour, far_harbour_on
from tests.testbeds.docker import Engine
from tests.testbeds.docker.engine import MACHINE


@pytest.fixture(scope="module")
def far(docker_engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Harbour]:
    docker_engine.load({GATE: FRONTGATE})
    with far_harbour_on(docker_engine, tmp_path_factory.mktemp("far")) as harbour:
        yield harbour


def test_a_frontgate_without_a_folder_enrols_over_https_and_its_node_takes_orders(far: Harbour) -> None:
    assert not far.provider.capabilities_at(far.place).local_socket
    agent, _machine = far.node("one", MACHINE)
    far.connected(agent)
    done = far.done(agent, "f-1", "test -e /run/roadstead && echo a folder; echo from afar; exit 5")
    assert (done["state"], done["exit_code"], done["output"]) == ("failed", 5, "from afar\n")
    tree, nodes = {"hosts/web/one/ip": "10.0.0.7"}, {agent: {"self": {"host": "/clusters/cl-far/hosts/web/one"}}}
    far.platform.ask("publish", frontgate_id=far.gate_id, cluster_id="cl-far", tree=tree, nodes=nodes, token="f-2")
    assert far.platform.ended("f-2")["state"] == "done"
