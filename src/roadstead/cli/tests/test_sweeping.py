"""`roadstead environment sweep` lists, asks, takes away, and says what it could not ask."""

import pytest
from click.testing import CliRunner

from roadstead.accounts.factories import person
from roadstead.cli.main import main
from roadstead.runtimes.tests.near import filled, granted, ledger
from tests.testbeds.cloud.faults import forced
from tests.testbeds.cloud.ledger import Ledger

__all__ = ["ledger"]  # a fixture

pytestmark = pytest.mark.django_db


def test_the_command_lists_asks_and_takes(ledger: Ledger) -> None:
    filled(granted(person("user")))
    listed = CliRunner().invoke(main, ["environment", "sweep", "--list"])
    refused = CliRunner().invoke(main, ["environment", "sweep"], input="n\n")
    assert listed.exit_code == 0
    assert refused.exit_code == 1
    assert len(ledger.things()) == 4
    taken = CliRunner().invoke(main, ["environment", "sweep", "--yes"])
    assert (taken.exit_code, "2 taken away" in taken.output) == (0, True), taken.output
    assert sorted(thing.name for thing in ledger.things()) == ["disk-strange", "net"]


def test_a_place_that_could_not_be_asked_is_said(ledger: Ledger) -> None:
    filled(granted(person("user")))
    with forced("trouble"):
        told = CliRunner().invoke(main, ["environment", "sweep", "--list"])
    assert (told.exit_code, "The cloud has trouble." in told.output) == (1, True)
