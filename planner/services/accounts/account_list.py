"""The list of accounts: filtered, searched, sorted, in pages, by a fixed number of queries.

Whether an account is due is a rule, not a column: filtering or sorting by it reads the few columns the
rule needs of all accounts that match, then loads the one page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from planner.database import name_order
from planner.domain.access import Actor
from planner.domain.cadence import DueState
from planner.domain.searching import folded
from planner.models.accounts import Account
from planner.models.people import Person
from planner.models.territories import Ownership, Territory
from planner.services import scope
from planner.services.accounts import account_due, account_next
from planner.services.accounts.account_choices import has_tag
from planner.services.accounts.account_due import Due

PAGE_SIZE = 50
ESCAPE = "\\"


class Sort(StrEnum):
    NAME = "name"
    DUE = "due"
    VALUE = "value"
    LAST = "last"


@dataclass(frozen=True, slots=True)
class Filter:
    """What to show; an empty value does not filter. ``kind`` and ``account_class`` are enum values."""

    search: str = ""
    account_class: str = ""
    kind: str = ""
    industry: str = ""
    tag: str = ""
    city: str = ""
    territory_id: int | None = None
    rep_id: int | None = None
    state: DueState | None = None
    is_archived: bool = False
    sort: Sort = Sort.NAME


@dataclass(frozen=True, slots=True)
class AccountRow:
    """A line of the list; ``next_on`` is the next planned visit, ``proposed_on`` the first date proposed
    after the published weeks."""

    account_id: int
    name: str
    account_class: str
    kind: str
    industry: str
    city: str
    address: str
    value_minor: int | None
    currency: str
    owner_name: str | None
    lat: float | None
    lon: float | None
    last_on: date | None
    next_on: date | None
    proposed_on: date | None
    due: Due | None


@dataclass(frozen=True, slots=True)
class AccountPage:
    rows: tuple[AccountRow, ...]
    total: int
    page: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE_SIZE))


def page(session: Session, actor: Actor, on: date, wanted: Filter, number: int = 1) -> AccountPage:
    """One page of the accounts the actor sees on ``on``; a page beyond the last shows the last."""
    if wanted.state is not None or wanted.sort is Sort.DUE:
        ids = _ids_by_due(session, actor, on, wanted)
        total = len(ids)
        number = _within(number, total)
        chosen = ids[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
        found = {row.account_id: row for row in rows(session, on, Account.id.in_(chosen))}
        return AccountPage(
            tuple(found[account_id] for account_id in chosen if account_id in found), total, number
        )
    matching = conditions(actor, on, wanted)
    total = session.scalar(select(func.count(Account.id)).select_from(_joined(on)).where(*matching)) or 0
    number = _within(number, total)
    return AccountPage(tuple(rows(session, on, *matching, order=wanted.sort, page=number)), total, number)


def all_rows(session: Session, actor: Actor, on: date, wanted: Filter) -> list[AccountRow]:
    """Everything that matches, for the map."""
    found = rows(session, on, *conditions(actor, on, wanted), order=wanted.sort)
    if wanted.state is None:
        return found
    return [row for row in found if row.due is not None and row.due.state is wanted.state]


def rows(
    session: Session,
    on: date,
    *matching: ColumnElement[bool],
    order: Sort = Sort.NAME,
    page: int | None = None,
) -> list[AccountRow]:
    """Accounts that match the conditions, which must include the actor's scope; all without ``page``."""
    query = _query(on).where(*matching)
    last = query.selected_columns["last_on"]
    orders: dict[Sort, Sequence[Any]] = {
        Sort.VALUE: (Account.value_minor.desc().nulls_last(),),
        Sort.LAST: (last.asc().nulls_first(),),
    }
    query = query.order_by(*orders.get(order, ()), name_order(Account.name), Account.id)
    if page is not None:
        query = query.limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE)
    by_class = account_due.rules(session)
    return [_row(row, by_class, on) for row in session.execute(query)]


def conditions(actor: Actor, on: date, wanted: Filter) -> list[ColumnElement[bool]]:
    """The filter and the scope, on a query that joins the ownership of the date."""
    archived = Account.archived_at.is_not(None) if wanted.is_archived else Account.archived_at.is_(None)
    found: list[ColumnElement[bool]] = [scope.owned_accounts(actor, on), archived]
    for column, value in (
        (Account.account_class, wanted.account_class),
        (Account.kind, wanted.kind),
        (Account.industry, wanted.industry),
        (Account.city, wanted.city),
        (Ownership.territory_id, wanted.territory_id),
        (Ownership.rep_id, wanted.rep_id),
    ):
        if value:
            found.append(column == value)
    if wanted.tag:
        found.append(has_tag(wanted.tag))
    for word in folded(wanted.search).split():
        found.append(Account.search_text.contains(word, autoescape=True))
    return found


def _joined(on: date) -> Any:
    """Accounts with the ownership of the date, where there is one."""
    return Account.__table__.outerjoin(
        Ownership.__table__, (Ownership.account_id == Account.id) & scope.held(Ownership, on)
    )


def _query(on: date) -> Any:
    last = account_due.last_held(on)
    planned, proposed = account_next.planned(on), account_next.proposed(on)
    return (
        select(
            Account.id,
            Account.name,
            Account.industry,
            Account.city,
            Account.address,
            Account.value_minor,
            Account.lat,
            Account.lon,
            *account_due.COLUMNS,
            Person.name.label("owner_name"),
            Territory.currency,
            last.c.on.label("last_on"),
            last.c.see_again_days,
            planned.c.on.label("next_on"),
            proposed.c.on.label("proposed_on"),
        )
        .select_from(_joined(on))
        .outerjoin(Person, Person.id == Ownership.rep_id)
        .outerjoin(Territory, Territory.id == Ownership.territory_id)
        .outerjoin(last, last.c.account_id == Account.id)
        .outerjoin(planned, planned.c.account_id == Account.id)
        .outerjoin(proposed, proposed.c.account_id == Account.id)
    )


def _row(row: Any, by_class: account_due.Rules, on: date) -> AccountRow:
    return AccountRow(
        account_id=row.id,
        name=row.name,
        account_class=row.account_class.value,
        kind=row.kind.value,
        industry=row.industry,
        city=row.city,
        address=row.address,
        value_minor=row.value_minor,
        currency=row.currency or "",
        owner_name=row.owner_name,
        lat=row.lat,
        lon=row.lon,
        last_on=row.last_on,
        next_on=row.next_on,
        proposed_on=row.proposed_on,
        due=account_due.due_of(row, by_class, row.last_on, row.see_again_days, on),
    )


def _ids_by_due(session: Session, actor: Actor, on: date, wanted: Filter) -> list[int]:
    """Ids of all accounts that match, the latest first where sorted by it, else by name."""
    last = account_due.last_held(on)
    query = (
        select(Account.id, *account_due.COLUMNS, last.c.on.label("last_on"), last.c.see_again_days)
        .select_from(_joined(on))
        .outerjoin(last, last.c.account_id == Account.id)
        .where(*conditions(actor, on, wanted))
        .order_by(name_order(Account.name), Account.id)
    )
    by_class = account_due.rules(session)
    found = [
        (row.id, account_due.due_of(row, by_class, row.last_on, row.see_again_days, on))
        for row in session.execute(query)
    ]
    if wanted.state is not None:
        found = [
            (account_id, due) for account_id, due in found if due is not None and due.state is wanted.state
        ]
    if wanted.sort is Sort.DUE:
        found.sort(key=lambda pair: _urgency(pair[1], on))
    return [account_id for account_id, _ in found]


def _urgency(due: Due | None, on: date) -> tuple[int, int]:
    """Latest first, then by the date wished; without a cadence last."""
    if due is None:
        return (1, 0)
    return (0, (due.latest_on - on).days if due.latest_on else 0)


def _within(number: int, total: int) -> int:
    return min(max(number, 1), max(1, -(-total // PAGE_SIZE)))
