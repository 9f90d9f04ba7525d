"""What lines are worth, worked out anew: it holds as made, and shows what was reckoned by other figures."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from planner.domain.mileage import TripOrigin
from planner.models.ledger import Expense, MileageRate, Trip, TripPart
from planner.models.people import DistanceUnit
from planner.services.ledger import amounts
from tests.conftest import NOW, TODAY
from tests.services.ledger_world import LedgerWorld, uid
from tests.tampering import unguarded


@pytest.fixture
def world(session: Session) -> LedgerWorld:
    return LedgerWorld(session)


def trip(world: LedgerWorld, metres: int, amount_minor: int, **more: object) -> Trip:
    row = Trip(rep_id=world.ana.id, on=TODAY, currency="CLP", entered_at=NOW, uid=uid(), purpose="x")
    row.position, row.from_label, row.to_label, row.network_name, row.network_version = 0, "a", "b", "r", "r"
    row.metres, row.road_metres, row.road_seconds, row.amount_minor = metres, metres, 60, amount_minor
    row.rate_id = world.session.scalars(select(MileageRate.id).order_by(MileageRate.id)).first()
    for name, value in more.items():
        setattr(row, name, value)
    world.session.add(row)
    world.session.flush()
    return row


def told(world: LedgerWorld) -> list[str]:
    return [str(wrong) for wrong in amounts.verify(world.session)]


def test_a_trip_is_worth_its_metres_at_its_rate_rounded_half_up(world: LedgerWorld) -> None:
    """12,345 m at 180 a kilometre are 2,222.1; 2,225 m are 400.5."""
    trip(world, 12_345, 2_222)
    trip(world, 2_225, 401)
    assert told(world) == []
    wrong = trip(world, 2_225, 400)
    assert told(world) == [f"trip {wrong.id} says 400 in place of 401"]


def test_each_part_counts_by_its_own_rate(world: LedgerWorld) -> None:
    """1 km at 180 and 2 km at 90 are 360; all three at the first rate would be 540."""
    beyond = MileageRate(
        country="CL", currency="CLP", per_unit=Decimal(90), unit=DistanceUnit.KM, band_from_units=100
    )
    beyond.effective_from_on = date(2025, 1, 1)
    world.session.add(beyond)
    world.session.flush()
    row = trip(world, 3_000, 360)
    row.parts = [
        TripPart(position=0, rate_id=row.rate_id, metres=1_000, amount_minor=180),
        TripPart(position=1, rate_id=beyond.id, metres=2_000, amount_minor=180),
    ]
    world.session.flush()
    assert told(world) == []


def test_what_has_no_rate_is_worth_nothing_and_an_adjustment_what_it_says(world: LedgerWorld) -> None:
    paid = trip(world, 1_000, 180)
    trip(world, 1_000, 0, rate_id=None)
    trip(world, 0, 25, origin=TripOrigin.ADJUSTMENT, adjusts_id=paid.id)
    assert told(world) == []
    assert amounts.counted(world.session) == 2
    given = trip(world, 1_000, 180, rate_id=None)
    assert told(world) == [f"trip {given.id} says 180 in place of 0"]


@pytest.mark.both_databases
def test_a_rate_changed_behind_its_back_shows(world: LedgerWorld) -> None:
    row = trip(world, 1_000, 180)
    with unguarded(world.session):
        world.session.execute(text("UPDATE mileage_rate SET per_unit = 181"))
    world.session.expire_all()
    assert told(world) == [f"trip {row.id} says 180 in place of 181"]


def test_what_was_paid_abroad_is_worth_its_exchange_rate(world: LedgerWorld) -> None:
    """12.50 USD at 945.37 are 11,817.125 pesos."""
    row = world.expense(11_817)
    with unguarded(world.session):
        values = "paid_minor = 1250, paid_currency = 'USD', exchange_rate = 945.37"
        world.session.execute(text(f"UPDATE expense SET {values} WHERE id = {row.id}"))
    world.session.expire_all()
    assert told(world) == []
    with unguarded(world.session):
        world.session.execute(text(f"UPDATE expense SET exchange_rate = 1000 WHERE id = {row.id}"))
    world.session.expire_all()
    assert told(world) == [f"expense {row.id} says 11817 in place of 12500"]
    assert world.session.get_one(Expense, row.id).paid_minor == 1250
