"""What a `helm` command is given, and what it cannot take."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from roadstead import helm
from roadstead.helm.factories import chart
from roadstead.helm.process import Bounds
from roadstead.helm.tests.test_process import KUBECONFIG, alive, until
from roadstead.helm.throwaway import ThrowAwayHelm

ACCESS = KUBECONFIG.format(port=1)


@pytest.fixture
def script(tmp_path: Path) -> Iterator[Callable[[str], None]]:
    """Has a shell script take Helm's place."""

    def take(text: str) -> None:
        file = tmp_path / "helm"
        file.write_text(f"#!/bin/sh\n{text}\n")
        file.chmod(0o700)
        helm.use(str(file))

    yield take
    helm.use("")


def said() -> str:
    """Return what the script said when it failed."""
    with pytest.raises(helm.HelmFailure) as raised:
        helm.install(ACCESS, chart(), name="--debug", namespace="place", values="password: hidden", labels={"a": "b"}, deadline=60)
    return raised.value.text


def test_the_command_inherits_nothing_and_keeps_to_its_folder(script: Callable[[str], None], monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("KUBECONFIG", "HTTPS_PROXY", "HELM_PLUGINS", "HELM_NAMESPACE", "ROADSTEAD_MASTER_KEY"):
        monkeypatch.setenv(name, "canary")
    script("echo Error: said >&2; env >&2; exit 1")
    known = dict(line.split("=", 1) for line in said().splitlines()[1:])
    assert "canary" not in known.values()
    home = known["HOME"]
    assert known["HELM_NO_PLUGINS"] == "1"
    # What is told of a failure has the private folder taken out, and these lie in it.
    assert not any("/" in known[f"HELM_{name}"] for name in ("CACHE_HOME", "CONFIG_HOME", "DATA_HOME", "PLUGINS", "REGISTRY_CONFIG"))
    assert "KUBECONFIG" not in known
    assert not Path(home).exists()


def test_secrets_travel_in_private_files_and_names_are_never_options(script: Callable[[str], None]) -> None:
    script('echo "Error: $@" >&2; stat -c "%a %n" kubeconfig values.yaml >&2; cat kubeconfig values.yaml >&2; exit 1')
    words = said()
    arguments = words.splitlines()[0]
    assert "secret" not in arguments
    assert "hidden" not in arguments
    assert arguments.split()[0] == "install"
    assert arguments.split()[-3:-1] == ["--", "--debug"]
    assert "600 kubeconfig\n600 values.yaml" in words
    assert "token: secret" in words
    assert "password: hidden" in words


def test_the_deadline_ends_what_the_command_started_too(script: Callable[[str], None], tmp_path: Path) -> None:
    script(f"sleep 600 & echo $! $$ > {tmp_path}/started; wait")
    with pytest.raises(helm.HelmFailure) as raised:
        helm.status(ACCESS, name="one", namespace="place", deadline=20)
    assert raised.value.kind == "timeout"
    started = [int(number) for number in (tmp_path / "started").read_text().split()]
    assert len(started) == 2
    assert until(lambda: not any(alive(number) for number in started), 60)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("head -c 3000 /dev/zero | tr '\\0' ' '", "output"),
        ("echo 'fatal error: runtime: out of memory' >&2; exit 2", "memory"),
        ("kill -XCPU $$", "timeout"),
        ("kill -SEGV $$", "crashed"),
        ("echo 'Error: no idea' >&2; exit 1", "invalid"),
    ],
)
def test_how_the_command_ended_is_told_apart(script: Callable[[str], None], text: str, kind: str) -> None:
    script(text)
    small = ThrowAwayHelm(Bounds(output_bytes=2_000), helm.HELM.command)
    with pytest.raises(helm.HelmFailure) as raised:
        small.status(ACCESS, name="one", namespace="place", deadline=60)
    assert raised.value.kind == kind


def test_a_command_that_is_not_there_is_a_failure_and_no_answer(tmp_path: Path) -> None:
    gone = ThrowAwayHelm(Bounds(), str(tmp_path / "gone"))
    with pytest.raises(helm.HelmFailure) as raised:
        gone.status(ACCESS, name="one", namespace="place", deadline=60)
    assert raised.value.kind == "crashed"
    assert os.fspath(tmp_path / "gone") in raised.value.text
