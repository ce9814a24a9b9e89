"""Services that fail, hang, or end what they should keep."""

from pathlib import Path

from tests.commands.program import Program
from tests.trouble.conftest import Harbour
from tests.trouble.person import Person, failed, went_well


def test_a_failing_service_shows_its_exit_code_and_output_and_is_retried(harbour: Harbour, user: Person, tmp_path: Path) -> None:
    instance = user.deploy("fails", start="echo cannot find the tide table; test -e /mended || exit 7; " + "true")
    step = failed(user.ended(instance))
    assert (step["title"], step["target"]) == ("Run service", "web 1 · start")
    assert step["output"].strip() == "cannot find the tide table"
    assert "exit code 7" in step["problem"]["message"]
    page = user.page(instance)
    assert "exit code 7" in page
    assert "cannot find the tide table" in page
    assert "Retry from this step" in page
    shown = Program(tmp_path, {"ROADSTEAD_URL": user.url, "ROADSTEAD_TOKEN": user.token})("instance", "show", instance).out
    assert "exit code 7" in shown
    assert "    cannot find the tide table\n" in shown
    assert f"roadstead job retry {user.instance(instance)['job']}" in shown
    assert failed(user.does("retry", instance))["problem"]["code"] == "service_failed"
    assert user.instance(instance)["problem"]["code"] == "service_failed"
    harbour.run(instance, "touch /mended")
    assert went_well(user.does("retry", instance))
    assert user.instance(instance)["status"] == "active"
    assert went_well(user.does("delete", instance))
    assert harbour.left(instance) == []


def test_a_hanging_service_is_ended_with_its_output_kept(harbour: Harbour, user: Person) -> None:
    instance = user.deploy("hangs", start="echo waiting for high tide; test -e /mended || sleep 31536000", timeout=8)
    assert user.until(lambda: _said(user, instance)) == "waiting for high tide"
    step = failed(user.ended(instance))
    assert step["problem"]["code"] == "service_timed_out"
    assert step["output"].strip() == "waiting for high tide"
    assert "31536000" not in harbour.run(instance, "cat /proc/[0-9]*/cmdline | tr '\\0' ' '")
    page = user.page(instance)
    assert step["problem"]["message"] in page
    assert "Retry from this step" in page
    harbour.run(instance, "touch /mended")
    assert went_well(user.does("retry", instance))
    assert went_well(user.does("delete", instance))
    assert harbour.left(instance) == []


def test_a_failing_stop_keeps_nothing_from_stopping(harbour: Harbour, user: Person) -> None:
    instance = user.deploy("stubborn", stop="echo no way; exit 9")
    assert went_well(user.ended(instance))
    job = user.does("stop", instance)
    assert job["status"] == "successful"
    step = next(step for step in job["steps"] if step["status"] == "failed")
    assert "exit code 9" in step["problem"]["message"]
    assert step["output"].strip() == "no way"
    assert user.instance(instance)["status"] == "stopped"
    assert went_well(user.does("delete", instance))
    assert harbour.left(instance) == []


def test_a_failed_creation_that_is_cleaned_up_still_tells_why(harbour: Harbour, user: Person) -> None:
    instance = user.deploy("cleaned", keep=False, start="echo bad weather; exit 5")
    job = user.ended(instance)
    step = failed(job)
    assert step["output"].strip() == "bad weather"
    assert user.instance(instance)["status"] == "ceased"
    assert "exit code 5" in user.page(instance)
    assert harbour.left(instance) == []
    again = user.deploy("cleaned")
    assert went_well(user.ended(again))
    assert went_well(user.does("delete", again))


def _said(user: Person, instance: str) -> str:
    """Return what the service that is started has said so far; on a busy machine it may have been ended by now."""
    steps = user.job(instance)["steps"]
    return "".join(step["output"] for step in steps if step["target"].endswith("start")).strip()
