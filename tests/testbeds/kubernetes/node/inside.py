"""`python -m …node.inside FOLDER`: the first process of a real node, in mounts, network and process ids of its own.

It starts the parts and ends with the first of them; the kernel then ends all the rest, pods too.
"""

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from tests.testbeds.kubernetes.node.files import CHANGED_BY_KUBELET

# Places that containerd and the kubelet take for granted: empty ones of the node's own.
OWN_PLACES = ("/run/netns", "/run/containerd", "/var/lib/cni", "/var/lib/kubelet", "/var/log/containers")


def main(folder: Path) -> int:
    """Wait until the outside has laid the network and the files, then be the node."""
    while not (folder / "go").exists():
        time.sleep(0.05)
    told = json.loads((folder / "go").read_text())
    _mounts(folder)
    Path("/proc/sys/net/ipv4/ip_forward").write_text("1")
    socket, node = told["socket"], told["node"]
    _start(folder, "containerd", ["containerd", "--config", f"{folder}/containerd.toml"])
    while _call("ctr", "--address", socket, "version"):
        time.sleep(0.1)
    for archive in told["archives"]:
        _must("ctr", "--address", socket, "--namespace", "k8s.io", "images", "import", archive)
    _start(folder, "coredns", [node, "coredns", "-conf", f"{folder}/Corefile"])
    _start(folder, "kube-proxy", [node, "kube-proxy", "--config", f"{folder}/proxy.json"])
    _start(folder, "kubelet", [node, "kubelet", *told["kubelet"]])
    return _until_a_part_ends()


def _mounts(folder: Path) -> None:
    for path, value in CHANGED_BY_KUBELET.items():
        # The kubelet wants these of the kernel; here it believes to have got them, and the machine's stay as they are.
        believed = folder / "believed" / path
        believed.parent.mkdir(parents=True, exist_ok=True)
        believed.write_text(value)
        if Path("/proc/sys", path).exists():
            _must("mount", "--bind", believed, f"/proc/sys/{path}")
    for place in OWN_PLACES:
        Path(place).mkdir(parents=True, exist_ok=True)
        _must("mount", "-t", "tmpfs", "none", place)
    _must("mount", "--bind", folder, folder)
    _must("mount", "--make-rshared", folder)


def _must(*words: str | Path) -> None:
    code = _call(*words)
    if code:
        raise RuntimeError(f"{' '.join(map(str, words))}: exit code {code}")


def _call(*words: str | Path) -> int:
    program = shutil.which(words[0]) or str(words[0])
    return subprocess.run([program, *words[1:]], check=False).returncode  # our own words


PARTS: dict[int, str] = {}


def _start(folder: Path, name: str, command: list[str]) -> None:
    with (folder / "log" / f"{name}.log").open("wb") as log:
        PARTS[subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=folder).pid] = name


def _until_a_part_ends() -> int:
    """Wait for all that ends here: the first process of a tree also buries the orphans of others."""
    while True:
        ended, _status = os.wait()
        if ended in PARTS:
            sys.stderr.write(f"{PARTS[ended]} ended\n")
            return 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
