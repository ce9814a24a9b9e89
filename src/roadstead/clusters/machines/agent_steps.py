"""What the steps do through the agents: they wait for them, tell them about the instance, and have the package's services run."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from roadstead.agents import selectors as known_agents
from roadstead.agents import services as agents
from roadstead.clusters import metadata
from roadstead.clusters.machines import gate_steps, living
from roadstead.clusters.machines.plans import Op, called
from roadstead.clusters.machines.seen import keep
from roadstead.clusters.machines.tree import told_of, views_of
from roadstead.clusters.machines.work import AGENT_SECONDS, SILENT_SECONDS, Work, work
from roadstead.core.problems import problem_kind
from roadstead.jobs import StepCancelled, StepFailed

if TYPE_CHECKING:
    from collections.abc import Callable

    from roadstead.agents.models import Command
    from roadstead.jobs import StepRun

# The end of a command wakes the step; this is for a wake that was lost.
_AWAKENED = 15.0
SERVICE_FAILED = problem_kind(
    "service_failed", _("“%(service)s” ended on “%(node)s” with exit code %(code)s. What it printed is in the step's output.")
)
SERVICE_TIMED_OUT = problem_kind("service_timed_out", _("“%(service)s” didn't end on “%(node)s” within %(seconds)s s and was stopped."))
COMMAND_FAILED = problem_kind("command_failed", _("The machine “%(node)s” couldn't do it: %(reason)s"))
COMMAND_LOST = problem_kind("command_lost", _("The machine “%(node)s” got the command and didn't answer. Try again."))


def answers(run: "StepRun") -> None:
    """Wait until the agent of a node answers; a machine or frontgate that somebody stopped or took away meanwhile is begun again."""
    with work(run) as job:
        if agents.answers(agent_id=job.node.agent_id, token=run.token):
            living.is_up(job.node)
            return
        gate_steps.have(job)
        (found,) = job.provider.describe_machines(job.place, [job.node.pk])
        if found.cut_off:
            gate_steps.connect(job)
        comes_back = found.state == "failed" and not job.long
        if found.state in ("failed", "stopped", "gone") and not comes_back and not living.begun_again(job, found):
            living.fail(job, found)
        job.pause(first=AGENT_SECONDS, longest=SILENT_SECONDS)


def format_disks(run: "StepRun") -> None:
    """Have a node's disks formatted and mounted; one that holds a file system already is only mounted."""
    with work(run) as job:
        known = {disk.token: disk for disk in job.provider.describe_disks(job.place, [disk["token"] for disk in job.node.disks])}
        _ordered(job, "disk.format_mount", {"disks": [disk | {"device": known[disk["token"]].device} for disk in job.node.disks]})


def unmount(run: "StepRun") -> None:
    """Have a node's disks unmounted."""
    with work(run, ending=True) as job:
        _ordered(job, "disk.unmount", {"disks": job.node.disks})


def key(run: "StepRun") -> None:
    """Have a node make its SSH key, and keep the public half."""
    with work(run) as job:
        done = _ordered(job, "key", {"type": job.role.passphraseless})
        job.node.public_key = done.result.get("public", "")
        job.node.save(update_fields=["public_key"])


def custom(run: "StepRun") -> None:
    """Ask a node for what it says about itself, and keep it."""
    with work(run) as job:
        done = _well(job, _command(job, _order(job, "custom_metadata", {"cmd": job.role.custom_metadata})))
        job.node.told = done.output.strip()
        job.node.save(update_fields=["told"])


def publish(run: "StepRun") -> None:
    """Tell the frontgate everything that the instance's machines may know of each other, in one stroke."""
    with work(run) as job:
        gate_steps.have(job)
        gate = job.frontgate
        told = told_of(job.cluster, job.document, job.nodes)
        whose = {"frontgate_id": gate.agent_id, "cluster_id": job.cluster.pk}
        ordered = agents.publish(**whose, tree=metadata.tree(told), nodes=views_of(told, job.nodes), token=job.order_of_try)
        _finished(job, ordered, gate.pk, again=True)


def unpublish(run: "StepRun") -> None:
    """Have the frontgate forget the instance; one that isn't there has nothing to forget, and one that comes back does it then."""
    with work(run, ending=True) as job:
        gate = job.frontgate if job.cluster.frontgate_id else None
        if gate and gate.agent_id:
            ordered = agents.unpublish(frontgate_id=gate.agent_id, cluster_id=job.cluster.pk, token=job.order_of_try)
            if not ordered.open or not living.is_silent(gate.agent_id):
                _finished(job, ordered, gate.pk, again=True)


def templates(run: "StepRun") -> None:
    """Have a node write its configuration from what it is told, now and whenever that changes."""
    with work(run) as job:
        _ordered(job, "templates", {"running": True})


def watch(run: "StepRun") -> None:
    """Have a node look after its own health, as the package says how."""
    with work(run) as job:
        assert job.role.health_check
        _ordered(job, "check", asdict(job.role.health_check))


def rest(run: "StepRun") -> None:
    """Have a node leave its configuration alone."""
    with work(run, ending=True) as job:
        _ordered(job, "templates", {"running": False})


def service(run: "StepRun") -> None:
    """Run one of the package's services on a node, and take its exit code as it is."""
    with work(run, ending=True) as job:
        name = run.params["service"]
        told = job.role.services[name]
        done = _command(job, _of_before(job) or _order(job, "service", {"cmd": told.cmd, "name": name}, timeout=told.timeout))
        said = {"service": name, "node": called(job.node)}
        if done.state == "timed_out":
            raise StepFailed(SERVICE_TIMED_OUT(seconds=told.timeout, **said))
        if done.exit_code:
            raise StepFailed(SERVICE_FAILED(code=done.exit_code, **said))
        _well(job, done)


def read(run: "StepRun") -> None:
    """Keep how the machines are now, so that the instance's page has it at once."""
    with work(run, ending=True) as job:
        found = job.provider.describe_machines(job.place, [node.pk for node in job.nodes])
        keep(job.cluster, job.nodes, found)


def _ordered(job: Work, verb: str, params: dict[str, Any]) -> "Command":
    """Have a node do something that is the platform's own, and fail where it could not. Cut off, it is ordered again by itself."""
    return _well(job, _command(job, _order(job, verb, params, token=job.order_of_try), again=True))


def _order(job: Work, verb: str, params: dict[str, Any], *, token: str = "", timeout: float = 0) -> "Command":
    token, timeout = token or job.order, timeout or job.run.timeout
    return agents.order(agent_id=job.node.agent_id, token=token, verb=verb, params=params, timeout=timeout)


def _of_before(job: Work) -> "Command | None":
    """Return what an earlier attempt at this step had the node do, if that ended well after all, or may still."""
    for attempt in range(job.run.attempt - 1, 0, -1):
        before = known_agents.command_of(f"{job.run.token}-{attempt}")
        if before and (before.open or before.state == "done") and not before.withdrawn_at:
            return before
    return None


def _command(job: Work, ordered: "Command", *, again: bool = False) -> "Command":
    if ordered.open and living.is_silent(job.node.agent_id):
        (found,) = job.provider.describe_machines(job.place, [job.node.pk])
        if found.cut_off:
            gate_steps.connect(job)
        else:
            living.refuse_stopped(job, ordered.token, found)
    done = _finished(job, ordered, called(job.node), again=again)
    living.is_up(job.node)
    return done


def _well(job: Work, done: "Command") -> "Command":
    """Return a command that ended well, and fail with the last of what another one said."""
    if done.state != "done" or done.exit_code:
        lines = done.output.strip().splitlines()
        raise StepFailed(COMMAND_FAILED(node=called(job.node), reason=lines[-1] if lines else done.state))
    return done


def _finished(job: Work, ordered: "Command", who: str, *, again: bool = False) -> "Command":
    """Return a command that was carried out, or leave to be called again; what it printed belongs to the step.

    Nobody knows how far one came that was cut off: what can be done twice (`again`) is, anything else is left to a person.
    """
    if ordered.state in ("waiting", "sent", "running"):
        if job.run.cancelled:
            agents.withdraw(ordered.token)
            raise StepCancelled
        job.run.wait(_AWAKENED)
    if ordered.output:
        job.run.log(ordered.output)
    if ordered.state == "lost":
        raise StepFailed(COMMAND_LOST(node=who), permanent=not again)
    return ordered


STEPS: "dict[Op, Callable[[StepRun], None]]" = {
    Op.ANSWERS: answers,
    Op.FORMAT: format_disks,
    Op.UNMOUNT: unmount,
    Op.KEY: key,
    Op.CUSTOM: custom,
    Op.PUBLISH: publish,
    Op.UNPUBLISH: unpublish,
    Op.TEMPLATES: templates,
    Op.WATCH: watch,
    Op.REST: rest,
    Op.SERVICE: service,
    Op.READ: read,
}
