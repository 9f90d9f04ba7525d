"""Pages of the review's lists: together they are the list, in its order, with its totals on each of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from planner.domain.claims import ClaimAction, ClaimState
from planner.services.ledger import corrections, ledger_lists, ledger_pages
from planner.services.ledger.ledger_lists import Filter
from tests.conftest import NOW, TODAY
from tests.queries import counted
from tests.services.ledger_world import LedgerWorld, manager, rep

FEBRUARY, MARCH = date(2026, 2, 25), TODAY
BOTH = Filter(date(2026, 2, 1), date(2026, 4, 1))
FILTERS = {
    "all": BOTH,
    "flagged": Filter(BOTH.from_on, BOTH.until_on, only_flagged=True),
    "submitted": Filter(BOTH.from_on, BOTH.until_on, state=ClaimState.SUBMITTED),
    "march": Filter(MARCH, MARCH + timedelta(days=1)),
    "nothing": Filter(date(2025, 1, 1), date(2025, 2, 1)),
}
LISTS = ("trips", "expenses", "claims")


@pytest.fixture(autouse=True)
def short_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger_pages, "PAGE_SIZE", 2)


@pytest.fixture
def world(session: Session) -> LedgerWorld:
    """Two months of Ana's, with something of February that came late; the first is submitted. A trip and an
    expense of the second were reversed and count no more."""
    made = LedgerWorld(session)
    for on in (FEBRUARY, MARCH):
        for hour in (9, 11):
            made.visit(hour=hour, on=on)
        made.close(on=on)
    made.expense(700, on=FEBRUARY)
    made.step(made.ana, ClaimAction.SUBMIT, on=FEBRUARY)
    for amount, on in ((1500, MARCH), (900, FEBRUARY), (1200, MARCH), (80_000, MARCH)):
        made.expense(amount, on=on)
    said = (str(uuid4()), "Twice")
    wrong = made.expense(333, on=MARCH)
    corrections.reverse_expense(session, rep(made.ana), NOW, TODAY, wrong.id, *said)
    corrections.reverse_trip(session, rep(made.ana), NOW, TODAY, made.trips()[-1].id, str(uuid4()), "Twice")
    session.flush()
    return made


def asked(world: LedgerWorld, name: str, wanted: Filter) -> tuple[list[Any], Callable[[int], Any]]:
    """The whole list, and how to get a page of it."""
    who = (world.session, manager(world.company.marta), NOW, TODAY, wanted)
    return getattr(ledger_lists, name)(*who), lambda number: getattr(ledger_pages, name)(*who, number)


def shown(lines: list[Any]) -> list[tuple[Any, ...]]:
    found = []
    for line in lines:
        row = getattr(line, "trip", None) or getattr(line, "expense", None) or line.checked.row
        found.append((row.id, line.rep_name, tuple(line.flags)))
    return found


@pytest.mark.both_databases
@pytest.mark.parametrize("wanted", FILTERS.values(), ids=FILTERS)
@pytest.mark.parametrize("name", LISTS)
def test_the_pages_are_the_list_and_each_has_its_totals(
    world: LedgerWorld, name: str, wanted: Filter
) -> None:
    whole, page = asked(world, name, wanted)
    sums = {"trips": "trip_totals", "expenses": "expense_totals", "claims": "claim_totals"}[name]
    totals, first = getattr(ledger_lists, sums)(whole), page(1)
    pages = [page(number) for number in range(1, first.paging.pages + 1)]
    assert shown([line for each in pages for line in each.lines]) == shown(whole)
    assert all((each.paging.total, each.totals) == (len(whole), totals) for each in pages)
    assert all(len(each.lines) <= 2 for each in pages)
    assert page(99).lines == pages[-1].lines
    if name != "claims" and wanted is BOTH:
        assert first.paging.pages > 1


@pytest.mark.parametrize("name", LISTS)
def test_a_page_takes_as_many_queries_whatever_lies_on_the_others(world: LedgerWorld, name: str) -> None:
    sent = []
    for more in (0, 7):
        for number in range(more):
            world.expense(100 + number, on=MARCH)
            world.visit(hour=13, on=date(2026, 1, 5) + timedelta(days=number))
            world.close(on=date(2026, 1, 5) + timedelta(days=number))
        world.session.flush()
        world.session.expire_all()
        _, page = asked(world, name, Filter(date(2026, 1, 1), date(2026, 4, 1)))
        page(2)
        with counted() as statements:
            page(2)
        sent.append(len(statements))
    assert sent[1] <= sent[0]


def test_what_is_reversed_while_a_page_is_read_is_left_out_of_it(
    world: LedgerWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    read, gone = ledger_lists.expenses, world.expense(77, on=MARCH)

    def later(*args: Any) -> Any:
        said = (str(uuid4()), "Twice")
        corrections.reverse_expense(world.session, rep(world.ana), NOW, TODAY, gone.id, *said)
        return read(*args)

    monkeypatch.setattr(ledger_lists, "expenses", later)
    page = ledger_pages.expenses(world.session, manager(world.company.marta), NOW, TODAY, BOTH)
    assert gone.id not in {line.expense.id for line in page.lines}
