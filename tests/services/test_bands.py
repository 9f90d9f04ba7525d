"""Trips of a company in the UK: yearly bands, the rate announced late, corrections that move the counter."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.orm import Session

from planner.domain.claims import ClaimAction
from planner.domain.errors import Conflict, Invalid
from planner.domain.ledger import BreakKind
from planner.domain.mileage import REPRICED, TripOrigin
from planner.domain.mileage_rates import VehicleKind
from planner.domain.review import Flag
from planner.models.ledger import Trip
from planner.models.periods import PeriodLock
from planner.services.ledger import (
    adjustments,
    chain,
    claim_check,
    claims,
    known_rates,
    ledger_lists,
    period_locks,
    rates,
    repricing,
    trip_changes,
)
from planner.services.ledger.ledger_lists import Filter
from tests.conftest import NOW
from tests.services.ledger_world import manager, rate, rep, uid
from tests.services.uk_world import MAY, TODAY, UkWorld


@pytest.fixture
def world(session: Session) -> UkWorld:
    return UkWorld(session)


def parts(trip: Trip) -> list[tuple[int, int]]:
    return [(part.metres, part.amount_minor) for part in trip.parts]


def test_a_trip_of_60_miles_at_9970_is_paid_in_two_parts(world: UkWorld) -> None:
    for _ in range(10):
        world.drive(MAY, 997)
    trip = world.drive(MAY, 60)
    # Ten trips of 997 mi are 1 604 516 m each, 16 045 160 in all; the band begins at 16 093 440 m.
    # 48 280 m × 45 p a mile = £13.50 and 48 281 m × 25 p a mile = £7.50, each rounded once.
    assert parts(trip) == [(48_280, 1350), (48_281, 750)]
    assert (trip.metres, trip.amount_minor) == (96_561, 2100)
    assert chain.verify(world.session) == []


def test_a_motorcycle_has_a_counter_of_its_own(world: UkWorld) -> None:
    motorcycle = rate(country="GB", currency="GBP", unit="mi", per_unit=Decimal("0.24"))
    rates.add(world.session, world.admin, NOW, replace(motorcycle, vehicle_kind=VehicleKind.MOTORCYCLE))
    for _ in range(11):
        world.drive(MAY, 1_000)
    ridden = world.drive(MAY, 10, kind=VehicleKind.MOTORCYCLE)
    # 16 093 m = 9.99973 mi × 24 p = 239.99; the next mile by car is beyond the 10,000.
    assert (ridden.amount_minor, parts(ridden)) == (240, [])
    assert world.drive(MAY, 10).amount_minor == 250


def test_a_private_trip_counts_for_nothing(world: UkWorld) -> None:
    private = world.drive(MAY, 1_000, is_private=True)
    assert (private.amount_minor, private.claim_id, private.rate_id) == (0, None, None)
    for _ in range(10):
        world.drive(MAY, 1_000)
    assert world.standing()[-1].amount_minor == 45_000


def test_a_shorter_trip_early_in_the_year_moves_those_behind_it_by_new_entries(world: UkWorld) -> None:
    first = world.drive(MAY, 1_000)
    for _ in range(9):
        world.drive(MAY, 1_000)
    last = world.drive(date(2026, 5, 5), 100)
    assert last.amount_minor == 2_500  # 100 mi × 25 p
    world.correct(first, 900)
    again = world.standing()[-1]
    # 900 + 9 × 1,000 = 9,900 mi before it: the 100 mi lie within the first band. 160 934 m of them are
    # worth £45.00 (99.9998 mi × 45 p), but for the metre that rounding to metres may put beyond.
    assert (again.corrects_id, again.change_reason, again.metres) == (last.id, REPRICED, last.metres)
    assert again.amount_minor == 4_500
    assert chain.verify(world.session) == []


def test_the_backdated_uk_rate_prices_open_trips_anew_and_proposes_adjustments_for_the_others(
    world: UkWorld,
) -> None:
    locked = world.drive(date(2026, 4, 20), 20)
    world.step(world.ana, ClaimAction.SUBMIT, on=date(2026, 4, 20))
    open_one = world.drive(MAY, 20)
    before = world.drive(date(2026, 4, 5), 20)  # into May's claim: April's is submitted
    frozen = world.claim(date(2026, 4, 20)).trips_minor
    world.raise_rate()
    # 20 mi × 45 p = £9.00, × 55 p = £11.00; 5 April was the tax year before.
    assert world.waiting() == [(locked.id, 200)]
    assert [(t.on, t.amount_minor) for t in world.standing()] == [
        (before.on, 900),
        (locked.on, 900),
        (open_one.on, 1_100),
    ]
    assert world.standing()[-1].change_reason == REPRICED
    assert (locked.amount_minor, world.claim(locked.on).trips_minor) == (900, frozen)
    assert claims.verify_totals(world.session) == []
    assert chain.verify(world.session) == []


def test_a_proposal_is_booked_once_into_the_open_claim_by_rep_or_manager(world: UkWorld) -> None:
    locked = world.drive(date(2026, 4, 20), 20)
    world.step(world.ana, ClaimAction.SUBMIT, on=locked.on)
    world.raise_rate()
    marta = manager(world.company.marta)
    assert adjustments.book(world.session, marta, NOW, TODAY, world.ana.id, [(locked.id, 199)]) == []
    (made,) = adjustments.book(world.session, marta, NOW, TODAY, world.ana.id, world.waiting())
    assert (made.origin, made.adjusts_id, made.on) == (TripOrigin.ADJUSTMENT, locked.id, locked.on)
    assert (made.metres, made.amount_minor) == (0, 200)
    assert made.claim_id == world.claim(TODAY).id != locked.claim_id
    assert world.waiting() == []
    assert adjustments.book(world.session, marta, NOW, TODAY, world.ana.id, [(locked.id, 200)]) == []
    assert claims.verify_totals(world.session) == []
    assert chain.verify(world.session) == []


def closed(world: UkWorld, on: date) -> PeriodLock:
    marta = manager(world.company.marta)
    return period_locks.lock(world.session, marta, NOW, TODAY, world.company.norte.id, on, "Paid out")


def test_a_new_price_keeps_what_the_rep_said(world: UkWorld) -> None:
    world.correct(world.drive(MAY, 20), 30)
    world.raise_rate()
    (standing,) = world.standing()
    assert (standing.amount_minor, standing.change_reason) == (1_650, "Another way")


def test_a_new_rate_leaves_the_drafts_of_a_closed_month_and_proposes_the_difference(world: UkWorld) -> None:
    trip = world.drive(date(2026, 4, 20), 20)
    closed(world, trip.on)
    world.raise_rate()
    assert [each.id for each in world.standing()] == [trip.id]
    marta = manager(world.company.marta)
    (waiting,) = adjustments.of_team(world.session, marta, TODAY)
    assert [(each.trip.id, each.difference_minor) for each in waiting.proposals] == [(trip.id, 200)]
    (made,) = adjustments.book(world.session, marta, NOW, TODAY, world.ana.id, [(trip.id, 200)])
    assert made.claim_id == world.claim(TODAY).id
    assert world.waiting() == []


def test_a_claim_that_comes_back_is_priced_by_the_rates_of_now(world: UkWorld) -> None:
    april = date(2026, 4, 20)
    world.drive(april, 20)
    world.step(world.ana, ClaimAction.SUBMIT, on=april)
    world.raise_rate()
    world.step(world.ana, ClaimAction.WITHDRAW, on=april)
    assert [trip.amount_minor for trip in world.standing()] == [1_100]
    assert world.waiting() == []
    assert chain.verify(world.session) == []


def test_a_month_that_is_opened_again_is_priced_by_the_rates_of_now(world: UkWorld) -> None:
    trip = world.drive(date(2026, 4, 20), 20)
    lock = closed(world, trip.on)
    world.raise_rate()
    marta = manager(world.company.marta)
    period_locks.unlock(world.session, marta, NOW, TODAY, lock.id, "The rate came late")
    assert [each.amount_minor for each in world.standing()] == [1_100]
    assert world.waiting() == []


def test_what_was_driven_before_a_day_counts_for_it_and_is_left_alone(world: UkWorld) -> None:
    for _ in range(10):
        world.drive(MAY, 1_000)
    june = world.drive(date(2026, 6, 1), 20)
    (later,) = (k for k in known_rates.known() if k.announced_on == date(2026, 5, 21))
    rates.enter(world.session, world.admin, NOW, later)
    assert len(repricing.gaps(world.session, world.ana.id)) == 10
    assert repricing.gaps(world.session, world.ana.id, june.on) == []
    held = repricing.hold_all(world.session, "AR", later.effective_from_on)
    repricing.settle_all(world.session, NOW, held, later.effective_from_on)
    assert world.standing()[0].amount_minor == 45_000
    held = repricing.hold_all(world.session, "GB", later.effective_from_on)
    repricing.settle_all(world.session, NOW, held, later.effective_from_on)
    assert [trip.amount_minor for trip in world.standing()] == [*[55_000] * 10, june.amount_minor]


def test_a_late_trip_moves_those_of_a_closed_month_by_adjustments(world: UkWorld) -> None:
    for _ in range(10):
        world.drive(MAY, 1_000)
    closed(world, MAY)
    late = world.drive(date(2026, 4, 20), 1_000)
    assert late.amount_minor == 45_000
    # The last 1,000 miles of May lie beyond the 10,000 now: 25 p instead of 45 p.
    assert world.waiting() == [(world.standing()[-1].id, -20_000)]
    assert chain.verify(world.session) == []


def test_a_reversed_adjustment_is_proposed_again_and_none_is_corrected(world: UkWorld) -> None:
    locked = world.drive(date(2026, 4, 20), 20)
    world.step(world.ana, ClaimAction.SUBMIT, on=locked.on)
    world.raise_rate()
    ana = rep(world.ana)
    (made,) = adjustments.book(world.session, ana, NOW, TODAY, world.ana.id, world.waiting())
    with pytest.raises(Conflict) as refused:
        world.correct(made, 5)
    assert refused.value.code == "adjustment_fixed"
    trip_changes.void(world.session, ana, NOW, TODAY, made.id, uid(), "Not yet")
    assert world.waiting() == [(locked.id, 200)]
    (again,) = adjustments.book(world.session, ana, NOW, TODAY, world.ana.id, world.waiting())
    assert again.amount_minor == 200


def test_an_adjusted_trip_that_is_returned_and_corrected_gives_the_difference_back(world: UkWorld) -> None:
    locked = world.drive(date(2026, 4, 20), 20)
    world.step(world.ana, ClaimAction.SUBMIT, on=locked.on)
    world.raise_rate()
    adjustments.book(world.session, rep(world.ana), NOW, TODAY, world.ana.id, world.waiting())
    world.step(world.company.marta, ClaimAction.RETURN, "Was it 10 miles?", on=locked.on)
    corrected = world.correct(locked, 10)
    # 10 mi × 55 p = £5.50 by the entry itself; the £2.00 booked before are too much.
    assert corrected.amount_minor == 550
    assert world.waiting() == [(corrected.id, -200)]
    adjustments.book(world.session, rep(world.ana), NOW, TODAY, world.ana.id, world.waiting())
    assert world.waiting() == []
    assert sum(trip.amount_minor for trip in world.standing()) == 550


def test_an_adjustment_that_gives_all_back_is_not_asked_about_its_rate(world: UkWorld) -> None:
    locked = world.drive(date(2026, 4, 20), 20)
    world.step(world.ana, ClaimAction.SUBMIT, on=locked.on)
    world.raise_rate()
    ana = rep(world.ana)
    adjustments.book(world.session, ana, NOW, TODAY, world.ana.id, world.waiting())
    world.step(world.company.marta, ClaimAction.RETURN, "Never driven", on=locked.on)
    trip_changes.void(world.session, ana, NOW, TODAY, locked.id, uid(), "Never driven")
    (made,) = adjustments.book(world.session, ana, NOW, TODAY, world.ana.id, world.waiting())
    assert (made.rate_id, made.amount_minor) == (None, -200)
    (checked,) = claim_check.check(world.session, [world.claim(TODAY)])
    assert Flag.NO_RATE not in checked.flags


def test_a_rate_that_was_paid_by_in_a_part_stays(world: UkWorld) -> None:
    for _ in range(10):
        world.drive(MAY, 999)
    assert len(world.drive(MAY, 60).parts) == 2
    beyond = next(r.row for r in rates.listed(world.session) if r.row.band_from_units)
    with pytest.raises(Conflict):
        rates.remove(world.session, world.admin, NOW, beyond.id)


def test_a_higher_band_needs_a_first_one(world: UkWorld) -> None:
    lonely = rate(country="FR", currency="EUR", band_from_units=5_000)
    with pytest.raises(Invalid) as refused:
        rates.add(world.session, world.admin, NOW, lonely)
    assert (refused.value.field, refused.value.code) == ("band_from_units", "band_without_first")


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE trip_part SET amount_minor = amount_minor + 1",
        "DELETE FROM trip_part",
        "UPDATE trip SET vehicle_kind = 'bicycle'",
        "UPDATE trip SET origin = 'day'",
        "UPDATE trip SET commute_metres = 5",
    ],
)
def test_a_part_or_a_later_column_edited_in_the_database_breaks_the_chain(
    world: UkWorld, attack: str
) -> None:
    for _ in range(10):
        world.drive(MAY, 999)
    crossing = world.drive(MAY, 60)
    assert chain.verify(world.session) == []
    where = "trip_id" if "trip_part" in attack else "id"
    world.session.execute(text(f"{attack} WHERE {where} = {crossing.id}"))
    assert [each.broken.kind for each in chain.verify(world.session)] == [BreakKind.CONTENT]


months = st.integers(0, 60)


@given(st.lists(st.tuples(months, st.integers(1, 1_200)), min_size=1, max_size=25))
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_ledger_claim_and_export_come_to_the_same(world: UkWorld, rows: list[tuple[int, int]]) -> None:
    first = date(2026, 4, 6)
    with world.session.begin_nested() as scratch:
        for days, miles in rows:
            world.drive(date.fromordinal(first.toordinal() + days), miles)
        trips = world.standing()
        assert [(t.metres, t.amount_minor) for t in trips] == [
            (sum(m for m, _ in parts(t)) or t.metres, sum(a for _, a in parts(t)) or t.amount_minor)
            for t in trips
        ]
        ledger = sum(trip.metres for trip in trips), sum(trip.amount_minor for trip in trips)
        found = {trip.claim_id for trip in trips}
        sums = [claims.summed(world.session, claim_id or 0) for claim_id in found]
        assert (sum(s.trips_metres for s in sums), sum(s.trips_minor for s in sums)) == ledger
        wanted = Filter(first, date(2026, 7, 1), rep_id=world.ana.id)
        exported = ledger_lists.trips(world.session, rep(world.ana), NOW, TODAY, wanted)
        assert (sum(e.trip.metres for e in exported), sum(e.trip.amount_minor for e in exported)) == ledger
        scratch.rollback()
