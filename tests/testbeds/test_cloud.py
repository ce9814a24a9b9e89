"""The pretended cloud holds what every provider must, fails as its seed says, and comes as a stranger's distribution."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from roadstead.runtimes.conformance import Fault, MachineConformance, Subject
from roadstead.runtimes.sdk import Boot, DiskSpec, Place, ProviderError
from tests.testbeds.cloud.faults import forced
from tests.testbeds.cloud.install import install
from tests.testbeds.cloud.ledger import Ledger
from tests.testbeds.cloud.provider import CloudProvider

FAULTS: dict[Fault, Callable[[], AbstractContextManager[Any]]] = {
    "lost answer": partial(forced, "lost answer"),
    "throttled": partial(forced, "throttled"),
    "partial list": partial(forced, "partial"),
    "stale read": partial(forced, "stale"),
}


class TestConformance(MachineConformance):
    @pytest.fixture
    def subject(self, tmp_path: Path) -> Subject:
        place = _place(tmp_path)
        return Subject(CloudProvider(), place, image="debian:12", boot=Boot("node", b"", b"{}"), bad="{", faults=FAULTS)


def test_with_a_seed_the_same_calls_fail_in_every_run_and_everything_ends(tmp_path: Path) -> None:
    stories = []
    for number in range(2):
        place = _place(tmp_path, name=f"ledger-{number}", seed=12, rate=0.6)
        for disk in range(10):
            _until_done(place, f"d{disk}")
        ledger = Ledger(tmp_path / f"ledger-{number}")
        stories.append([(call.call, call.token, call.outcome) for call in ledger.calls()])
        assert len(ledger.things("disk")) == 10
    assert stories[0] == stories[1]
    assert {"done", "lost answer", "throttled", "trouble"} == {outcome for _call, _token, outcome in stories[0]}


def test_the_ledger_is_one_for_several_processes(tmp_path: Path) -> None:
    place = _place(tmp_path)
    code = "import sys; from tests.testbeds.cloud.ledger import Ledger; print(len(Ledger(sys.argv[1]).things()))"
    CloudProvider().create_disk(place, DiskSpec("t1", "disk-1", 1))
    told = subprocess.run([sys.executable, "-c", code, str(tmp_path / "ledger")], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "1"


def test_a_provider_in_a_distribution_of_its_own_is_found_and_offered(tmp_path: Path) -> None:
    code = """
import json
import django
django.setup()
from roadstead.runtimes import registry
from roadstead.runtimes.forms import EnvironmentForm
form = EnvironmentForm(initial={"provider": "cloud"}, purposes=[False])
found = registry.machine_provider("cloud")
offered = [name for name, _title in form.fields["provider"].choices]
print(json.dumps([registry.names(), offered, type(found).__module__, "zone" in form.fields]))
"""
    environment = {**os.environ, "PYTHONPATH": str(install(tmp_path / "site")), "DJANGO_SETTINGS_MODULE": "roadstead.config.testing"}
    told = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert told.returncode == 0, told.stderr
    names, offered, module, asks_zone = json.loads(told.stdout)
    assert names == offered
    assert {"cloud", "docker", "kubernetes"} <= set(names)
    assert (module, asks_zone) == ("roadstead_pretended_cloud.provider", True)


def _place(folder: Path, *, name: str = "ledger", seed: int = 0, rate: float = 0.0) -> Place:
    told = json.dumps({"ledger": str(folder / name), "seed": seed, "rate": rate})
    return Place(CloudProvider().check_credential(told).credential, zone="north", mark="runtime-1")


def _until_done(place: Place, token: str) -> None:
    while True:
        try:
            CloudProvider().create_disk(place, DiskSpec(token, f"disk-{token}", 1))
        except ProviderError as error:
            if error.permanent:
                raise
        else:
            return
