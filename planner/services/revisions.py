"""Who changed a visit or the order of a day, and whether a page its rep acts on is out of date.

A rep's own changes never stand against what the same rep does on an older page; anybody else's do, and so
does a change whose author was not said.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from planner.models.visits import DayRoute, Visit

Row = Visit | DayRoute


def changed(row: Row, person_id: int, now: datetime | None) -> None:
    """Say who made the change that has just raised ``row.rev`` by one."""
    own_since = own_since_rev(row, row.rev - 1)
    row.own_since_rev = own_since if person_id == row.rep_id else row.rev
    row.changed_rev, row.changed_by_id, row.changed_at = row.rev, person_id, now


def all_changed(rows: Iterable[Row], person_id: int, now: datetime) -> None:
    for row in rows:
        changed(row, person_id, now)


def is_out_of_date(row: Row, base_rev: int) -> bool:
    """Whether somebody or something else than its rep changed the row after ``base_rev``. A revision that
    was never reached is that of a former row."""
    return not own_since_rev(row, row.rev) <= base_rev <= row.rev


def own_since_rev(row: Row, rev: int) -> int:
    """The oldest revision that the rep may still act on, as of ``rev``."""
    is_known = row.changed_rev == rev and row.own_since_rev is not None
    return row.own_since_rev if is_known and row.own_since_rev is not None else rev
