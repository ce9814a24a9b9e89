"""What the steps of a frontgate do, in the job of the instance that needs it first, and in its own when nobody needs it any more."""

from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from roadstead.agents import services as agents
from roadstead.clusters.machines import frontgates, living
from roadstead.clusters.machines.plans import Op
from roadstead.clusters.machines.work import AGENT_SECONDS, GATE_CPU, GATE_MEMORY, SILENT_SECONDS, At, Work, at_frontgate, boot_of, work
from roadstead.clusters.models import Frontgate
from roadstead.clusters.states import FrontgateStatus, NodeStatus
from roadstead.core.problems import problem_kind
from roadstead.core.turns import alone_within
from roadstead.jobs import StepFailed
from roadstead.runtimes.sdk import Boot, MachineSpec, NetworkGone, NetworkSpec

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from roadstead.jobs import StepRun
    from roadstead.runtimes.sdk import Machine

STOP_SECONDS, LAST_SECONDS, CONSOLE_LINES = 30.0, 10.0, 20
TURN_SECONDS = 3.0
NO_GATE_IMAGE = problem_kind(
    "frontgate_image_unnamed", _("This place doesn't build images. An administrator names the frontgate's with ROADSTEAD_FRONTGATE_IMAGE.")
)
NO_AGENT_URL = problem_kind(
    "agents_have_no_address",
    _(
        "Machines at this place can't reach Roadstead. An administrator names the address where they do, https://…, with "
        "ROADSTEAD_AGENT_URL, and with ROADSTEAD_AGENT_CA the authority of its certificate, if not everybody knows it."
    ),
)
GATE_SILENT = problem_kind(
    "frontgate_silent", _("The frontgate runs, and hasn't reached Roadstead. What it wrote last is in the step's output.")
)
GATE_FAILED = problem_kind("frontgate_failed", _("The frontgate doesn't run: %(reason)s"))


def network(run: "StepRun") -> None:
    """Have the network that the instance's machines share with their frontgate."""
    with work(run) as job:
        if not job.able.local_socket and not settings.OPTIONS.agent_url:
            raise StepFailed(NO_AGENT_URL())
        _have_network(job)


def have(job: Work) -> None:
    """Have the frontgate and its network there again, if it went silent: somebody may have taken them away."""
    gate = job.frontgate
    if gate.agent_id and living.is_silent(gate.agent_id):
        _have_network(job)
        _have_machine(job)


@contextmanager
def _in_turn(job: Work, what: str) -> "Iterator[None]":
    """Be the only worker that sees to this part of the frontgate; while another does for long, leave this call and be called again."""
    with alone_within(TURN_SECONDS, f"{what} of {job.cluster.frontgate_id}") as free:
        if not free:
            job.pause()
        yield


def in_network(job: Work, begin: "Callable[[], Machine]") -> "Machine":
    """Begin a machine; where its network was taken away meanwhile, that and the frontgate in it are had there again first."""
    try:
        return begin()
    except NetworkGone:
        _have_network(job)
        _have_machine(job)
        return begin()


def connect(job: Work) -> None:
    """Connect a running machine again that somebody took out of its network, and the frontgate if it needs it too."""
    have(job)
    node = job.node
    found = in_network(job, lambda: job.provider.start_machine(job.place, job.machine(node, booting=True)))
    living.keep(node, found, NodeStatus(node.status))


def _have_network(job: Work) -> None:
    """Have it, one worker after the other: instances share it, and a place may take two networks of one name."""
    with _in_turn(job, "network"):
        _have_network_now(job)


def _have_network_now(job: Work) -> None:
    gate = job.frontgate
    network = gate.subnet
    if job.able.makes_networks and not gate.subnet:
        # Asked for every time: somebody may have deleted it.
        token = _network_token(gate)
        labels = job.labels(frontgate=gate.pk, token=token)
        network = job.provider.ensure_network(job.place, NetworkSpec(token, f"roadstead-{gate.pk}", labels)).id
    if gate.network != network:
        Frontgate.objects.filter(pk=gate.pk).update(network=network)


def image(run: "StepRun") -> None:
    """Have the frontgate's image at the place: the one that the operator names, or one that is built there once."""
    with work(run) as job:
        name = agents.frontgate_image()
        if not agents.builds_frontgate():
            found = job.provider.ensure_image(job.place, name, log=run.log, seconds=run.remaining(), cancelled=lambda: run.cancelled)
        elif not job.able.builds_images:
            raise StepFailed(NO_GATE_IMAGE())
        else:
            folder = agents.frontgate_folder()
            found = job.provider.build_image(job.place, name, folder, log=run.log, seconds=run.remaining(), cancelled=lambda: run.cancelled)
        if found.problem:
            raise StepFailed(found.problem)
        Frontgate.objects.filter(pk=job.frontgate.pk).update(image=name)


def machine(run: "StepRun") -> None:
    """Have the frontgate's machine running, made or started if need be."""
    with work(run) as job:
        _have_machine(job)


def _have_machine(job: Work) -> None:
    try:
        _begin(job)
    except NetworkGone:
        # Made a moment ago, or long: it is had there again, once.
        _have_network(job)
        _begin(job)


def _begin(job: Work) -> None:
    """Begin it, one worker after the other: what one has begun, another must not begin anew under its agent."""
    with _in_turn(job, "machine"):
        _have_machine_now(job)


def _have_machine_now(job: Work) -> None:
    gate = job.frontgate
    if gate.status == FrontgateStatus.STOPPING:
        job.pause()
    if not gate.agent_id:
        gate.agent_id = agents.admit(
            role="frontgate", environment_id=gate.environment_id, subject_id=gate.pk, name=gate.pk, network=gate.network
        ).pk
        Frontgate.objects.filter(pk=gate.pk).update(agent_id=gate.agent_id)
    (found,) = job.provider.describe_machines(job.place, [gate.pk])
    if found.state == "gone":
        found = job.provider.create_machine(job.place, _spec(job, gate, _boot(job, gate)))
    elif found.state == "stopped" or found.cut_off:
        found = job.provider.start_machine(job.place, _spec(job, gate, _boot(job, gate)))
    elif found.state == "failed" and job.run.attempt > 1 and not job.long:
        # What only ends and begins again gets its program anew.
        job.provider.stop_machine(job.place, _spec(job, gate), seconds=STOP_SECONDS)
        found = job.provider.start_machine(job.place, _spec(job, gate, _boot(job, gate)))
    if found.state == "failed" and job.long:
        job.run.log(job.provider.console(job.place, gate.pk, lines=CONSOLE_LINES))
        raise StepFailed(GATE_FAILED(reason=found.reason or found.state))
    if found.state != "running" or not found.address:
        job.pause()
    Frontgate.objects.filter(pk=gate.pk).update(address=found.address, status=FrontgateStatus.ACTIVE)


def answers(run: "StepRun") -> None:
    """Wait until the frontgate keeps its connection to the platform."""
    with work(run) as job:
        gate = job.frontgate
        if agents.answers(agent_id=gate.agent_id, token=run.token):
            return
        # Nothing is lost with it: one that stopped or went meanwhile is begun again.
        _have_network(job)
        _have_machine(job)
        if run.remaining() < LAST_SECONDS:
            run.log(job.provider.console(job.place, gate.pk, lines=CONSOLE_LINES))
            raise StepFailed(GATE_SILENT())
        job.pause(first=AGENT_SECONDS, longest=SILENT_SECONDS)


def halt(run: "StepRun") -> None:
    """Stop the machine of a frontgate, unless somebody has come to need it."""
    with at_frontgate(run) as (at, gate):
        if not frontgates.may_stop(gate.pk):
            return
        at.provider.stop_machine(at.place, _spec(at, gate), seconds=min(STOP_SECONDS, run.remaining()))
        (found,) = at.provider.describe_machines(at.place, [gate.pk])
        if found.state in ("running", "pending"):
            at.pause()
        Frontgate.objects.filter(pk=gate.pk).update(status=FrontgateStatus.STOPPED)


def remove(run: "StepRun") -> None:
    """Delete the machine of a frontgate that nobody needs any more, and its identity."""
    with at_frontgate(run) as (at, gate):
        if gate.agent_id:
            agents.revoke(agent_id=gate.agent_id)
        at.provider.delete_machine(at.place, gate.pk)
        (found,) = at.provider.describe_machines(at.place, [gate.pk])
        if found.state != "gone":
            at.pause()


def remove_network(run: "StepRun") -> None:
    """Delete the network that the platform made for a frontgate."""
    with at_frontgate(run) as (at, gate):
        if at.able.makes_networks and not gate.subnet:
            at.provider.delete_network(at.place, _network_token(gate))


def _boot(job: At, gate: Frontgate) -> Boot:
    relay = str(agents.relay_folder()) if job.able.local_socket else ""
    return boot_of(agents.boot_config(agent_id=gate.agent_id), role="frontgate", relay=relay)


def _network_token(gate: Frontgate) -> str:
    return f"{gate.pk}-network"


def _spec(job: At, gate: Frontgate, boot: Boot | None = None) -> MachineSpec:
    """Return a frontgate as the place is told of it; only where it is to start must it get its agent."""
    return MachineSpec(
        token=gate.pk,
        name=f"{gate.pk}_frontgate",
        image=gate.image,
        cpu=GATE_CPU,
        memory=GATE_MEMORY,
        network=gate.network,
        boot=boot or Boot("frontgate", b"", b"{}"),
        address=gate.address,
        hostname=gate.pk,
        labels=job.labels(frontgate=gate.pk, token=gate.pk),
    )


STEPS: "dict[Op, Callable[[StepRun], None]]" = {
    Op.NETWORK: network,
    Op.GATE_IMAGE: image,
    Op.GATE: machine,
    Op.GATE_ANSWERS: answers,
    Op.GATE_HALT: halt,
    Op.GATE_REMOVE: remove,
    Op.NETWORK_REMOVE: remove_network,
}
