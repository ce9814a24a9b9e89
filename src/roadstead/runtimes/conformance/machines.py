"""The tests of a provider of machines."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, suppress
from dataclasses import replace
from typing import Any

import pytest

from roadstead.runtimes.conformance.things import AT_ONCE, HUGE, NOWHERE, PAUSE, SECONDS, Fault, Subject, Things, failing, patiently
from roadstead.runtimes.sdk import (
    Disk,
    DiskSpec,
    Machine,
    MachineSpec,
    MachineState,
    NameTaken,
    Network,
    NotThere,
    ProviderError,
    QuotaExceeded,
    Refused,
)

GROWN, LINES = 2, 3


class MachineConformance:
    """The tests. Inherit them and give the fixture `subject`."""

    @pytest.fixture
    def things(self, subject: Subject) -> Iterator[Things]:
        """Names of this test's own; nothing of them is left."""
        made = Things(subject)
        yield made
        made.clear()
        assert subject.provider.owned(subject.place, made.labels["roadstead.installation"]) == ()

    # What is said before anybody is asked

    def test_a_bad_credential_and_a_bad_zone_are_refused_offline(self, subject: Subject) -> None:
        """Every refusal has words."""
        report = subject.provider.check_credential(subject.bad)
        assert not report.ok
        assert not report.credential
        problems = [*report.problems, *subject.provider.check_zone(subject.bad_zone)]
        assert problems
        assert all(problem.message and problem.message != problem.code for problem in problems)
        assert subject.provider.check_zone(subject.place.zone) == ()

    def test_the_place_answers(self, subject: Subject) -> None:
        """A probe finds nothing wrong, the zone is one of those listed, and there is room."""
        assert subject.provider.probe(subject.place, seconds=30) == ()
        zones = [zone.id for zone in subject.provider.zones(subject.place)]
        assert subject.place.zone in zones if subject.provider.capabilities.zones else len(zones) == 1
        assert subject.provider.room(subject.place).cpu > 0

    # Making by token

    def test_making_twice_makes_one(self, subject: Subject, things: Things) -> None:
        """The same token, the same thing."""
        provider, place = subject.provider, subject.place
        spec = things.machine(disks=(things.disk(),))
        assert provider.create_disk(place, things.disk()).id == provider.create_disk(place, things.disk()).id
        assert provider.create_machine(place, spec).id == provider.create_machine(place, spec).id
        self._holds(subject, things, machine=1, disk=1)

    def test_making_at_once_makes_one(self, subject: Subject, things: Things) -> None:
        """Several calls at one moment make one thing, or say that it may be tried again."""
        provider, place = subject.provider, subject.place
        spec = things.machine()
        for kind, make in (
            ("network", things.made_network),
            ("disk", lambda: provider.create_disk(place, things.disk())),
            ("machine", lambda: provider.create_machine(place, spec)),
        ):
            with ThreadPoolExecutor(AT_ONCE) as several:
                answers = [several.submit(patiently, make) for _one in range(AT_ONCE)]
            assert all(answer.result() for answer in answers), kind
        self._holds(subject, things, machine=1, disk=1)
        self._until(subject, spec, "running")

    def test_another_ones_name_is_never_touched(self, subject: Subject, things: Things) -> None:
        """A name that another token has is refused, or a second thing is made beside the first, where names may repeat."""
        provider, place = subject.provider, subject.place
        mine = provider.create_disk(place, things.disk())
        with suppress(NameTaken):
            second = provider.create_disk(place, replace(things.disk(), token=things.disk("d2").token))
            assert second.id != mine.id
        assert self._disk(subject, things.disk()).state == "free"

    @pytest.mark.parametrize("fault", ["lost answer", "throttled", "stale read"])
    @pytest.mark.parametrize("kind", ["network", "disk", "machine"])
    def test_after_a_fault_the_same_call_makes_one(self, subject: Subject, things: Things, fault: Fault, kind: str) -> None:
        """What failed may be tried again, and then there is one of it."""
        provider, place = subject.provider, subject.place
        spec = things.machine() if kind == "machine" else None
        make: dict[str, Callable[[], Any]] = {
            "network": things.made_network,
            "disk": lambda: provider.create_disk(place, things.disk()),
            "machine": lambda: spec and provider.create_machine(place, spec),
        }
        with self._fault(subject, fault):
            failing(make[kind])
        patiently(make[kind])
        self._holds(subject, things, machine=int(kind == "machine"), disk=int(kind == "disk"), network=int(kind != "disk"))

    # Taking away

    def test_what_never_was_is_gone(self, subject: Subject, things: Things) -> None:
        """Deleting, stopping and detaching what isn't there is done."""
        provider, place = subject.provider, subject.place
        spec = things.machine()
        provider.delete_machine(place, spec.token)
        provider.delete_disk(place, things.disk().token)
        provider.stop_machine(place, spec, seconds=5)
        provider.detach_disk(place, things.disk(), spec)
        assert self._machine(subject, spec).state == "gone"
        assert self._disk(subject, things.disk()).state == "gone"

    def test_deleting_twice_is_done_and_disks_stay(self, subject: Subject, things: Things) -> None:
        """A machine goes without its disks."""
        provider, place = subject.provider, subject.place
        provider.create_disk(place, things.disk())
        spec = things.machine(disks=(things.disk(),))
        provider.create_machine(place, spec)
        for _time in range(2):
            provider.delete_machine(place, spec.token)
        self._until(subject, spec, "gone")
        assert self._disk(subject, things.disk()).state == "free"
        for _time in range(2):
            provider.delete_disk(place, things.disk().token)
        assert self._disk(subject, things.disk()).state == "gone"
        with pytest.raises(NotThere):
            provider.start_machine(place, spec)

    @pytest.mark.parametrize("fault", ["lost answer", "throttled"])
    def test_deleting_after_a_fault_deletes(self, subject: Subject, things: Things, fault: Fault) -> None:
        """A deletion whose answer was lost is done by the next."""
        provider, place = subject.provider, subject.place
        spec = things.machine()
        provider.create_machine(place, spec)
        with self._fault(subject, fault):
            failing(lambda: provider.delete_machine(place, spec.token))
        patiently(lambda: provider.delete_machine(place, spec.token))
        self._until(subject, spec, "gone")

    # Living

    def test_stopping_and_starting_twice_is_done(self, subject: Subject, things: Things) -> None:
        """The address and the outside ports stay."""
        provider, place = subject.provider, subject.place
        spec = things.machine()
        first = provider.create_machine(place, spec)
        spec = replace(spec, address=first.address)
        for _time in range(2):
            provider.stop_machine(place, spec, seconds=3)
        self._until(subject, spec, "stopped")
        for _time in range(2):
            provider.start_machine(place, spec)
        again = self._until(subject, spec, "running")
        assert (again.address, again.ports, again.name) == (first.address, first.ports, first.name)

    def test_a_disk_is_attached_and_detached(self, subject: Subject, things: Things) -> None:
        """Twice is once; where disks come only to stopped machines, a running one is refused."""
        provider, place = subject.provider, subject.place
        spec = things.machine()
        provider.create_disk(place, things.disk())
        provider.create_machine(place, spec)
        if not provider.capabilities.hot_attach:
            with pytest.raises(Refused):
                provider.attach_disk(place, things.disk(), spec)
            provider.stop_machine(place, spec, seconds=3)
        for _time in range(2):
            attached = provider.attach_disk(place, things.disk(), spec)
            assert (attached.state, attached.machine) == ("attached", spec.token)
        spec = replace(spec, disks=(things.disk(),))
        for _time in range(2):
            provider.detach_disk(place, things.disk(), spec)
        assert self._disk(subject, things.disk()).state == "free"

    def test_a_disk_grows_and_never_shrinks(self, subject: Subject, things: Things) -> None:
        """Sizes are in GiB."""
        provider, place = subject.provider, subject.place
        provider.create_disk(place, things.disk())
        for _time in range(2):
            assert provider.resize_disk(place, things.disk(size=GROWN)).size == GROWN
        with pytest.raises(Refused):
            provider.resize_disk(place, things.disk(size=1))
        assert self._disk(subject, things.disk()).size == GROWN

    def test_a_machine_gets_another_size(self, subject: Subject, things: Things) -> None:
        """Running where `live_resize` says so, else stopped."""
        provider, place = subject.provider, subject.place
        spec = things.machine()
        provider.create_machine(place, spec)
        if not provider.capabilities.live_resize:
            provider.stop_machine(place, spec, seconds=3)
        for _time in range(2):
            provider.resize_machine(place, replace(spec, memory=spec.memory * 2))
        self._until(subject, spec, "running" if provider.capabilities.live_resize else "stopped")

    # Looking

    def test_many_are_described_in_one_call_and_in_order(self, subject: Subject, things: Things) -> None:
        """What isn't there is gone, not missing from the answer."""
        provider, place = subject.provider, subject.place
        specs = [things.machine(f"m{number}") for number in range(3)]
        for spec in specs[::2]:
            provider.create_machine(place, spec)
        found = provider.describe_machines(place, [spec.token for spec in specs])
        assert [machine.token for machine in found] == [spec.token for spec in specs]
        assert [machine.state == "gone" for machine in found] == [False, True, False]
        assert provider.describe_machines(place, []) == ()

    def test_a_list_that_came_in_part_never_says_gone(self, subject: Subject, things: Things) -> None:
        """Half an answer is no answer: it is asked again, or an error that may pass."""
        provider, place = subject.provider, subject.place
        spec = things.machine(disks=(things.disk(),))
        provider.create_disk(place, things.disk())
        provider.create_machine(place, spec)
        with self._fault(subject, "partial list"):
            for look in (provider.describe_machines, provider.describe_disks):
                token = spec.token if look == provider.describe_machines else things.disk().token
                answer = failing(lambda look=look, token=token: look(place, [token]))  # type: ignore[misc]
                assert answer is None or answer[0].state != "gone"
        assert self._machine(subject, spec).state == "running"

    def test_what_an_installation_made_is_found_by_its_label(self, subject: Subject, things: Things) -> None:
        """With token and labels, and nothing of another installation."""
        provider, place = subject.provider, subject.place
        provider.create_disk(place, things.disk())
        provider.create_machine(place, things.machine())
        found = provider.owned(place, things.labels["roadstead.installation"])
        assert {one.token for one in found if one.kind == "machine"} == {things.machine().token}
        assert {one.token for one in found if one.kind == "disk"} == {things.disk().token}
        assert all(things.labels.items() <= dict(one.labels).items() for one in found)
        assert provider.owned(place, f"{things.mark}-another") == ()

    def test_the_console_is_text_and_that_of_nothing_is_missing(self, subject: Subject, things: Things) -> None:
        """The last lines only."""
        provider, place = subject.provider, subject.place
        spec = things.machine()
        provider.create_machine(place, spec)
        assert len(provider.console(place, spec.token, lines=LINES).splitlines()) <= LINES
        with pytest.raises(NotThere):
            provider.console(place, f"{things.mark}-nowhere", lines=LINES)

    # Refusals

    def test_what_cannot_be_is_refused_and_leaves_nothing(self, subject: Subject, things: Things) -> None:
        """No such image, no such network, no such disk, too much memory."""
        provider, place = subject.provider, subject.place
        spec = things.machine()
        with pytest.raises(NotThere):
            provider.ensure_image(place, NOWHERE, log=lambda _line: None, seconds=30, cancelled=lambda: False)
        refusals: list[tuple[type[ProviderError], dict[str, Any]]] = [
            (NotThere, {"image": NOWHERE}),
            (NotThere, {"network": f"{things.mark}-nowhere"}),
            (NotThere, {"disks": (things.disk("d9"),)}),
            (QuotaExceeded, {"memory": HUGE}),
        ]
        for kind, change in refusals:
            with pytest.raises(kind) as refusal:
                provider.create_machine(place, replace(spec, **change))
            assert refusal.value.permanent
            assert refusal.value.problem.message != refusal.value.problem.code
        self._holds(subject, things, machine=0, disk=0)

    def test_a_network_in_use_stays(self, subject: Subject, things: Things) -> None:
        """Until its machines are gone."""
        provider, place = subject.provider, subject.place
        if not provider.capabilities.makes_networks:
            pytest.skip("the platform makes no networks here")
        provider.create_machine(place, things.machine())
        with pytest.raises(Refused):
            provider.delete_network(place, things.network().token)
        assert [network.id for network in self._networks(subject, things)] == [things.machine().network]

    # How it is looked at

    def _fault(self, subject: Subject, fault: Fault) -> AbstractContextManager[Any]:
        if fault not in subject.faults:
            pytest.skip(f"nobody said how this place is made to show: {fault}")
        return subject.faults[fault]()

    def _holds(self, subject: Subject, things: Things, *, machine: int, disk: int, network: int = 1) -> None:
        found: list[str] = [one.kind for one in subject.provider.owned(subject.place, things.labels["roadstead.installation"])]
        wanted = {"machine": machine, "disk": disk, "network": network * subject.provider.capabilities.makes_networks}
        assert {kind: found.count(kind) for kind in wanted} == wanted

    def _until(self, subject: Subject, spec: MachineSpec, state: MachineState) -> Machine:
        deadline = time.monotonic() + SECONDS
        while (found := self._machine(subject, spec)).state != state:
            assert time.monotonic() < deadline, found
            time.sleep(PAUSE)
        return found

    def _machine(self, subject: Subject, spec: MachineSpec) -> Machine:
        return subject.provider.describe_machines(subject.place, [spec.token])[0]

    def _disk(self, subject: Subject, spec: DiskSpec) -> Disk:
        return subject.provider.describe_disks(subject.place, [spec.token])[0]

    def _networks(self, subject: Subject, things: Things) -> list[Network]:
        return [network for network in subject.provider.networks(subject.place) if network.name == things.network().name]
