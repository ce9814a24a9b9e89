"""Somebody stops or deletes machines, frontgates and networks outside of the platform, and machines end by themselves."""

from typing import Any

from tests.trouble.conftest import MORNING, Harbour
from tests.trouble.person import Person, failed, went_well

LATE = "import time, os\nif not os.path.exists('/mended'): time.sleep(20)\n"
ENDS = "import os, sys\nif not os.path.exists('/mended'): print('no compass on board', flush=True); os._exit(3)\n"
# On the disk: a machine whose port somebody took meanwhile is made anew.
ONCE = "test -e /data/once && exit 0; touch /data/once; sleep 31536000"


def test_a_machine_that_ends_as_soon_as_it_begins_is_retried(harbour: Harbour, user: Person) -> None:
    instance = user.deploy("ends", image=harbour.image("ends", {MORNING: ENDS}))
    step = failed(user.ended(instance))
    assert step["problem"]["code"] == "machine_failed"
    assert "no compass on board" in step["output"]
    page = user.page(instance)
    assert "no compass on board" in page
    assert "Retry from this step" in page
    assert failed(user.does("retry", instance))["problem"]["code"] == "machine_failed"
    harbour.put(instance, "mended")
    assert went_well(user.does("retry", instance))
    assert went_well(user.does("delete", instance))
    assert harbour.left(instance) == []


def test_a_machine_stopped_or_deleted_before_it_spoke_is_begun_again(harbour: Harbour, user: Person) -> None:
    image = harbour.image("late", {MORNING: LATE})
    stopped, deleted = user.deploy("late-one", image=image), user.deploy("late-two", image=image, volume_size=1)
    user.at(stopped, "Wait for agent")
    harbour.stop(stopped)
    user.at(deleted, "Wait for agent")
    harbour.delete(deleted)
    for instance in (stopped, deleted):
        assert went_well(user.ended(instance))
        assert went_well(user.does("delete", instance))
        assert harbour.left(instance) == []


def test_a_machine_stopped_or_deleted_while_it_works_is_missed_soon(harbour: Harbour, user: Person) -> None:
    told: dict[str, Any] = {"init": ONCE, "timeout": 3_000, "volume_size": 1}
    stopped, deleted = user.deploy("stopped", **told), user.deploy("gone", **told)
    for instance in (stopped, deleted):
        user.at(instance, "Run service", "init")
        user.until(lambda: "once" in harbour.run(instance, "ls /data"))  # noqa: B023  # called at once
    harbour.stop(stopped)
    harbour.delete(deleted)
    step = failed(user.ended(stopped))
    assert step["problem"]["code"] == "machine_failed"
    assert "Retry starts it again" in step["problem"]["message"]
    step = failed(user.ended(deleted))
    assert step["problem"]["code"] == "machine_gone"
    assert "Give this up" in step["problem"]["message"]
    assert step["problem"]["message"] in user.page(deleted)
    assert went_well(user.does("retry", stopped))
    assert went_well(user.does("delete", stopped))
    user.does("give-up", deleted)
    assert user.instance(deleted)["status"] == "ceased"
    assert harbour.left(stopped) == harbour.left(deleted) == []


def test_what_was_deleted_while_an_instance_rests_is_made_anew_with_its_disk(harbour: Harbour, other: Person) -> None:
    instance = other.deploy("rests", volume_size=1, init="echo kept > /data/log", start="cp /data/log /log")
    assert went_well(other.ended(instance))
    network = harbour.network_of(instance)
    assert went_well(other.does("stop", instance))
    harbour.delete(instance)
    harbour.delete_gate(network, whole=True)
    assert went_well(other.does("start", instance))
    assert harbour.run(instance, "cat /log") == "kept\n"
    assert went_well(other.does("stop", instance))
    # This time the machine stays, in a network that is gone.
    harbour.delete_gate(network, whole=True)
    assert went_well(other.does("start", instance))
    harbour.delete(instance)
    harbour.delete_gate(network, whole=True)
    assert went_well(other.does("delete", instance))
    assert harbour.left(instance) == []
