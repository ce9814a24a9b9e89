"""Builds the testbed's programs from Go modules, once, into a cache folder that all checkouts share."""

import fcntl
import hashlib
import json
import os
import platform
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

KUBERNETES = "37.2"  # v1.37.2; its published parts are v0.37.2
KWOK = "v0.8.0"
HELM = "v4.3.1"
SOURCE = Path(__file__).with_name("control-plane") / "main.go"
STAGES = ("node/fast", "node/heartbeat-with-lease", "pod/fast")
STAMP = "k8s.io/component-base/version"


class CannotBuild(Exception):
    """The programs cannot be had here; the message is one line that says why."""


@dataclass(frozen=True)
class Programs:
    """Where the built programs lie."""

    folder: Path

    @property
    def control_plane(self) -> Path:
        """Etcd, API server, controller manager, scheduler and kubectl."""
        return self.folder / "control-plane"

    @property
    def kwok(self) -> Path:
        """Pretends to be nodes."""
        return self.folder / "kwok"

    @property
    def stages(self) -> Path:
        """How kwok's nodes and pods come alive; kwok ships none built in."""
        return self.folder / "stages.yaml"

    @property
    def complete(self) -> bool:
        """Whether nothing is left to build."""
        return self.control_plane.exists() and self.kwok.exists() and self.stages.exists()


def cache() -> Path:
    """Return the folder that all versions share."""
    home = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(home) / "roadstead-testbed"


def version_key() -> str:
    """Return a name that changes whenever a rebuild would give other programs."""
    recipe = hashlib.sha256(SOURCE.read_bytes()).hexdigest()[:8]
    return f"kubernetes-1.{KUBERNETES}-kwok-{KWOK.removeprefix('v')}-{platform.system().lower()}-{platform.machine()}-{recipe}"


def programs() -> Programs:
    """Return where this version's programs are, or will be."""
    return Programs(cache() / version_key() / "bin")


def build() -> Programs:
    """Build what is missing; a second caller waits for the first. A cold build takes about 15 minutes of processor time and 3 GB."""
    made = programs()
    if made.complete:
        return made
    with locked(cache() / f"{version_key()}.lock"):
        made.folder.mkdir(parents=True, exist_ok=True)
        for target, make in ((made.control_plane, _build_control_plane), (made.kwok, _build_kwok), (made.stages, _collect_stages)):
            if not target.exists():
                whole(make, target)
    return made


def helm_command() -> Path:
    """Return where the official Helm command is, or will be: apart, because a new one needs no new Kubernetes."""
    return cache() / f"helm-{HELM.removeprefix('v')}-{platform.system().lower()}-{platform.machine()}" / "helm"


def build_helm() -> Path:
    """Build the official Helm command if it is missing; cold it takes about four minutes of processor time."""
    made = helm_command()
    if not made.exists():
        with locked(cache() / f"{made.parent.name}.lock"):
            made.parent.mkdir(parents=True, exist_ok=True)
            if not made.exists():
                whole(_build_helm, made)
    return made


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold a file lock; it falls with the process that holds it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def module_file(kubernetes: dict[str, Any], *others: str) -> str:
    """Return a go.mod that builds Kubernetes from outside: its staging folders are replaced by their published twins, v1.X by v0.X."""
    twins = [replaced["Old"]["Path"] for replaced in kubernetes["Replace"] if replaced["New"]["Path"].startswith("./staging/")]
    debug = [f"godebug {setting['Key']}={setting['Value']}" for setting in kubernetes.get("GoDebug") or ()]
    replace = [f"\t{path} => {path} v0.{KUBERNETES}" for path in twins]
    head = [
        "module roadstead.test/control-plane",
        f"go {kubernetes['Go']}",
        *debug,
        f"require k8s.io/kubernetes v1.{KUBERNETES}",
        *(f"require {other}" for other in others),
    ]
    return "\n".join([*head, "replace (", *replace, ")", ""])


def whole(make: Callable[[Path], Path], target: Path) -> None:
    """Make a file under another name and move it, so that a killed build leaves nothing that looks finished."""
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".making-") as work:
        make(Path(work)).replace(target)


def _build_control_plane(work: Path) -> Path:
    return build_with_kubernetes(SOURCE, work)


def build_with_kubernetes(source: Path, work: Path, *others: str) -> Path:
    """Build a `main.go` that is made of parts of Kubernetes, and of other modules; the binary bears the name of the source's folder."""
    name = source.parent.name
    kubernetes = json.loads(go("mod", "edit", "-json", str(_module(f"k8s.io/kubernetes@v1.{KUBERNETES}") / "go.mod"), cwd=work))
    shutil.copy(source, work)
    (work / "go.mod").write_text(module_file(kubernetes, *others))
    go("mod", "tidy", cwd=work)
    minor = KUBERNETES.partition(".")[0]
    stamps = {
        "gitVersion": f"v1.{KUBERNETES}",
        "gitMajor": "1",
        "gitMinor": minor,
        "gitTreeState": "clean",
        "buildDate": "2026-01-01T00:00:00Z",
    }
    flags = " ".join(["-s", "-w", *(f"-X {STAMP}.{name}={value}" for name, value in stamps.items())])
    go("build", "-p", "2", "-trimpath", "-ldflags", flags, "-o", name, ".", cwd=work)
    return work / name


def _build_kwok(work: Path) -> Path:
    go("install", "-p", "2", "-trimpath", "-ldflags", "-s -w", f"sigs.k8s.io/kwok/cmd/kwok@{KWOK}", cwd=work, GOBIN=str(work))
    return work / "kwok"


def _build_helm(work: Path) -> Path:
    flags = f"-s -w -X helm.sh/helm/v4/internal/version.version={HELM}"
    go("install", "-p", "2", "-trimpath", "-ldflags", flags, f"helm.sh/helm/v4/cmd/helm@{HELM}", cwd=work, GOBIN=str(work))
    return work / "helm"


def _collect_stages(work: Path) -> Path:
    stage = _module(f"sigs.k8s.io/kwok@{KWOK}") / "kustomize" / "stage"
    files = [file for folder in STAGES for file in sorted((stage / folder).glob("*.yaml")) if file.name != "kustomization.yaml"]
    collected = work / "stages.yaml"
    collected.write_text("\n---\n".join(file.read_text() for file in files))
    return collected


def _module(named: str) -> Path:
    """Return the folder of a Go module, downloaded when it is not there yet."""
    return Path(json.loads(go("mod", "download", "-json", named, cwd=Path("/")))["Dir"])


def go(*arguments: str, cwd: Path, **environment: str) -> str:
    """Run the go command and return what it printed. Raises `CannotBuild`."""
    command = shutil.which("go")
    if command is None:
        raise CannotBuild("the Kubernetes testbed is not built yet and there is no Go here to build it with (install Go 1.26 or newer)")
    settings = {**os.environ, "CGO_ENABLED": "0", "GOFLAGS": "-buildvcs=false", **environment}
    done = subprocess.run([command, *arguments], cwd=cwd, env=settings, capture_output=True, text=True, check=False)  # our own words
    if done.returncode:
        lines = done.stderr.strip().splitlines() or ["no output"]
        raise CannotBuild(f"go {arguments[0]} {arguments[1]} failed: {lines[-1]}")
    return done.stdout
