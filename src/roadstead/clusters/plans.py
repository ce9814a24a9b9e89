"""The plans of Helm instances: every operation as layers of steps, the same for the preview, the timeline and the engine."""

from collections.abc import Callable
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from roadstead.accounts.selectors import platform_rules
from roadstead.clusters.operations import Operation
from roadstead.core.problems import Words
from roadstead.jobs import Plan, StepSpec

Layers = tuple[tuple[StepSpec, ...], ...]


class Op(StrEnum):
    """The steps that Helm instances are made and unmade of."""

    CHECK = "helm.check"
    NAMESPACE = "helm.namespace"
    INSTALL = "helm.install"
    AWAIT = "helm.await"
    READ = "helm.read"
    UNINSTALL = "helm.uninstall"
    GONE = "helm.gone"
    PURGE = "helm.purge"
    SETTLE = "helm.settle"
    UPGRADE = "helm.upgrade"
    ROLL_BACK = "helm.rollback"
    RESTORE = "helm.restore"
    STOP = "helm.stop"
    STOPPED = "helm.stopped"
    START = "helm.start"


TITLES: dict[Op, Words] = {
    Op.CHECK: _("Check environment and name"),
    Op.NAMESPACE: _("Prepare namespace"),
    Op.INSTALL: _("Install release"),
    Op.AWAIT: _("Wait until workloads are ready"),
    Op.READ: _("Read what runs"),
    Op.UNINSTALL: _("Uninstall release"),
    Op.GONE: _("Confirm that it is gone"),
    Op.PURGE: _("Remove release history"),
    Op.SETTLE: _("Check environment and release"),
    Op.UPGRADE: _("Upgrade release"),
    Op.ROLL_BACK: _("Roll release back"),
    Op.RESTORE: _("Go back to the revision before"),
    Op.STOP: _("Scale workloads to zero"),
    Op.STOPPED: _("Wait until its pods are gone"),
    Op.START: _("Scale workloads as they were"),
}
SHORT = 60.0
# Beyond its own limit a long step has this time to say what it waited for.
MARGIN = 10.0


def plan_for(operation: Operation, *, name: str, namespace: str, change: str = "") -> Plan:
    """Return the plan of an operation on the release `name` in `namespace`; `change` names what an upgrade or a rollback is to make."""
    changing = {Operation.UPGRADE: Op.UPGRADE, Operation.UPDATE: Op.UPGRADE, Operation.ROLL_BACK: Op.ROLL_BACK}
    if operation in changing:
        return _change(name, namespace, changing[operation], change)
    return _PLANS[operation](name, namespace)


def _create(name: str, namespace: str) -> Plan:
    return Plan(
        layers=(
            (StepSpec(Op.CHECK, namespace, timeout=SHORT),),
            (StepSpec(Op.NAMESPACE, namespace, timeout=SHORT),),
            (_long(Op.INSTALL, name),),
            (_long(Op.AWAIT, name),),
            (StepSpec(Op.READ, name, timeout=SHORT),),
        ),
        # A creation that is undone leaves nothing, not even a history, so that the name is free again.
        undo=((_long(Op.PURGE, name),), (_long(Op.GONE, name),)),
    )


def _delete(name: str, _namespace: str) -> Plan:
    return Plan(layers=((_long(Op.UNINSTALL, name),), (_long(Op.GONE, name),)))


def _cease(name: str, _namespace: str) -> Plan:
    return Plan(layers=((_long(Op.PURGE, name),), (_long(Op.GONE, name),)))


def _change(name: str, namespace: str, op: Op, change: str) -> Plan:
    return Plan(
        layers=(
            (StepSpec(Op.SETTLE, namespace, {"change": change}, timeout=SHORT),),
            (_long(op, name, change),),
            (_long(Op.AWAIT, name),),
            (StepSpec(Op.READ, name, timeout=SHORT),),
        ),
        undo=((_long(Op.RESTORE, name, change),), (_long(Op.AWAIT, name),), (StepSpec(Op.READ, name, timeout=SHORT),)),
    )


def _stop(name: str, _namespace: str) -> Plan:
    return Plan(layers=_to_rest(name), undo=_to_work(name))


def _start(name: str, _namespace: str) -> Plan:
    return Plan(layers=_to_work(name), undo=_to_rest(name))


def _to_rest(name: str) -> Layers:
    return ((StepSpec(Op.STOP, name, timeout=SHORT),), (_long(Op.STOPPED, name),), (StepSpec(Op.READ, name, timeout=SHORT),))


def _to_work(name: str) -> Layers:
    return ((StepSpec(Op.START, name, timeout=SHORT),), (_long(Op.AWAIT, name),), (StepSpec(Op.READ, name, timeout=SHORT),))


def _long(op: Op, target: str, change: str = "") -> StepSpec:
    return StepSpec(op, target, {"change": change} if change else {}, timeout=platform_rules().helm_timeout + MARGIN)


_PLANS: dict[Operation, Callable[[str, str], Plan]] = {
    Operation.CREATE: _create,
    Operation.DELETE: _delete,
    Operation.CEASE: _cease,
    Operation.STOP: _stop,
    Operation.START: _start,
}
