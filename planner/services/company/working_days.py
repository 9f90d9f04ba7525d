"""The days on which somebody works: their week without absences and the holidays of their territory."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.models.people import Absence, Shift
from planner.services import calendars, scope

USUAL = frozenset(range(5))
"""Monday to Friday: of whoever has no week of their own."""


def between(session: Session, person_id: int | None, from_on: date, until_on: date) -> tuple[date, ...]:
    """By date. A fixed number of queries however long the range is."""
    weekdays: set[int] = set()
    away, free = [], {}
    if person_id is not None:
        weekdays = set(session.scalars(select(Shift.weekday).where(Shift.rep_id == person_id)))
        overlaps = (Absence.from_on < until_on) & (Absence.until_on > from_on)
        ranges = select(Absence.from_on, Absence.until_on).where(Absence.rep_id == person_id, overlaps)
        away = list(session.execute(ranges))
        territory = scope.home_territory(session, person_id, from_on)
        if territory is not None:
            free = calendars.holidays_between(territory.country, territory.subdivision, from_on, until_on)
    days = (from_on + timedelta(days=number) for number in range((until_on - from_on).days))
    return tuple(
        on
        for on in days
        if on.weekday() in (weekdays or USUAL)
        and on not in free
        and not any(first <= on < last for first, last in away)
    )
