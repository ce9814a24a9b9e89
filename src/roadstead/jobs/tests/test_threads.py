"""The threads of steps: never more than places, and as many as ever when an abandoned step holds one."""

import asyncio
from threading import Event, get_ident

from roadstead.jobs.walk import Hands, StepThreads

PLACES = 4


def test_however_soon_a_step_follows_another_there_are_as_many_threads_as_places() -> None:
    hands = Hands(PLACES)

    async def step() -> int:
        async with hands.turn:
            return await asyncio.get_running_loop().run_in_executor(hands.steps, get_ident)

    async def all_of_them() -> list[int]:
        return await asyncio.gather(*(step() for _ in range(500)))

    try:
        assert 1 <= len(set(asyncio.run(all_of_them()))) <= PLACES
    finally:
        hands.rest()


def test_an_abandoned_step_takes_no_thread_from_the_others() -> None:
    threads, over = StepThreads(1), Event()
    held = threads.submit(over.wait)
    try:
        threads.leave_one_behind()
        assert threads.submit(lambda: "done").result(60) == "done"
    finally:
        over.set()
    assert held.result(60)
    threads.shutdown()
