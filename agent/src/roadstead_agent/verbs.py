"""What can be ordered of a node."""

from __future__ import annotations

from typing import Callable

from roadstead_agent import disks, keys
from roadstead_agent.checks import Check, Checks
from roadstead_agent.lasting import CHECK, SERVICE, Lasting
from roadstead_agent.work import Answer, Verb, Work, done, ended, failed

START, STOP = "start", "stop"


class Services:
    """The services of the package. What was started last is started again with the machine, until one is ordered: that is `left`."""

    def __init__(self, lasting: Lasting, left: Callable[[], None]) -> None:
        self._lasting = lasting
        self._left = left

    def run(self, work: Work) -> Answer:
        """Run a service."""
        name, command = str(work.params.get("name", "")), str(work.params["cmd"])
        self._left()
        if name == STOP:
            self._lasting.put(SERVICE, None)
        # What was started is noted only here, so a start that was cut off has to come again.
        run = work.shell(command, leaves_word=name != START)
        if name == START and run.exit_code == 0 and not run.cause:
            self._lasting.put(SERVICE, {"cmd": command, "timeout": work.timeout})
        return ended(run)

    def started(self) -> bool:
        """Whether the application is started."""
        return bool(self._lasting.get(SERVICE))


def checking(lasting: Lasting, checks: Checks) -> Verb:
    """Return the verb that says how the application's health is checked."""

    def check(work: Work) -> Answer:
        try:
            wanted = Check.of(work.params)
        except TypeError as error:
            return failed("bad_params", str(error))
        lasting.put(CHECK, work.params)
        checks.set(wanted)
        return done()

    return check


def custom_metadata(work: Work) -> Answer:
    """Run the command whose output becomes the node's token in the metadata."""
    return ended(work.shell(str(work.params["cmd"])))


MACHINE: dict[str, Verb] = {
    "custom_metadata": custom_metadata,
    "disk.format_mount": disks.format_mount,
    "disk.unmount": disks.unmount,
    "key": keys.key,
    "key.attach": keys.attach,
    "key.detach": keys.detach,
}
