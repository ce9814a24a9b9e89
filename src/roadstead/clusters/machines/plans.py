"""The plans of instances on machines: layers shaped by what the place can do and by what the package's roles run."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from roadstead.clusters.operations import Operation
from roadstead.core.problems import Words
from roadstead.jobs import Plan, StepSpec

if TYPE_CHECKING:
    from collections.abc import Sequence

    from roadstead.clusters.machines.outline import Duty, Outline
    from roadstead.clusters.models import Node
    from roadstead.runtimes.sdk import Capabilities

Layer = tuple[StepSpec, ...]
Layers = tuple[Layer, ...]


class Op(StrEnum):
    """The steps that instances on machines are made and unmade of."""

    CHECK = "vm.check"
    NETWORK = "vm.network"
    GATE_IMAGE = "vm.frontgate-image"
    GATE = "vm.frontgate"
    GATE_ANSWERS = "vm.frontgate-answers"
    IMAGE = "vm.image"
    DISK = "vm.disk"
    MACHINE = "vm.machine"
    ATTACH = "vm.attach"
    ANSWERS = "vm.agent"
    FORMAT = "vm.format"
    KEY = "vm.key"
    PUBLISH = "vm.metadata"
    TEMPLATES = "vm.templates"
    WATCH = "vm.health"
    CUSTOM = "vm.custom-metadata"
    SERVICE = "vm.service"
    READ = "vm.read"
    REST = "vm.templates-rest"
    UNMOUNT = "vm.unmount"
    HALT = "vm.halt"
    DETACH = "vm.detach"
    BOOT = "vm.boot"
    REMOVE = "vm.remove"
    REMOVE_DISK = "vm.remove-disk"
    UNPUBLISH = "vm.unpublish"
    GONE = "vm.gone"
    GATE_HALT = "vm.frontgate-halt"
    GATE_REMOVE = "vm.frontgate-remove"
    NETWORK_REMOVE = "vm.network-remove"


TITLES: dict[Op, Words] = {
    Op.CHECK: _("Check environment and room"),
    Op.NETWORK: _("Prepare network"),
    Op.GATE_IMAGE: _("Prepare the frontgate's image"),
    Op.GATE: _("Start frontgate"),
    Op.GATE_ANSWERS: _("Wait for frontgate"),
    Op.IMAGE: _("Prepare image"),
    Op.DISK: _("Create disk"),
    Op.MACHINE: _("Create machine"),
    Op.ATTACH: _("Attach disk"),
    Op.ANSWERS: _("Wait for agent"),
    Op.FORMAT: _("Format and mount disks"),
    Op.KEY: _("Generate SSH key"),
    Op.PUBLISH: _("Publish metadata"),
    Op.TEMPLATES: _("Write configuration"),
    Op.WATCH: _("Watch health"),
    Op.CUSTOM: _("Ask for the machine's own metadata"),
    Op.SERVICE: _("Run service"),
    Op.READ: _("Read what runs"),
    Op.REST: _("Leave configuration alone"),
    Op.UNMOUNT: _("Unmount disks"),
    Op.HALT: _("Stop machine"),
    Op.DETACH: _("Detach disk"),
    Op.BOOT: _("Start machine"),
    Op.REMOVE: _("Delete machine"),
    Op.REMOVE_DISK: _("Delete disk"),
    Op.UNPUBLISH: _("Withdraw metadata"),
    Op.GONE: _("Confirm that it is gone"),
    Op.GATE_HALT: _("Stop frontgate"),
    Op.GATE_REMOVE: _("Delete frontgate"),
    Op.NETWORK_REMOVE: _("Delete network"),
}
SHORT, USUAL, LONG, AWAIT = 60.0, 120.0, 600.0, 1_800.0
# Beyond a service's own time the agent has ten seconds to end it, and the answer its way back.
SERVICE_MARGIN = 60.0


@dataclass(frozen=True)
class Shape:
    """What a plan is made of: the nodes, what the package has their roles run, and what the place can do."""

    nodes: "Sequence[Node]"
    outlines: "Sequence[Outline]"
    able: "Capabilities"

    def each(self, op: Op, *, timeout: float = SHORT, may_fail: bool = False, only: "Iterable[Node] | None" = None) -> Layer:
        """Return a layer with one step for each node."""
        nodes = self.nodes if only is None else only
        return tuple(StepSpec(op, called(node), {"node": node.pk}, timeout=timeout, may_fail=may_fail) for node in nodes)

    def each_disk(self, op: Op, *, timeout: float = SHORT, may_fail: bool = False) -> Layer:
        """Return a layer with one step for each disk."""
        return tuple(
            StepSpec(op, f"{called(node)} · {disk['mount_point']}", {"node": node.pk, "disk": disk["token"]}, may_fail, timeout)
            for node in self.nodes
            for disk in node.disks
        )

    @property
    def with_agent(self) -> "list[Node]":
        """The nodes that run the agent."""
        return [node for node in self.nodes if node.has_agent]

    def services(self, name: str, *, may_fail: bool = False, flag: str = "", flagged: bool = False) -> Layers:
        """Return the layers of a service: by the order of the roles, those of the same order side by side.

        `flag` names a member of the service that has to be `flagged`: whether `init` runs after `start`, and `destroy` after `stop`.
        """
        found = [(role.name, role.duties[name]) for role in self.outlines if name in role.duties]
        wanted = [(role, duty) for role, duty in found if not flag or getattr(duty, flag) == flagged]
        wanted.sort(key=lambda pair: pair[1].order)
        return tuple(
            tuple(step for role, duty in pairs for step in self._of_role(role, name, duty, may_fail=may_fail))
            for _order, pairs in groupby(wanted, key=lambda pair: pair[1].order)
        )

    def _of_role(self, role: str, name: str, duty: "Duty", *, may_fail: bool) -> Iterable[StepSpec]:
        nodes = [node for node in self.with_agent if node.role == role]
        wanted = duty.nodes_to_execute_on
        if wanted and wanted < len(nodes):
            nodes = sorted((node for node in nodes if not node.replica), key=lambda node: node.server)[:wanted]
        for node in nodes:
            params = {"node": node.pk, "service": name}
            yield StepSpec(Op.SERVICE, f"{called(node)} · {name}", params, may_fail, duty.timeout + SERVICE_MARGIN)


def called(node: "Node") -> str:
    """Return what people call a node: its role and its number within it."""
    return " ".join(filter(None, (node.title, str(node.server))))


def plan_for(operation: Operation, shape: Shape, *, running: bool) -> Plan:
    """Return the plan of an operation; `running` says whether the instance's machines run now."""
    match operation:
        case Operation.CREATE:
            return Plan(_whole(create(shape)), undo=_whole(unmade(shape)))
        case Operation.STOP:
            return Plan(_whole(to_rest(shape)), undo=_whole(to_work(shape)))
        case Operation.START:
            return Plan(_whole(to_work(shape)), undo=_whole(to_rest(shape)))
        case Operation.DELETE:
            return Plan(_whole(farewell(shape) if running else ()) + _whole(unmade(shape)))
        case _:
            return Plan(_whole(unmade(shape)))


def frontgate() -> Layers:
    """Return the layers that have a frontgate ready; each is done at once where one is."""
    return (_once(Op.NETWORK) + _once(Op.GATE_IMAGE, timeout=AWAIT), _once(Op.GATE, timeout=USUAL), _once(Op.GATE_ANSWERS, timeout=AWAIT))


def create(shape: Shape) -> Layers:
    """Return the layers that make machines and start what they are for. What needs nothing of each other goes side by side."""
    images = dict.fromkeys(node.image for node in shape.nodes)
    keyed = {role.name for role in shape.outlines if role.keyed}
    asked = {role.name for role in shape.outlines if role.asked}
    needs, gate, gate_answers = frontgate()
    return (
        _once(Op.CHECK),
        tuple(StepSpec(Op.IMAGE, image, {"image": image}, timeout=AWAIT) for image in images) + needs,
        gate,
        gate_answers + shape.each_disk(Op.DISK, timeout=LONG),
        shape.each(Op.MACHINE, timeout=LONG),
        shape.each_disk(Op.ATTACH, timeout=LONG) if shape.able.hot_attach else (),
        _answering(shape) + (() if keyed else _once(Op.PUBLISH)),
        shape.each(Op.FORMAT, timeout=LONG, only=_with_disks(shape)) if shape.able.needs_format else (),
        shape.each(Op.KEY, timeout=USUAL, only=[node for node in shape.with_agent if node.role in keyed]),
        _once(Op.PUBLISH) if keyed else (),
        shape.each(Op.TEMPLATES, timeout=USUAL, only=shape.with_agent),
        *shape.services("init", flag="post_start_service", flagged=False),
        *_custom(shape, asked),
        *shape.services("start"),
        *shape.services("init", flag="post_start_service", flagged=True),
        _watch(shape),
        _once(Op.READ),
    )


def to_work(shape: Shape) -> Layers:
    """Return the layers that start the machines of a stopped instance, and what they are for."""
    return (
        *frontgate(),
        shape.each_disk(Op.ATTACH, timeout=LONG) if shape.able.needs_format else (),
        shape.each(Op.BOOT, timeout=LONG),
        _answering(shape) + _once(Op.PUBLISH),
        shape.each(Op.TEMPLATES, timeout=USUAL, only=shape.with_agent),
        *shape.services("start"),
        _watch(shape),
        _once(Op.READ),
    )


def to_rest(shape: Shape) -> Layers:
    """Return the layers that stop what runs, and then the machines; their disks stay."""
    return (
        *shape.services("stop", may_fail=True),
        shape.each(Op.REST, may_fail=True, only=shape.with_agent),
        *_unmounted(shape),
        shape.each(Op.HALT, timeout=USUAL),
        shape.each_disk(Op.DETACH, timeout=LONG) if shape.able.needs_format else (),
        _once(Op.UNPUBLISH, may_fail=True),
        _once(Op.READ),
    )


def farewell(shape: Shape) -> Layers:
    """Return the layers in which running machines end their work before they are deleted."""
    return (
        *shape.services("destroy", may_fail=True, flag="post_stop_service", flagged=False),
        *shape.services("stop", may_fail=True),
        *shape.services("destroy", may_fail=True, flag="post_stop_service", flagged=True),
        shape.each(Op.REST, may_fail=True, only=shape.with_agent),
        *_unmounted(shape),
        shape.each(Op.HALT, timeout=USUAL, may_fail=True),
    )


def unmade(shape: Shape) -> Layers:
    """Return the layers after which nothing of an instance is left."""
    return (
        shape.each(Op.REMOVE, timeout=LONG),
        shape.each_disk(Op.REMOVE_DISK, timeout=LONG),
        _once(Op.UNPUBLISH, may_fail=True),
        _once(Op.GONE, timeout=LONG),
    )


def frontgate_stopped() -> Plan:
    """Return the plan after which the machine of a frontgate rests."""
    return Plan((_once(Op.GATE_HALT, timeout=USUAL),))


def frontgate_removed() -> Plan:
    """Return the plan after which nothing of a frontgate and its network is left."""
    return Plan((_once(Op.GATE_REMOVE, timeout=LONG), _once(Op.NETWORK_REMOVE, timeout=LONG)))


def _answering(shape: Shape) -> Layer:
    """Agents are waited for beside what is published meanwhile: where machines are is known, and only their keys come from them."""
    return shape.each(Op.ANSWERS, timeout=AWAIT, only=shape.with_agent)


def _custom(shape: Shape, asked: set[str]) -> Layers:
    """Their own metadata is asked of machines after `init`, and told to all before `start`."""
    nodes = [node for node in shape.with_agent if node.role in asked]
    return (shape.each(Op.CUSTOM, timeout=USUAL, only=nodes), _once(Op.PUBLISH)) if nodes else ()


def _watch(shape: Shape) -> Layer:
    watched = {role.name for role in shape.outlines if role.watched}
    return shape.each(Op.WATCH, only=[node for node in shape.with_agent if node.role in watched])


def _unmounted(shape: Shape) -> Layers:
    return (shape.each(Op.UNMOUNT, timeout=USUAL, may_fail=True, only=_with_disks(shape)),) if shape.able.needs_format else ()


def _with_disks(shape: Shape) -> "list[Node]":
    return [node for node in shape.with_agent if node.disks]


def _once(op: Op, *, timeout: float = SHORT, may_fail: bool = False) -> Layer:
    return (StepSpec(op, timeout=timeout, may_fail=may_fail),)


def _whole(layers: Layers) -> Layers:
    """Leave out the layers without steps."""
    return tuple(layer for layer in layers if layer)
