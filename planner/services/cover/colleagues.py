"""Who may take over visits of a rep's day: colleagues on the same roads who work that day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from planner.domain.access import Actor
from planner.models.people import Person, Rep
from planner.models.territories import Territory
from planner.services import calendars, scope
from planner.services.days import visits

MOST_ASKED = 8
"""So many share a day at most, those who live nearest: each more makes the search longer."""


class CannotHelp(StrEnum):
    """Why a colleague takes nothing over."""

    OTHER_ROADS = "other_roads"
    """Another road network, or the clock of another zone."""
    ABSENT = "absent"
    OFF = "off"
    HOLIDAY = "holiday"
    NO_HOME = "no_home"
    DAY_CLOSED = "day_closed"
    FURTHER_AWAY = "further_away"
    """Others live nearer, and there are enough of them."""


@dataclass(frozen=True, slots=True)
class Colleague:
    """``trouble`` None: may take visits over."""

    rep_id: int
    name: str
    trouble: CannotHelp | None


def of_day(session: Session, actor: Actor, rep_id: int, on: date) -> list[Colleague]:
    """Every other active rep whom the actor may see, by name. Raises NotFound for a rep outside the scope."""
    rep = scope.rep(session, actor, rep_id, on)
    territory = scope.home_territory(session, rep_id, on)
    found = [(row, _trouble(session, row, territory, on)) for row in _others(session, actor, rep_id, on)]
    near = _nearest(rep, [row for row, trouble in found if trouble is None])
    return [Colleague(row.person_id, row.person.name, _chosen(row, trouble, near)) for row, trouble in found]


def _chosen(row: Rep, trouble: CannotHelp | None, near: set[int]) -> CannotHelp | None:
    return CannotHelp.FURTHER_AWAY if trouble is None and row.person_id not in near else trouble


def _others(session: Session, actor: Actor, rep_id: int, on: date) -> Sequence[Rep]:
    query = (
        select(Rep)
        .join(Person, Person.id == Rep.person_id)
        .where(Rep.person_id.in_(scope.rep_ids(actor, on)), Rep.person_id != rep_id, Person.is_active)
        .options(joinedload(Rep.person), selectinload(Rep.shifts), selectinload(Rep.absences))
        .order_by(Person.name)
    )
    return session.scalars(query).all()


def _trouble(session: Session, rep: Rep, wanted: Territory | None, on: date) -> CannotHelp | None:
    territory = scope.home_territory(session, rep.person_id, on)
    if wanted is None or territory is None or _roads(territory) != _roads(wanted):
        return CannotHelp.OTHER_ROADS
    if any(absence.from_on <= on < absence.until_on for absence in rep.absences):
        return CannotHelp.ABSENT
    if all(shift.weekday != on.weekday() for shift in rep.shifts):
        return CannotHelp.OFF
    if calendars.holidays_on(territory.country, territory.subdivision, on):
        return CannotHelp.HOLIDAY
    if rep.home_lat is None or rep.home_lon is None:
        return CannotHelp.NO_HOME
    return CannotHelp.DAY_CLOSED if visits.is_closed(session, rep.person_id, on) else None


def _roads(territory: Territory) -> tuple[str, str]:
    return territory.network_name, territory.zone


def _nearest(rep: Rep, able: list[Rep]) -> set[int]:
    lat, lon = rep.home_lat or 0.0, rep.home_lon or 0.0

    def away(other: Rep) -> float:
        return (float(other.home_lat or 0) - lat) ** 2 + (float(other.home_lon or 0) - lon) ** 2

    return {row.person_id for row in sorted(able, key=away)[:MOST_ASKED]}
