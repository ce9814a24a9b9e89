"""How often an agent may ask: a frontgate that asks in a circle must not hold up the others."""

import time
from collections import OrderedDict

BURST, A_SECOND, NAMES = 200.0, 50.0, 4_000


class Rates:
    """A bucket for every name that asks, each filled again with time; names that nobody asks under any more are forgotten."""

    def __init__(self, *, burst: float = BURST, a_second: float = A_SECOND) -> None:
        self._burst, self._a_second = burst, a_second
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def allow(self, name: str) -> bool:
        """Whether one more request under this name may be answered now."""
        moment = time.monotonic()
        left, since = self._buckets.pop(name, (self._burst, moment))
        left = min(self._burst, left + (moment - since) * self._a_second)
        allowed = left >= 1
        self._buckets[name] = (left - 1 if allowed else left, moment)
        if len(self._buckets) > NAMES:
            self._buckets.popitem(last=False)
        return allowed
