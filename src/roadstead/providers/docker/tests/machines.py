"""A small agent, and machines that run it."""

import io
import secrets
import time
import urllib.request
import zipfile
from dataclasses import replace

from roadstead.runtimes.sdk import Boot, DiskSpec, MachineSpec, NetworkSpec, PortWish
from tests.testbeds.docker.engine import MACHINE

SECONDS = 60
# Several workers of a run share the engine.
RUN = secrets.token_hex(3)
LABELS = {"roadstead.installation": f"inst-{RUN}", "roadstead.cluster": f"cl-{RUN}"}
AGENT = """
import http.server, json, os, signal, sys
signal.signal(signal.SIGTERM, lambda *_words: sys.exit(0))
with open("/opt/roadstead/state/runs", "a") as runs:
    runs.write("x")

class Told(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        facts = {
            "boot": json.load(open("/opt/roadstead/boot.json")),
            "runs": len(open("/opt/roadstead/state/runs").read()),
            "user": os.getuid(),
            "no_new_privileges": "NoNewPrivs:\\t1" in open("/proc/self/status").read(),
            "data": sorted(os.listdir("/data")) if os.path.isdir("/data") else None,
            "mode": oct(os.stat("/opt/roadstead/boot.json").st_mode)[-3:],
            "name": os.uname().nodename,
        }
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(facts).encode())

print("agent is here", flush=True)
http.server.HTTPServer(("0.0.0.0", 80), Told).serve_forever()
"""


def agent() -> bytes:
    """Return the agent as one file for a Python: it tells what it sees on port 80."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("__main__.py", AGENT)
    return out.getvalue()


def boot() -> Boot:
    """Return what a machine of the tests starts with."""
    return Boot("node", agent(), b'{"agent": "agt-1", "token": "once"}')


def network(name: str) -> NetworkSpec:
    """Return a network's specification."""
    return NetworkSpec(token=f"net-{name}-{RUN}", name=f"rs-{name}-{RUN}", labels=LABELS)


def disk(name: str, size: int = 1) -> DiskSpec:
    """Return a disk's specification."""
    return DiskSpec(token=f"disk-{name}-{RUN}", name=f"cl-{RUN}_{name}", size=size, labels=LABELS)


def machine(name: str, *, port: int = 0, disks: tuple[DiskSpec, ...] = ()) -> MachineSpec:
    """Return a machine's specification, in the network of its name."""
    made = MachineSpec(
        token=f"machine-{name}-{RUN}",
        name=f"cl-{RUN}_{name}_web",
        image=MACHINE,
        cpu=1,
        memory=128,
        network=f"rs-{name}-{RUN}",
        boot=boot(),
        hostname=name,
        disks=disks,
        labels=LABELS,
    )
    return replace(made, ports=(PortWish(80, prefer=port),)) if port else made


def page(port: int) -> str:
    """Return what the agent tells, as soon as it does."""
    deadline = time.monotonic() + SECONDS
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=10) as answer:
                return str(answer.read().decode())
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
