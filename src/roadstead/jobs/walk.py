"""Walks a job on an event loop: its rows say what comes next, threads do it, and a pause holds none.

Nothing is kept here that the rows don't say, so a walk that was cut off is simply begun again. Each has a name, and the job's row
knows the last one that took it up: an earlier one, woken up after its worker was given up, finds that it doesn't count any more.
"""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import ExitStack
from types import TracebackType
from typing import TYPE_CHECKING, ParamSpec, Self, TypeVar

import structlog
from django.db import InterfaceError, OperationalError

from roadstead.core.ids import new_id
from roadstead.jobs.bell import watching
from roadstead.jobs.course import Call, advance, call_of, park, take_up
from roadstead.jobs.steps import Ran, abandon_step, begin_step, run_begun
from roadstead.jobs.threads import with_kept_connections

# A step function that ignores its deadline is left alone after this.
GRACE_SECONDS = 60.0
# What isn't the database's absence is tried so often; that one is waited for.
TRIES = 5
_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 10.0
_ROW_THREADS = 1
log = structlog.get_logger(__name__)

if TYPE_CHECKING:
    from roadstead.jobs.models import Step

P = ParamSpec("P")
R = TypeVar("R")


class StepThreads(Executor):
    """So many threads for steps, and no more, however soon one step follows another."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._pool = self._fresh()

    def submit(self, fn: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> Future[R]:
        """Have a thread do something."""
        return self._pool.submit(fn, *args, **kwargs)

    def leave_one_behind(self) -> None:
        """Have as many threads as ever although a step that was abandoned holds one: whoever works now does so to the end, then goes."""
        former, self._pool = self._pool, self._fresh()
        former.shutdown(wait=False)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Take no more work."""
        self._pool.shutdown(wait=wait, cancel_futures=cancel_futures)

    def _fresh(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(self._most, "step")


class Hands:
    """The threads of a worker: so many steps at once, and one for the short work between them. Threads are made when needed."""

    def __init__(self, steps: int) -> None:
        self.turn = asyncio.Semaphore(steps)
        self.steps = StepThreads(steps)
        self.rows = ThreadPoolExecutor(_ROW_THREADS, "walk")

    def rest(self) -> None:
        """Take no more work; what runs goes on in its thread."""
        self.steps.shutdown(wait=False, cancel_futures=True)
        self.rows.shutdown(wait=False, cancel_futures=True)


class Walk:
    """One walk through a job; the `parked` one goes on where another was left because nothing but a pause was left of it."""

    def __init__(self, hands: Hands, job_id: str, attempt: int, *, parked: bool) -> None:
        self._hands = hands
        self._job = (job_id, attempt)
        self._parked = parked
        self._name = new_id("w")

    async def to_the_end(self) -> bool:
        """Walk until the job has ended; False when a parked walk is to go on with it."""
        calls = await self._rows(take_up, *self._job, self._name, parked=self._parked)
        while calls:
            layer = _Layer(self._hands, calls, self._name, to_its_end=self._parked)
            if not await layer.walked():
                return not await self._rows(park, *self._job, self._name)
            calls = await self._rows(advance, *self._job, self._name)
        return calls is not None

    async def _rows(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        return await safely(self._hands.rows, function, *args, **kwargs)


class _Layer:
    """The steps of a layer, side by side."""

    def __init__(self, hands: Hands, calls: Sequence[Call], walk: str, *, to_its_end: bool) -> None:
        self._hands = hands
        self._calls = calls
        self._walk = walk
        self._to_its_end = to_its_end
        self._left, self._resting = len(calls), 0
        self._all_rest = asyncio.Event()

    async def walked(self) -> bool:
        """Call every step until it has ended; False when pauses are all that is left."""
        return all(await asyncio.gather(*(self._follow(call) for call in self._calls)))

    async def _follow(self, call: Call) -> bool:
        """Call one step, and those that come plainly after it, until they have ended; False when pauses are all that is left."""
        pause = call["pause"]
        with _Ear(call["step"]) as ear:
            while True:
                if pause and not await self._rested(ear, pause):
                    return False
                call, pause = await self._in_turn(call, ear)
                if not pause:
                    self._left -= 1
                    self._look_whether_all_rest()
                    return True

    async def _rested(self, ear: "_Ear", pause: float) -> bool:
        """Wait so long, or until woken; False when all of the layer waits, so that its place in the queue is for others."""
        self._resting += 1
        self._look_whether_all_rest()
        try:
            await ear.pause(pause, self._all_rest)
        finally:
            self._resting -= 1
        return not self._all_rest.is_set()

    def _look_whether_all_rest(self) -> None:
        if self._resting and self._resting == self._left and not self._to_its_end:
            self._all_rest.set()

    async def _in_turn(self, call: Call, ear: "_Ear") -> tuple[Call, float]:
        """Call the step's function once, and those of the steps that this begins; return the last one, and the pause before its next."""
        async with self._hands.turn:
            step = await safely(self._hands.steps, begin_step, call["step"], call["attempt"], self._walk)
            while step:
                call = call_of(step)
                ear.turn_to(step.pk)
                ran = await self._once(call, step)
                if ran.onward is None:
                    return call, ran.pause
                step = ran.onward
        return call, 0

    async def _once(self, call: Call, step: "Step") -> Ran:
        try:
            async with asyncio.timeout(step.timeout + GRACE_SECONDS):
                return await safely(self._hands.steps, run_begun, step, onward=True)
        except TimeoutError:
            self._hands.steps.leave_one_behind()
            await safely(self._hands.rows, abandon_step, call["step"], call["attempt"], self._walk)
            return Ran()


class _Ear:
    """Hears, from before a step's function is called, whether what it waits for has happened: then its pause is over."""

    def __init__(self, step_id: str) -> None:
        self._woken = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self._at = ""
        self._watch = ExitStack()
        self.turn_to(step_id)

    def turn_to(self, step_id: str) -> None:
        """Hear of this step, and forget what was heard before."""
        if self._at != step_id:
            self._watch.close()
            self._watch.enter_context(watching(step_id, lambda: self._loop.call_soon_threadsafe(self._woken.set)))
            self._at = step_id
        self._woken.clear()

    async def pause(self, seconds: float, over: asyncio.Event) -> None:
        """Wait so long, until woken, or until it is `over` for all."""
        waits = [asyncio.ensure_future(event.wait()) for event in (self._woken, over)]
        try:
            await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._watch.close()


async def safely(pool: Executor, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Do work on our own rows in a thread. It is safe to repeat, so a passing trouble of the database is not the end of a job."""
    loop = asyncio.get_running_loop()
    work = with_kept_connections(function)
    pause, tries = _FIRST_PAUSE, 0
    while True:
        try:
            return await loop.run_in_executor(pool, lambda: work(*args, **kwargs))
        except (OperationalError, InterfaceError) as error:
            trouble: Exception = error
        except Exception as error:
            trouble, tries = error, tries + 1
            if tries == TRIES:
                raise
        log.warning("tried again", work=function.__name__, exc_info=trouble)
        await asyncio.sleep(pause)
        pause = min(2 * pause, _LONGEST_PAUSE)
