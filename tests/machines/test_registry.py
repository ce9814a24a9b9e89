"""Images that are fetched from a registry: for everybody, with a login of the environment, with a wrong one, and one that isn't there."""

import contextlib
from collections.abc import Callable
from pathlib import Path

import pytest

from roadstead.core.ids import new_id
from roadstead.providers.docker.provider import DockerProvider
from roadstead.runtimes.sdk import Image, NotThere, Place, Refused
from tests.machines.test_images import folder
from tests.testbeds.docker import CannotBuild, Engine
from tests.testbeds.registry import PASSWORD, USER, registry

SMALL = "FROM scratch\nCOPY Dockerfile /told\n"
SECONDS = 120


def unheard(_line: str) -> None:
    return


def place(engine: Engine, *logins: str) -> Place:
    report = DockerProvider().check_credential("\n".join([engine.host, *logins]))
    assert report.ok
    return Place(credential=report.credential, mark=new_id("runtime"))


def fetched(where: Place, name: str, log: Callable[[str], None] = unheard) -> Image:
    return DockerProvider().ensure_image(where, name, log=log, seconds=SECONDS, cancelled=lambda: False)


def pushed(engine: Engine, name: str) -> str:
    """Put a small image into a registry and take it off the engine; return which one it is."""
    built = DockerProvider().build_image(place(engine), name, folder(SMALL), log=unheard, seconds=SECONDS, cancelled=lambda: False)
    with contextlib.closing(engine.client()) as client:
        said = client.images.push(name, auth_config={"username": USER, "password": PASSWORD})
        assert "errorDetail" not in said, said
        client.images.remove(name, force=True)
    return built.digest


def test_what_is_for_everybody_is_fetched_and_what_is_not_there_is_named(docker_engine: Engine, tmp_path: Path) -> None:
    try:
        with registry(tmp_path / "open") as host:
            name, where, lines = f"{host}/boats/small:1", place(docker_engine), list[str]()
            digest = pushed(docker_engine, name)
            assert fetched(where, name, lines.append).digest == digest
            assert lines[0] == f"Fetching the image {name}"
            assert any("Digest: sha256:" in line for line in lines)
            for missing in (f"{host}/boats/small:2", f"{host}/boats/none:1"):
                with pytest.raises(NotThere) as refusal:
                    fetched(where, missing)
                assert refusal.value.problem.code == "docker_image_missing"
                assert missing in str(refusal.value)
        with pytest.raises(NotThere) as refusal:
            fetched(where, f"{host}/boats/late:1")
        assert "connection refused" in str(refusal.value)
    except CannotBuild as reason:
        pytest.skip(str(reason))


def test_a_login_belongs_to_the_environment(docker_engine: Engine, tmp_path: Path) -> None:
    try:
        with registry(tmp_path / "locked", locked=True) as host:
            name = f"{host}/boats/kept:1"
            digest = pushed(docker_engine, name)
            wrong = ((), (f"registry {host} {USER} guessed",), (f"registry elsewhere.test {USER} {PASSWORD}",))
            for logins in wrong:
                with pytest.raises(Refused) as refusal:
                    fetched(place(docker_engine, *logins), name)
                assert refusal.value.problem.code == "docker_image_login"
                assert host in str(refusal.value)
                assert "guessed" not in str(refusal.value)
            assert fetched(place(docker_engine, f"registry {host} {USER} {PASSWORD}"), name).digest == digest
    except CannotBuild as reason:
        pytest.skip(str(reason))
