"""A rate that comes late adds lines to a claim that nobody has to settle one by one."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy.orm import Session

from planner.domain.claims import ClaimAction
from planner.domain.review import Flag
from planner.services.ledger import adjustments, claim_check, ledger_lists
from planner.services.ledger.claim_check import Adjusted, CheckedClaim
from planner.services.ledger.ledger_lists import Filter
from planner.services.ledger.reviewing import lines
from tests.conftest import NOW
from tests.services.ledger_world import manager, rep
from tests.services.uk_world import MAY, TODAY, UkWorld

pytestmark = pytest.mark.both_databases

APRIL = (date(2026, 4, 18), date(2026, 4, 20))
"""A Saturday, on which Ana does not work, and a Monday."""


@pytest.fixture
def world(session: Session) -> UkWorld:
    """Ana drove four times in April, which is submitted, before the rate was raised."""
    made = UkWorld(session)
    for on in APRIL:
        made.drive(on, 20), made.drive(on, 40)
    made.step(made.ana, ClaimAction.SUBMIT, on=APRIL[0])
    made.raise_rate()
    return made


def booked(world: UkWorld) -> CheckedClaim:
    adjustments.book(world.session, rep(world.ana), NOW, TODAY, world.ana.id, world.waiting())
    (found,) = claim_check.check(world.session, [world.claim(TODAY)])
    return found


def test_a_claim_of_adjustments_is_within_policy(world: UkWorld) -> None:
    found = booked(world)
    assert found.is_clean
    assert [line.is_exception for line in lines.reviewed(found, None, NOW).lines] == [False, False]


def test_adjustments_are_one_group_a_day_and_rate(world: UkWorld) -> None:
    days = booked(world).days
    # 20 and 40 miles × 10 p.
    assert [day.adjusted for day in days] == [(Adjusted(date(2026, 4, 6), 2, 600),)] * 2
    assert [(day.on, day.driven, day.planned_metres) for day in days] == [(on, (), None) for on in APRIL]


def test_a_trip_that_came_late_beside_them_is_asked_about_alone(world: UkWorld) -> None:
    world.drive(MAY, 10)
    world.step(world.ana, ClaimAction.SUBMIT, on=MAY)
    late = world.drive(APRIL[1], 10)
    found = booked(world)
    (day,) = [day for day in found.days if day.flags]
    assert day.flags == (Flag.LATE, Flag.OTHER_PERIOD)
    assert [trip.row.id for trip in day.driven] == [late.id]
    wanted = Filter(APRIL[0], MAY, only_flagged=True)
    marta = manager(world.company.marta)
    asked = [
        line.trip.id
        for line in ledger_lists.trips(world.session, marta, NOW, TODAY, wanted)
        if line.claim.id == found.row.id
    ]
    assert asked == [late.id]
