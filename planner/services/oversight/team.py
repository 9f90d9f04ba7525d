"""How the team's day goes: per rep what is done of what was planned, how late, and what was missed and why.

Six queries and the opening hours, whatever the number of reps. Times of day are local seconds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from planner.database import name_order
from planner.domain.access import Actor
from planner.domain.day import LATE_SECONDS, Forecast, Progress, forecast, progress
from planner.domain.visits import AHEAD, NotHeldReason, VisitState
from planner.models.accounts import Account
from planner.models.nights import PlannedNight
from planner.models.people import Absence, AbsenceKind, Person
from planner.models.people import Shift as ShiftRow
from planner.models.visits import DayRoute, Stop, Visit
from planner.services import scope
from planner.services.days.day_visits import planned_day, seconds_of_day

NOT_HELD = frozenset({VisitState.MISSED, VisitState.SKIPPED})


@dataclass(frozen=True, slots=True)
class NotHeld:
    account_id: int
    account_name: str
    state: VisitState
    reason: NotHeldReason | None


@dataclass(frozen=True, slots=True)
class Course:
    """Where a day that has a route stands. ``next_name`` None: no visit is left."""

    late_seconds: int
    home_seconds: int
    next_name: str | None
    next_begins_seconds: int | None
    is_day_over: bool

    @property
    def is_late(self) -> bool:
        return self.late_seconds >= LATE_SECONDS


@dataclass(frozen=True, slots=True)
class RepDay:
    """One rep's date. ``course`` None: no route has been solved."""

    rep_id: int
    name: str
    absence: AbsenceKind | None
    progress: Progress
    not_held: tuple[NotHeld, ...]
    course: Course | None
    night_near: str = ""
    """The account near which the night is spent, "" for home."""


def day(session: Session, actor: Actor, now: datetime, today: date, on: date, zone: str) -> list[RepDay]:
    """The date of every active rep the actor may see, by name. ``zone`` is the reader's."""
    people = _people(session, actor, on)
    ids = [person.id for person in people]
    visits = _by_rep(_visits(session, ids, on))
    shifts = {row.rep_id: row for row in _shifts(session, ids, on)}
    local = ZoneInfo(zone)
    clock = seconds_of_day(now, local) if on == today else None
    courses = {
        route.rep_id: _course(route, shifts.get(route.rep_id), local, clock)
        for route in _routes(session, ids, on)
        if route.stops
    }
    absences = dict(_absences(session, ids, on))
    near = dict(_nights(session, ids, on))
    return [
        RepDay(
            rep_id=person.id,
            name=person.name,
            absence=absences.get(person.id),
            progress=progress(visit.state for visit in visits[person.id]),
            not_held=tuple(_not_held(visit) for visit in visits[person.id] if visit.state in NOT_HELD),
            course=courses.get(person.id),
            night_near=near.get(person.id, ""),
        )
        for person in people
    ]


def _people(session: Session, actor: Actor, on: date) -> Sequence[Person]:
    query = select(Person).where(Person.id.in_(scope.rep_ids(actor, on)), Person.is_active)
    return session.scalars(query.order_by(name_order(Person.name))).all()


def _visits(session: Session, ids: Sequence[int], on: date) -> Sequence[Visit]:
    query = select(Visit).where(Visit.rep_id.in_(ids), Visit.on == on, Visit.state != VisitState.CANCELLED)
    with_hours = joinedload(Visit.account).options(
        selectinload(Account.windows), selectinload(Account.blocks)
    )
    return session.scalars(query.options(with_hours).order_by(Visit.id)).all()


def _shifts(session: Session, ids: Sequence[int], on: date) -> Iterable[ShiftRow]:
    return session.scalars(select(ShiftRow).where(ShiftRow.rep_id.in_(ids), ShiftRow.weekday == on.weekday()))


def _routes(session: Session, ids: Sequence[int], on: date) -> Iterable[DayRoute]:
    query = select(DayRoute).where(DayRoute.rep_id.in_(ids), DayRoute.on == on)
    return session.scalars(query.options(selectinload(DayRoute.stops).joinedload(Stop.visit)))


def _absences(session: Session, ids: Sequence[int], on: date) -> Iterable[tuple[int, AbsenceKind]]:
    query = select(Absence.rep_id, Absence.kind).where(
        Absence.rep_id.in_(ids), Absence.from_on <= on, Absence.until_on > on
    )
    return ((rep_id, kind) for rep_id, kind in session.execute(query))


def _nights(session: Session, ids: Sequence[int], on: date) -> Iterable[tuple[int, str]]:
    query = select(PlannedNight.rep_id, PlannedNight.name).where(
        PlannedNight.rep_id.in_(ids), PlannedNight.on == on, PlannedNight.is_dropped.is_(False)
    )
    return ((rep_id, name) for rep_id, name in session.execute(query))


def _by_rep(visits: Iterable[Visit]) -> dict[int, list[Visit]]:
    groups: dict[int, list[Visit]] = defaultdict(list)
    for visit in visits:
        groups[visit.rep_id].append(visit)
    return groups


def _course(route: DayRoute, shift: ShiftRow | None, zone: ZoneInfo, clock: int | None) -> Course:
    coming: Forecast = forecast(planned_day(route, shift, zone), clock)
    ahead = [
        (stop.visit.account.name, expected.begins)
        for stop, expected in zip(route.stops, coming.stops, strict=True)
        if expected is not None and stop.visit.state in AHEAD
    ]
    name, begins = ahead[0] if ahead else (None, None)
    return Course(coming.late_seconds, coming.home, name, begins, coming.is_day_over)


def _not_held(visit: Visit) -> NotHeld:
    return NotHeld(visit.account_id, visit.account.name, visit.state, visit.not_held_reason)
