"""What the steps do at the place: networks, images, disks and machines. Each can run twice: what is there, or gone, is done."""

from functools import partial
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from roadstead.agents import services as agents
from roadstead.clusters.machines import gate_steps, living
from roadstead.clusters.machines.plans import Op, called
from roadstead.clusters.machines.work import Work, work
from roadstead.clusters.models import Node
from roadstead.clusters.states import NodeStatus
from roadstead.core.problems import problem_kind
from roadstead.jobs import StepFailed

if TYPE_CHECKING:
    from collections.abc import Callable

    from roadstead.jobs import StepRun
    from roadstead.runtimes.sdk import Machine

STOP_SECONDS = 60.0
NO_CPU = problem_kind("not_enough_cpu", _("“%(node)s” is to have %(wanted)s cores, and the place has %(found)s. Choose a smaller size."))
NO_MEMORY = problem_kind(
    "not_enough_memory", _("The machines are to have %(wanted)s MiB of memory together, and the place has %(found)s. Choose smaller sizes.")
)
NO_DISK = problem_kind(
    "not_enough_disk", _("The disks are to have %(wanted)s GiB together, and the place has %(found)s free. Choose smaller ones.")
)
DISK_TOO_LARGE = problem_kind(
    "disk_too_large", _("“%(node)s” is to have a disk of %(wanted)s GiB, and the place has %(found)s free. Choose a smaller one.")
)
STILL_THERE = problem_kind("still_there", _("These are still there: %(names)s."))


def check(run: "StepRun") -> None:
    """See whether the place has room for the machines, before anything is made."""
    with work(run) as job:
        room = job.provider.room(job.place)
        for node in job.nodes:
            if room.cpu and node.cpu > room.cpu:
                raise StepFailed(NO_CPU(node=called(node), wanted=node.cpu, found=room.cpu))
        memory = sum(node.memory for node in job.nodes)
        if room.memory and memory > room.memory:
            raise StepFailed(NO_MEMORY(wanted=memory, found=room.memory))
        _refuse_disks(job, room.disk)


def _refuse_disks(job: Work, free: int) -> None:
    """Where a disk's size is only what was asked for, several may promise more than there is, but none alone."""
    disks = [(disk["size"], called(node)) for node in job.nodes for disk in node.disks]
    if not free or not disks:
        return
    together, (largest, node) = sum(size for size, _node in disks), max(disks)
    if largest > free:
        raise StepFailed(DISK_TOO_LARGE(node=node, wanted=largest, found=free))
    if job.able.enforces_disk_size and together > free:
        raise StepFailed(NO_DISK(wanted=together, found=free))


def image(run: "StepRun") -> None:
    """Have the image of some nodes at the place, and note which bytes it is."""
    with work(run) as job:
        name = run.params["image"]
        found = job.provider.ensure_image(job.place, name, log=run.log, seconds=run.remaining(), cancelled=lambda: run.cancelled)
        nodes = job.cluster.nodes.filter(image=name)
        # Where no agent runs, the place says itself when the machine is made.
        if found.problem and nodes.filter(has_agent=True).exists():
            raise StepFailed(found.problem)
        nodes.update(image_digest=found.digest)


def disk(run: "StepRun") -> None:
    """Make one disk of a node, and wait until it can be used."""
    with work(run) as job:
        spec = job.disk(job.node, run.params["disk"])
        (found,) = job.provider.describe_disks(job.place, [spec.token])
        if found.state == "gone":
            found = job.provider.create_disk(job.place, spec)
        if found.state == "pending":
            job.pause()


def attach(run: "StepRun") -> None:
    """Attach one disk to its machine, and wait until it is."""
    with work(run) as job:
        spec = job.disk(job.node, run.params["disk"])
        if job.provider.attach_disk(job.place, spec, job.machine(job.node)).state != "attached":
            job.pause()


def detach(run: "StepRun") -> None:
    """Detach one disk from its machine."""
    with work(run, ending=True) as job:
        job.provider.detach_disk(job.place, job.disk(job.node, run.params["disk"]), job.machine(job.node))


def machine(run: "StepRun") -> None:
    """Make the machine of a node with its agent's first configuration, and wait until it runs."""
    with work(run) as job:
        node = job.node
        if not node.agent_id and node.has_agent:
            node.agent_id = _admitted(job, node)
            node.save(update_fields=["agent_id"])
        (found,) = job.provider.describe_machines(job.place, [node.pk])
        # Whoever made one may have died before it was started; one that ended as soon as it was made is begun again by a retry.
        if found.state == "gone" or (found.state == "stopped" and not job.long) or (found.state == "failed" and run.attempt > 1):
            found = gate_steps.in_network(job, partial(living.begin, job, found))
        _running(job, found)


def boot(run: "StepRun") -> None:
    """Start the machine of a node, and wait until it runs."""
    with work(run) as job:
        node = job.node
        (found,) = job.provider.describe_machines(job.place, [node.pk])
        if found.state == "gone":
            # Somebody deleted it while it rested. What it is for lies on its disks.
            found = gate_steps.in_network(job, partial(living.begin, job, found))
        elif found.state != "running" or found.cut_off:
            found = gate_steps.in_network(job, lambda: job.provider.start_machine(job.place, job.machine(node, booting=True)))
        _running(job, found)


def halt(run: "StepRun") -> None:
    """Stop the machine of a node, and wait until it rests."""
    with work(run, ending=True) as job:
        job.provider.stop_machine(job.place, job.machine(job.node), seconds=min(STOP_SECONDS, run.remaining()))
        (found,) = job.provider.describe_machines(job.place, [job.node.pk])
        if found.state in ("running", "pending"):
            job.pause()
        living.note(job.node, NodeStatus.STOPPED)


def remove(run: "StepRun") -> None:
    """Delete the machine of a node and its agent's identity, and wait until it is gone."""
    with work(run, ending=True) as job:
        if job.node.agent_id:
            agents.revoke(agent_id=job.node.agent_id)
        job.provider.delete_machine(job.place, job.node.pk)
        (found,) = job.provider.describe_machines(job.place, [job.node.pk])
        if found.state != "gone":
            job.pause()
        living.note(job.node, NodeStatus.DELETED)


def remove_disk(run: "StepRun") -> None:
    """Delete one disk of a node."""
    with work(run, ending=True) as job:
        job.provider.delete_disk(job.place, run.params["disk"])


def gone(run: "StepRun") -> None:
    """See with the place's own eyes that nothing is left."""
    with work(run, ending=True) as job:
        machines = job.provider.describe_machines(job.place, [node.pk for node in job.nodes])
        disks = job.provider.describe_disks(job.place, [disk["token"] for node in job.nodes for disk in node.disks])
        left = [machine.token for machine in machines if machine.state != "gone"] + [disk.token for disk in disks if disk.state != "gone"]
        if not left:
            return
        if run.remaining() < STOP_SECONDS:
            raise StepFailed(STILL_THERE(names=", ".join(left)))
        job.pause()


def _admitted(job: Work, node: Node) -> str:
    gate = job.frontgate
    place = {"environment_id": job.cluster.environment_id, "subject_id": job.cluster.pk}
    return agents.admit(role="node", name=node.pk, frontgate_id=gate.agent_id, network=gate.network, **place).pk


def _running(job: Work, found: "Machine") -> None:
    """Note what the place has made of a node once it runs; until then wait, and say why where it never will."""
    if found.state == "gone" or (found.state in ("failed", "stopped") and job.long):
        living.fail(job, found)
    if found.state != "running" or not found.address:
        job.pause()
    living.keep(job.node, found, NodeStatus.ACTIVE)


STEPS: "dict[Op, Callable[[StepRun], None]]" = {
    Op.CHECK: check,
    Op.IMAGE: image,
    Op.DISK: disk,
    Op.ATTACH: attach,
    Op.DETACH: detach,
    Op.MACHINE: machine,
    Op.BOOT: boot,
    Op.HALT: halt,
    Op.REMOVE: remove,
    Op.REMOVE_DISK: remove_disk,
    Op.GONE: gone,
}
