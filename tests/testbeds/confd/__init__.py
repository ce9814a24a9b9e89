"""The original confd, built once from its module: what reads our metadata as existing packages do.

Its backend for Rancher's metadata reads JSON over HTTP, as that of the format family's service does; that one was never in a release.
"""

import hashlib
import json
import platform
import shutil
from pathlib import Path

from tests.testbeds.kubernetes.build import cache, go, locked, whole

MODULE = "github.com/kelseyhightower/confd@v0.16.0"
HERE = Path(__file__).parent
BACKENDS = ("consul", "dynamodb", "env", "etcd", "file", "redis", "ssm", "vault", "zookeeper")


def build() -> Path:
    """Return the command, built when it is missing: cold it takes a minute of processor time. Raises `CannotBuild`."""
    recipe = hashlib.sha256(b"".join((HERE / name).read_bytes() for name in ("backends.go", "confd.mod"))).hexdigest()[:8]
    made = cache() / f"confd-{MODULE.rpartition('@v')[2]}-{platform.system().lower()}-{platform.machine()}-{recipe}" / "confd"
    if not made.exists():
        with locked(cache() / f"{made.parent.name}.lock"):
            made.parent.mkdir(parents=True, exist_ok=True)
            if not made.exists():
                whole(_build, made)
    return made


def _build(work: Path) -> Path:
    origin = Path(json.loads(go("mod", "download", "-json", MODULE, cwd=Path("/")))["Dir"])
    source = work / "source"
    shutil.copytree(origin, source, ignore=lambda _folder, names: [name for name in names if name.endswith("_test.go")])
    for folder in (source, *(path for path in source.rglob("*") if path.is_dir())):
        folder.chmod(0o755)
    for name in BACKENDS:
        shutil.rmtree(source / "backends" / name)
    for name, target in (("backends.go", "backends/client.go"), ("confd.mod", "go.mod")):
        (source / target).unlink(missing_ok=True)
        shutil.copy(HERE / name, source / target)
    go("build", "-mod=mod", "-p", "2", "-trimpath", "-o", str(work / "confd"), ".", cwd=source)
    return work / "confd"
