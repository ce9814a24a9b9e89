"""The process that waits ready for the next rendering: it is used once, never alone, and never for something else."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from roadstead import helm
from roadstead.helm import process
from roadstead.helm.factories import chart
from roadstead.helm.process import SPARE, Bounds
from roadstead.helm.tests.test_process import SRC, alive, children_of, until
from roadstead.helm.throwaway import ThrowAwayHelm

pytestmark = pytest.mark.usefixtures("way")


@pytest.fixture(autouse=True)
def _alone() -> Iterator[None]:
    SPARE.drop()
    yield
    SPARE.drop()


def render() -> helm.Rendered:
    return helm.render(chart(), name="one", namespace="place", deadline=60)


def waiting() -> process._Child:
    assert SPARE._child
    return SPARE._child


def test_a_rendering_is_served_by_the_process_that_waits_and_ends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    first = render()
    spare = waiting()
    assert spare.process.poll() is None
    monkeypatch.setattr(process, "_BOOT", "raise SystemExit(3)")  # another one could not do it
    assert render() == first
    assert spare.process.returncode is not None
    assert not spare.folder.exists()
    assert waiting() is not spare
    waiting().process.wait(60)
    with pytest.raises(helm.HelmFailure):
        render()


def test_one_that_died_is_replaced() -> None:
    render()
    spare = waiting()
    os.kill(spare.process.pid, signal.SIGKILL)
    spare.process.wait(60)
    assert render().network_isolated
    assert not spare.folder.exists()


def test_one_with_other_bounds_is_not_used() -> None:
    render()
    spare = waiting()
    ThrowAwayHelm(Bounds(memory_mib=400), helm.HELM.command).render(chart(), name="one", namespace="place", deadline=60)
    assert spare.process.returncode == -signal.SIGKILL
    assert waiting().binding["memory_mib"] == 400


def test_one_that_waited_for_long_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    render()
    spare = waiting()
    monkeypatch.setattr(process, "_FRESH_SECONDS", -1)
    render()
    assert not spare.folder.exists()


def test_it_goes_with_its_parent(tmp_path: Path) -> None:
    code = (
        f"import sys, tempfile; sys.path.append({SRC!r}); tempfile.tempdir = {str(tmp_path)!r}\n"
        "from roadstead import helm\nfrom roadstead.helm.factories import chart\n"
        f"helm.use({helm.HELM.command!r})\n"
        "helm.render(chart(), name='one', namespace='place', deadline=60)\nprint('done', flush=True)\nsys.stdin.read()\n"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as parent:
        assert parent.stdout
        assert parent.stdout.readline() == b"done\n"
        [child] = children_of(parent.pid)
        parent.kill()
    assert until(lambda: not alive(child), 60)
    assert until(lambda: not any(tmp_path.iterdir()), 60)
