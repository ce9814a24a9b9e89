"""From the platform to a node and back, all real processes."""

from pathlib import Path

import pytest

from roadstead.agents.tests.conftest import Fleet, fleet_in
from roadstead.agents.tests.machines import until


@pytest.mark.parametrize("over_tcp", [False, True])
def test_a_command_is_run_and_its_end_is_told(tmp_path: Path, over_tcp: bool) -> None:
    """Through the socket of this machine's own engine, and over the network."""
    with fleet_in(tmp_path, over_tcp=over_tcp) as fleet:
        done = fleet.run("t-1", "echo hello; echo trouble >&2")
        assert (done["state"], done["exit_code"], done["output"]) == ("done", 0, "hello\ntrouble\n")
        told = fleet.platform.ask("agent", agent=fleet.node_id)
        assert [step["step"] for step in told["boot"]] == ["enrolled"]
        assert told["facts"]["resident_kib"] > 0
        assert told["version"]
        secrets = [(machine.folder / "state/identity.json").read_text() for machine in (fleet.node, fleet.frontgate)]
        consoles = fleet.node.said() + fleet.frontgate.said() + (fleet.platform.folder / "log").read_text()
        assert '"secret"' in secrets[0]
        assert not [word for text in secrets for word in text.split('"') if len(word) == 64 and word in consoles]


@pytest.mark.parametrize(
    ("command", "state", "code", "output"),
    [
        ("exit 3", "failed", 3, ""),
        ("kill -9 $$", "failed", 137, None),
        ("no-such-program", "failed", 127, None),
        ("printf '\\377\\000ok'", "done", 0, "\ufffdok"),
        ("echo $0; echo '$(uname)' \"`echo two`\"", "done", 0, "/bin/sh\n$(uname) two\n"),
        ('read line; echo "got [$line]"', "done", 0, "got []\n"),
    ],
)
def test_exit_codes_and_output_are_the_command_s_own(fleet: Fleet, command: str, state: str, code: int, output: str | None) -> None:
    done = fleet.run(f"t-code-{abs(hash(command))}", command)
    assert (done["state"], done["exit_code"]) == (state, code)
    assert output is None or done["output"] == output


def test_the_last_64_kib_are_kept(fleet: Fleet) -> None:
    done = fleet.run("t-long", "seq 1 100000")
    assert len(done["output"].encode()) <= 64 * 1024
    assert done["output"].startswith("…\n")
    assert done["output"].endswith("\n99999\n100000\n")


def test_a_command_that_hangs_is_ended_with_all_that_it_began(fleet: Fleet) -> None:
    mark = fleet.folder / "children"
    done = fleet.run("t-hang", f"echo before; (sleep 300 & echo $! > {mark}; wait) & wait", timeout=1)
    assert (done["state"], done["exit_code"], done["output"]) == ("timed_out", 124, "before\n")
    child = mark.read_text().strip()
    until(lambda: not Path(f"/proc/{child}/cmdline").exists() or not Path(f"/proc/{child}/cmdline").read_bytes(), "the child to end")


def test_what_a_service_leaves_running_goes_on(fleet: Fleet) -> None:
    """Also when it holds the pipe: the service has ended when its shell has."""
    mark = fleet.folder / "daemon"
    done = fleet.run("t-daemon", f"sleep 300 & echo $! > {mark}; echo started")
    assert (done["state"], done["output"]) == ("done", "started\n")
    assert b"sleep" in Path(f"/proc/{mark.read_text().strip()}/cmdline").read_bytes()
    fleet.run("t-daemon-end", f"kill $(cat {mark})")


def test_what_it_says_is_heard_while_it_runs(fleet: Fleet) -> None:
    go = fleet.folder / "go"
    fleet.platform.ask(
        "order", agent=fleet.node_id, token="t-live", params={"cmd": f"echo first; while [ ! -e {go} ]; do sleep 0.1; done; echo last"}
    )
    seen = until(lambda: (now := fleet.platform.ask("command", token="t-live"))["output"] and now, "the first line")
    assert (seen["state"], seen["output"]) == ("running", "first\n")
    go.touch()
    assert fleet.platform.ended("t-live")["output"] == "first\nlast\n"


def test_ordered_again_it_is_the_same_command(fleet: Fleet) -> None:
    ledger = fleet.folder / "again"
    order = {"agent": fleet.node_id, "token": "t-again", "params": {"cmd": f"echo once >> {ledger}"}}
    first = fleet.platform.ask("order", **order)
    fleet.platform.ended("t-again")
    assert fleet.platform.ask("order", **order) == first
    fleet.run("t-after", "true")
    assert ledger.read_text() == "once\n"


def test_one_at_a_time_in_order(fleet: Fleet) -> None:
    ledger = fleet.folder / "order"
    for number in range(4):
        command = f"echo in {number} >> {ledger}; sleep 0.2; echo out {number} >> {ledger}"
        fleet.platform.ask("order", agent=fleet.node_id, token=f"t-order-{number}", params={"cmd": command})
    fleet.platform.ended("t-order-3")
    assert ledger.read_text().splitlines() == [f"{way} {number}" for number in range(4) for way in ("in", "out")]


def test_what_nobody_waits_for_is_ended_or_never_begun(fleet: Fleet) -> None:
    begun, never = fleet.folder / "begun", fleet.folder / "never"
    fleet.platform.ask("order", agent=fleet.node_id, token="t-stop", params={"cmd": f"touch {begun}; exec sleep 300"})
    fleet.platform.ask("order", agent=fleet.node_id, token="t-never", params={"cmd": f"touch {never}"})
    until(begun.exists, "the command to begin")
    fleet.platform.ask("withdraw", token="t-never")
    fleet.platform.ask("withdraw", token="t-stop")
    ended = fleet.platform.ended("t-stop")
    assert (ended["state"], ended["result"]) == ("failed", {"problem": "withdrawn"})
    assert fleet.platform.ended("t-never")["result"] == {"problem": "withdrawn"}
    assert fleet.run("t-next", "echo next")["output"] == "next\n"
    assert not never.exists()


def test_the_end_of_a_command_wakes_the_step_that_waits(fleet: Fleet) -> None:
    """Each step would wait for thirty seconds, and all of them longer than anybody waits here."""
    job = fleet.platform.ask("job", targets=[fleet.node_id] * 6, cmd="sleep 0.2")
    status = until(lambda: (now := fleet.platform.ask("job_status", job=job))["status"] not in {"pending", "working"} and now, "the job")
    assert (status["status"], status["done"], status["error"]) == ("successful", 6, None)
    broken = fleet.platform.ask("job", targets=[fleet.node_id], cmd="exit 1")
    until(lambda: fleet.platform.ask("job_status", job=broken)["status"] == "failed", "the job to fail")


def test_an_unknown_verb_is_an_answer(fleet: Fleet) -> None:
    done = fleet.run("t-verb", "", verb="dance")
    assert (done["state"], done["result"]) == ("failed", {"problem": "unknown_verb"})
