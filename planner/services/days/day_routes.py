"""Day routes as rows: the route of a day, which days need solving, and storing what was solved.

A route whose visits changed is stale until it is solved again; its times are then not to be trusted,
but visits that are over keep their place in it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session, selectinload

from planner.domain.access import Actor
from planner.domain.day_goals import Proof, proof
from planner.domain.visits import VisitState
from planner.models.ledger import ClosedDay
from planner.models.runs import RunKind
from planner.models.visits import DayRoute, LeftOut, Stop, Visit
from planner.services import roads, scope
from planner.services.days import day_facts, day_solve
from planner.services.days.day_facts import DayFacts, PresentRoute
from planner.services.days.day_solve import SolvedDay
from planner.services.schedule import runs


@dataclass(frozen=True, slots=True)
class DayToSolve:
    on: date
    facts: DayFacts


def of_day(session: Session, actor: Actor, rep_id: int, on: date) -> DayRoute | None:
    """The route of a day with its stops and visits loaded; None when there is none (yet).

    Raises NotFound for a rep outside the actor's scope.
    """
    scope.rep(session, actor, rep_id, on)
    return row_of(session, rep_id, on)


def request(session: Session, actor: Actor, now: datetime, rep_id: int, on: date) -> int:
    """Ask for the routes of ``on`` and of any later day that is not solved; returns the run's id."""
    mark_stale(session, rep_id, [on])
    return runs.request(session, actor, now, rep_id, RunKind.ROUTES, on)


def mark_stale(session: Session, rep_id: int, days: Iterable[date]) -> None:
    """The visits of these days have changed."""
    session.execute(
        update(DayRoute).where(DayRoute.rep_id == rep_id, DayRoute.on.in_(set(days))).values(is_stale=True)
    )


def withdraw(session: Session, visit_ids: Iterable[int]) -> None:
    """Take visits out of the routes they stand in: they moved to another day or were dropped."""
    ids = set(visit_ids)
    for table in (Stop, LeftOut):
        routes = select(table.day_route_id).where(table.visit_id.in_(ids))
        session.execute(update(DayRoute).where(DayRoute.id.in_(routes)).values(is_stale=True))
        session.execute(delete(table).where(table.visit_id.in_(ids)))


def unsolved(session: Session, rep_id: int, from_on: date) -> list[date]:
    """Days from ``from_on`` on with visits to come and no fresh route, and stale days without any visit; none
    that is closed."""
    wanted = (
        select(Visit.on).where(Visit.rep_id == rep_id, Visit.on >= from_on, Visit.state == VisitState.PLANNED)
    ).distinct()
    fresh = select(DayRoute.on).where(DayRoute.rep_id == rep_id, DayRoute.is_stale.is_(False))
    stale = select(DayRoute.on).where(
        DayRoute.rep_id == rep_id, DayRoute.on >= from_on, DayRoute.is_stale.is_(True)
    )
    days = set(session.scalars(wanted.where(Visit.on.not_in(fresh)))) | set(session.scalars(stale))
    closed = select(ClosedDay.on).where(ClosedDay.rep_id == rep_id, ClosedDay.on >= from_on)
    return sorted(days - set(session.scalars(closed)))


def gather(session: Session, rep_id: int, on: date) -> DayFacts:
    """The facts of a day, with the route that stands."""
    rows = session.execute(
        select(Stop.visit_id, Stop.position, Stop.begins_seconds, DayRoute.lunch_seconds)
        .join(DayRoute, DayRoute.id == Stop.day_route_id)
        .where(DayRoute.rep_id == rep_id, DayRoute.on == on)
    ).all()
    present = PresentRoute(
        positions={row.visit_id: row.position for row in rows},
        begins={row.visit_id: row.begins_seconds for row in rows},
        lunch_begins=rows[0].lunch_seconds if rows else None,
    )
    return day_facts.gather(session, rep_id, on, present)


def store(session: Session, now: datetime, facts: DayFacts, solved: SolvedDay | None) -> bool:
    """Write a solved day, unless its visits changed meanwhile: then nothing is written and False comes
    back. A day without visits (``solved`` None) loses its route."""
    if gather(session, facts.rep_id, facts.on) != facts:
        return False
    row = row_of(session, facts.rep_id, facts.on)
    if solved is None:
        if row is not None:
            session.delete(row)
    else:
        _write(session, now, facts, solved, row)
    session.flush()
    return True


def solve(session: Session, now: datetime, networks_folder: Path, rep_id: int, on: date) -> bool:
    """Gather, solve and store one day in the caller's transaction: for command line, jobs and tests.

    Returns False when the day has no visits.
    """
    facts = gather(session, rep_id, on)
    solved = solve_facts(facts, networks_folder, now)
    store(session, now, facts, solved)
    return solved is not None


def solve_facts(facts: DayFacts, networks_folder: Path, now: datetime) -> SolvedDay | None:
    """The route of a day's facts on the roads of its territory, of the present day from ``now`` on; None
    for a day without visits."""
    if not facts.visits:
        return None
    travel = roads.travel(networks_folder, facts.network_name, facts.driving, facts.engine)
    return day_solve.solve(facts, travel, facts.seconds_gone(now))


def proof_of(row: DayRoute) -> Proof | None:
    """How good the order is known to be; None for one that is stale or the rep's own."""
    return None if row.is_stale else proof(row.goal, row.is_proven, row.within_percent, bool(row.left_out))


def row_of(session: Session, rep_id: int, on: date) -> DayRoute | None:
    return session.scalar(
        select(DayRoute)
        .where(DayRoute.rep_id == rep_id, DayRoute.on == on)
        .options(
            selectinload(DayRoute.stops).joinedload(Stop.visit).joinedload(Visit.account),
            selectinload(DayRoute.left_out).joinedload(LeftOut.visit).joinedload(Visit.account),
        )
        .execution_options(populate_existing=True)
    )


def _write(session: Session, now: datetime, facts: DayFacts, solved: SolvedDay, row: DayRoute | None) -> None:
    if row is None:
        row = DayRoute(rep_id=facts.rep_id, on=facts.on, rev=0)
        session.add(row)
    row.stops, row.left_out = [], []
    row.rev += 1
    row.leaves_seconds, row.home_seconds = solved.leaves, solved.home
    row.home_leg_seconds, row.home_leg_metres = solved.home_leg_seconds, solved.home_leg_metres
    row.home_leg_path = solved.home_leg_path
    # Lunch that is over is kept, or the next order would have it come again.
    row.lunch_seconds = facts.ate_at if solved.lunch_begins is None else solved.lunch_begins
    row.bed_before_off_road, row.bed_after_off_road = solved.bed_before_off_road, solved.bed_after_off_road
    row.network_name, row.network_version = facts.network_name, solved.network_version
    row.driving = roads.assumptions(facts.driving, facts.engine)
    row.goal, row.is_proven, row.within_percent = facts.goal, solved.is_proven, solved.within_percent
    row.is_stale, row.solved_at = False, now
    # The old stops must be gone before new ones take their positions and visits.
    session.flush()
    row.stops = [
        Stop(
            visit_id=stop.visit_id,
            position=position,
            arrives_seconds=stop.times.arrives,
            begins_seconds=stop.times.begins,
            leaves_seconds=stop.times.leaves,
            leg_seconds=stop.times.leg_seconds,
            leg_metres=stop.times.leg_metres,
            leg_path=stop.leg_path,
            leg_class_seconds=stop.leg_class_seconds,
        )
        for position, stop in enumerate(solved.stops)
    ]
    row.left_out = [
        LeftOut(visit_id=out.visit_id, reason=out.reason, detour_seconds=out.detour_seconds)
        for out in solved.left_out
    ]
