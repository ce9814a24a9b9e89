"""Plans of instances on machines, as tables: what runs, in which order, shaped by the place and by the package."""

from itertools import groupby

import pytest

from roadstead.clusters.machines.outline import Duty, Outline, from_store, to_store
from roadstead.clusters.machines.plans import Op, Shape, plan_for
from roadstead.clusters.models import Node
from roadstead.clusters.operations import Operation
from roadstead.jobs import StepSpec
from roadstead.runtimes.sdk import Capabilities

DOCKER = Capabilities(makes_networks=True, builds_images=True, local_socket=True)
CLOUD = Capabilities(hot_attach=True, needs_format=True, public_address=True)


def node(role: str, server: int = 1, *, replica: bool = False, disks: int = 1, agent: bool = True) -> Node:
    held = [{"token": f"{role}-{server}-{number}", "mount_point": f"/data{number}"} for number in range(1, disks + 1)]
    return Node(pk=f"{role}-{server}", role=role, server=server, replica=replica, image=f"{role}:1", disks=held, has_agent=agent)


DUTIES = {"init": Duty(), "start": Duty(order=1), "stop": Duty(order=2), "destroy": Duty(post_stop_service=True)}
TWO = [Outline("db", DUTIES), Outline("web", {"init": Duty(post_start_service=True), "start": Duty(order=2), "stop": Duty(order=1)})]


def lines(operation: Operation, able: Capabilities, nodes: list[Node], outlines: list[Outline], *, running: bool = True) -> list[str]:
    """Return a layer a line: the step's name, and what it is about."""
    plan = plan_for(operation, Shape(nodes, outlines, able), running=running)
    return [" + ".join(_line(op, [*steps]) for op, steps in groupby(layer, key=lambda step: step.op)) for layer in plan.layers]


def _line(op: str, steps: list[StepSpec]) -> str:
    return f"{op.removeprefix('vm.')}: {', '.join(step.target for step in steps)}".rstrip(": ")


GATE = ["network + frontgate-image", "frontgate", "frontgate-answers"]
CREATED_ON_DOCKER = [
    "check",
    "image: db:1, web:1 + network + frontgate-image",
    "frontgate",
    "frontgate-answers + disk: db 1 · /data1, web 1 · /data1",
    "machine: db 1, web 1",
    "agent: db 1, web 1 + metadata",
    "templates: db 1, web 1",
    "service: db 1 · init",
    "service: db 1 · start",
    "service: web 1 · start",
    "service: web 1 · init",
    "read",
]
DELETED_ON_DOCKER = [
    "service: web 1 · stop",
    "service: db 1 · stop",
    "service: db 1 · destroy",
    "templates-rest: db 1, web 1",
    "halt: db 1, web 1",
    "remove: db 1, web 1",
    "remove-disk: db 1 · /data1, web 1 · /data1",
    "unpublish",
    "gone",
]
STOPPED_ON_DOCKER = [*DELETED_ON_DOCKER[:2], *DELETED_ON_DOCKER[3:5], "unpublish", "read"]
STARTED_ON_DOCKER = [
    *GATE,
    "boot: db 1, web 1",
    "agent: db 1, web 1 + metadata",
    *CREATED_ON_DOCKER[6:7],
    *CREATED_ON_DOCKER[8:10],
    "read",
]


@pytest.mark.parametrize(
    ("operation", "expected"),
    [
        (Operation.CREATE, CREATED_ON_DOCKER),
        (Operation.DELETE, DELETED_ON_DOCKER),
        (Operation.STOP, STOPPED_ON_DOCKER),
        (Operation.START, STARTED_ON_DOCKER),
    ],
)
def test_two_roles_on_docker(operation: Operation, expected: list[str]) -> None:
    assert lines(operation, DOCKER, [node("db"), node("web")], TWO) == expected


def test_disks_of_a_cloud_are_attached_formatted_and_taken_off_again() -> None:
    created = lines(Operation.CREATE, CLOUD, [node("db", disks=2)], [Outline("db", {})])
    assert created[3:7] == [
        "frontgate-answers + disk: db 1 · /data1, db 1 · /data2",
        "machine: db 1",
        "attach: db 1 · /data1, db 1 · /data2",
        "agent: db 1 + metadata",
    ]
    assert created[7] == "format: db 1"
    assert lines(Operation.STOP, CLOUD, [node("db")], [Outline("db", {})])[-4:] == [
        "halt: db 1",
        "detach: db 1 · /data1",
        "unpublish",
        "read",
    ]


def test_what_was_never_up_is_deleted_without_farewell() -> None:
    assert lines(Operation.DELETE, DOCKER, [node("db")], TWO, running=False)[0] == "remove: db 1"


def test_a_creation_is_undone_down_to_nothing() -> None:
    plan = plan_for(Operation.CREATE, Shape([node("db")], TWO, DOCKER), running=False)
    assert [layer[0].op for layer in plan.undo] == [Op.REMOVE, Op.REMOVE_DISK, Op.UNPUBLISH, Op.GONE]


def test_services_of_one_order_run_side_by_side() -> None:
    outlines = [Outline("a", {"start": Duty(order=3)}), Outline("b", {"start": Duty(order=3)}), Outline("c", {"start": Duty(order=1)})]
    created = lines(Operation.CREATE, DOCKER, [node("a", disks=0), node("b", disks=0), node("c", disks=0)], outlines)
    assert created[-3:] == ["service: c 1 · start", "service: a 1 · start, b 1 · start", "read"]


def test_a_service_for_fewer_nodes_takes_the_lowest_numbers_and_no_replicas() -> None:
    nodes = [node("db", 3), node("db", 2, replica=True), node("db", 1), node("db", 4, replica=True)]
    outlines = [Outline("db", {"init": Duty(nodes_to_execute_on=1), "start": Duty()})]
    created = lines(Operation.CREATE, DOCKER, nodes, outlines)
    assert created[-3] == "service: db 1 · init"
    assert created[-2] == "service: db 3 · start, db-replica 2 · start, db 1 · start, db-replica 4 · start"


def test_a_machine_without_agent_gets_no_orders() -> None:
    created = lines(Operation.CREATE, CLOUD, [node("bare", agent=False)], [Outline("bare", DUTIES)])
    assert not [line for line in created if line.startswith(("agent", "format", "templates", "service"))]


def test_own_metadata_is_asked_between_init_and_start_and_told_to_all() -> None:
    created = lines(Operation.CREATE, DOCKER, [node("db")], [Outline("db", DUTIES, keyed=True, asked=True)])
    assert created[5:12] == [
        "agent: db 1",
        "key: db 1",
        "metadata",
        "templates: db 1",
        "service: db 1 · init",
        "custom-metadata: db 1",
        "metadata",
    ]


def test_services_that_may_fail_keep_no_instance_from_going() -> None:
    plan = plan_for(Operation.DELETE, Shape([node("db")], TWO, CLOUD), running=True)
    firm = [step.op for layer in plan.layers for step in layer if not step.may_fail]
    assert firm == [Op.REMOVE, Op.REMOVE_DISK, Op.GONE]


def test_outlines_survive_their_storage() -> None:
    outlines = [*TWO, Outline("k", {"start": Duty(nodes_to_execute_on=2)}, keyed=True, asked=True)]
    assert from_store(to_store(outlines)) == outlines
