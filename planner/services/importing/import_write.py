"""Writing the states of many accounts at once; used by importing and by undoing an import.

A state is what ``import_plan`` compares: fields, ``hours``, ``contacts``, ``owner``.
``owners`` in its place is a whole history of ranges, as ``ranges_of`` gives it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from itertools import islice
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from planner.domain.hours import read_hours
from planner.domain.ownership import Held, assigned
from planner.domain.searching import search_text
from planner.models.accounts import SEARCHED, Account, Contact, OpeningWindow
from planner.models.territories import Ownership

AT_ONCE = 2000
"""Rows per statement: below the number of values SQLite and PostgreSQL take."""

APART = ("hours", "contacts", "owner", "owners")
"""Parts of a state with tables of their own."""


def pieces(items: Iterable[Any]) -> Iterator[list[Any]]:
    iterator = iter(items)
    while piece := list(islice(iterator, AT_ONCE)):
        yield piece


def insert_accounts(
    session: Session, now: datetime, on: date, states: Sequence[Mapping[str, Any]]
) -> list[int]:
    """New accounts, owned from ``on``; their ids, in order."""
    ids: list[int] = []
    for piece in pieces(states):
        rows = [_own(state) | {"created_at": now, "updated_at": now} for state in piece]
        wanted = insert(Account).returning(Account.id, sort_by_parameter_order=True)
        ids.extend(_all_alike(session, wanted, rows))
    by_id = dict(zip(ids, states, strict=True))
    owners = {account_id: (Held(*state["owner"], on),) for account_id, state in by_id.items()}
    _insert_ranges(session, owners)
    _insert_hours(session, by_id)
    _insert_contacts(session, by_id)
    return ids


def update_accounts(
    session: Session, now: datetime, on: date, states: Mapping[int, Mapping[str, Any]]
) -> None:
    """Put the named parts of accounts into the given state, and count each as an edit."""
    for piece in pieces(states):
        rows = [_own(states[account_id]) | {"id": account_id, "updated_at": now} for account_id in piece]
        session.execute(update(Account), rows)
        session.execute(update(Account).where(Account.id.in_(piece)).values(rev=Account.rev + 1))
        _write_search_text(session, [i for i in piece if any(name in states[i] for name in SEARCHED)])
        _replace_parts(session, {account_id: states[account_id] for account_id in piece})
        _change_owners(session, on, {account_id: states[account_id] for account_id in piece})
    session.expire_all()


def ranges_of(session: Session, ids: Iterable[int]) -> dict[int, tuple[Held, ...]]:
    """The owners of accounts over time."""
    found: dict[int, list[Held]] = defaultdict(list)
    for piece in pieces(ids):
        query = (
            select(
                Ownership.account_id,
                Ownership.territory_id,
                Ownership.rep_id,
                Ownership.from_on,
                Ownership.until_on,
            )
            .where(Ownership.account_id.in_(piece))
            .order_by(Ownership.from_on)
        )
        for account_id, *held in session.execute(query):
            found[account_id].append(Held(*held))
    return {account_id: tuple(ranges) for account_id, ranges in found.items()}


def _own(state: Mapping[str, Any]) -> dict[str, Any]:
    return {field: value for field, value in state.items() if field not in APART}


def _all_alike(session: Session, statement: Any, rows: Sequence[dict[str, Any]]) -> list[int]:
    """Rows of one statement need the same columns: what a line does not say takes the column's default."""
    names = {name for row in rows for name in row}
    defaults = {name: _default(name) for name in names}
    complete = [defaults | row | {"search_text": _searched(row)} for row in rows]
    return list(session.scalars(statement, complete))


def _default(name: str) -> Any:
    column = Account.__table__.c[name]
    if name == "tags":
        return []
    return None if column.nullable else ""


def _searched(row: Mapping[str, Any]) -> str:
    return search_text(*(row.get(name) for name in SEARCHED))


def _write_search_text(session: Session, ids: Sequence[int]) -> None:
    columns = [getattr(Account, name) for name in SEARCHED]
    found = session.execute(select(Account.id, *columns).where(Account.id.in_(ids))).all()
    rows = [{"id": row.id, "search_text": search_text(*row[1:])} for row in found]
    if rows:
        session.execute(update(Account), rows)


def _replace_parts(session: Session, states: Mapping[int, Mapping[str, Any]]) -> None:
    hours = {account_id: state for account_id, state in states.items() if "hours" in state}
    contacts = {account_id: state for account_id, state in states.items() if "contacts" in state}
    session.execute(delete(OpeningWindow).where(OpeningWindow.account_id.in_(hours)))
    session.execute(delete(Contact).where(Contact.account_id.in_(contacts)))
    _insert_hours(session, hours)
    _insert_contacts(session, contacts)


def _change_owners(session: Session, on: date, states: Mapping[int, Mapping[str, Any]]) -> None:
    moved = [account_id for account_id, state in states.items() if "owner" in state]
    ranges = {
        account_id: assigned(held, Held(*states[account_id]["owner"], on))
        for account_id, held in (dict.fromkeys(moved, ()) | ranges_of(session, moved)).items()
    }
    ranges |= {
        i: tuple(_held(held) for held in state["owners"]) for i, state in states.items() if "owners" in state
    }
    session.execute(delete(Ownership).where(Ownership.account_id.in_(ranges)))
    _insert_ranges(session, ranges)


def _held(text: Mapping[str, Any]) -> Held:
    """A range as JSON kept it."""
    until = text["until_on"]
    return Held(
        text["territory_id"],
        text["rep_id"],
        date.fromisoformat(text["from_on"]),
        date.fromisoformat(until) if until else None,
    )


def _insert_ranges(session: Session, ranges: Mapping[int, Sequence[Held]]) -> None:
    _insert(
        session, Ownership, ({"account_id": i} | asdict(held) for i, all in ranges.items() for held in all)
    )


def _insert_hours(session: Session, states: Mapping[int, Mapping[str, Any]]) -> None:
    _insert(
        session,
        OpeningWindow,
        (
            {
                "account_id": account_id,
                "weekday": window.weekday,
                "opens_seconds": window.opens_seconds,
                "closes_seconds": window.closes_seconds,
            }
            for account_id, state in states.items()
            for window in read_hours(state.get("hours", ""))
        ),
    )


def _insert_contacts(session: Session, states: Mapping[int, Mapping[str, Any]]) -> None:
    _insert(
        session,
        Contact,
        (
            {"account_id": account_id} | contact
            for account_id, state in states.items()
            for contact in state.get("contacts", ())
        ),
    )


def _insert(session: Session, table: Any, rows: Iterable[dict[str, Any]]) -> None:
    """On the table itself: the session need not know these rows."""
    for piece in pieces(rows):
        session.execute(insert(table.__table__), piece)
