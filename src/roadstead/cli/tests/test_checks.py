"""The offline checks: exit codes, JSON, languages, and that they need nothing but the file."""

import io
import json
import os
import subprocess
import sys
import tarfile
import time
from pathlib import Path

import pytest

EXAMPLE = Path(__file__).parents[4] / "examples/wordpress/helm"
GOOD = """
apiVersion: v1
kind: Config
current-context: c
clusters: [{name: k, cluster: {server: "https://10.0.0.1:6443", certificate-authority-data: ""}}]
users: [{name: u, user: {token: abc}}]
contexts: [{name: c, context: {cluster: k, user: u}}]
"""
COMMAND = "users: [{name: u, user: {exec: {apiVersion: client.authentication.k8s.io/v1, command: sh, args: [-c, 'touch /tmp/x']}}}]"


def roadstead(*arguments: str | Path, lang: str = "C.UTF-8") -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("ROADSTEAD_", "DJANGO_"))}
    command = [sys.executable, "-m", "roadstead", *map(str, arguments)]
    return subprocess.run(command, env={**kept, "LANG": lang}, capture_output=True, text=True, timeout=60, check=False)


@pytest.fixture(scope="module")
def chart(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Our own chart, packed."""
    packed = tmp_path_factory.mktemp("chart") / "wordpress.tgz"
    with tarfile.open(packed, "w:gz") as archive:
        archive.add(EXAMPLE, "wordpress")
    return packed


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive with one folder and no chart in it."""
    packed = tmp_path_factory.mktemp("empty") / "empty.tgz"
    with tarfile.open(packed, "w:gz") as archive:
        entry = tarfile.TarInfo("thing/notes.txt")
        archive.addfile(entry, io.BytesIO())
    return packed


def test_a_good_chart(chart: Path) -> None:
    started = time.monotonic()
    done = roadstead("package", "check", "--json", chart)
    sys.stdout.write(f"package check took {time.monotonic() - started:.1f} s\n")
    said = json.loads(done.stdout)
    assert (done.returncode, said["ok"], said["delivery"], said["name"], said["problems"]) == (0, True, "helm", "wordpress", [])
    assert set(said) == {"ok", "delivery", "name", "version", "digest", "problems", "warnings"}
    assert len(said["digest"].removeprefix("sha256:")) == 64


def test_a_folder_is_checked_as_its_archive_would_be() -> None:
    done = roadstead("package", "check", "--json", EXAMPLE)
    assert (done.returncode, json.loads(done.stdout)["name"]) == (0, "wordpress")


def test_problems_are_listed_in_both_languages(empty: Path) -> None:
    english = roadstead("package", "check", "--json", empty)
    chinese = roadstead("package", "check", "--json", empty, lang="zh_CN.UTF-8")
    first, second = json.loads(english.stdout), json.loads(chinese.stdout)
    assert (english.returncode, first["ok"]) == (1, False)
    assert [problem["code"] for problem in first["problems"]] == [problem["code"] for problem in second["problems"]]
    assert all(set(problem) == {"file", "where", "code", "message"} for problem in first["problems"])
    assert first["problems"][0]["message"] != second["problems"][0]["message"]


def test_a_person_reads_lines(empty: Path, chart: Path) -> None:
    assert roadstead("package", "check", chart).stdout.splitlines()[-1] == "ok"
    assert roadstead("package", "check", empty).stdout.splitlines()[-1].endswith(("problem", "problems"))


@pytest.mark.parametrize("arguments", ["package check", "package check /no/such/file", "kubeconfig check /no/such/file"])
def test_wrong_usage(arguments: str) -> None:
    assert roadstead(*arguments.split()).returncode == 2


def test_a_good_kubeconfig(tmp_path: Path) -> None:
    (tmp_path / "config").write_text(GOOD)
    done = roadstead("kubeconfig", "check", "--json", tmp_path / "config")
    assert (done.returncode, json.loads(done.stdout)) == (0, {"ok": True, "problems": []})


def test_a_kubeconfig_that_would_run_a_command(tmp_path: Path) -> None:
    (tmp_path / "config").write_text(GOOD.replace("users: [{name: u, user: {token: abc}}]", COMMAND))
    done = roadstead("kubeconfig", "check", "--json", tmp_path / "config")
    said = json.loads(done.stdout)
    assert (done.returncode, said["ok"]) == (1, False)
    assert said["problems"]
