"""What is wrong in a claim that was approved is taken back in a later one, to the last unit."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date
from pathlib import Path
from zipfile import ZipFile

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from planner.domain.access import Actor
from planner.domain.claims import ClaimAction, ClaimState, Totals
from planner.domain.errors import Conflict, Invalid, Locked, NotAllowed, NotFound
from planner.domain.expenses import ExpenseCategory
from planner.domain.log_forms import LogForm
from planner.domain.logged_trips import ChangeKind
from planner.domain.mileage import TripOrigin
from planner.domain.review import Flag
from planner.models.ledger import Claim, Expense, Trip
from planner.models.people import Person
from planner.services.company import own_data
from planner.services.ledger import (
    adjustments,
    amounts,
    approvals,
    chain,
    claim_check,
    claims,
    contra_entries,
    corrections,
    entries,
    entry_pages,
    expense_findings,
    expenses,
    official_logs,
    period_locks,
)
from planner.services.ledger.expense_lines import NewExpense
from planner.services.ledger.trip_changes import TripChange
from tests.conftest import NOW as MARCH_NOON
from tests.services.ledger_world import LedgerWorld, manager, rep, troubles, uid
from tests.services.uk_world import UkWorld
from tests.tampering import unguarded

pytestmark = pytest.mark.both_databases

MARCH, APRIL, MAY = date(2026, 3, 4), date(2026, 4, 7), date(2026, 5, 4)
NOW = MARCH_NOON + (APRIL - MARCH)
STEPS = (ClaimAction.APPROVE, ClaimAction.EXPORT, ClaimAction.PAY)


@pytest.fixture
def world(session: Session) -> LedgerWorld:
    """Ana's March: a visit driven to and home, parking of 1,500 pesos. It is April."""
    made = LedgerWorld(session)
    made.visit(hour=9)
    made.close()
    made.expense(1500, merchant="Parking Prat")
    return made


def settle(world: LedgerWorld, on: date = MARCH, steps: int = 2) -> Claim:
    """The claim of a month, submitted, and so many steps on by Marta."""
    world.step(world.ana, ClaimAction.SUBMIT, on=on)
    for action in STEPS[:steps]:
        world.step(world.company.marta, action, on=on)
    return world.claim(on)


def change(metres: int, reason: str = "Typed wrong", key: str = "") -> TripChange:
    return TripChange(key or uid(), metres, "cadence.order", reason)


def take_back(world: LedgerWorld, entry: Trip | Expense, who: Person | None = None) -> Trip | Expense:
    person = who or world.ana
    actor = Actor(person.id, person.role)
    return contra_entries.take_back(world.session, actor, NOW, APRIL, entry, uid(), "Never driven")


def spent(world: LedgerWorld) -> Expense:
    return claims.expenses_of(world.session, world.claim(MARCH).id)[0]


def totals(world: LedgerWorld, on: date) -> Totals:
    return claims.summed(world.session, world.claim(on).id)


@pytest.mark.parametrize("steps", [1, 2, 3])
def test_a_trip_of_a_settled_claim_is_corrected_in_the_open_one(world: LedgerWorld, steps: int) -> None:
    settle(world, steps=steps)
    old, before = world.trips()[0], totals(world, MARCH)
    made = corrections.correct_trip(world.session, rep(world.ana), NOW, APRIL, old.id, change(5_000))
    contra = entries.contra_of(world.session, old)
    assert contra is not None
    assert (contra.metres, contra.amount_minor, contra.on) == (-old.metres, -old.amount_minor, old.on)
    # 5 km at 180 pesos, made of the same visit, as little late as the first entry was.
    assert (made.metres, made.amount_minor, made.on, made.visit_id) == (5_000, 900, old.on, old.visit_id)
    assert (made.corrects_id, made.is_late, made.road_metres) == (None, False, old.road_metres)
    assert contra.claim_id == made.claim_id == world.claim(APRIL).id
    assert totals(world, MARCH) == before
    assert totals(world, APRIL) == Totals(5_000 - old.metres, 900 - old.amount_minor, 0)
    assert troubles(world.session) == []


def test_an_expense_is_corrected_with_its_receipt_tax_and_exchange_rate(world: LedgerWorld) -> None:
    settle(world)
    old = spent(world)
    new = NewExpense(uid(), MARCH, ExpenseCategory.PARKING, 500, "CLP", merchant="Parking Prat")
    made = corrections.correct_expense(
        world.session, rep(world.ana), NOW, APRIL, old.id, new, "A zero too many"
    )
    contra = entries.contra_of(world.session, old)
    assert contra is not None
    assert (contra.amount_minor, contra.merchant, contra.receipt_id) == (-1500, "Parking Prat", None)
    assert (made.amount_minor, made.change_reason, made.claim_id) == (500, "A zero too many", contra.claim_id)
    assert totals(world, APRIL).expenses_minor == -1000
    assert totals(world, MARCH).expenses_minor == 1500
    assert troubles(world.session) == []


def test_every_amount_of_an_expense_has_the_other_sign(world: LedgerWorld) -> None:
    old = world.expense(11_900, merchant="Hotel", tax_minor=1_900)
    old.nights = 2
    world.session.flush()
    settle(world)
    contra = take_back(world, old)
    assert isinstance(contra, Expense)
    assert (contra.amount_minor, contra.tax_minor, contra.nights) == (-11_900, -1_900, 0)
    assert (contra.on, contra.category, contra.currency) == (old.on, old.category, "CLP")


def test_sent_twice_it_is_entered_once(world: LedgerWorld) -> None:
    settle(world)
    old, what, ana = world.trips()[0], change(5_000), rep(world.ana)
    first, again = (corrections.correct_trip(world.session, ana, NOW, APRIL, old.id, what) for _ in range(2))
    key = uid()
    taken = [
        contra_entries.take_back(world.session, ana, NOW, APRIL, spent(world), key, "Paid by the firm")
        for _ in range(2)
    ]
    assert first is again
    assert taken[0] is taken[1]
    assert len(claims.trips_of(world.session, world.claim(APRIL).id)) == 2
    assert len(claims.expenses_of(world.session, world.claim(APRIL).id)) == 1


def test_a_line_is_taken_back_once(world: LedgerWorld) -> None:
    settle(world)
    old = world.trips()[0]
    contra = take_back(world, old)
    for entry, code in ((old, "entry_taken_back"), (contra, "contra_fixed")):
        with pytest.raises(Conflict) as refused:
            take_back(world, entry)
        assert refused.value.code == code


def test_a_manager_takes_back_and_only_they_let_it_count_again(world: LedgerWorld) -> None:
    settle(world)
    old, marta = world.trips()[0], world.company.marta
    contra = take_back(world, old, marta)
    assert contra.entered_by_id == marta.id
    told = (world.session, NOW, APRIL)
    with pytest.raises(NotAllowed) as refused:
        contra_entries.undo(told[0], rep(world.ana), *told[1:], contra, uid(), "It was driven")
    assert refused.value.code == "contra_of_other"
    assert entry_pages.trip_page(world.session, rep(world.ana), APRIL, old.id).settling.by == marta.name
    contra_entries.undo(told[0], manager(marta), *told[1:], contra, uid(), "It was driven")
    assert entries.contra_of(world.session, old) is None
    assert totals(world, APRIL) == Totals()
    # What counts again can be taken back again.
    assert take_back(world, old).entered_by_id is None
    assert troubles(world.session) == []


@pytest.mark.parametrize("who", ["bruno", "sergio"])
def test_nobody_else_takes_anything_back(world: LedgerWorld, who: str) -> None:
    settle(world)
    with pytest.raises(NotFound):
        take_back(world, world.trips()[0], getattr(world.company, who))


def test_a_manager_enters_no_new_line_for_the_rep(world: LedgerWorld) -> None:
    settle(world)
    with pytest.raises(NotAllowed):
        corrections.correct_trip(
            world.session, manager(world.company.marta), NOW, APRIL, world.trips()[0].id, change(5_000)
        )


def test_what_can_still_be_corrected_is_not_taken_back(world: LedgerWorld) -> None:
    old = world.trips()[0]
    with pytest.raises(Conflict) as refused:
        take_back(world, old)
    assert refused.value.code == "entry_open"
    settle(world, steps=0)
    with pytest.raises(Locked) as locked:
        take_back(world, old)
    assert locked.value.code == "entry_locked"


def test_a_reason_is_asked_for(world: LedgerWorld) -> None:
    settle(world)
    with pytest.raises(Invalid):
        contra_entries.take_back(world.session, rep(world.ana), NOW, APRIL, world.trips()[0], uid(), " ")


def test_the_draft_of_a_closed_month_is_taken_back_in_a_later_one(world: LedgerWorld) -> None:
    marta = manager(world.company.marta)
    period_locks.lock(world.session, marta, NOW, APRIL, world.company.norte.id, MARCH, "Paid out")
    old = world.trips()[0]
    contra = take_back(world, old)
    assert contra.claim_id == world.claim(APRIL).id != old.claim_id


def test_a_contra_entry_is_settled_in_its_claim_like_any_line(world: LedgerWorld) -> None:
    settle(world)
    contra = take_back(world, world.trips()[0])
    settle(world, APRIL)
    with pytest.raises(Locked):
        contra_entries.undo(world.session, rep(world.ana), NOW, APRIL, contra, uid(), "It was right")
    assert troubles(world.session) == []


def test_an_approval_taken_back_leaves_what_was_taken_back_alone(world: LedgerWorld) -> None:
    """The claim may come back to the rep, who corrects the rest of it and not that."""
    settle(world, steps=1)
    old = world.trips()[0]
    take_back(world, old)
    for who, action in ((world.company.marta, "unapprove"), (world.ana, "withdraw")):
        world.step(who, ClaimAction(action), on=MARCH)
    with pytest.raises(Conflict) as refused:
        corrections.correct_trip(world.session, rep(world.ana), NOW, APRIL, old.id, change(7_000))
    assert refused.value.code == "entry_taken_back"
    corrections.correct_trip(world.session, rep(world.ana), NOW, APRIL, world.trips()[1].id, change(7_000))
    assert troubles(world.session) == []


def test_a_reviewer_is_asked_about_it_and_about_nothing_else(world: LedgerWorld) -> None:
    settle(world)
    take_back(world, world.trips()[0])
    take_back(world, spent(world))
    (checked,) = claim_check.check(world.session, [world.claim(APRIL)])
    assert checked.flags == {Flag.TAKES_BACK: 2}


def test_an_expense_entered_anew_is_no_double_and_stays_under_its_cap(world: LedgerWorld) -> None:
    settle(world)
    old = spent(world)
    new = NewExpense(uid(), MARCH, ExpenseCategory.PARKING, 1500, "CLP", merchant="Parking Prat", note="Two")
    made = corrections.correct_expense(world.session, rep(world.ana), NOW, APRIL, old.id, new, "Note")
    found = expense_findings.of_lines(world.session, [old, made])
    assert {finding.flag for each in found.values() for finding in each} <= {Flag.NO_RECEIPT}
    contra = entries.contra_of(world.session, old)
    assert contra is not None
    assert expense_findings.of_one(world.session, contra) == ()


def test_the_official_log_has_the_trip_as_it_was_driven_and_says_who_changed_it(world: LedgerWorld) -> None:
    settle(world)
    old, marta = world.trips()[0], world.company.marta
    corrections.correct_trip(world.session, rep(world.ana), NOW, APRIL, old.id, change(5_000))
    other = world.trips()[1]
    take_back(world, other, marta)
    period = (date(2026, 3, 1), date(2026, 4, 1))
    log = official_logs.read(world.session, rep(world.ana), APRIL, world.ana.id, LogForm.US, period)
    assert [(trip.metres, trip.is_void) for trip in log.trips] == [(0, True), (5_000, False), (0, True)]
    assert (log.metres, sum(total.amount_minor for total in log.rates)) == (5_000, 900)
    told = {(each.kind, each.old, each.by) for each in log.changes}
    assert told == {
        (ChangeKind.REVERSED, old.metres, world.ana.name),
        (ChangeKind.REVERSED, other.metres, marta.name),
    }


def test_what_stands_in_its_place_goes_first(world: LedgerWorld) -> None:
    """Else both would count."""
    settle(world)
    old = world.trips()[0]
    made = corrections.correct_trip(world.session, rep(world.ana), NOW, APRIL, old.id, change(5_000))
    contra = entries.contra_of(world.session, old)
    assert contra is not None
    told = (world.session, rep(world.ana), NOW, APRIL)
    with pytest.raises(Conflict) as refused:
        contra_entries.undo(*told, contra, uid(), "It was right")
    assert refused.value.code == "entry_replaced"
    again = corrections.correct_trip(*told, made.id, change(6_000))
    assert again.replaces_id == old.id
    corrections.reverse_trip(*told, again.id, uid(), "It was right")
    contra_entries.undo(*told, contra, uid(), "It was right")
    assert totals(world, APRIL) == Totals()
    assert troubles(world.session) == []


def test_along_a_chain_only_its_end_counts_again(world: LedgerWorld) -> None:
    """Taken back, entered anew, taken back, entered anew: each line in a claim of its own."""
    told = (world.session, rep(world.ana), NOW, APRIL)
    settle(world)
    old = world.trips()[0]
    contra = take_back(world, old)
    world.step(world.ana, ClaimAction.SUBMIT, on=APRIL)
    made = corrections.correct_trip(*told, old.id, change(5_000))
    assert world.claim(MAY).id == made.claim_id
    settle(world, on=MAY, steps=1)
    world.step(world.company.marta, ClaimAction.RETURN, "Look again", on=APRIL)
    again = corrections.correct_trip(*told, made.id, change(6_000))
    second = entries.contra_of(world.session, made)
    assert isinstance(second, Trip)
    assert (again.claim_id, second.claim_id) == (contra.claim_id, contra.claim_id)

    def refused(entry: Trip | Expense) -> str:
        with pytest.raises(Conflict) as said:
            contra_entries.undo(*told, entry, uid(), "It was right")
        return said.value.code

    assert (refused(contra), refused(second)) == ("entry_replaced_since", "entry_replaced")
    corrections.reverse_trip(*told, again.id, uid(), "It was right")
    assert refused(contra) == "entry_replaced_since"
    assert not contra_entries.may_replace(world.session, rep(world.ana), old)
    contra_entries.undo(*told, second, uid(), "It was right")
    assert refused(contra) == "entry_replaced"
    assert totals(world, APRIL).trips_metres == -old.metres  # and 5 km in May's claim
    assert troubles(world.session) == []


def test_the_rep_enters_what_is_right_where_a_manager_took_back(world: LedgerWorld) -> None:
    """Tied to the line, so that it cannot count beside it."""
    settle(world)
    old, marta, ana = spent(world), world.company.marta, rep(world.ana)
    contra = take_back(world, old, marta)
    assert entry_pages.expense_page(world.session, ana, APRIL, old.id).settling.may_replace
    new = NewExpense(uid(), MARCH, ExpenseCategory.PARKING, 500, "CLP", merchant="Parking Prat")
    made = corrections.correct_expense(world.session, ana, NOW, APRIL, old.id, new, "A zero too many")
    assert (made.replaces_id, entries.contra_of(world.session, old)) == (old.id, contra)
    assert totals(world, APRIL).expenses_minor == 500 - 1500
    with pytest.raises(Conflict) as refused:
        contra_entries.undo(world.session, manager(marta), NOW, APRIL, contra, uid(), "It was right")
    assert refused.value.code == "entry_replaced"
    again = replace(new, uid=uid())
    with pytest.raises(Conflict):
        corrections.correct_expense(world.session, ana, NOW, APRIL, old.id, again, "Once more")
    trip = world.trips()[0]
    take_back(world, trip, marta)
    drive = corrections.correct_trip(world.session, ana, NOW, APRIL, trip.id, change(5_000))
    assert drive.replaces_id == trip.id
    assert troubles(world.session) == []


def test_what_is_entered_anew_is_as_late_as_the_first_entry_however_often(world: LedgerWorld) -> None:
    settle(world)
    old, ana = spent(world), rep(world.ana)
    new = NewExpense(uid(), MARCH, ExpenseCategory.PARKING, 500, "CLP", merchant="Parking Prat")
    made = corrections.correct_expense(world.session, ana, NOW, APRIL, old.id, new, "Less")
    again = corrections.correct_expense(
        world.session, ana, NOW, APRIL, made.id, replace(new, uid=uid(), amount_minor=600), "More"
    )
    assert (again.corrects_id, again.is_late) == (made.id, False)
    trip = corrections.correct_trip(world.session, ana, NOW, APRIL, world.trips()[0].id, change(5_000))
    assert not trip.is_late
    period = (date(2026, 3, 1), date(2026, 4, 1))
    log = official_logs.read(world.session, ana, APRIL, world.ana.id, LogForm.US, period)
    assert {(each.recorded_on, each.is_late) for each in log.trips} == {(MARCH, False)}


def test_what_is_taken_back_lowers_no_limit_of_approvals(world: LedgerWorld) -> None:
    """1,500 are taken back and 2,000 claimed anew: that is 2,000 to approve."""
    settle(world)
    take_back(world, spent(world))
    new = NewExpense(uid(), APRIL, ExpenseCategory.TOLL, 2_000, "CLP")
    expenses.add(world.session, rep(world.ana), NOW, APRIL, new)
    approvals.set_limit(world.session, None, NOW, "CLP", 1_900)
    world.step(world.ana, ClaimAction.SUBMIT, on=APRIL)
    assert totals(world, APRIL).amount_minor == 500
    assert world.step(world.company.marta, ClaimAction.APPROVE, on=APRIL).state is ClaimState.SUBMITTED
    (checked,) = claim_check.check(world.session, [world.claim(APRIL)])
    assert checked.claimed_minor == claims.claimed_minor(world.session, checked.row) == 2_000


def test_a_toll_goes_with_the_drive_that_was_entered_anew(world: LedgerWorld) -> None:
    old, ana = world.trips()[0], rep(world.ana)
    toll = world.expense(900, merchant="Ruta 5", trip_id=old.id)
    settle(world)
    made = corrections.correct_trip(world.session, ana, NOW, APRIL, old.id, change(5_000))
    pages = {trip.id: entry_pages.trip_page(world.session, ana, APRIL, trip.id) for trip in (old, made)}
    assert [row.id for row in pages[made.id].expenses] == [toll.id]
    assert list(pages[old.id].expenses) == []
    page = entry_pages.expense_page(world.session, ana, APRIL, toll.id)
    assert page.said.trip_id == made.id


def test_what_a_manager_writes_is_not_said_by_the_rep(world: LedgerWorld) -> None:
    settle(world)
    take_back(world, world.trips()[0], world.company.marta)
    (checked,) = claim_check.check(world.session, [world.claim(APRIL)])
    assert [day.reasons for day in checked.days] == [()]


def test_a_correction_prices_the_trips_behind_it_once_at_most(session: Session) -> None:
    """9,990 miles, then 20: in two bands. Only the purpose of the first changes, so nothing behind it."""
    world = UkWorld(session)
    april, today = date(2026, 4, 20), date(2026, 6, 10)
    far, *_ = [world.drive(april, 999) for _ in range(10)]
    settle(world, april)
    crossing = world.drive(date(2026, 6, 2), 20)
    what = TripChange(uid(), far.metres, "Fair", "Another purpose")
    corrections.correct_trip(world.session, rep(world.ana), NOW, today, far.id, what)
    assert world.waiting() == []
    assert entries.history(world.session, crossing) == [crossing]
    assert troubles(world.session) == []


def test_a_trip_behind_it_comes_to_lie_in_the_band_before(session: Session) -> None:
    """9,990 miles, then 20: 10 at 45 p and 10 at 25 p. The first were 90: all 20 at 45 p."""
    world = UkWorld(session)
    april, may = date(2026, 4, 20), date(2026, 5, 5)
    far, *_ = [world.drive(april, 999) for _ in range(10)]
    crossing = world.drive(may, 20)
    assert crossing.amount_minor == 450 + 250
    settle(world, april)
    settle(world, may)
    today = date(2026, 6, 10)
    contra_entries.take_back(world.session, rep(world.ana), NOW, today, far, uid(), "Not driven")
    # 20 mi × 45 p = £9.00; £7.00 were paid.
    assert world.waiting() == [(crossing.id, 200)]
    adjustments.book(world.session, rep(world.ana), NOW, today, world.ana.id, world.waiting())
    assert world.waiting() == []
    assert troubles(world.session) == []


def test_an_adjustment_of_what_is_taken_back_is_proposed_away(session: Session) -> None:
    world = UkWorld(session)
    driven = world.drive(date(2026, 4, 20), 20)
    settle(world, driven.on)
    world.raise_rate()
    ana, today = rep(world.ana), date(2026, 6, 10)
    adjustments.book(world.session, ana, NOW, today, world.ana.id, world.waiting())
    contra_entries.take_back(world.session, ana, NOW, today, driven, uid(), "Not driven")
    # 20 mi × 10 p more were booked, and are to be given back.
    assert world.waiting() == [(driven.id, -200)]
    adjustments.book(world.session, ana, NOW, today, world.ana.id, world.waiting())
    assert world.waiting() == []
    assert sum(trip.amount_minor for trip in world.standing()) == 0
    assert troubles(world.session) == []


COLUMNS = {
    "trip": {
        "metres": "-metres",
        "amount_minor": "-amount_minor",
        "contra_of_id": "id",
        "origin": "'contra'",
    },
    "expense": {"amount_minor": "-amount_minor", "contra_of_id": "id", "tax_minor": "NULL"},
}


def inserted(table: str, **said: str) -> str:
    """A contra entry of every line there is, into the claim ``:claim``, some of it said otherwise."""
    model = Trip if table == "trip" else Expense
    values = {"uid": "CAST(id AS TEXT)", "claim_id": ":claim", **COLUMNS[table], **said}
    names = [column.name for column in model.__table__.columns if column.name != "id"]
    listed, chosen = (
        ", ".join(each) for each in ((f'"{n}"' for n in names), (values.get(n, f'"{n}"') for n in names))
    )
    return f"INSERT INTO {table} ({listed}) SELECT {chosen} FROM {table} WHERE id = :line"


@pytest.mark.parametrize("table", ["trip", "expense"])
@pytest.mark.parametrize(
    "said",
    [
        {"amount_minor": "-amount_minor - 1"},
        {"amount_minor": "-amount_minor + 1"},
        {"contra_of_id": "(SELECT max(id) FROM {table})"},
        {"on": "'2026-03-05'"},
        {"currency": "'USD'"},
    ],
)
def test_the_database_takes_no_contra_entry_that_is_not_the_exact_negative(
    world: LedgerWorld, table: str, said: dict[str, str]
) -> None:
    world.expense(700)
    settle(world)
    line = world.trips()[0] if table == "trip" else spent(world)
    claim = claims.open_for(world.session, world.ana.id, APRIL, "CLP")
    names = {"claim": claim.id, "line": line.id}
    wrong = inserted(table, **said).format(table=table)
    with pytest.raises((IntegrityError, OperationalError)), world.session.begin_nested():
        world.session.execute(text(wrong), names)
    with world.session.begin_nested():
        world.session.execute(text(inserted(table)), names)
    with pytest.raises((IntegrityError, OperationalError)), world.session.begin_nested():
        world.session.execute(text(inserted(table, uid="'again'")), names)


def test_nobody_corrects_by_raw_sql_what_is_taken_back(world: LedgerWorld) -> None:
    settle(world, steps=1)
    old = world.trips()[0]
    take_back(world, old)
    for who, action in ((world.company.marta, "unapprove"), (world.ana, "withdraw")):
        world.step(who, ClaimAction(action), on=MARCH)
    names = {"claim": old.claim_id, "line": old.id}
    statement = inserted(
        "trip", contra_of_id="NULL", origin="origin", metres="1", amount_minor="1", corrects_id="id"
    )
    with pytest.raises((IntegrityError, OperationalError)), world.session.begin_nested():
        world.session.execute(text(statement), names)


@pytest.mark.parametrize("table", ["trip", "expense"])
def test_the_proof_tells_a_contra_entry_that_is_no_negative(world: LedgerWorld, table: str) -> None:
    settle(world)
    line = world.trips()[0] if table == "trip" else spent(world)
    contra, right = take_back(world, line), -line.amount_minor
    tampering = text(f"UPDATE {table} SET amount_minor = -1 WHERE id = :id")
    with pytest.raises((IntegrityError, OperationalError)), world.session.begin_nested():
        world.session.execute(tampering, {"id": contra.id})
    with unguarded(world.session):
        world.session.execute(tampering, {"id": contra.id})
    world.session.expire_all()
    told = [str(each) for each in amounts.verify(world.session)]
    assert told == [f"{table} {contra.id} says -1 in place of {right}"]


def test_the_chain_holds_who_took_it_back(world: LedgerWorld) -> None:
    settle(world)
    contra = take_back(world, world.trips()[0], world.company.marta)
    assert isinstance(contra, Trip)
    assert contra.origin is TripOrigin.CONTRA
    assert chain.verify(world.session) == []
    world.session.execute(text("UPDATE trip SET entered_by_id = NULL WHERE id = :id"), {"id": contra.id})
    world.session.expire_all()
    assert len(chain.verify(world.session)) == 1


def test_a_month_that_was_submitted_is_passed_by(world: LedgerWorld) -> None:
    settle(world)
    old = spent(world)
    new = NewExpense(uid(), APRIL, ExpenseCategory.TOLL, 900, "CLP")
    expenses.add(world.session, rep(world.ana), NOW, APRIL, new)
    settle(world, APRIL, steps=0)
    contra = take_back(world, old)
    assert contra.claim_id == world.claim(date(2026, 5, 1)).id


def test_what_a_manager_took_back_is_not_in_their_own_archive(world: LedgerWorld) -> None:
    """It is the rep's: home stands in it."""
    settle(world)
    take_back(world, world.trips()[0], world.company.marta)
    names = {}
    for person in (world.ana, world.company.marta):
        file = io.BytesIO()
        actor = Actor(person.id, person.role)
        own_data.write(world.session, actor, person.id, Path("nowhere"), "About", file)
        names[person.id] = ZipFile(file).namelist()
    assert "trip.json" in names[world.ana.id]
    assert "trip.json" not in names[world.company.marta.id]
