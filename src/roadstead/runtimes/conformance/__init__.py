"""What every provider of machines must hold, as tests to inherit: a plug-in for pytest that a provider's own tests load.

    pytest_plugins = ["roadstead.runtimes.conformance"]

    class TestMine(MachineConformance):
        @pytest.fixture
        def subject(self) -> Subject:
            return Subject(provider=MyProvider(), place=Place(...), image="debian:12", boot=Boot(...), faults={...})

The tests make, find and take away machines, disks and networks under names of their own, and leave nothing. How a place is made to
misbehave only the provider's tests know: `faults` names a context manager for each kind; a kind that isn't named is left out.
"""

import pytest

pytest.register_assert_rewrite(f"{__name__}.machines")

from roadstead.runtimes.conformance.machines import MachineConformance  # noqa: E402  # after the line that lets its assertions speak
from roadstead.runtimes.conformance.things import Fault, Subject, Things  # noqa: E402

__all__ = ["Fault", "MachineConformance", "Subject", "Things"]
