"""The rest of a day put in order anew, from now: what is over stays, and one tap takes it back.

Three steps, so that nothing is locked while it is solved: read, solve, keep.
"""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

from sqlalchemy.orm import Session

from planner.domain.access import Actor
from planner.domain.errors import Conflict, Locked
from planner.services import revisions, roads
from planner.services.days import day_changes, day_routes, day_snapshots, day_solve, visits
from planner.services.days.day_changes import Step
from planner.services.days.day_facts import DayFacts
from planner.services.days.day_solve import SolvedDay
from routing.types import Place, SearchBudget

BUDGET = SearchBudget(iterations=0, seconds=1.5, most_labels=400_000)
"""Somebody is waiting with the phone in the hand: without OR-Tools, whose process takes seconds to start, and
with few labels, as every request may ask for it at once."""

KIND = "replanned"


def read(session: Session, actor: Actor, today: date, on: date) -> DayFacts:
    """The day as it stands. Raises Locked("day_closed"), Conflict("visit_past") for a day gone by,
    Conflict("day_without_visits"), and as ``day_facts.gather`` does."""
    check_open(session, actor, today, on)
    facts = day_routes.gather(session, actor.user_id, on)
    if not facts.visits:
        raise Conflict("day_without_visits")
    return facts


def check_open(session: Session, actor: Actor, today: date, on: date) -> None:
    """Raises Locked("day_closed"), or Conflict("visit_past") for a day gone by."""
    if on < today:
        raise Conflict("visit_past")
    if visits.is_closed(session, actor.user_id, on):
        raise Locked("day_closed", on=on.isoformat())


def ask(session: Session, actor: Actor, now: datetime, today: date, on: date) -> None:
    """Have a run put the actor's own day in order. Raises as ``check_open`` does."""
    check_open(session, actor, today, on)
    day_routes.request(session, actor, now, actor.user_id, on)


def solve(facts: DayFacts, networks_folder: Path, now: datetime, position: Place | None = None) -> SolvedDay:
    """The rest from ``position``, else from the last stop. Raises as ``day_solve.solve`` does."""
    travel = roads.travel(networks_folder, facts.network_name, facts.driving, facts.engine)
    return day_solve.solve(facts, travel, facts.seconds_gone(now), BUDGET, position)


def keep(
    session: Session, now: datetime, facts: DayFacts, solved: SolvedDay, from_position: bool = False
) -> int:
    """Store the new order; returns the change's id. Raises Conflict("day_changed") when the day's visits
    changed while it was solved."""
    before = day_snapshots.of_day(session, facts.rep_id, facts.on)
    store(session, now, facts, solved)
    told = {"home": solved.home, "left_out": len(solved.left_out), "from_position": from_position}
    return day_changes.keep(session, now, facts.rep_id, facts.on, Step(KIND, told, before, {}))


def store(session: Session, now: datetime, facts: DayFacts, solved: SolvedDay | None) -> None:
    """As ``day_routes.store``, by the rep, who waits for it: raises Conflict("day_changed")."""
    if not day_routes.store(session, now, facts, solved):
        raise Conflict("day_changed")
    row = day_routes.row_of(session, facts.rep_id, facts.on)
    if row is not None:
        revisions.changed(row, facts.rep_id, now)
        session.flush()
