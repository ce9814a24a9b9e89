"""A machine whose image has no Python: the agent brings its own and does all that it does elsewhere."""

from roadstead.runtimes.sdk import FrozenAgent
from tests.machines.conftest import Harbour
from tests.testbeds.docker.engine import BASE

ROOT = "/clusters/cl-bare"
LARGEST_KIB, LARGEST_BYTES = 45 * 1024, 20 * 2**20
IMAGE = """
mkdir -p /etc/confd/conf.d /etc/confd/templates
cat > /etc/confd/conf.d/app.toml <<'END'
[template]
src = "app.tmpl"
dest = "/srv/app.conf"
keys = ["/host", "/env"]
reload_cmd = "cp /srv/app.conf /srv/reloaded"
END
echo '{{ getv "/host/ip" }} {{ getv "/env/word" }}{{ range $i := seq 1 3 }} {{ $i }}{{ end }}' > /etc/confd/templates/app.tmpl
"""


def test_it_enrols_renders_templates_and_runs_services(harbour: Harbour, frozen_agent: FrozenAgent) -> None:
    agent, machine = harbour.node("bare", BASE, frozen_agent)
    harbour.connected(agent)
    no_python = harbour.done(agent, "b-1", "command -v python3; tr '\\0' ' ' < /proc/1/cmdline; env | grep -E '^(LD_|_PYI_)'; exit 7")
    assert (no_python["exit_code"], no_python["output"]) == (7, "/opt/roadstead/agent/roadstead-agent run ")

    assert harbour.done(agent, "b-2", IMAGE)["state"] == "done"
    tree = {"hosts/web/bare/ip": machine.address, "env/web/word": "quay"}
    nodes = {agent: {"self": {"host": f"{ROOT}/hosts/web/bare", "env": f"{ROOT}/env/web"}}}
    harbour.platform.ask("publish", frontgate_id=harbour.gate_id, cluster_id="cl-bare", tree=tree, nodes=nodes, token="b-tree")
    assert harbour.platform.ended("b-tree")["state"] == "done"
    rendered = harbour.done(agent, "b-3", verb="templates", params={"running": True})
    assert (rendered["state"], rendered["output"]) == ("done", "")
    seen = harbour.done(agent, "b-4", "cat /srv/app.conf /srv/reloaded; echo oops >&2; exit 3")
    assert (seen["state"], seen["exit_code"], seen["output"]) == ("failed", 3, f"{machine.address} quay 1 2 3\n" * 2 + "oops\n")


def test_it_is_there_again_after_a_restart(harbour: Harbour, frozen_agent: FrozenAgent) -> None:
    agent, machine = harbour.node("again", BASE, frozen_agent)
    harbour.connected(agent)
    started = {"cmd": "echo once >> /srv/started", "name": "start"}
    assert harbour.done(agent, "r-1", params=started)["state"] == "done"
    spec = harbour.spec("again", BASE, harbour.boot_of(agent, frozen_agent))
    harbour.provider.stop_machine(harbour.place, spec, seconds=10)
    assert harbour.provider.start_machine(harbour.place, spec).id == machine.id
    # What it started last it starts again by itself.
    seen = harbour.done(agent, "r-2", "until [ $(wc -l < /srv/started) = 2 ]; do sleep 0.1; done; cat /srv/started")
    assert seen["output"] == "once\n" * 2


def test_it_is_small(harbour: Harbour, frozen_agent: FrozenAgent) -> None:
    assert frozen_agent.archive.stat().st_size < LARGEST_BYTES
    agent, _machine = harbour.node("small", BASE, frozen_agent)
    harbour.connected(agent)
    told = harbour.done(agent, "s-1", "grep -h VmRSS /proc/1/status /proc/$PPID/status | tr -dc '0-9\\n'")
    kib = [int(line) for line in told["output"].split()]
    assert len(kib) == 2
    assert max(kib) < LARGEST_KIB
