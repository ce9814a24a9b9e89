"""Machines that stop, or go, behind the platform's back: seen soon, begun again where that loses nothing, and told where it would."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from roadstead.agents import selectors as known_agents
from roadstead.agents import services as agents
from roadstead.clusters.machines.plans import called
from roadstead.clusters.machines.work import Work, carried_by
from roadstead.clusters.states import NodeStatus
from roadstead.core.clock import now
from roadstead.core.problems import problem_kind
from roadstead.jobs import StepFailed

if TYPE_CHECKING:
    from roadstead.clusters.models import Node
    from roadstead.runtimes.sdk import Machine

STOP_SECONDS, CONSOLE_LINES = 10.0, 20
# An agent says a word at least every 30 seconds.
SILENT = timedelta(seconds=40)
MACHINE_FAILED = problem_kind(
    "machine_failed",
    _("The machine “%(node)s” doesn't run: %(reason)s. What it wrote last is in the step's output. Retry starts it again."),
)
MACHINE_GONE = problem_kind(
    "machine_gone",
    _("The machine “%(node)s” is gone: somebody deleted it outside of the platform. Give this up and begin again, which makes it anew."),
)


def is_silent(agent_id: str) -> bool:
    """Whether an agent hasn't said a word for longer than it may."""
    seen = known_agents.agent_by_id(agent_id).seen_at
    return seen is None or now() - seen > SILENT


def keep(node: "Node", found: "Machine", status: NodeStatus) -> None:
    """Note what the place has made of a node."""
    node.machine, node.address, node.public_address = found.id, found.address, found.public_address
    node.ports = [port | _way_in(port, found) for port in node.ports]
    note(node, status, "machine", "address", "public_address", "ports")


def note(node: "Node", status: NodeStatus, *more: str) -> None:
    """Note where a node rests."""
    node.status = status
    node.save(update_fields=["status", *more])


def begin(job: Work, found: "Machine") -> "Machine":
    """Start a machine that stopped, make one anew that is gone, and begin anew what only ends and begins again."""
    spec = job.machine(job.node, booting=True)
    if found.state == "failed":
        job.provider.stop_machine(job.place, spec, seconds=STOP_SECONDS)
    put = job.provider.create_machine if found.state == "gone" else job.provider.start_machine
    return put(job.place, spec)


def begun_again(job: Work, found: "Machine") -> bool:
    """Begin a machine again that doesn't run; whether that was done. Once: until it is up, it is pending."""
    node = job.node
    if node.status == NodeStatus.PENDING or (found.state == "failed" and job.run.attempt == 1):
        return False
    keep(node, begin(job, found), NodeStatus.PENDING)
    return True


def is_up(node: "Node") -> None:
    """Note that a machine which was begun again is up."""
    if node.status == NodeStatus.PENDING and node.machine:
        note(node, NodeStatus.ACTIVE)


def fail(job: Work, found: "Machine") -> None:
    """Fail the step because its machine doesn't run; a retry may begin it again."""
    node = job.node
    is_up(node)
    if found.state == "gone":
        raise StepFailed(MACHINE_GONE(node=called(node)))
    job.run.log(job.provider.console(job.place, node.pk, lines=CONSOLE_LINES))
    raise StepFailed(MACHINE_FAILED(node=called(node), reason=found.reason or found.state))


def refuse_stopped(job: Work, order: str, found: "Machine") -> None:
    """Fail a step that waits for a machine that doesn't run any more; a retry starts it again, where it only stopped."""
    if found.state in ("running", "pending"):
        return
    if found.state != "gone" and job.run.attempt > 1 and begun_again(job, found):
        return
    agents.withdraw(order)
    fail(job, found)


def _way_in(port: dict[str, Any], found: "Machine") -> dict[str, Any]:
    """Say where a port can be reached: where the place has published it, else at the machine's own public address."""
    carried = carried_by(port["protocol"])
    seen = next((one for one in found.ports if (one.port, one.protocol) == (port["port"], carried)), None)
    return {"host": seen.host, "host_port": seen.host_port} if seen else {"host": found.public_address, "host_port": port["port"]}
