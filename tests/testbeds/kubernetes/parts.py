"""The command line of each part of the control plane, in the order in which they start."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from tests.ports import free_ports

Part = tuple[str, list[str]]


@dataclass(frozen=True)
class Ports:
    """The loopback ports of one control plane."""

    server: int
    etcd: int
    peer: int

    @classmethod
    def free(cls) -> Self:
        """Return ports that nobody listens on."""
        return cls(*free_ports(3))


def parts_of_the_server(folder: Path, ports: Ports, address: str) -> list[Part]:
    """Return etcd and the API server, which needs it."""
    client, peer = f"http://127.0.0.1:{ports.etcd}", f"http://127.0.0.1:{ports.peer}"
    etcd = {
        "name": "testbed",
        "data-dir": "etcd",
        "unsafe-no-fsync": "true",  # it lives for minutes
        "log-level": "warn",
        "listen-client-urls": client,
        "advertise-client-urls": client,
        "listen-peer-urls": peer,
        "initial-advertise-peer-urls": peer,
        "initial-cluster": f"testbed={peer}",
    }
    certs = folder / "certs"
    server = {
        "etcd-servers": client,
        "bind-address": address,
        "advertise-address": address,
        "secure-port": ports.server,
        "endpoint-reconciler-type": "none",
        "tls-cert-file": certs / "apiserver.crt",
        "tls-private-key-file": certs / "apiserver.key",
        "client-ca-file": certs / "ca.crt",
        "kubelet-client-certificate": certs / "kubelet-client.crt",
        "kubelet-client-key": certs / "kubelet-client.key",
        "kubelet-preferred-address-types": "InternalIP",
        "service-cluster-ip-range": "10.96.0.0/16",
        "allow-privileged": "true",
        "authorization-mode": "Node,RBAC",
        "token-auth-file": certs / "tokens.csv",
        "service-account-issuer": "https://kubernetes.default.svc",
        "service-account-key-file": certs / "sa.pub",
        "service-account-signing-key-file": certs / "sa.key",
    }
    return [_part("etcd", etcd), _part("kube-apiserver", server)]


def parts_after_the_server(folder: Path) -> list[Part]:
    """Return the parts that end when no server answers them."""
    certs = folder / "certs"
    alone = {"kubeconfig": folder / "kubeconfig", "secure-port": "0", "leader-elect": "false"}
    controllers = {
        "service-account-private-key-file": certs / "sa.key",
        "root-ca-file": certs / "ca.crt",
        "cluster-signing-cert-file": certs / "ca.crt",
        "cluster-signing-key-file": certs / "ca.key",
        "enable-hostpath-provisioner": "true",
    }
    return [_part("kube-controller-manager", {**alone, **controllers}), _part("kube-scheduler", alone)]


def _part(name: str, flags: Mapping[str, object]) -> Part:
    return name, [name, *(f"--{flag}={value}" for flag, value in flags.items())]
