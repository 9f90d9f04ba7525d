"""Carrying out one claimed run: read, close, solve with no transaction open, write.

Runs in a process of its own: a child of the dispatcher (``flask work``) or the command line
(``flask plan``), never in a web thread.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

from planner import clock
from planner.database import reading, transaction
from planner.domain.errors import RoundsError
from planner.services import roads
from planner.services.days import day_routes
from planner.services.days.day_facts import zone_of
from planner.services.schedule import horizon, planning, rotation, runs
from planner.services.schedule.runs import Claim, RunKind
from routing.errors import RoutingError
from routing.rotation import warm_up
from routing.types import SearchBudget

logger = logging.getLogger(__name__)

ITERATIONS = 100_000
SECONDS = 60.0
"""A cap only: the iterations take about a tenth of it, and end the search the same everywhere."""
COMPILING_LEASE = timedelta(minutes=5)
"""Nothing can be reported while inner loops are compiled, half a minute the first time on a usual machine."""
BEAT_SECONDS = 1.0

Report = Callable[[int, str], None]
"""Told the progress in percent and the phase, for the command line's bar."""

Present = Callable[[], datetime]
"""What routes take for the present: no drive of that day begins earlier."""


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

    def phase(self, name: str, low: int, high: int, lease: timedelta = runs.LEASE) -> None:
        """The next part of the work, which moves progress from ``low`` to ``high`` percent."""
        self._phase, self._low, self._high = name, low, high
        self._beat(low, lease)

    def progress(self, share: float) -> None:
        """How much of the phase is done, 0 to 1; may be called as often as one likes."""
        if time.monotonic() - self._last_beat >= BEAT_SECONDS:
            self._beat(round(self._low + (self._high - self._low) * min(max(share, 0.0), 1.0)))

    def _beat(self, percent: int, lease: timedelta = runs.LEASE) -> None:
        self._last_beat = time.monotonic()
        with transaction() as session:
            goes_on = runs.beat(session, clock.now(), self.claim, percent, self._phase, lease)
        if not goes_on:
            raise Stopped
        if self._report is not None:
            self._report(percent, self._phase)


def work(
    claim: Claim, networks_folder: Path, report: Report | None = None, present: Present = clock.now
) -> bool:
    """Carry out a run to its end: done, failed with a reason, or given back. True when it is done."""
    lifeline = Lifeline(claim, report)
    try:
        if claim.kind is RunKind.SCHEDULE:
            _plan(claim, networks_folder, lifeline)
        else:
            _solve_routes(claim, networks_folder, lifeline, present)
    except Stopped:
        with transaction() as session:
            runs.stopped(session, clock.now(), claim.run_id, claim.token)
        return False
    except (RoundsError, RoutingError) as error:
        logger.warning("Run %s failed: %s", claim.run_id, error)
        with transaction() as session:
            runs.fail(session, clock.now(), claim, error.code, error.values)
        return False
    return True


def _plan(claim: Claim, networks_folder: Path, lifeline: Lifeline) -> None:
    lifeline.phase("reading", 0, 5)
    facts = horizon.gather(reading(), claim.rep_id, claim.from_on, _today(claim))
    reading().rollback()
    lifeline.phase("roads", 5, 15)
    travel = roads.travel(networks_folder, facts.network_name, facts.driving, facts.engine)
    lifeline.phase("compiling", 15, 20, COMPILING_LEASE)
    warm_up()
    lifeline.phase("planning", 20, 95)
    budget = SearchBudget(ITERATIONS, SECONDS, claim.seed)
    solution = rotation.solve(facts, travel, budget, lifeline.progress)
    lifeline.phase("storing", 95, 100)
    with transaction() as session:
        planning.store(session, clock.now(), facts, solution, claim.run_id, claim.seed)
        runs.finish(session, clock.now(), claim, solution.network_version)


def _solve_routes(claim: Claim, networks_folder: Path, lifeline: Lifeline, present: Present) -> None:
    """Days whose visits change while they are being solved are solved again before the run ends."""
    lifeline.phase("routes", 0, 100)
    while not _finished_routes(claim):
        days = day_routes.unsolved(reading(), claim.rep_id, claim.from_on)
        for number, on in enumerate(days):
            _solve_day(claim, networks_folder, on, present())
            lifeline.progress((number + 1) / len(days))


def _finished_routes(claim: Claim) -> bool:
    """In one transaction, so that a change asked for meanwhile is either seen here or gets a new run."""
    with transaction() as session:
        if day_routes.unsolved(session, claim.rep_id, claim.from_on):
            return False
        runs.finish(session, clock.now(), claim, None)
        return True


def _solve_day(claim: Claim, networks_folder: Path, on: date, now: datetime) -> None:
    facts = day_routes.gather(reading(), claim.rep_id, on)
    reading().rollback()
    solved = day_routes.solve_facts(facts, networks_folder, now)
    with transaction() as session:
        if runs.is_wanted(session, claim.run_id, claim.token):
            day_routes.store(session, clock.now(), facts, solved)


def _today(claim: Claim) -> date:
    return clock.today(zone_of(reading(), claim.rep_id, claim.from_on))
