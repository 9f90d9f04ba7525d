"""How long something has taken, by the clock it is given."""

from __future__ import annotations

from collections.abc import Callable

Clock = Callable[[], float]


class Watch:
    """Runs from when it is made; without a clock no time passes."""

    def __init__(self, clock: Clock | None, seconds: float) -> None:
        self._clock, self._seconds = clock, seconds
        self._began = clock() if clock else 0.0

    def spent(self) -> float:
        return self._clock() - self._began if self._clock else 0.0

    def left(self) -> float:
        return max(0.0, self._seconds - self.spent())

    def is_over(self) -> bool:
        return self._clock is not None and self.spent() >= self._seconds
