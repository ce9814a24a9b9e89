"""An engine of the tests' own, and a place on it."""

import contextlib
from collections.abc import Iterator

import pytest

from roadstead.core.ids import new_id
from roadstead.providers.docker.provider import DockerProvider
from roadstead.runtimes.sdk import Place
from tests.testbeds.docker import Engine


@pytest.fixture
def provider() -> DockerProvider:
    """The provider."""
    return DockerProvider()


@pytest.fixture
def place(docker_engine: Engine, provider: DockerProvider) -> Iterator[Place]:
    """A place on the engine of which nothing is left afterwards."""
    mark = new_id("runtime")
    yield Place(credential=provider.check_credential(docker_engine.host).credential, mark=mark)
    with contextlib.closing(docker_engine.client()) as client:
        ours = {"label": f"roadstead.environment={mark}"}
        for container in client.containers.list(all=True, filters=ours):
            container.remove(force=True, v=True)
        for volume in client.volumes.list(filters=ours):
            volume.remove()
        for network in client.networks.list(filters=ours):
            network.remove()
