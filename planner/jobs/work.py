"""Carrying out one claimed run: read, close, solve with no transaction open, write.

Runs in a process of its own: a child of the dispatcher (``flask work``) or the command line
(``flask plan``), never in a web thread.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

from planner import clock
from planner.database import reading, transaction
from planner.domain.errors import RoundsError
from planner.jobs import questions
from planner.jobs.lifeline import Lifeline, Report, Stopped
from planner.services import roads
from planner.services.days import day_routes, renewing
from planner.services.days.day_facts import zone_of
from planner.services.schedule import horizon, leases, planning, rotation
from planner.services.schedule.leases import Claim
from planner.services.schedule.runs import RunKind
from routing.errors import RoutingError
from routing.types import SearchBudget

logger = logging.getLogger(__name__)

ITERATIONS = 100_000
SECONDS = 60.0
"""A cap only: the iterations take about a tenth of it, and end the search the same everywhere."""
Present = Callable[[], datetime]
"""What routes take for the present: no drive of that day begins earlier."""


def work(
    claim: Claim, networks_folder: Path, report: Report | None = None, present: Present = clock.now
) -> bool:
    """Carry out a run to its end: done, failed with a reason, or given back. True when it is done."""
    lifeline = Lifeline(claim, report)
    try:
        if claim.kind is RunKind.SCHEDULE:
            _plan(claim, networks_folder, lifeline)
        elif claim.kind is RunKind.ROUTES:
            _solve_routes(claim, networks_folder, lifeline, present)
        else:
            questions.answer(claim, networks_folder, lifeline, _today(claim))
    except Stopped:
        with transaction() as session:
            leases.stopped(session, clock.now(), claim.run_id, claim.token)
        return False
    except (RoundsError, RoutingError) as error:
        logger.warning("Run %s failed: %s", claim.run_id, error)
        with transaction() as session:
            leases.fail(session, clock.now(), claim, error.code, error.values)
        return False
    return True


def _plan(claim: Claim, networks_folder: Path, lifeline: Lifeline) -> None:
    lifeline.phase("reading", 0, 5)
    facts = horizon.gather(reading(), claim.rep_id, claim.from_on, _today(claim))
    reading().rollback()
    lifeline.phase("roads", 5, 15)
    travel = roads.travel(networks_folder, facts.network_name, facts.driving, facts.engine)
    lifeline.compiling(15, 20)
    lifeline.phase("planning", 20, 95)
    budget = SearchBudget(ITERATIONS, SECONDS, claim.seed)
    solution = rotation.solve(facts, travel, budget, lifeline.progress)
    lifeline.phase("storing", 95, 100)
    with transaction() as session:
        planning.store(session, clock.now(), facts, solution, claim.run_id, claim.seed)
        leases.finish(session, clock.now(), claim, solution.network_version)


def _solve_routes(claim: Claim, networks_folder: Path, lifeline: Lifeline, present: Present) -> None:
    """Days whose visits change while they are being solved are solved again before the run ends."""
    lifeline.compiling(0, 5)
    lifeline.phase("routes", 5, 100)
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
        leases.finish(session, clock.now(), claim, None)
        return True


def _solve_day(claim: Claim, networks_folder: Path, on: date, now: datetime) -> None:
    facts = day_routes.gather(reading(), claim.rep_id, on)
    reading().rollback()
    solved = renewing.solve(facts, networks_folder, now)
    with transaction() as session:
        is_still = on in day_routes.unsolved(session, claim.rep_id, on)
        if is_still and leases.is_wanted(session, claim.run_id, claim.token):
            day_routes.store(session, clock.now(), facts, solved)


def _today(claim: Claim) -> date:
    return clock.today(zone_of(reading(), claim.rep_id, claim.from_on))
