"""From the platform to a node and back, all real processes over the real socket."""

from roadstead.agents.tests.conftest import Fleet


def test_a_command_is_run_and_its_end_is_told(fleet: Fleet) -> None:
    fleet.connected(fleet.node_id)
    done = fleet.run("t-1", "echo hello; echo trouble >&2")
    assert (done["state"], done["exit_code"], done["output"]) == ("done", 0, "hello\ntrouble\n")
    failed = fleet.run("t-2", "echo no; exit 3")
    assert (failed["state"], failed["exit_code"], failed["output"]) == ("failed", 3, "no\n")
