"""An author's tools for packages for machines: a first package, its check, and what it makes."""

import json
import subprocess
from pathlib import Path

import pytest

from roadstead.cli.tests.test_checks import roadstead


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a new package."""
    into = tmp_path_factory.mktemp("packages")
    done = roadstead("package", "create", "my app", "--into", into)
    assert (done.returncode, done.stdout) == (0, f"{into / 'my app'}: 6 files\n")
    return into / "my app"


def rendered(folder: Path, answers: str, lang: str = "C.UTF-8") -> subprocess.CompletedProcess[str]:
    """Render with answers."""
    file = folder.parent / "answers.json"
    file.write_text(answers)
    return roadstead("package", "render", folder, "--answers", file, lang=lang)


def test_a_new_package_passes_its_own_check(folder: Path) -> None:
    done = roadstead("package", "check", folder)
    assert (done.returncode, done.stdout) == (0, "my app 0.1.0 (vm)\nok\n")


def test_what_it_makes_is_printed(folder: Path) -> None:
    done = roadstead("package", "render", folder)
    (role,) = json.loads(done.stdout)["nodes"]
    assert (done.returncode, role["role"], role["count"], role["env"]) == (0, "node", 3, {"port": 8080})
    (role,) = json.loads(rendered(folder, '{"cluster": {"node": {"count": 7}}, "env": {"node": {"port": 8081}}}').stdout)["nodes"]
    assert (role["count"], role["env"]) == (7, {"port": 8081})


def test_answers_that_break_a_rule_are_told_in_both_languages(folder: Path) -> None:
    answers = '{"cluster": {"node": {"cpu": 3, "count": 0}}}'
    done = rendered(folder, answers)
    assert (done.returncode, done.stdout.splitlines()) == (
        1,
        [
            "my app 0.1.0 (vm)",
            "  cluster.node.cpu  3 isn't one of 1, 2, 4, 8, 16.  [not_in_range]",
            "  cluster.node.count  0 is less than the least allowed, 1.  [below_min]",
            "2 problems",
        ],
    )
    assert "  cluster.node.count  0 小于最小值 1。  [below_min]" in rendered(folder, answers, lang="zh_CN.UTF-8").stdout


def test_warnings_are_told_and_accepted(folder: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    copy.mkdir()
    for file in folder.iterdir():
        if file.is_file():
            (copy / file.name).write_text(file.read_text().replace('"role": "node",', '"role": "node", "colour": "red",'))
    done = roadstead("package", "check", copy)
    assert done.returncode == 0
    told = "The field “colour” isn't known here and has no effect. Check its spelling.  [unknown_field]"
    assert done.stdout.splitlines()[1:] == [f"  warning: cluster.json.tmpl:nodes[0].colour  {told}", "ok"]


@pytest.mark.parametrize(("name", "code"), [("my app", 1), ("a/b", 2), ("", 2), ("../x", 2)])
def test_a_folder_is_never_overwritten_and_stays_where_it_belongs(folder: Path, name: str, code: int) -> None:
    before = sorted(folder.parent.rglob("*"))
    assert roadstead("package", "create", name, "--into", folder.parent).returncode == code
    assert sorted(folder.parent.rglob("*")) == before
