"""The frontgate's image, built on the engine from its Dockerfile as the first deployment does, with packages from the network."""

import contextlib
import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from roadstead.agents.program import frontgate_folder, frontgate_tag
from roadstead.core.ids import new_id
from roadstead.providers.docker.provider import DockerProvider
from roadstead.runtimes.sdk import Image, Place, Refused
from tests.machines.conftest import harbour_on
from tests.testbeds.docker import CannotBuild, Engine, EngineFailed
from tests.testbeds.docker.engine import BASE
from tests.testbeds.docker.network import doorstep
from tests.testbeds.relay import relay

SECONDS = 600
NOWHERE = "http://127.0.0.1:9"


@pytest.fixture(scope="module")
def engine(docker_engine: Engine) -> Iterator[Engine]:
    """An engine whose builds reach this machine."""
    try:
        started = Engine.start(bridged=True)
    except (CannotBuild, EngineFailed) as reason:
        pytest.skip(str(reason))
    try:
        yield started
    finally:
        started.remove()


def through(engine: Engine, proxy: str) -> None:
    """Have `debian:12` look for packages there: an engine of somebody else's reaches them by itself."""
    told = f'FROM {BASE}\nRUN echo \'Acquire::http::Proxy "{proxy}"; Acquire::Retries "3";\' > /etc/apt/apt.conf.d/00relay\n'
    with contextlib.closing(engine.client()) as client:
        client.images.build(fileobj=io.BytesIO(told.encode()), tag="debian:12", rm=True)


def built(engine: Engine, lines: list[str]) -> Image:
    provider = DockerProvider()
    place = Place(credential=provider.check_credential(engine.host).credential, mark=new_id("runtime"))
    return provider.build_image(place, frontgate_tag(), frontgate_folder(), log=lines.append, seconds=SECONDS, cancelled=lambda: False)


def test_it_is_built_with_progress_and_what_is_made_of_it_is_a_frontgate(engine: Engine, tmp_path: Path) -> None:
    lines: list[str] = []
    through(engine, NOWHERE)
    with pytest.raises(Refused) as refusal:
        built(engine, lines)
    assert refusal.value.problem.code == "docker_build_failed"
    assert "100" in str(refusal.value)
    assert any("Unable to locate package etcd-server" in line for line in lines), lines

    lines.clear()
    with relay(str(doorstep(engine.slot).ip)) as proxy:
        through(engine, proxy)
        found = built(engine, lines)
    assert (found.python, found.problem) == ("/usr/bin/python3", None)
    assert lines[0] == f"Building the image {frontgate_tag()}"
    assert any("Setting up etcd-server" in line for line in lines), lines[-20:]
    assert not any("\r" in line for line in lines)
    lines.clear()
    assert (built(engine, lines), lines) == (found, [])

    with harbour_on(engine, tmp_path, frontgate_tag()) as harbour:
        tree, token = {"hosts/web/one/ip": "10.0.0.7"}, "tree"
        harbour.platform.ask("publish", frontgate_id=harbour.gate_id, cluster_id="cl-one", tree=tree, nodes={}, token=token)
        assert harbour.platform.ended(token)["state"] == "done"
