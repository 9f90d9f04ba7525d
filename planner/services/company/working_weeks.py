"""Where a rep starts and ends the day, when they work, and when they are away.

A change marks the routes of the days to come for solving; the schedule itself changes when somebody
plans again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from planner.domain.access import Actor
from planner.domain.errors import Invalid, NotFound
from planner.domain.nights import AT_HOME, NightsAway, check_evenings, joins_work
from planner.domain.places import check_place
from planner.domain.working_week import AbsenceKind, WorkingDay, check_range, check_week
from planner.models.people import Absence, Rep, Shift
from planner.services.company import night_rules
from planner.services.days import day_routes, nights
from planner.services.installation import audit

HORIZON_DAYS = 13 * 7


@dataclass(frozen=True, slots=True)
class RoadSide:
    """A rep's home, vehicle, week, nights away. No pin yet: ``home_lat`` and ``home_lon`` are both None."""

    home_address: str
    home_lat: float | None
    home_lon: float | None
    vehicle: str
    week: tuple[WorkingDay, ...]
    nights: NightsAway = AT_HOME


@dataclass(frozen=True, slots=True)
class AbsenceLine:
    """``last_on`` is the last day away, as people say it."""

    absence_id: int
    from_on: date
    last_on: date
    kind: AbsenceKind


def read(session: Session, rep_id: int) -> RoadSide:
    """Raises NotFound for somebody who is no rep."""
    return _road_side(_rep(session, rep_id))


def change(session: Session, actor: Actor, now: datetime, today: date, rep_id: int, wanted: RoadSide) -> None:
    """Store home, vehicle, week, nights away. Raises Invalid with the field of the first thing wrong."""
    check_place(wanted.home_lat, wanted.home_lon)
    check_week(wanted.week)
    check_evenings(wanted.nights, wanted.week)
    rep = _rep(session, rep_id)
    before = _road_side(rep)
    if before == wanted:
        return
    rep.home_address, rep.vehicle = wanted.home_address.strip(), wanted.vehicle.strip()
    rep.home_lat, rep.home_lon = wanted.home_lat, wanted.home_lon
    _write_week(rep, wanted.week)
    if wanted.nights != before.nights:
        night_rules.write(rep, wanted.nights)
    session.flush()
    ahead = _days(today, today + timedelta(days=HORIZON_DAYS))
    nights.forget(session, rep_id, {on for on in ahead if not joins_work(on.weekday(), wanted.week)})
    day_routes.mark_stale(session, rep_id, ahead)
    audit.record(session, actor, now, "rep.changed", "person", rep_id, asdict(before), asdict(wanted))


def absences(session: Session, rep_id: int, today: date) -> list[AbsenceLine]:
    """Absences that are not over, the next one first."""
    return [
        AbsenceLine(row.id, row.from_on, row.until_on - timedelta(days=1), row.kind)
        for row in _rep(session, rep_id).absences
        if row.until_on > today
    ]


def add_absence(
    session: Session,
    actor: Actor,
    now: datetime,
    rep_id: int,
    from_on: date,
    last_on: date,
    kind: AbsenceKind,
) -> None:
    """Note days away, ``last_on`` included. Raises Invalid for a reversed or an overlapping range."""
    until_on = last_on + timedelta(days=1)
    check_range(from_on, until_on)
    rep = _rep(session, rep_id)
    if any(row.from_on < until_on and from_on < row.until_on for row in rep.absences):
        raise Invalid("from_on", "absence_overlap")
    rep.absences.append(Absence(from_on=from_on, until_on=until_on, kind=kind))
    session.flush()
    # Nobody sleeps near an account before, during or after days away from work.
    changed = nights.forget(session, rep_id, set(_days(from_on - timedelta(days=1), until_on)))
    day_routes.mark_stale(session, rep_id, {*_days(from_on, until_on), *changed})
    after = {"from": from_on, "last": last_on, "kind": kind}
    audit.record(session, actor, now, "absence.added", "person", rep_id, {}, after)


def remove_absence(session: Session, actor: Actor, now: datetime, rep_id: int, absence_id: int) -> None:
    """Take an absence back. Raises NotFound for another rep's."""
    row = session.get(Absence, absence_id)
    if row is None or row.rep_id != rep_id:
        raise NotFound("absence", id=absence_id)
    before = {"from": row.from_on, "last": row.until_on - timedelta(days=1), "kind": row.kind}
    day_routes.mark_stale(session, rep_id, _days(row.from_on, row.until_on))
    rep = _rep(session, rep_id)
    rep.absences.remove(row)
    session.flush()
    audit.record(session, actor, now, "absence.removed", "person", rep_id, before, {})


def _rep(session: Session, rep_id: int) -> Rep:
    rep = session.get(Rep, rep_id)
    if rep is None:
        raise NotFound("rep", id=rep_id)
    return rep


def _road_side(rep: Rep) -> RoadSide:
    week = tuple(
        WorkingDay(
            shift.weekday,
            shift.starts_seconds,
            shift.ends_seconds,
            shift.lunch_from_seconds,
            shift.lunch_to_seconds,
            shift.lunch_seconds,
        )
        for shift in rep.shifts
    )
    nights_away = night_rules.rule_of(rep)
    return RoadSide(rep.home_address, rep.home_lat, rep.home_lon, rep.vehicle, week, nights_away)


def _write_week(rep: Rep, week: Iterable[WorkingDay]) -> None:
    """Change the rows in place: replacing them would insert a weekday before the old one is gone."""
    wanted = {day.weekday: day for day in week}
    standing = {shift.weekday: shift for shift in rep.shifts}
    for weekday in standing.keys() - wanted.keys():
        rep.shifts.remove(standing[weekday])
    for weekday, day in wanted.items():
        if weekday not in standing:
            rep.shifts.append(Shift(**asdict(day)))
            continue
        for field, value in asdict(day).items():
            setattr(standing[weekday], field, value)


def _days(from_on: date, until_on: date) -> list[date]:
    return [from_on + timedelta(days=number) for number in range((until_on - from_on).days)]
