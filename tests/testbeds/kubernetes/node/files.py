"""What the parts of a real node read: one function a file. All of it lies in the node's folder."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PODS = "10.244.0.0/24"
CHANGED_BY_KUBELET = {
    "vm/overcommit_memory": "1",
    "vm/panic_on_oom": "0",
    "kernel/panic": "10",
    "kernel/panic_on_oops": "1",
    "kernel/keys/root_maxkeys": "1000000",
    "kernel/keys/root_maxbytes": "25000000",
}


@dataclass(frozen=True)
class Place:
    """Where a node lives: its folder, its address as the host sees it, its group of processes, and the unpacked programs."""

    folder: Path
    address: str
    cgroup: str
    debian: Path
    pause: str

    @property
    def socket(self) -> str:
        """Where containerd is asked."""
        return f"{self.folder}/containerd.sock"


def write_all(place: Place, authority: Path) -> None:
    """Write every file of the node."""
    networks = place.folder / "networks"
    networks.mkdir()
    (networks / "pods.conflist").write_text(json.dumps(_pods_network(place), indent=2))
    (place.folder / "containerd.toml").write_text(_containerd(place))
    (place.folder / "kubelet.json").write_text(json.dumps(_kubelet(place, authority), indent=2))
    (place.folder / "proxy.json").write_text(json.dumps(_proxy(place), indent=2))
    (place.folder / "Corefile").write_text(_dns(place))


def volumes(place: Place, count: int = 4) -> str:
    """Return volumes that any user of a container can write, for kubectl: a kubelet changes no owner of a host's folder."""
    items = []
    for number in range(1, count + 1):
        folder = place.folder / "volumes" / str(number)
        folder.mkdir(parents=True)
        folder.chmod(0o777)
        items.append(_volume(f"real-{number}", folder))
    return json.dumps({"apiVersion": "v1", "kind": "List", "items": items})


def _volume(name: str, folder: Path) -> dict[str, Any]:
    return {
        "apiVersion": "v1",
        "kind": "PersistentVolume",
        "metadata": {"name": name},
        "spec": {
            "storageClassName": "real",
            "capacity": {"storage": "10Gi"},
            "accessModes": ["ReadWriteOnce"],
            "persistentVolumeReclaimPolicy": "Retain",
            "hostPath": {"path": str(folder)},
        },
    }


def _pods_network(place: Place) -> dict[str, Any]:
    addresses = {
        "type": "host-local",
        "dataDir": f"{place.folder}/addresses",
        "ranges": [[{"subnet": PODS}]],
        "routes": [{"dst": "0.0.0.0/0"}],
    }
    # A route for each pod, no bridge: all that goes from pod to pod passes the rules of the proxy.
    return {"cniVersion": "0.4.0", "name": "pods", "plugins": [{"type": "ptp", "ipMasq": False, "ipam": addresses}]}


def _containerd(place: Place) -> str:
    cri = 'plugins."io.containerd.grpc.v1.cri"'
    return f"""version = 2
root = "{place.folder}/containerd"
state = "{place.folder}/containerd-state"
[grpc]
address = "{place.socket}"
[{cri}]
sandbox_image = "{place.pause}"
restrict_oom_score_adj = true
disable_apparmor = true
disable_hugetlb_controller = true
tolerate_missing_hugetlb_controller = true
stream_server_address = "127.0.0.1"
[{cri}.containerd]
snapshotter = "overlayfs"
[{cri}.containerd.runtimes.runc]
runtime_type = "io.containerd.runc.v2"
[{cri}.containerd.runtimes.runc.options]
BinaryName = "{place.debian}/usr/sbin/runc"
[{cri}.cni]
bin_dir = "{place.debian}/usr/lib/cni"
conf_dir = "{place.folder}/networks"
"""


def _kubelet(place: Place, authority: Path) -> dict[str, Any]:
    return {
        "apiVersion": "kubelet.config.k8s.io/v1beta1",
        "kind": "KubeletConfiguration",
        "address": place.address,
        "authentication": {"anonymous": {"enabled": False}, "webhook": {"enabled": True}, "x509": {"clientCAFile": str(authority)}},
        "authorization": {"mode": "Webhook"},
        "cgroupDriver": "cgroupfs",
        "cgroupRoot": place.cgroup,
        "clusterDNS": [place.address],
        "clusterDomain": "cluster.local",
        "containerRuntimeEndpoint": f"unix://{place.socket}",
        "enforceNodeAllocatable": [],
        "evictionHard": {"memory.available": "100Mi"},
        "failCgroupV1": False,
        "failSwapOn": False,
        "healthzPort": 0,
        "imageGCHighThresholdPercent": 100,
        "oomScoreAdj": 0,
        "podLogsDir": f"{place.folder}/logs",
        "readOnlyPort": 0,
        "resolvConf": "/etc/resolv.conf",
    }


def _proxy(place: Place) -> dict[str, Any]:
    return {
        "apiVersion": "kubeproxy.config.k8s.io/v1alpha1",
        "kind": "KubeProxyConfiguration",
        "mode": "nftables",
        "clientConnection": {"kubeconfig": f"{place.folder}/kubeconfig"},
        "clusterCIDR": PODS,
        "hostnameOverride": "real-1",
        "healthzBindAddress": "127.0.0.1:10256",
        "metricsBindAddress": "127.0.0.1:10249",
        # The count of connections belongs to the whole kernel: leave it.
        "conntrack": {"maxPerCore": 0, "min": 0, "tcpEstablishedTimeout": "0s", "tcpCloseWaitTimeout": "0s"},
    }


def _dns(place: Place) -> str:
    # On every address: nobody else is in this network.
    return f""".:53 {{
    errors
    kubernetes cluster.local {{
        kubeconfig {place.folder}/kubeconfig
    }}
}}
"""
