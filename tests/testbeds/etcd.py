"""A real etcd of Debian's packages, with TLS, as a frontgate runs it."""

import os
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from roadstead_agent.etcd import Etcd
from roadstead_agent.store import Store, Tls
from tests.ports import free_ports
from tests.testbeds.debian import Unpacked, unpacked
from tests.testbeds.kubernetes.certificates import LOOPBACK, Authority, pem

PACKAGES = ("etcd-client", "etcd-server")


def programs() -> Unpacked:
    """Return etcd and etcdctl, fetched once. Raises `CannotBuild`."""
    return unpacked(PACKAGES)


@dataclass
class Frontgate:
    """A folder with certificates and a store in it, on this machine's loopback."""

    folder: Path
    programs: Unpacked
    said: list[str] = field(default_factory=list)
    clients: list[Etcd] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        authority = Authority.make()
        (self.folder / "ca.crt").write_bytes(pem(authority.certificate))
        authority.issue(self.folder, "etcd", "frontgate", serving=[LOOPBACK])
        self.address = f"{LOOPBACK}:{free_ports(1)[0]}"
        self.store = self.again()

    @property
    def url(self) -> str:
        """Where nodes reach it."""
        return f"https://{self.address}"

    @property
    def ca(self) -> str:
        """The file with the authority that signed its certificate."""
        return str(self.folder / "ca.crt")

    def again(self) -> Store:
        """Return the store as an agent that was started again has it: with what is on the disk, and nothing in memory."""
        tls = Tls(str(self.folder / "etcd.crt"), str(self.folder / "etcd.key"), self.ca)
        program = str(self.programs.root / "usr/bin/etcd")
        self.store = Store(self.folder / "store", self.address, tls, program=program, log=self.said.append)
        return self.store

    def abandon(self) -> None:
        """Leave an etcd behind as an agent does that is killed."""
        left = self.store
        left._process._stopping.set()  # there is no door for being killed
        left.close()

    def client(self, user: str, password: str | None = None) -> Etcd:
        """Return what speaks as one of the store's users, closed with the frontgate."""
        self.clients.append(Etcd(self.url, user, self.store.user_for(user) if password is None else password, self.ca))
        return self.clients[-1]

    def close(self) -> None:
        """End everything."""
        for client in self.clients:
            client.close()
        self.store.stop()

    def etcdctl(self, user: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run etcd's own command as one of the store's users."""
        command = [str(self.programs.root / "usr/bin/etcdctl"), "--endpoints", self.url, "--cacert", self.ca]
        return subprocess.run(
            [*command, "--user", f"{user}:{self.store.user_for(user)}", *arguments],
            env={**os.environ, "ETCDCTL_API": "3"},
            capture_output=True,
            text=True,
            check=False,
        )
