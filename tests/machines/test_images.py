"""Images that are built on the engine, and what becomes of those that lack what an agent needs."""

import contextlib
import io
import json
import tarfile
from collections.abc import Iterator

import pytest

from roadstead.agents.program import program
from roadstead.core.ids import new_id
from roadstead.providers.docker.provider import DockerProvider
from roadstead.runtimes.sdk import Boot, FrozenAgent, Interrupted, MachineSpec, NetworkSpec, Place, Refused
from tests.machines.conftest import clear
from tests.testbeds.docker import Engine

NO_SHELL = 'FROM debian:12\nRUN touch /srv/made && rm /bin/sh\nUSER 33\nWORKDIR /srv\nCMD ["/usr/bin/sleep", "3600"]\n'
FAILS = "FROM debian:12\nRUN echo the last words; exit 9\n"
SECONDS = 300


@pytest.fixture
def provider() -> DockerProvider:
    return DockerProvider()


@pytest.fixture
def place(docker_engine: Engine, provider: DockerProvider) -> Iterator[Place]:
    mark = new_id("runtime")
    yield Place(credential=provider.check_credential(docker_engine.host).credential, mark=mark)
    clear(docker_engine, mark)
    with contextlib.closing(docker_engine.client()) as client:
        for image in client.images.list(name=f"roadstead.test/{mark}"):
            client.images.remove(image.id, force=True)


def folder(dockerfile: str) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as packed:
        entry = tarfile.TarInfo("Dockerfile")
        entry.size = len(dockerfile)
        packed.addfile(entry, io.BytesIO(dockerfile.encode()))
    return out.getvalue()


def machine(place: Place, image: str, boot: Boot) -> MachineSpec:
    return MachineSpec(f"{place.mark}-one", f"{place.mark}_one", image, cpu=1, memory=128, network=place.mark, boot=boot, hostname="one")


def test_an_image_without_a_shell_is_built_once_and_runs_its_own_command_where_no_agent_is(
    docker_engine: Engine, provider: DockerProvider, place: Place, frozen_agent: FrozenAgent
) -> None:
    name = f"roadstead.test/{place.mark}:1"
    lines: list[str] = []
    found = provider.build_image(place, name, folder(NO_SHELL), log=lines.append, seconds=SECONDS, cancelled=lambda: False)
    assert found.problem
    assert found.problem.code == "docker_image_no_shell"
    assert any(line.startswith("Step 2/") for line in lines)
    lines.clear()
    again = provider.build_image(place, name, folder(NO_SHELL), log=lines.append, seconds=SECONDS, cancelled=lambda: False)
    assert (again.digest, lines) == (found.digest, [])

    provider.ensure_network(place, NetworkSpec(f"{place.mark}-network", place.mark))
    with pytest.raises(Refused) as refusal:
        provider.create_machine(place, machine(place, name, Boot("node", program(), b"{}", frozen=frozen_agent)))
    assert refusal.value.problem.code == "docker_image_no_shell"
    assert provider.describe_machines(place, [f"{place.mark}-one"])[0].state == "gone"

    spec = machine(place, name, Boot("bare", b"", b"{}"))
    made = provider.create_machine(place, spec)
    assert made.state == "running"
    with contextlib.closing(docker_engine.client()) as client:
        container = client.containers.get(made.id)
        assert container.attrs["Path"] == "/usr/bin/sleep"
        assert (container.attrs["Config"]["User"], container.attrs["Config"]["WorkingDir"]) == ("33", "/srv")
        assert [change for change in container.diff() or [] if "roadstead" in change["Path"]] == []
    provider.stop_machine(place, spec, seconds=0)
    assert provider.start_machine(place, spec).id == made.id


def test_a_build_that_fails_says_its_last_words_and_leaves_no_image(docker_engine: Engine, provider: DockerProvider, place: Place) -> None:
    name = f"roadstead.test/{place.mark}:1"
    lines: list[str] = []
    with pytest.raises(Refused) as refusal:
        provider.build_image(place, name, folder(FAILS), log=lines.append, seconds=SECONDS, cancelled=lambda: False)
    assert refusal.value.problem.code == "docker_build_failed"
    assert "code: 9" in str(refusal.value)
    assert "the last words" in lines
    with pytest.raises(Refused) as refusal:
        provider.build_image(
            place, name, folder("FROM debian:12\nSURELY not\n"), log=lines.append, seconds=SECONDS, cancelled=lambda: False
        )
    assert "surely" in json.dumps(refusal.value.problem.params).lower()
    with contextlib.closing(docker_engine.client()) as client:
        assert client.images.list(name=name) == []


def test_a_build_stops_when_it_is_told_to(provider: DockerProvider, place: Place) -> None:
    lines: list[str] = []
    slow = folder("FROM debian:12\nRUN for i in $(seq 600); do echo $i; sleep 1; done\n")
    with pytest.raises(Interrupted):
        provider.build_image(
            place, f"roadstead.test/{place.mark}:1", slow, log=lines.append, seconds=SECONDS, cancelled=lambda: "3" in lines
        )
