"""Per diems: proposed from a closed day's times, claimed as proposed, never by themselves."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.errors import Conflict, Invalid
from planner.domain.expenses import ExpenseCategory
from planner.domain.per_diem import PerDiemKind
from planner.models.ledger import Expense
from planner.models.visits import Visit
from planner.services.ledger import chain, expense_findings, expenses, per_diem_rates, per_diems
from planner.services.ledger.expense_lines import NewExpense
from planner.services.ledger.per_diem_rates import NewPerDiem
from tests.conftest import NOW, TODAY
from tests.services.ledger_world import LedgerWorld, rep, uid

LONG = NewPerDiem("CL", PerDiemKind.HOURS, 300, date(2025, 1, 1), 6_000, "CLP", "Firm")
pytestmark = pytest.mark.both_databases


@pytest.fixture
def world(session: Session) -> LedgerWorld:
    """Ana's day: visits at 9 and 17 o'clock UTC, half an hour each, closed."""
    made = LedgerWorld(session)
    per_diem_rates.add(session, None, NOW, LONG)
    for hour in (9, 17):
        made.visit(hour)
    return made


def claim(world: LedgerWorld, seen: tuple[int, ...], said: str = "") -> list[Expense]:
    actor = rep(world.ana)
    return per_diems.claim(world.session, actor, NOW, TODAY, TODAY, said or uid(), seen)


def test_a_closed_day_is_worth_what_its_times_say(world: LedgerWorld) -> None:
    assert per_diems.proposal(world.session, rep(world.ana), TODAY) is None  # not closed: no drives yet
    world.close()
    found = per_diems.proposal(world.session, rep(world.ana), TODAY)
    assert found is not None
    assert found.away is not None
    drives = world.trips()
    # From 9:00 less the drive there to 17:30 and the drive home: 8 h 30 and both drives.
    seconds = 8.5 * 3600 + drives[0].road_seconds + drives[-1].road_seconds
    assert found.away.minutes == int(seconds // 60)
    assert [rate.amount_minor for rate in found.rates] == [6_000]
    assert expenses.of_day(world.session, world.ana.id, TODAY) == []


def test_it_is_claimed_once_and_needs_no_receipt(world: LedgerWorld) -> None:
    world.close()
    found = per_diems.proposal(world.session, rep(world.ana), TODAY)
    assert found is not None
    said = uid()
    (row,) = claim(world, found.seen, said)
    assert (row.category, row.amount_minor) == (ExpenseCategory.PER_DIEM, 6_000)
    assert row.per_diem_id == found.seen[0]
    assert claim(world, found.seen, said) == [row]
    with pytest.raises(Conflict, match="per_diem_taken"):
        claim(world, found.seen)
    assert expense_findings.of_one(world.session, row) == ()
    assert chain.verify(world.session) == []
    with pytest.raises(Conflict, match="per_diem_in_use"):
        per_diem_rates.remove(world.session, rep(world.ana), NOW, found.seen[0])


def test_reversed_it_may_be_claimed_again(world: LedgerWorld) -> None:
    world.close()
    found = per_diems.proposal(world.session, rep(world.ana), TODAY)
    assert found is not None
    (row,) = claim(world, found.seen)
    expenses.void(world.session, rep(world.ana), NOW, TODAY, row.id, uid(), "was at home")
    assert claim(world, found.seen)[0].id != row.id


def test_what_the_form_showed_must_still_hold(world: LedgerWorld) -> None:
    world.close()
    found = per_diems.proposal(world.session, rep(world.ana), TODAY)
    assert found is not None
    per_diem_rates.add(world.session, None, NOW, replace(LONG, effective_from_on=TODAY, amount_minor=7_000))
    with pytest.raises(Conflict, match="per_diem_changed"):
        claim(world, found.seen)


def test_without_times_nothing_is_reckoned(session: Session) -> None:
    world = LedgerWorld(session)
    per_diem_rates.add(session, None, NOW, LONG)
    world.visit(None)
    world.close()
    found = per_diems.proposal(session, rep(world.ana), TODAY)
    assert found is not None
    assert found.away is None
    assert found.rates == ()


def test_published_amounts_are_taken_over_once_and_marked(world: LedgerWorld) -> None:
    assert per_diem_rates.take(world.session, rep(world.ana), NOW, "DE") == 4
    assert per_diem_rates.take(world.session, rep(world.ana), NOW, "DE") == 0
    taken = per_diem_rates.on_day(world.session, "DE", TODAY)
    assert [row.is_verified for row in taken] == [False] * 4
    per_diem_rates.confirm(world.session, rep(world.ana), NOW, taken[0].id)
    assert taken[0].is_verified
    assert all(rate.source for rate in per_diem_rates.known())


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"country": "Chile"}, "country"),
        ({"currency": "XXY"}, "currency"),
        ({"from_minutes": 1_441}, "from_minutes"),
        ({"amount_minor": -1}, "amount"),
        ({"source": " "}, "source"),
    ],
)
def test_what_is_wrong_with_an_amount_is_said_at_its_field(
    world: LedgerWorld, values: dict[str, object], field: str
) -> None:
    new = replace(LONG, effective_from_on=TODAY + timedelta(days=1))
    with pytest.raises(Invalid) as refused:
        per_diem_rates.add(world.session, None, NOW, replace(new, **values))  # type: ignore[arg-type]
    assert refused.value.field == field


def late_day(session: Session, begins: int, ends: int) -> LedgerWorld:
    """Ana's day in Santiago, UTC−3: a visit at ``begins`` UTC, and one so many hours after it ended."""
    world = LedgerWorld(session)
    per_diem_rates.add(session, None, NOW, LONG)
    _, last = world.visit(begins), world.visit(begins)
    assert last.left_at is not None
    last.arrived_at = last.left_at = last.left_at + timedelta(hours=ends)
    session.flush()
    world.close()
    return world


def test_a_way_home_past_midnight_counts_for_the_day_with_more_of_it(session: Session) -> None:
    # 21:00 to 5:30 there: 3 h before midnight.
    world = late_day(session, 0, 8)
    first = session.scalars(select(Visit).order_by(Visit.id)).first()
    assert first is not None
    assert first.arrived_at is not None
    yesterday = TODAY - timedelta(days=1)
    assert first.arrived_at.astimezone(ZoneInfo("America/Santiago")).date() == yesterday
    found = per_diems.proposal(session, rep(world.ana), TODAY)
    assert found is not None
    assert found.away is not None
    assert (found.away.counts_on, found.away.is_past_midnight) == (TODAY, True)


def test_what_belongs_to_the_next_date_stands_there_once_at_its_amount(session: Session) -> None:
    world = late_day(session, 23, 9)  # 20:00 to 5:30 there: 4 h before midnight, 5 h 30 after it
    tomorrow = TODAY + timedelta(days=1)
    per_diem_rates.add(session, None, NOW, replace(LONG, effective_from_on=tomorrow, amount_minor=7_000))
    found = per_diems.proposal(session, rep(world.ana), TODAY)
    assert found is not None
    assert [rate.amount_minor for rate in found.rates] == [7_000]
    actor, said = rep(world.ana), uid()
    (row,) = per_diems.claim(session, actor, NOW, tomorrow, TODAY, said, found.seen)
    assert (row.on, row.amount_minor) == (tomorrow, 7_000)
    assert row.note.startswith(f"{TODAY} ")
    assert f"–{tomorrow} 0" in row.note
    assert per_diems.claim(session, actor, NOW, tomorrow, TODAY, said, found.seen) == [row]
    again = per_diems.proposal(session, actor, TODAY)
    assert again is not None
    assert again.is_claimed
    with pytest.raises(Conflict, match="per_diem_taken"):
        per_diems.claim(session, actor, NOW, tomorrow, TODAY, uid(), found.seen)


def test_one_entered_on_the_day_itself_before_midnight_counted_is_not_claimed_again(session: Session) -> None:
    world = late_day(session, 23, 9)
    tomorrow, actor = TODAY + timedelta(days=1), rep(world.ana)
    old = NewExpense(uid(), TODAY, ExpenseCategory.PER_DIEM, 6_000, "CLP", note="20:00–05:30")
    expenses.add(session, actor, NOW, tomorrow, old)
    found = per_diems.proposal(session, actor, TODAY)
    assert found is not None
    assert found.is_claimed
