"""How the team's day goes: per rep what is done of what was planned, how late, and what was missed and why.

Four queries whatever the number of reps. Dates are the territory's; times of day local seconds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from planner.domain.access import Actor
from planner.domain.visits import NotHeldReason, VisitState
from planner.models.people import Absence, AbsenceKind, Person
from planner.models.visits import DayRoute, Stop, Visit
from planner.services import scope

OPEN = frozenset({VisitState.PLANNED, VisitState.ARRIVED})
NOT_HELD = frozenset({VisitState.MISSED, VisitState.SKIPPED})


@dataclass(frozen=True, slots=True)
class NotHeld:
    account_id: int
    account_name: str
    state: VisitState
    reason: NotHeldReason | None


@dataclass(frozen=True, slots=True)
class RepDay:
    """One rep's date. ``done`` of ``planned``; ``next_name`` is the next stop still open."""

    rep_id: int
    name: str
    absence: AbsenceKind | None
    planned: int
    done: int
    not_held: tuple[NotHeld, ...]
    next_name: str | None
    next_begins_seconds: int | None
    home_seconds: int | None
    last_left_at: datetime | None
    last_left_planned_seconds: int | None


def day(session: Session, actor: Actor, on: date) -> list[RepDay]:
    """The date of every rep the actor may see, by name."""
    people = session.scalars(
        select(Person).where(Person.id.in_(scope.rep_ids(actor, on))).order_by(Person.name)
    ).all()
    ids = [person.id for person in people]
    visits = _by_rep(_visits(session, ids, on))
    routes = {route.rep_id: route for route in _routes(session, ids, on)}
    absences = dict(_absences(session, ids, on))
    return [
        _rep_day(person, absences.get(person.id), visits[person.id], routes.get(person.id))
        for person in people
    ]


def _visits(session: Session, ids: Sequence[int], on: date) -> Sequence[Visit]:
    query = select(Visit).where(Visit.rep_id.in_(ids), Visit.on == on, Visit.state != VisitState.CANCELLED)
    return session.scalars(query.options(joinedload(Visit.account))).all()


def _routes(session: Session, ids: Sequence[int], on: date) -> Iterable[DayRoute]:
    query = select(DayRoute).where(DayRoute.rep_id.in_(ids), DayRoute.on == on)
    return session.scalars(query.options(joinedload(DayRoute.stops))).unique()


def _absences(session: Session, ids: Sequence[int], on: date) -> Iterable[tuple[int, AbsenceKind]]:
    query = select(Absence.rep_id, Absence.kind).where(
        Absence.rep_id.in_(ids), Absence.from_on <= on, Absence.until_on > on
    )
    return ((rep_id, kind) for rep_id, kind in session.execute(query))


def _by_rep(visits: Iterable[Visit]) -> dict[int, list[Visit]]:
    groups: dict[int, list[Visit]] = defaultdict(list)
    for visit in visits:
        groups[visit.rep_id].append(visit)
    return groups


def _rep_day(
    person: Person, absence: AbsenceKind | None, visits: Sequence[Visit], route: DayRoute | None
) -> RepDay:
    by_id = {visit.id: visit for visit in visits}
    stops = [stop for stop in (route.stops if route else []) if stop.visit_id in by_id]
    upcoming = next((stop for stop in stops if by_id[stop.visit_id].state in OPEN), None)
    last = _last_left(stops, by_id)
    return RepDay(
        rep_id=person.id,
        name=person.name,
        absence=absence,
        planned=len(visits),
        done=sum(visit.state is VisitState.DONE for visit in visits),
        not_held=tuple(_not_held(visit) for visit in visits if visit.state in NOT_HELD),
        next_name=by_id[upcoming.visit_id].account.name if upcoming else None,
        next_begins_seconds=upcoming.begins_seconds if upcoming else None,
        home_seconds=route.home_seconds if route and stops else None,
        last_left_at=by_id[last.visit_id].left_at if last else None,
        last_left_planned_seconds=last.leaves_seconds if last else None,
    )


def _last_left(stops: Sequence[Stop], by_id: dict[int, Visit]) -> Stop | None:
    """The stop left most recently: the lateness of the day is read off it."""
    left = [stop for stop in stops if by_id[stop.visit_id].left_at is not None]
    return max(left, key=lambda stop: by_id[stop.visit_id].left_at or datetime.min, default=None)


def _not_held(visit: Visit) -> NotHeld:
    return NotHeld(visit.account_id, visit.account.name, visit.state, visit.not_held_reason)
