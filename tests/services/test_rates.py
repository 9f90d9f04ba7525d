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


def spans(world: LedgerWorld) -> list[tuple[date, date | None]]:
    return sorted((each.row.effective_from_on, each.row.until_on) for each in rates.listed(world.session))


def test_a_rate_between_two_others_ends_the_one_and_ends_where_the_other_begins(world: LedgerWorld) -> None:
    begins = date(2025, 1, 1)
    first, between, last = date(2024, 1, 1), date(2025, 7, 1), date(2026, 1, 1)
    for on in (last, between, first):
        rates.add(world.session, admin(world), NOW, rate(effective_from_on=on))
    assert spans(world) == [(first, begins), (begins, between), (between, last), (last, None)]
    (middle,) = (each.row for each in rates.listed(world.session) if each.row.effective_from_on == between)
    rates.remove(world.session, admin(world), NOW, middle.id)
    assert spans(world) == [(first, begins), (begins, last), (last, None)]


def test_a_rate_whose_end_was_said_keeps_it(world: LedgerWorld) -> None:
    """One within it is refused, so that taking that back cannot lose the end."""
    begins, ends = date(2027, 1, 1), date(2028, 1, 1)
    rates.add(world.session, admin(world), NOW, rate(effective_from_on=begins, until_on=ends))
    for more in ({}, {"until_on": ends}):
        within = rate(effective_from_on=date(2027, 7, 1), **more)
        with pytest.raises(Invalid):
            rates.add(world.session, admin(world), NOW, within)
    assert (begins, ends) in spans(world)


def test_a_rate_that_ends_within_another_is_refused(world: LedgerWorld) -> None:
    """What would hold behind it nobody has said."""
    rates.add(world.session, admin(world), NOW, rate(effective_from_on=date(2026, 1, 1)))
    within = rate(effective_from_on=date(2025, 3, 1), until_on=date(2025, 4, 1))
    with pytest.raises(Invalid) as refused:
        rates.add(world.session, admin(world), NOW, within)
    assert refused.value.code == "rate_overlaps"
    world.session.rollback()


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
