"""Mileage rates: one per day, the next ends the one before, and what was used stays."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from planner.domain.access import Actor, Role
from planner.domain.errors import Conflict, Invalid
from planner.services.ledger import rates
from tests.conftest import NOW, TODAY
from tests.services.ledger_world import LedgerWorld, rate


@pytest.fixture
def world(session: Session) -> LedgerWorld:
    return LedgerWorld(session)


def admin(world: LedgerWorld) -> Actor:
    return Actor(world.company.admin.id, Role.ADMIN)


def test_the_rate_of_a_trip_is_that_of_the_day_driven(world: LedgerWorld) -> None:
    rates.add(
        world.session, admin(world), NOW, rate(effective_from_on=date(2026, 4, 1), per_unit=Decimal("190"))
    )
    for on, per_km in ((date(2026, 3, 31), 180), (date(2026, 4, 1), 190)):
        found = rates.on_day(world.session, "CL", "CLP", on)
        assert found is not None
        assert rates.amount(1000, found) == per_km
    assert rates.on_day(world.session, "CL", "CLP", date(2024, 12, 31)) is None
    assert rates.on_day(world.session, "AR", "ARS", TODAY) is None


def test_taking_back_a_rate_gives_its_days_to_the_one_before(world: LedgerWorld) -> None:
    new = rates.add(world.session, admin(world), NOW, rate(effective_from_on=date(2026, 4, 1)))
    rates.remove(world.session, admin(world), NOW, new.id)
    (left,) = rates.listed(world.session)
    assert left.row.until_on is None


def test_a_rate_trips_were_paid_by_stays(world: LedgerWorld) -> None:
    world.visit(hour=9)
    world.close()
    (used,) = rates.listed(world.session)
    assert used.is_used
    with pytest.raises(Conflict):
        rates.remove(world.session, admin(world), NOW, used.row.id)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"effective_from_on": date(2024, 1, 1)}, "effective_from_on"),
        ({"effective_from_on": date(2025, 1, 1)}, "effective_from_on"),
        ({"effective_from_on": date(2026, 1, 1), "until_on": date(2026, 1, 1)}, "until_on"),
        ({"country": "Chile"}, "country"),
        ({"currency": "XXY"}, "currency"),
        ({"unit": "furlong"}, "unit"),
        ({"per_unit": Decimal("-1")}, "per_unit"),
        ({"per_unit": Decimal("0.00001")}, "per_unit"),
        ({"per_unit": Decimal("NaN")}, "per_unit"),
        ({"source": " "}, "source"),
    ],
)
def test_what_is_wrong_with_a_rate_is_said_at_its_field(
    world: LedgerWorld, values: dict[str, object], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        rates.add(world.session, admin(world), NOW, rate(**values))
    assert refused.value.field == field
