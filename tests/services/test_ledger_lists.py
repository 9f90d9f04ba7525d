"""Lists of the review go through the months of the claims one by one, and come to the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from planner.domain.claims import ClaimAction, Totals
from planner.domain.review import Flag
from planner.services.ledger import ledger_lists
from planner.services.ledger.ledger_lists import Filter
from tests.conftest import NOW, TODAY
from tests.services.ledger_world import LedgerWorld, manager

FEBRUARY, MARCH = date(2026, 2, 25), TODAY
BOTH = Filter(date(2026, 2, 1), date(2026, 4, 1))


@pytest.fixture
def world(session: Session) -> LedgerWorld:
    """Ana's February, submitted, and her March, in which something of February came late."""
    made = LedgerWorld(session)
    for on in (FEBRUARY, MARCH):
        made.visit(hour=9, on=on)
        made.close(on=on)
    made.expense(700, on=FEBRUARY)
    made.step(made.ana, ClaimAction.SUBMIT, on=FEBRUARY)
    made.expense(1500, on=MARCH)
    made.expense(900, on=FEBRUARY)
    return made


def test_months_are_those_of_the_claims_and_hold_every_line_once(world: LedgerWorld) -> None:
    marta = manager(world.company.marta)
    trips = list(ledger_lists.trips_by_month(world.session, marta, NOW, TODAY, BOTH))
    assert [{line.trip.on for line in month} for month in trips] == [{FEBRUARY}, {MARCH}]
    whole = ledger_lists.trips(world.session, marta, NOW, TODAY, BOTH)
    assert [line for month in trips for line in month] == whole
    spent = list(ledger_lists.expenses_by_month(world.session, marta, NOW, TODAY, BOTH))
    assert [[line.expense.amount_minor for line in month] for month in spent] == [[700], [900, 1500]]
    by_day = ledger_lists.expenses(world.session, marta, NOW, TODAY, BOTH)
    assert [line.expense.amount_minor for line in by_day] == [700, 900, 1500]


def test_what_is_asked_of_lines_and_their_sums_are_the_same_either_way(world: LedgerWorld) -> None:
    marta = manager(world.company.marta)
    summed = Totals()
    for month in ledger_lists.trips_by_month(world.session, marta, NOW, TODAY, BOTH):
        summed += ledger_lists.trip_totals(month)["CLP"]
    whole = ledger_lists.trips(world.session, marta, NOW, TODAY, BOTH)
    assert ledger_lists.trip_totals(whole) == {"CLP": summed}
    assert list(ledger_lists.trips_by_month(world.session, marta, NOW, TODAY, Filter(MARCH, MARCH))) == []


def test_what_the_rep_is_asked_first_is_on_no_line_until_they_had_their_days(world: LedgerWorld) -> None:
    """Two visits noted in the same half hour, kilometres apart; and a receipt that is missing."""
    near, far = (world.company.account(world.ana, lat=lat, lon=-71.27) for lat in (-29.90, -29.94))
    third = date(2026, 3, 3)
    for account in (near, far):
        world.visit(hour=13, on=third, account=account)
    world.close(on=third)
    world.step(world.ana, ClaimAction.SUBMIT)
    marta, flagged = manager(world.company.marta), replace(BOTH, only_flagged=True)

    def seen(after: timedelta) -> tuple[set[Flag], set[Flag]]:
        asked = (world.session, marta, NOW + after, TODAY, flagged)
        of_trips = {flag for line in ledger_lists.trips(*asked) for flag in line.flags}
        return of_trips, {flag for line in ledger_lists.expenses(*asked) for flag in line.flags}

    at_once, later = seen(timedelta()), seen(timedelta(days=4))
    assert (Flag.TOO_FAST in at_once[0], Flag.TOO_FAST in later[0]) == (False, True)
    assert Flag.NO_RECEIPT in at_once[1]
