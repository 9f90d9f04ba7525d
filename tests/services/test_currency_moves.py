"""A rep who comes to a territory of another currency within a month: Ana, to euros on 4 March 2026.

She has a claim of each currency, and no number becomes other money: 180 pesos and 0.30 euros a kilometre.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from planner.domain.claims import ClaimAction, ClaimState
from planner.domain.errors import Invalid
from planner.domain.odometer import Occasion
from planner.domain.review import Flag
from planner.models.ledger import Claim, MileageRate, Trip
from planner.models.territories import Membership
from planner.services.ledger import (
    amounts,
    claim_check,
    claims,
    day_closing,
    exchange_rates,
    expenses,
    manual_trips,
    month_log,
    odometers,
    own_currency,
    rates,
    repricing,
)
from planner.services.ledger.exchange_rates import NewExchange
from planner.services.ledger.manual_ends import ManualEnd
from planner.services.ledger.manual_trips import ManualTrip
from tests.conftest import NOW, TODAY
from tests.services.ledger_world import LedgerWorld, rate, rep, uid
from tests.tampering import unguarded

MONDAY = date(2026, 3, 2)
"""In pesos still; Ana comes to the euros on ``TODAY``, a Wednesday."""

EURO_PER_KM = rate(country="DE", currency="EUR", per_unit=Decimal("0.30"))
WORTH = NewExchange("EUR", "CLP", date(2025, 1, 1), Decimal(1_000), "Bank")


@pytest.fixture
def world(session: Session) -> Iterator[LedgerWorld]:
    made = LedgerWorld(session)
    rates.add(session, None, NOW, EURO_PER_KM)
    este = made.company.territory("Este", made.company.root)
    este.country, este.currency = "DE", "EUR"
    held = session.scalars(select(Membership).where(Membership.person_id == made.ana.id)).one()
    held.until_on = TODAY
    session.add(Membership(person_id=made.ana.id, territory_id=este.id, kind=held.kind, from_on=TODAY))
    session.flush()
    yield made
    assert amounts.verify(session) == []
    assert claims.verify_totals(session) == []


def drive(world: LedgerWorld, on: date, kilometres: int = 10) -> Trip:
    ends = ManualEnd(label="Office"), ManualEnd(label="Port")
    new = ManualTrip(uid(), on, *ends, "Samples", kilometres * 1000)
    return manual_trips.add(world.session, rep(world.ana), NOW, TODAY, world.networks, new)


def of_march(world: LedgerWorld) -> dict[str, Claim]:
    world.session.expire_all()
    return {row.currency: row for row in claims.of_month(world.session, world.ana.id, TODAY)}


def test_both_days_are_closed_each_into_the_claim_of_its_currency(world: LedgerWorld) -> None:
    world.visit(13, on=MONDAY)
    world.visit(11, on=TODAY)
    world.close(MONDAY)
    world.close(TODAY)
    found = of_march(world)
    assert list(found) == ["CLP", "EUR"]
    for currency, row in found.items():
        trips = claims.trips_of(world.session, row.id)
        assert trips
        assert {trip.currency for trip in trips} == {currency}
        assert row.is_one_of_two


def test_each_claim_goes_its_own_way(world: LedgerWorld) -> None:
    drive(world, MONDAY)
    drive(world, TODAY)
    pesos, euros = of_march(world).values()
    step = ClaimAction.SUBMIT
    claims.step(world.session, rep(world.ana), NOW, TODAY, pesos.id, pesos.rev, step)
    late = drive(world, MONDAY)
    assert (late.currency, late.claim_id in {pesos.id, euros.id}) == ("CLP", False)
    assert drive(world, TODAY).claim_id == euros.id
    assert (pesos.trips_minor, claims.totals_of(world.session, euros).trips_minor) == (1_800, 600)
    assert of_march(world)["EUR"].state is ClaimState.DRAFT


def test_one_month_has_one_claim_of_a_currency(world: LedgerWorld) -> None:
    made = claims.open_for(world.session, world.ana.id, TODAY, "EUR")
    again = Claim(rep_id=world.ana.id, from_on=made.from_on, until_on=made.until_on, currency="EUR")
    world.session.add(again)
    with pytest.raises(IntegrityError):
        world.session.flush()
    world.session.rollback()


def test_what_is_spent_is_claimed_in_the_currency_of_its_day_not_of_today(world: LedgerWorld) -> None:
    before, after = world.expense(12_000, on=MONDAY), None
    assert (before.currency, before.amount_minor, before.paid_minor) == ("CLP", 12_000, None)
    with pytest.raises(Invalid, match="exchange_missing"):
        world.expense(12_000, on=TODAY)  # pesos, which are no euros
    exchange_rates.add(world.session, None, NOW, replace(WORTH, from_currency="CLP", to_currency="EUR"))
    after = world.expense(12, on=TODAY)
    assert (after.currency, after.paid_minor, after.paid_currency) == ("EUR", 12, "CLP")
    assert before.claim_id != after.claim_id


def test_an_expense_corrected_to_the_other_day_is_reckoned_in_its_currency(world: LedgerWorld) -> None:
    exchange_rates.add(world.session, None, NOW, WORTH)
    old = expenses.add(
        world.session, rep(world.ana), NOW, TODAY, replace(said(world), on=TODAY, currency="EUR")
    )
    assert (old.currency, old.amount_minor) == ("EUR", 1_500)
    moved = replace(said(world), on=MONDAY, currency="EUR")
    row = expenses.correct(world.session, rep(world.ana), NOW, TODAY, old.id, moved, "Wrong day")
    assert (row.currency, row.amount_minor, row.paid_minor) == ("CLP", 15_000, 1_500)
    assert of_march(world)["CLP"].id == row.claim_id


def said(world: LedgerWorld) -> expenses.NewExpense:
    parking = expenses.ExpenseCategory.PARKING
    return expenses.NewExpense(uid(), TODAY, parking, 1_500, "CLP")


def test_what_is_sent_again_after_a_move_is_the_same_expense(world: LedgerWorld) -> None:
    new = replace(said(world), on=MONDAY)
    first = expenses.add(world.session, rep(world.ana), NOW, TODAY, new)
    backdate(world, MONDAY)
    assert expenses.add(world.session, rep(world.ana), NOW, TODAY, new).id == first.id


def backdate(world: LedgerWorld, on: date) -> None:
    """Somebody says later that the move was on that day."""
    former, later = world.session.scalars(
        select(Membership).where(Membership.person_id == world.ana.id).order_by(Membership.from_on)
    )
    former.until_on, later.from_on = on, on
    world.session.flush()


def test_rates_never_fall_on_trips_of_another_currency(world: LedgerWorld) -> None:
    """The move is told later, and its day has a trip of each: the older one is worth its pesos still."""
    older = drive(world, MONDAY)
    backdate(world, MONDAY)
    newer = drive(world, MONDAY)
    repricing.settle(world.session, NOW, world.ana.id, MONDAY)
    standing = {row.currency: row for row in world.trips()}
    assert (standing["CLP"].id, standing["CLP"].amount_minor) == (older.id, 1_800)
    assert (standing["EUR"].id, standing["EUR"].amount_minor) == (newer.id, 300)


def test_the_proof_of_amounts_finds_a_rate_of_another_currency(world: LedgerWorld) -> None:
    row = drive(world, MONDAY)
    euros = world.session.scalars(select(MileageRate.id).where(MileageRate.currency == "EUR")).one()
    pesos = row.rate_id
    with unguarded(world.session):
        row.rate_id, row.amount_minor = euros, 300
    assert [str(each) for each in amounts.verify(world.session)] == [f"trip {row.id} says 300 in place of 0"]
    with unguarded(world.session):
        row.rate_id, row.amount_minor = pesos, 1_800


def test_a_day_of_two_currencies_is_summed_for_each(world: LedgerWorld) -> None:
    world.visit(13, on=MONDAY)
    world.close(MONDAY)
    backdate(world, MONDAY)
    drive(world, MONDAY)
    page = day_closing.page(world.session, rep(world.ana), NOW, TODAY, world.networks, MONDAY)
    assert page.summary is not None
    assert list(page.summary.amounts) == ["CLP", "EUR"]
    assert page.summary.amounts["EUR"] == 300


def test_the_log_of_the_month_sums_each_currency_for_itself(world: LedgerWorld) -> None:
    drive(world, MONDAY)
    drive(world, TODAY, 20)
    world.expense(12_000, on=MONDAY)
    log = month_log.month_log(world.session, rep(world.ana), TODAY, TODAY)
    assert log.mileage == {"EUR": 600, "CLP": 1_800}
    assert (log.spent, log.metres, log.elsewhere) == ({"CLP": 12_000}, 30_000, 0)
    assert [row.currency for row in log.claims] == ["CLP", "EUR"]


def test_a_day_that_is_not_closed_is_asked_about_in_the_claim_of_its_currency(world: LedgerWorld) -> None:
    tuesday = MONDAY + timedelta(days=1)
    world.visit(13, on=tuesday)
    drive(world, MONDAY)
    drive(world, TODAY)
    pesos, euros = claim_check.check(world.session, list(of_march(world).values()))
    assert (pesos.not_closed, euros.not_closed) == ((tuesday,), ())


def test_an_odometer_is_asked_about_in_the_claim_of_the_reading(world: LedgerWorld) -> None:
    """200 km are claimed and the car went 100 of them."""
    actor = rep(world.ana)
    odometers.record(world.session, actor, NOW, TODAY, MONDAY, Occasion.MONTH, 1_000_000)
    drive(world, MONDAY)
    drive(world, TODAY, 200)
    odometers.record(world.session, actor, NOW, TODAY, TODAY, Occasion.MONTH, 1_100_000)
    pesos, euros = claim_check.check(world.session, list(of_march(world).values()))
    assert (pesos.flags.get(Flag.ODOMETER), euros.flags.get(Flag.ODOMETER)) == (None, 1)


def test_a_day_outside_every_territory_is_claimed_as_today_is(world: LedgerWorld) -> None:
    long_ago = date(2020, 1, 1)
    assert own_currency.of_day(world.session, world.ana.id, long_ago, TODAY) == "EUR"
    assert own_currency.of_day(world.session, world.company.admin.id, long_ago, TODAY) == "USD"


def test_an_odometer_is_asked_about_where_something_was_driven(world: LedgerWorld) -> None:
    """300 km in pesos, of which the car went 50; read on a day in euros, and of it an expense is claimed."""
    actor = rep(world.ana)
    odometers.record(world.session, actor, NOW, TODAY, MONDAY, Occasion.MONTH, 1_000_000)
    drive(world, MONDAY + timedelta(days=1), 300)
    odometers.record(world.session, actor, NOW, TODAY, TODAY, Occasion.MONTH, 1_050_000)
    expenses.add(world.session, actor, NOW, TODAY, replace(said(world), currency="EUR"))
    found = claim_check.check(world.session, list(of_march(world).values()))
    assert [(each.row.currency, Flag.ODOMETER in each.flags) for each in found] == [
        ("CLP", True),
        ("EUR", False),
    ]
    alone = [claim_check.check(world.session, [each.row])[0] for each in found]
    assert [Flag.ODOMETER in each.flags for each in alone] == [True, False]


@pytest.mark.parametrize("currency", ["GBP", None])
def test_a_day_of_no_claim_s_currency_is_asked_about_in_the_first(
    world: LedgerWorld, currency: str | None
) -> None:
    """A Tuesday elsewhere, or nowhere, between pesos and euros."""
    drive(world, MONDAY)
    drive(world, TODAY)
    tuesday = MONDAY + timedelta(days=1)
    former = world.session.scalars(
        select(Membership).where(Membership.person_id == world.ana.id).order_by(Membership.from_on)
    ).first()
    assert former is not None
    former.until_on = tuesday
    if currency is not None:
        there = world.company.territory("There", world.company.root)
        there.country, there.currency = "GB", currency
        stay = Membership(person_id=world.ana.id, territory_id=there.id, kind=former.kind, from_on=tuesday)
        stay.until_on = TODAY
        world.session.add(stay)
    world.session.flush()
    world.visit(13, on=tuesday)
    found = claim_check.check(world.session, list(of_march(world).values()))
    assert [each.not_closed for each in found] == [(tuesday,), ()]
