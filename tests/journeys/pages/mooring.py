"""What runs on machines: the sample's package for them in the store, this machine granted, instances in the states that look different."""

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from roadstead.agents import services as agents
from roadstead.agents.models import Agent
from roadstead.catalog import services as apps
from roadstead.clusters import creation
from roadstead.clusters.models import Cluster, Node
from roadstead.core.clock import now
from roadstead.jobs.factories import walk
from roadstead.jobs.models import Job
from roadstead.packaging.services import pack_folder
from roadstead.reviews import services as reviews
from roadstead.reviews.track import Stage
from roadstead.runtimes import granting, registry
from roadstead.runtimes.models import Environment
from roadstead.store.sample import sample_folder
from tests.journeys.pages.clock import ago
from tests.journeys.pages.quay import Quay
from tests.journeys.pages.shelves import decide, passed

if TYPE_CHECKING:
    from roadstead.accounts.models import User
    from roadstead.catalog.models import Version
    from tests.journeys.pages.cast import Cast

PASSWORD = "not-a-real-one-1"
SAID = {
    "init": "data folder /data/mysql is empty, making system tables\nmysqld: ready, port 3306\ncreated database wordpress\n",
    "start": "waiting for 172.30.0.3:3306\nthe database answers\napache2: listening on 0.0.0.0:80\n",
}
BROKEN = "waiting for 172.30.0.6:3306\nERROR 1045 (28000): Access denied for user 'wordpress'@'172.30.0.7'\ngiving up after 30 s\n"
HALF_WAY = 7  # layers of a creation, up to the disks: its machines never come to be


@dataclass
class Berth:
    """Somebody's environment of this machine, and what they run there."""

    owner: "User"
    version: "Version"

    @property
    def place(self) -> Environment:
        """It, as the grant made it."""
        return Environment.objects.get(owner=self.owner, provider="docker", debug=False)

    def made(self, name: str, *, days: float, layers: int = 1_000, broken: str = "") -> Cluster:
        """An instance whose creation went so far, some days ago."""
        quay = _quay()
        answers = {"env": {"database_password": PASSWORD, "site_title": "苍鹭码头"}, "cluster": {"mysql": {"memory": 2048}}}
        with ago(days=days) as clock, obedient(lambda seconds: clock.wait(seconds=seconds), broken):
            quay.wait = lambda seconds: clock.wait(seconds=seconds)
            cluster = creation.create(
                actor=self.owner,
                version_id=self.version.pk,
                environment_id=self.place.pk,
                name=name,
                values=json.dumps(answers),
                on_failure="keep",
            )
            walk(Job.objects.get(subject_id=cluster.pk), layers)
        cluster.refresh_from_db()
        return cluster


def moor(cast: "Cast", listed: "dict[str, Version]") -> dict[str, str]:
    """Make all of it; return ids by what they show."""
    quay = _quay()
    user, maker = cast["user"], cast["developer"]
    wordpress = listed["wordpress"].app_id
    with ago(days=6):
        for who in ("user", "technical_reviewer"):
            granting.grant_machine(actor=cast["global_admin"], email=cast[who].email)
    with ago(days=6) as clock:
        version = passed(
            cast, cast.companies["sail"], apps.add_version(actor=maker, app_id=wordpress, upload=packed()), clock, release=True
        )
    quay.made = {}
    berth = Berth(user, version)
    made = {"vm_running": berth.made("heron-quay", days=3), "vm_failed": berth.made("regatta", days=0.1, broken="start")}
    made["vm_creating"] = berth.made("lighthouse", days=0.001, layers=HALF_WAY)
    quay.made = None
    _troubled(made["vm_failed"])
    return {key: cluster.pk for key, cluster in made.items()} | {
        "listed_vm": version.pk,
        "vm_node": made["vm_running"].nodes.get(role="mysql").pk,
        "vm_review": _in_review(cast, wordpress),
    }


def _quay() -> Quay:
    """The engine of this story."""
    found = registry.provider("docker")
    assert isinstance(found, Quay)
    return found


def packed(number: str = "1.0.0") -> apps.Upload:
    """The sample's package for machines under a number."""
    folder = sample_folder()
    assert folder
    with TemporaryDirectory() as aside:
        copy = Path(shutil.copytree(folder / "vm", Path(aside, "wordpress")))
        about = copy / "package.json"
        about.write_text(about.read_text().replace('"version": "1.0.0"', f'"version": "{number}"', 1))
        return apps.check_upload(data=pack_folder(copy), filename=f"wordpress-{number}.tgz", delivery="vm")


def _in_review(cast: "Cast", app_id: str) -> str:
    """A later version for machines, which waits for its last stage."""
    company = cast.companies["sail"]
    version = apps.add_version(actor=cast["developer"], app_id=app_id, upload=packed("1.1.0"), description="数据库的内存可以单独选择。")
    with ago(hours=30) as clock:
        submission = reviews.submit(actor=cast["developer"], version_id=version.pk)
        for stage in (Stage.PROVIDER, Stage.BUSINESS):
            decide(cast, company, submission.pk, stage, clock=clock)
    return submission.pk


def _troubled(cluster: Cluster) -> None:
    """One agent says that its machine is unwell and couldn't start again what ran there, the other is not heard."""
    of = Agent.objects.filter(subject_id=cluster.pk)
    names = {node.role: node.pk for node in cluster.nodes.all()}
    boot = [{"step": "start", "at": now().isoformat(), "problem": "exit code 2", "output": "mysqld: Can't create/write to file\n"}]
    of.filter(name=names["mysql"]).update(health="unhealthy", boot=boot)
    of.filter(name=names["wordpress"]).update(seen_at=now() - timedelta(hours=2), facts={})


@contextmanager
def obedient(wait: Callable[[float], None], broken: str = "") -> Iterator[None]:
    """Have agents do what they are told at once, some seconds each; the `broken` service of the site fails."""

    def ended(command: Any) -> Any:
        name, of = command.params.get("name", ""), command.agent.name
        fails = bool(broken) and name == broken and Node.objects.filter(pk=of, role="wordpress").exists()
        wait(31.0 if fails else len(SAID.get(name, "")) / 12 or 0.6)
        command.state, command.exit_code = ("failed", 1) if fails else ("done", 0)
        command.output = BROKEN if fails else SAID.get(name, "")
        command.save()
        return command

    order, publish = agents.order, agents.publish
    with (
        patch.object(agents, "order", lambda **asked: ended(order(**asked))),
        patch.object(agents, "publish", lambda **asked: ended(publish(**asked))),
    ):
        yield
