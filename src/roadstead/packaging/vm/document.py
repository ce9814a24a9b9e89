"""The cluster that a package describes, as plain typed data. What an author left out holds its default here."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

DATA = "/data"
MOUNT_OPTIONS = {"ext4": "defaults,noatime", "xfs": "rw,noatime,inode64,allocsize=16m"}
REPLICA = "-replica"


@dataclass(frozen=True)
class Container:
    """What runs on a node. `images` names an image for each zone where there are several; `image` is the only one then."""

    type: str
    image: str
    images: Mapping[str, str] = field(default_factory=dict)
    zone: str = ""


@dataclass(frozen=True)
class Volume:
    """The data of a node: `size` in GiB, split evenly over the mount points, each of which is a disk of its own."""

    size: int
    mount_points: tuple[str, ...] = (DATA,)
    filesystem: str = "ext4"
    options: str = MOUNT_OPTIONS["ext4"]
    disk_class: int | None = None
    instance_size: int = 20

    @property
    def disk_size(self) -> int:
        """The size of each disk in GiB."""
        return self.size // len(self.mount_points)


@dataclass(frozen=True)
class Service:
    """A command of the life cycle. `nodes_to_execute_on` 0 means all nodes; `order` tells roles apart, equal ones run side by side."""

    cmd: str
    order: int = 0
    timeout: int = 600
    nodes_to_execute_on: int = 0
    pre_check: str = ""
    post_start_service: bool = False
    post_stop_service: bool = False
    allow_force: bool = True
    custom: bool = False
    service_params: Mapping[str, Any] = field(default_factory=dict)
    with_replica: bool = False
    event: tuple[str, ...] = ()


@dataclass(frozen=True)
class HealthCheck:
    """How a node's health is told; times in seconds."""

    enable: bool = False
    interval_sec: int = 60
    timeout_sec: int = 10
    action_timeout_sec: int = 30
    healthy_threshold: int = 3
    unhealthy_threshold: int = 3
    check_cmd: str = ""
    action_cmd: str = ""


@dataclass(frozen=True)
class MonitorItem:
    """One figure that a node tells of itself."""

    unit: str = ""
    value_type: str = "int"
    statistics_type: str = "avg"
    scale_factor_when_display: float = 1
    enums: tuple[str, ...] = ()


@dataclass(frozen=True)
class Monitor:
    """Which figures a command prints, and how they are drawn."""

    enable: bool = False
    cmd: str = ""
    items: Mapping[str, MonitorItem] = field(default_factory=dict)
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    display: tuple[str, ...] = ()
    alarm: tuple[str, ...] = ()


@dataclass(frozen=True)
class Tab:
    """A table on the instance's page that a command prints; no roles means all."""

    cmd: str
    roles_to_execute_on: tuple[str, ...] = ()
    description: str = ""
    timeout: int = 10


@dataclass(frozen=True)
class Endpoint:
    """What others may connect to. `reference` is the parameter that the port follows, if it follows one."""

    port: int
    protocol: str = ""
    reference: str = ""


@dataclass(frozen=True)
class Role:
    """A group of equal nodes. `env` is what they see: the cluster's parameters with the role's own laid over them. Memory in MiB."""

    name: str
    container: Container
    count: int
    replica: int = 0
    cpu: int = 0
    memory: int = 0
    gpu: int = 0
    volume: Volume | None = None
    services: Mapping[str, Service] = field(default_factory=dict)
    env: Mapping[str, Any] = field(default_factory=dict, repr=False)
    passphraseless: str = ""
    custom_metadata: str = ""
    health_check: HealthCheck | None = None
    monitor: Monitor | None = None
    server_id_upper_bound: int | None = None
    vertical_scaling_policy: str = "parallel"
    user_access: bool = False
    agent_installed: bool = True
    advanced_actions: tuple[str, ...] = ()
    loadbalancer: tuple[Mapping[str, Any], ...] = ()
    instance_type: str = ""
    instance_class: int | None = None
    gpu_class: int | None = None
    cpu_model: str = ""
    reserved_ips: Mapping[str, Any] = field(default_factory=dict)
    extra_quota: Mapping[str, Any] = field(default_factory=dict)
    eip_class: str = ""

    @property
    def replica_name(self) -> str:
        """The role of the followers."""
        return f"{self.name}{REPLICA}"

    @property
    def node_count(self) -> int:
        """How many nodes there are, followers included."""
        return self.count * (1 + self.replica)


@dataclass(frozen=True)
class Document:
    """The whole cluster."""

    name: str
    description: str
    subnet: str
    roles: tuple[Role, ...]
    env: Mapping[str, Any] = field(default_factory=dict, repr=False)
    endpoints: Mapping[str, Endpoint] = field(default_factory=dict)
    links: Mapping[str, str] = field(default_factory=dict)
    advanced_actions: tuple[str, ...] = ()
    incremental_backup_supported: bool = False
    backup_policy: str = ""
    upgrade_policy: tuple[str, ...] = ()
    upgrading_policy: str = "parallel"
    reserved_ips: Mapping[str, Any] = field(default_factory=dict)
    metadata_root_access: bool = False
    display_tabs: Mapping[str, Tab] = field(default_factory=dict)
    global_uuid: str = ""
    exclude_node_columns: tuple[str, ...] = ()

    @property
    def node_count(self) -> int:
        """How many nodes there are in all."""
        return sum(role.node_count for role in self.roles)

    @property
    def cpu(self) -> int:
        """Cores of all nodes."""
        return sum(role.node_count * role.cpu for role in self.roles)

    @property
    def memory(self) -> int:
        """Memory of all nodes in MiB."""
        return sum(role.node_count * role.memory for role in self.roles)

    @property
    def storage(self) -> int:
        """Data disks of all nodes in GiB."""
        return sum(role.node_count * role.volume.size for role in self.roles if role.volume)
