"""The rates that are known: taken over by country, marked until somebody has checked them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.access import Actor, Role
from planner.domain.errors import NotFound
from planner.models.ledger import MileageRate
from planner.services.ledger import known_rates, rates
from planner.services.ledger.known_rates import Taken
from tests.conftest import NOW
from tests.services.ledger_world import LedgerWorld, rate


@pytest.fixture
def world(session: Session) -> LedgerWorld:
    return LedgerWorld(session)


def admin(world: LedgerWorld) -> Actor:
    return Actor(world.company.admin.id, Role.ADMIN)


def per_unit(world: LedgerWorld, country: str, currency: str, on: date) -> Decimal:
    row = rates.on_day(world.session, country, currency, on)
    assert row is not None
    return row.per_unit


def test_the_us_rates_follow_each_other(world: LedgerWorld) -> None:
    assert known_rates.take(world.session, admin(world), NOW, "US") == Taken(4, 0)
    days = (date(2024, 12, 31), date(2025, 1, 1), date(2026, 6, 30), date(2026, 7, 1))
    found = [per_unit(world, "US", "USD", on) for on in days]
    assert found == [Decimal("0.67"), Decimal("0.70"), Decimal("0.725"), Decimal("0.76")]


def test_in_the_uk_the_higher_band_goes_on_when_the_first_one_rises(world: LedgerWorld) -> None:
    known_rates.take(world.session, admin(world), NOW, "GB")
    assert per_unit(world, "GB", "GBP", date(2026, 4, 5)) == Decimal("0.45")
    assert per_unit(world, "GB", "GBP", date(2026, 4, 6)) == Decimal("0.55")
    (beyond,) = world.session.scalars(select(MileageRate).where(MileageRate.band_from_units > 0))
    assert (beyond.band_from_units, beyond.per_unit, beyond.until_on) == (10_000, Decimal("0.25"), None)


@pytest.mark.parametrize(("country", "euro"), [("DE", "0.30"), ("AT", "0.50")])
def test_a_country_with_one_rate_has_one(world: LedgerWorld, country: str, euro: str) -> None:
    assert known_rates.take(world.session, admin(world), NOW, country) == Taken(1, 0)
    assert per_unit(world, country, "EUR", date(2026, 3, 4)) == Decimal(euro)


def test_known_rates_are_marked_until_an_admin_has_checked_them(world: LedgerWorld) -> None:
    known_rates.take(world.session, admin(world), NOW, "DE")
    (row,) = world.session.scalars(select(MileageRate).where(MileageRate.country == "DE"))
    assert not row.is_verified
    rates.confirm(world.session, admin(world), NOW, row.id)
    assert row.is_verified
    with pytest.raises(NotFound):
        rates.confirm(world.session, admin(world), NOW, 0)


def test_taking_them_again_adds_nothing(world: LedgerWorld) -> None:
    known_rates.take(world.session, admin(world), NOW, "US")
    assert known_rates.take(world.session, admin(world), NOW, "US") == Taken(0, 0)
    (us,) = (each for each in known_rates.countries(world.session) if each.country == "US")
    assert us.missing == ()


def test_the_firms_own_rate_goes_before_a_known_one(world: LedgerWorld) -> None:
    own = rate(country="DE", currency="EUR", per_unit=Decimal("0.35"), effective_from_on=date(2010, 1, 1))
    rates.add(world.session, admin(world), NOW, own)
    assert known_rates.take(world.session, admin(world), NOW, "DE") == Taken(0, 1)
    assert per_unit(world, "DE", "EUR", date(2021, 1, 1)) == Decimal("0.35")


def test_of_a_country_nobody_knows_there_is_nothing_to_take(world: LedgerWorld) -> None:
    with pytest.raises(NotFound):
        known_rates.take(world.session, admin(world), NOW, "CL")
