"""Trips and expenses are corrected by new entries; the chain shows whatever goes around that."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from planner.domain.claims import ClaimAction
from planner.domain.errors import Conflict, Invalid, Locked, NotAllowed, NotFound
from planner.domain.expenses import ExpenseCategory
from planner.domain.ledger import BreakKind
from planner.models.ledger import Trip
from planner.services.ledger import chain, entries, expenses, trip_changes
from planner.services.ledger.expense_lines import NewExpense
from planner.services.ledger.trip_changes import TripChange
from tests.conftest import NOW, TODAY
from tests.services.ledger_world import LedgerWorld, manager, rep, uid

pytestmark = pytest.mark.both_databases


@pytest.fixture
def world(session: Session) -> LedgerWorld:
    made = LedgerWorld(session)
    made.visit(hour=9)
    made.close()
    return made


def change(
    metres: int = 5_000, purpose: str = "cadence.order", reason: str = "Detour", key: str | None = None
) -> TripChange:
    return TripChange(key or uid(), metres, purpose, reason)


def corrected(world: LedgerWorld, trip: Trip, what: TripChange) -> Trip:
    return trip_changes.correct(world.session, rep(world.ana), NOW, TODAY, trip.id, what)


def test_a_correction_stands_in_place_of_the_trip_and_both_are_kept(world: LedgerWorld) -> None:
    old = world.trips()[0]
    new = corrected(world, old, change(5_000))
    assert [trip.id for trip in world.trips()] == [new.id, world.trips()[1].id]
    assert (new.metres, new.road_metres, new.amount_minor) == (5_000, old.road_metres, 900)
    assert entries.history(world.session, new) == [old, new] == entries.history(world.session, old)
    assert chain.verify(world.session) == []


def test_a_correction_sent_twice_is_entered_once(world: LedgerWorld) -> None:
    old, what = world.trips()[0], change()
    assert corrected(world, old, what) is corrected(world, old, what)


def test_a_corrected_trip_is_not_corrected_again(world: LedgerWorld) -> None:
    old = world.trips()[0]
    corrected(world, old, change())
    with pytest.raises(Conflict) as refused:
        corrected(world, old, change())
    assert refused.value.code == "entry_superseded"


def test_a_reversed_trip_counts_no_more(world: LedgerWorld) -> None:
    first, second = world.trips()
    trip_changes.void(world.session, rep(world.ana), NOW, TODAY, first.id, uid(), "Private")
    assert world.trips() == [second]


@pytest.mark.parametrize(
    ("what", "field"),
    [
        (change(reason=" "), "reason"),
        (change(metres=-1), "distance"),
        (change(metres=2_000_001), "distance"),
        (change(purpose=""), "purpose"),
        (change(key="7"), "uid"),
    ],
)
def test_what_is_wrong_with_a_correction_is_said_at_its_field(
    world: LedgerWorld, what: TripChange, field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        corrected(world, world.trips()[0], what)
    assert refused.value.field == field


def test_only_its_own_rep_corrects_a_trip(world: LedgerWorld) -> None:
    trip_id = world.trips()[0].id
    with pytest.raises(NotAllowed):
        trip_changes.correct(world.session, manager(world.company.marta), NOW, TODAY, trip_id, change())
    with pytest.raises(NotFound):
        trip_changes.correct(world.session, rep(world.company.bruno), NOW, TODAY, trip_id, change())


def test_what_was_submitted_is_locked_until_it_is_returned(world: LedgerWorld) -> None:
    world.step(world.ana, ClaimAction.SUBMIT)
    with pytest.raises(Locked):
        corrected(world, world.trips()[0], change())
    world.step(world.company.marta, ClaimAction.RETURN, "Receipt missing")
    assert corrected(world, world.trips()[0], change()).metres == 5_000


def test_an_expense_sent_twice_is_entered_once(world: LedgerWorld) -> None:
    new = NewExpense(uid(), TODAY, ExpenseCategory.PARKING, 1500, "CLP", "Plaza")
    first = expenses.add(world.session, rep(world.ana), NOW, TODAY, new)
    assert expenses.add(world.session, rep(world.ana), NOW, TODAY, new) is first
    other = replace(new, amount_minor=9900)
    with pytest.raises(Conflict) as refused:
        expenses.add(world.session, rep(world.ana), NOW, TODAY, other)
    assert refused.value.code == "uid_taken"


def test_an_expense_is_corrected_and_reversed_by_new_entries(world: LedgerWorld) -> None:
    first = world.expense(1500, merchant="Plaza")
    new = NewExpense(uid(), TODAY, ExpenseCategory.TOLL, 1800, "CLP")
    second = expenses.correct(world.session, rep(world.ana), NOW, TODAY, first.id, new, "Wrong slip")
    third = expenses.void(world.session, rep(world.ana), NOW, TODAY, second.id, uid(), "Paid by the firm")
    assert (third.is_void, third.amount_minor, third.category) == (True, 0, ExpenseCategory.TOLL)
    assert entries.history(world.session, first) == [first, second, third]
    assert expenses.of_day(world.session, world.ana.id, TODAY) == []
    assert chain.verify(world.session) == []


def test_a_correction_is_as_late_as_the_first_entry(world: LedgerWorld) -> None:
    weeks_later, then = NOW + timedelta(days=20), TODAY + timedelta(days=20)
    actor, first = rep(world.ana), world.expense(1500, merchant="Plaza")
    trip = trip_changes.correct(world.session, actor, weeks_later, then, world.trips()[0].id, change())
    void = trip_changes.void(world.session, actor, weeks_later, then, world.trips()[1].id, uid(), "Twice")
    new = NewExpense(uid(), TODAY - timedelta(days=1), ExpenseCategory.TOLL, 1800, "CLP")
    spent = expenses.correct(world.session, actor, weeks_later, then, first.id, new, "The day before")
    long_ago = replace(new, uid=uid(), on=TODAY - timedelta(days=8))
    assert [row.is_late for row in (trip, void, spent)] == [False] * 3
    assert expenses.correct(world.session, actor, weeks_later, then, spent.id, long_ago, "A week off").is_late


def test_an_expense_of_another_reps_visit_is_not_found(world: LedgerWorld) -> None:
    foreign = world.visit(hour=9, owner=world.company.bruno)
    with pytest.raises(NotFound):
        world.expense(visit_id=foreign.id)


def test_an_expense_of_next_week_is_refused(world: LedgerWorld) -> None:
    with pytest.raises(Invalid):
        world.expense(on=TODAY + timedelta(days=7))


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE trip SET metres = metres + 1000 WHERE id = {trip}",
        "UPDATE trip SET amount_minor = 999999 WHERE id = {trip}",
        "UPDATE expense SET note = 'x' WHERE id = {expense}",
        "UPDATE trip SET entered_at = '2026-03-01 00:00:00.000000' WHERE id = {trip}",
    ],
)
def test_an_entry_edited_in_the_database_breaks_the_chain(world: LedgerWorld, attack: str) -> None:
    trip_id, expense_id = world.trips()[0].id, world.expense().id
    assert chain.verify(world.session) == []
    world.session.execute(text(attack.format(trip=trip_id, expense=expense_id)))
    found = chain.verify(world.session)
    assert [each.broken.kind for each in found] == [BreakKind.CONTENT]
    assert found[0].rep_id == world.ana.id


def test_an_entry_deleted_in_the_database_breaks_the_chain(world: LedgerWorld) -> None:
    expense_id = world.expense().id
    world.session.execute(text(f"DELETE FROM expense WHERE id = {expense_id}"))
    assert [each.broken.kind for each in chain.verify(world.session)] == [BreakKind.MISSING]
    assert str(chain.verify(world.session)[0]).endswith(f"expense {expense_id} (missing)")


def test_an_entry_slipped_in_beside_the_chain_shows(world: LedgerWorld) -> None:
    row = world.expense()
    world.session.execute(
        text(
            'INSERT INTO expense (uid, rep_id, "on", category, amount_minor, currency, merchant, note, '
            "change_reason, entered_at, is_late, is_void, claim_id) SELECT 'x', rep_id, \"on\", category, 9, "
            f"currency, '', '', '', entered_at, FALSE, FALSE, claim_id FROM expense WHERE id = {row.id}"
        )
    )
    assert [each.broken.kind for each in chain.verify(world.session)] == [BreakKind.UNLINKED]
