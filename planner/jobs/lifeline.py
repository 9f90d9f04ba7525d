"""What ties a worker to its run's row: progress, the lease, and whether to go on."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta

from planner import clock
from planner.database import transaction
from planner.services.schedule import leases
from planner.services.schedule.leases import Claim
from routing.day import warm_up

COMPILING_LEASE = timedelta(minutes=5)
"""Nothing can be reported while inner loops are compiled, a minute or two the first time on a machine."""
BEAT_SECONDS = 1.0

Report = Callable[[int, str], None]
"""Told the progress in percent and the phase, for the command line's bar."""


class Stopped(Exception):
    """The run was cancelled or taken over; what was computed is thrown away."""


class Lifeline:
    """Reports progress, keeps the lease, and learns from the answer whether to go on."""

    def __init__(self, claim: Claim, report: Report | None = None) -> None:
        self.claim = claim
        self._report = report
        self._phase = ""
        self._low, self._high = 0, 100
        self._last_beat = 0.0
        self._goes_on = True

    def phase(self, name: str, low: int, high: int, lease: timedelta = leases.LEASE) -> None:
        """The next part of the work, which moves progress from ``low`` to ``high`` percent."""
        self._phase, self._low, self._high = name, low, high
        self._beat(low, lease)

    def compiling(self, low: int, high: int) -> None:
        """Have all ready that a search needs."""
        self.phase("compiling", low, high, COMPILING_LEASE)
        warm_up()

    def progress(self, share: float) -> None:
        """How much of the phase is done, 0 to 1; may be called as often as one likes."""
        if time.monotonic() - self._last_beat >= BEAT_SECONDS:
            self._beat(round(self._low + (self._high - self._low) * min(max(share, 0.0), 1.0)))

    def should_stop(self) -> bool:
        """For work that ends by itself when it should and cannot tell how far it is; the next phase then
        raises ``Stopped``. May be asked as often as one likes."""
        if time.monotonic() - self._last_beat >= BEAT_SECONDS:
            self._goes_on = self._goes_on and self._is_wanted(self._low, leases.LEASE)
        return not self._goes_on

    def _beat(self, percent: int, lease: timedelta = leases.LEASE) -> None:
        if not self._is_wanted(percent, lease):
            raise Stopped
        if self._report is not None:
            self._report(percent, self._phase)

    def _is_wanted(self, percent: int, lease: timedelta) -> bool:
        self._last_beat = time.monotonic()
        with transaction() as session:
            return leases.beat(session, clock.now(), self.claim, percent, self._phase, lease)
