"""How often one person may write: enough for whoever types, too little for whatever floods."""

import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable

from plainview.exceptions import TooManyWritesError
from plainview.quantities import count

PEOPLE = 10_000  # who are remembered; of more, those who wrote longest ago are forgotten


class WriteLimit:
    """At most ``most`` writes of one person within ``seconds``, in this process."""

    def __init__(self, most: int = 120, seconds: float = 60, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.most, self.seconds, self._clock = most, seconds, clock
        self._written: OrderedDict[str, deque[float]] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, person: str) -> None:
        """Count one write; TooManyWritesError, and nothing counted, where they are too many."""
        now = self._clock()
        with self._lock:
            times = self._written.setdefault(person, deque())
            self._written.move_to_end(person)
            while len(self._written) > PEOPLE:
                self._written.popitem(last=False)
            while times and now - times[0] >= self.seconds:
                times.popleft()
            if len(times) >= self.most:
                wait = max(1, round(self.seconds - (now - times[0])))
                raise TooManyWritesError(
                    f"You have written {count(self.most, 'time')} within {count(round(self.seconds), 'second')}, which is "
                    f"the most. Nothing was written; wait {count(wait, 'second')} and try again."
                )
            times.append(now)
