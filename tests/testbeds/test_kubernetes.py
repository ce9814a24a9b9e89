"""The testbed itself: what it builds from, what it says when it can't, and that it leaves nothing behind."""

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.testbeds.kubernetes import CannotBuild, ControlPlane, build, build_helm
from tests.testbeds.kubernetes.build import helm_command, module_file, programs, version_key
from tests.testbeds.kubernetes.control_plane import sweep


def test_staging_folders_are_replaced_by_their_published_twins() -> None:
    told = {
        "Go": "1.26.0",
        "GoDebug": [{"Key": "default", "Value": "go1.26"}],
        "Replace": [
            {"Old": {"Path": "k8s.io/api"}, "New": {"Path": "./staging/src/k8s.io/api"}},
            {"Old": {"Path": "example.com/other"}, "New": {"Path": "example.com/fork"}},
        ],
    }
    assert module_file(told).splitlines() == [
        "module roadstead.test/control-plane",
        "go 1.26.0",
        "godebug default=go1.26",
        "require k8s.io/kubernetes v1.37.2",
        "replace (",
        "\tk8s.io/api => k8s.io/api v0.37.2",
        ")",
    ]


def test_without_go_the_reason_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(CannotBuild) as reason:
        build()
    assert "install Go" in str(reason.value)
    assert "\n" not in str(reason.value)
    assert not list(programs().folder.iterdir())
    assert version_key() in str(programs().folder)
    with pytest.raises(CannotBuild, match="install Go"):
        build_helm()
    assert not list(helm_command().parent.iterdir())


def test_a_control_plane_is_read_by_another_process_and_answers(kubernetes: ControlPlane) -> None:
    again = ControlPlane.read(kubernetes.folder / "state.json")
    assert (again.ports, again.token) == (kubernetes.ports, kubernetes.token)
    assert again.alive
    assert again.kubectl("get", "nodes", "-o", "name").split() == ["node/fake-1", "node/fake-2"]
    assert oct((kubernetes.folder / "kubeconfig").stat().st_mode)[-3:] == "600"


def test_what_a_killed_run_left_is_swept_away(kubernetes: ControlPlane) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    orphan = ControlPlane.start(owner=ended.pid)
    assert orphan.alive
    sweep()
    assert not orphan.folder.exists()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", orphan.ports.server))
    assert kubernetes.alive
