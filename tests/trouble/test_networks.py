"""Networks are taken away: from a machine that runs, from all of them, and in the middle of a creation."""

from functools import partial

import pytest

from tests.testbeds.docker import Engine
from tests.trouble.conftest import Harbour
from tests.trouble.person import Person, failed, went_well
from tests.trouble.trap import FRONTGATE_MADE, MACHINE_MADE, STARTED, trapped

LEAVES = "echo moored >> /data/log"
CUT_OFF = "isn't connected to its network %s any more"


# It waits until the agent counts as silent.
@pytest.mark.long
def test_a_machine_taken_out_of_its_network_says_so_and_is_connected_again(harbour: Harbour, user: Person) -> None:
    instance = user.deploy("adrift", volume_size=1, stop=LEAVES, timeout=280)
    assert went_well(user.ended(instance))
    words = CUT_OFF % harbour.network_of(instance)
    harbour.cut_off(instance)
    assert user.until(lambda: words in " ".join(user.machine(instance)["problems"]))
    assert words in user.page(instance)
    assert "Stop the instance and start it" in user.page(instance, "machines")
    assert user.until(lambda: user.machine(instance)["agent"] == "silent")
    # Stopping connects it first: its service ends its work as ever.
    job = user.does("stop", instance)
    assert went_well(job)
    assert [step["status"] for step in job["steps"] if step["title"] == "Run service"] == ["successful"]
    assert went_well(user.does("start", instance))
    assert harbour.run(instance, "cat /data/log") == "moored\n"
    assert user.machine(instance)["problems"] == []
    assert went_well(user.does("delete", instance))
    assert harbour.left(instance) == []


# It waits until a machine is missed that was cut off on the way.
@pytest.mark.long
def test_a_network_that_goes_in_the_middle_of_a_creation_is_made_again(harbour: Harbour, third: Person, engine: Engine) -> None:
    # The frontgate's turn, this person's first: the network is all that there is by then.
    with trapped(engine.path, FRONTGATE_MADE, harbour.drain_all) as trap:
        instance = third.deploy("stranded")
        assert went_well(third.ended(instance))
    assert trap.sprung == 1
    network = harbour.network_of(instance)
    # The machine's turn: the frontgate and another machine run in the network that goes.
    with trapped(engine.path, MACHINE_MADE, partial(harbour.drain, network)) as trap:
        second = third.deploy("stranded-too", volume_size=1)
        assert went_well(third.ended(second))
    assert trap.sprung == 1
    assert harbour.networks(network) == [network]
    assert CUT_OFF % network in " ".join(third.machine(instance)["problems"])
    assert CUT_OFF % network in third.page(instance)
    assert went_well(third.does("stop", instance), third.does("start", instance))
    assert third.machine(instance)["problems"] == []
    for one in (second, instance):
        assert went_well(third.does("delete", one))
        assert harbour.left(one) == []


def test_a_network_that_goes_again_and_again_is_named(harbour: Harbour, third: Person, engine: Engine) -> None:
    first = third.deploy("ashore")
    assert went_well(third.ended(first))
    network = harbour.network_of(first)
    assert went_well(third.does("delete", first))
    with trapped(engine.path, STARTED, partial(harbour.drain, network), times=10):
        instance = third.deploy("aground", volume_size=1)
        step = failed(third.ended(instance))
    assert (step["title"], step["problem"]["code"]) == ("Create machine", "docker_network_gone")
    assert f"The network {network} isn't there any more" in step["problem"]["message"]
    assert "Retry makes" in step["problem"]["message"]
    assert step["problem"]["message"] in third.page(instance)
    assert went_well(third.does("retry", instance))
    assert harbour.networks(network) == [network]
    assert went_well(third.does("delete", instance))
    assert harbour.left(instance) == []
