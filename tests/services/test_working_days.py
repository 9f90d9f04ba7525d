"""The days on which Ana works: Monday to Friday in Chile."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from planner.domain.working_week import AbsenceKind
from planner.models.people import Absence, Shift
from planner.services.company import working_days
from tests.queries import counted
from tests.world import World

MONDAY = date(2026, 3, 30)


@pytest.fixture
def world(session: Session) -> World:
    return World(session)


def weekdays(days: tuple[date, ...]) -> str:
    return " ".join(f"{on:%a}" for on in days)


def test_holidays_and_absences_are_not_worked_on(session: Session, world: World) -> None:
    until_on = MONDAY + timedelta(days=7)
    assert weekdays(working_days.between(session, world.ana.id, MONDAY, until_on)) == "Mon Tue Wed Thu"
    away = Absence(rep_id=world.ana.id, from_on=MONDAY - timedelta(days=9), kind=AbsenceKind.LEAVE)
    away.until_on = date(2026, 4, 1)
    session.add(away)
    session.flush()
    found = working_days.between(session, world.ana.id, MONDAY, until_on)
    assert weekdays(found) == "Wed Thu", "3 April is Good Friday"


def test_a_week_of_ones_own_counts_and_who_has_none_works_from_monday_to_friday(
    session: Session, world: World
) -> None:
    until_on = MONDAY + timedelta(days=7)
    assert weekdays(working_days.between(session, None, MONDAY, until_on)) == "Mon Tue Wed Thu Fri"
    assert weekdays(working_days.between(session, world.admin.id, MONDAY, until_on)) == "Mon Tue Wed Thu Fri"
    for weekday in range(5):
        session.delete(session.get_one(Shift, (world.ana.id, weekday)))
    session.add(Shift(rep_id=world.ana.id, weekday=5, starts_seconds=0, ends_seconds=3600))
    session.flush()
    before = working_days.between(session, world.ana.id, MONDAY - timedelta(days=7), until_on)
    assert weekdays(before) == "Sat", "the second one is a holiday"


def test_a_year_takes_as_many_queries_as_a_week(session: Session, world: World) -> None:
    sent = []
    for days in (7, 365):
        with counted() as asked:
            working_days.between(session, world.ana.id, MONDAY, MONDAY + timedelta(days=days))
        sent.append(len(asked))
    assert sent == [3, 3]
