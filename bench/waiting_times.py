"""Times what instances take that wait for their machines' agents, in a process with Django and a worker, at the tests' pretended cloud.

Its machines run nothing, so nobody ever answers; only the frontgate is played, which is all that its instances share.
"""

import json
import os
import re
import sys
import threading
import time
from collections import Counter
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from bench.engine_times import PLACES, goal, resident, row
from bench.machine_package import in_store
from roadstead import jobs
from roadstead.accounts.factories import person
from roadstead.accounts.models import User
from roadstead.agents.factories import Enrolled, enrolled
from roadstead.agents.models import Agent
from roadstead.clusters import services as clusters
from roadstead.clusters.models import Cluster
from roadstead.jobs.models import Job, Step
from roadstead.runtimes import registry
from roadstead.runtimes.services import create_environment
from tests.testbeds.cloud.provider import CloudProvider

INSTANCES, TARGET_THREADS, TARGET_KIB = 200, 24, 50
PATIENCE, LOOK, SECONDS = 600, 0.5, 20
MACHINES = 2
PLAYER = "frontgate"


def play_frontgate() -> None:
    """Be the frontgate of all instances, in a thread: enrol when it is made, then say that every order was carried out."""
    while (agent := Agent.objects.filter(role="frontgate").exclude(sealed_token="").first()) is None:
        time.sleep(LOOK)
    gate = enrolled(agent.pk)
    have: dict[str, str] = {}
    while True:
        gate.report()
        for parcel in gate.poll(**have):
            _carry_out(gate, parcel)
            have = {gate.id: str(parcel["mark"])}
        time.sleep(LOOK / 10)


def _carry_out(gate: Enrolled, parcel: "dict[str, object]") -> None:
    if parcel["agent"] == gate.id:
        order = gate.order_in(parcel)
        gate.report(command={"number": order["number"], "state": "done", "exit_code": 0, "result": {}})


def waiting() -> int:
    """Return how many steps wait for an agent."""
    return Step.objects.filter(op="vm.agent", resumes__isnull=False, job__parked=True).count()


class Deployer:
    """Somebody with an environment at the cloud."""

    def __init__(self, actor: User) -> None:
        content = json.dumps({"ledger": str(settings.OPTIONS.data_dir / "ledger")})
        self._actor, self._version = actor, in_store()
        self._environment = create_environment(actor=actor, provider="cloud", content=content, zone="north", name="cloud")

    def have(self, wanted: int) -> None:
        """Have so many instances, each with its machines, and wait until all of those are waited for."""
        version, environment = self._version.pk, self._environment.pk
        for number in range(Cluster.objects.count(), wanted):
            name = f"bench-{number}"
            clusters.create(actor=self._actor, version_id=version, environment_id=environment, name=name, values="")
        end = time.monotonic() + PATIENCE
        while waiting() < wanted * MACHINES:
            broken = Job.objects.exclude(error=None).first()
            assert broken is None, broken.error
            assert time.monotonic() < end, f"only {waiting()} wait"
            time.sleep(LOOK)


def threads() -> Counter[str]:
    """Return the threads of this process by what they are for, without the one that plays."""
    found = (re.split(r"[_-]\d|-\d|\(", thread.name)[0] for thread in threading.enumerate() if thread.name != PLAYER)
    return Counter(found)


def main() -> None:
    """Print the figures."""
    call_command("migrate", verbosity=0)
    registry.put(CloudProvider())
    threading.Thread(target=play_frontgate, name=PLAYER, daemon=True).start()
    with jobs.Worker(Path(settings.OPTIONS.data_dir), job_workers=PLACES):
        deployer = Deployer(person("user"))
        deployer.have(PLACES)  # what is loaded once, and every thread
        before = resident()
        deployer.have(INSTANCES)
        used = time.process_time()
        time.sleep(SECONDS)
        share = (time.process_time() - used) / SECONDS
        found, kib = threads(), (resident() - before) / (INSTANCES - PLACES)
        sys.stdout.write(
            f"{INSTANCES} instances of {MACHINES} machines that wait for their agents, on {connection.vendor}, {PLACES} places\n"
        )
        row("threads", str(found.total()), goal(str(TARGET_THREADS), met=found.total() <= TARGET_THREADS))
        sys.stdout.write(f"  {', '.join(f'{count} {name}' for name, count in found.most_common())}\n")
        row("memory of each", f"{kib:.0f} KiB", goal(f"{TARGET_KIB} KiB", met=kib <= TARGET_KIB))
        row("processor time of all while they wait", f"{100 * share:.0f} %")
        sys.stdout.flush()
        os._exit(0)  # nobody will ever answer
