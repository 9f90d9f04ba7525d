"""What a rep drove in the tax year before Rounds kept count."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy.orm import Session

from planner.domain.claims import ClaimAction
from planner.domain.errors import Invalid, NotFound
from planner.domain.mileage_rates import VehicleKind
from planner.models.settings import AuditEntry
from planner.services.ledger import chain, driven_before, repricing
from tests.conftest import NOW
from tests.services.uk_world import MAY, TODAY, UkWorld

YEAR = date(2026, 4, 6)
MILE = 1609.344


@pytest.fixture
def world(session: Session) -> UkWorld:
    return UkWorld(session)


def note(world: UkWorld, miles: int, kind: VehicleKind = VehicleKind.CAR, year: date = YEAR) -> None:
    metres = round(miles * MILE)
    driven_before.note(world.session, world.admin, NOW, TODAY, world.ana.id, kind, year, metres)


def parts(trip) -> list[tuple[int, int]]:
    return [(part.metres, part.amount_minor) for part in trip.parts]


def test_the_band_begins_behind_what_was_driven_before(world: UkWorld) -> None:
    note(world, 9_970)
    trip = world.drive(MAY, 60)
    # 9,970 mi are 16 045 160 m (rounded from 16 045 159.68); the band begins at 16 093 440 m:
    # 48 280 m × 45 p a mile = £13.50 and 48 281 m × 25 p a mile = £7.50.
    assert parts(trip) == [(48_280, 1350), (48_281, 750)]
    assert repricing.gaps(world.session, world.ana.id) == []


def test_open_claims_are_priced_anew_when_it_is_noted_and_when_it_is_removed(world: UkWorld) -> None:
    world.drive(MAY, 60)
    assert [trip.amount_minor for trip in world.standing()] == [2700]  # 60 × 45 p
    note(world, 12_000)
    assert [trip.amount_minor for trip in world.standing()] == [1500]  # 60 × 25 p
    driven_before.remove(world.session, world.admin, NOW, world.ana.id, VehicleKind.CAR, YEAR)
    assert [trip.amount_minor for trip in world.standing()] == [2700]
    assert chain.verify(world.session) == []


def test_what_was_submitted_stays_and_the_difference_is_proposed(world: UkWorld) -> None:
    trip = world.drive(MAY, 60)
    world.step(world.ana, ClaimAction.SUBMIT, on=MAY)
    note(world, 12_000)
    assert [each.amount_minor for each in world.standing()] == [2700]
    assert world.waiting() == [(trip.id, -1200)]  # 60 × (25 p - 45 p)


def test_it_counts_in_its_own_year_and_for_its_own_kind(world: UkWorld) -> None:
    note(world, 12_000, year=date(2025, 4, 6))
    assert world.drive(MAY, 60).amount_minor == 2700
    assert world.drive(date(2026, 4, 5), 60).amount_minor == 1500
    with pytest.raises(Invalid) as refused:
        note(world, 12_000, VehicleKind.BICYCLE)
    assert (refused.value.field, refused.value.code) == ("kind", "driven_before_kind")


def test_noting_again_replaces_and_both_are_in_the_audit_log(world: UkWorld) -> None:
    note(world, 9_000)
    note(world, 9_500)
    page = driven_before.page(world.session, world.ana.id, TODAY)
    assert [row.metres for row in page.rows] == [round(9_500 * MILE)]
    assert (page.kinds, page.years) == ([VehicleKind.CAR], (YEAR, date(2025, 4, 6)))
    kept = world.session.query(AuditEntry).filter_by(action="driven_before.noted").order_by(AuditEntry.id)
    assert [(row.before or {}).get("metres") for row in kept] == [None, round(9_000 * MILE)]


@pytest.mark.parametrize(
    ("miles", "year", "field"),
    [(0, YEAR, "distance"), (320_000, YEAR, "distance"), (10, date(2024, 4, 6), "year")],
)
def test_what_cannot_be_is_refused(world: UkWorld, miles: int, year: date, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        note(world, miles, year=year)
    assert refused.value.field == field


def test_nobody_but_a_rep_has_it(world: UkWorld) -> None:
    with pytest.raises(NotFound):
        driven_before.page(world.session, world.company.admin.id, TODAY)
    with pytest.raises(NotFound):
        driven_before.remove(world.session, world.admin, NOW, world.ana.id, VehicleKind.CAR, YEAR)
