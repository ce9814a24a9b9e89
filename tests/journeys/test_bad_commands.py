"""`roadstead package check` and `roadstead kubeconfig check` as people run them: exit codes, the JSON, both languages, nothing written."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from roadstead.packaging.factories import chart
from tests.journeys.bad_clusters import TOKEN, kubeconfig, running_a_program
from tests.journeys.bad_packages import BAD_PACKAGES, Bad

# The endless one takes the whole 20 seconds here.
QUICK = [bad for bad in BAD_PACKAGES if bad.id != "endless template"]
BAD_KUBECONFIGS = [
    ("exec", running_a_program(), ["users[0].user.exec"], ["kubeconfig_exec"]),
    ("a file", kubeconfig("https://10.0.0.1", tokenFile="/etc/passwd"), ["users[0].user.tokenFile"], ["kubeconfig_file_path"]),
    ("metadata", kubeconfig("https://169.254.169.254"), ["clusters[0].cluster.server"], ["kubeconfig_server_forbidden"]),
    (
        "two things",
        kubeconfig("http://10.0.0.1", password="x"),
        ["users[0].user.password", "clusters[0].cluster.server"],
        ["kubeconfig_password", "kubeconfig_server_http"],
    ),
    ("no YAML", "clusters: []\nusers: ]\n", ["line 2"], ["kubeconfig_not_yaml"]),
    ("something else", "a: b", [""], ["kubeconfig_expected"]),
]


def roadstead(folder: Path, *arguments: str, lang: str = "en_US.UTF-8") -> subprocess.CompletedProcess[str]:
    """Run the command in an empty folder, as on a machine without any installation."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("ROADSTEAD_", "DJANGO_", "LC_"))}
    command = [sys.executable, "-m", "roadstead", *arguments]
    return subprocess.run(command, cwd=folder, env={**kept, "LANG": lang}, capture_output=True, text=True, timeout=60, check=False)


def checked(folder: Path, what: str, data: bytes, lang: str) -> tuple[int, dict[str, Any]]:
    """Check a file and return the exit code and the JSON; nothing but the file may lie there afterwards."""
    (folder / "demo.tgz").write_bytes(data)
    done = roadstead(folder, what, "check", "--json", "demo.tgz", lang=lang)
    assert done.stderr == ""
    assert [path.name for path in folder.iterdir()] == ["demo.tgz"]
    told: dict[str, Any] = json.loads(done.stdout)
    assert all(set(problem) == {"file", "where", "code", "message"} for problem in told["problems"])
    return done.returncode, told


def test_a_good_package(tmp_path: Path) -> None:
    code, told = checked(tmp_path, "package", chart(), "en_US.UTF-8")
    assert len(told.pop("digest")) == 64
    assert (code, told) == (0, {"ok": True, "delivery": "helm", "name": "demo", "version": "0.1.0", "problems": [], "warnings": []})


@pytest.mark.parametrize("bad", QUICK, ids=lambda bad: bad.id)
def test_a_bad_package(tmp_path: Path, bad: Bad) -> None:
    # Pages say all of it in both languages; a process each is worth one, by turns.
    lang = ("en_US.UTF-8", "zh_CN.UTF-8")[QUICK.index(bad) % 2]
    code, told = checked(tmp_path, "package", bad.data(), lang)
    assert (code, told["ok"]) == (1, False)
    assert set(told) == {"ok", "delivery", "name", "version", "digest", "problems", "warnings"}
    [problem] = told["problems"]
    assert " · ".join(filter(None, (problem["file"], problem["where"]))) == bad.place
    assert problem["message"].startswith(bad.chinese if lang.startswith("zh") else bad.english)
    assert problem["code"]


def test_a_good_kubeconfig(tmp_path: Path) -> None:
    assert checked(tmp_path, "kubeconfig", kubeconfig("https://10.0.0.1:6443").encode(), "C") == (0, {"ok": True, "problems": []})


@pytest.mark.parametrize(("content", "places", "codes"), [row[1:] for row in BAD_KUBECONFIGS], ids=[row[0] for row in BAD_KUBECONFIGS])
def test_a_bad_kubeconfig(tmp_path: Path, content: str, places: list[str], codes: list[str]) -> None:
    (english, first), (chinese, second) = (
        checked(tmp_path, "kubeconfig", content.encode(), lang) for lang in ("en_US.UTF-8", "zh_CN.UTF-8")
    )
    assert (english, chinese) == (1, 1)
    assert set(first) == {"ok", "problems"}
    assert not first["ok"]
    for told in (first, second):
        assert sorted(problem["where"] for problem in told["problems"]) == sorted(places)
        assert sorted(problem["code"] for problem in told["problems"]) == sorted(codes)
    assert all(one["message"] != other["message"] for one, other in zip(first["problems"], second["problems"], strict=True))
    assert TOKEN not in json.dumps([first, second])


@pytest.mark.parametrize("what", ["package", "kubeconfig"])
@pytest.mark.parametrize("arguments", [[], ["nowhere"], ["--unknown", "x"], ["a", "b"]], ids=str)
def test_wrong_usage(tmp_path: Path, what: str, arguments: list[str]) -> None:
    done = roadstead(tmp_path, what, "check", "--json", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert f"Usage: roadstead {what} check" in done.stderr.replace("python -m roadstead", "roadstead")
    assert list(tmp_path.iterdir()) == []
