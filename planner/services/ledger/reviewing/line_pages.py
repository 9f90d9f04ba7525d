"""What the page of one line shows: the day or the expense, what was said of it, every entry it ever was."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.access import Actor
from planner.domain.errors import NotFound
from planner.domain.review_talk import Remark
from planner.models.ledger import Claim, Expense, LedgerEntry, LedgerKind, Trip
from planner.services.ledger import claim_pages, entries, entry_pages
from planner.services.ledger.claim_pages import ClaimPage
from planner.services.ledger.entry_pages import Settling
from planner.services.ledger.reviewing import day_page, remarks
from planner.services.ledger.reviewing.day_page import SeenDay
from planner.services.ledger.reviewing.lines import Line


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody said of a line, and their name."""

    remark: Remark
    name: str


@dataclass(frozen=True, slots=True)
class Written:
    """An entry as it stands in the rep's hash chain; ``link`` None: it has none, which ``verify`` tells."""

    entry: Trip | Expense
    link: LedgerEntry | None


@dataclass(frozen=True, slots=True)
class Settled:
    """An entry of the line that stands, and what a later claim makes of it; ``contra`` is the same of what
    takes it back."""

    entry: Trip | Expense
    settling: Settling
    contra: Settling | None = None


@dataclass(frozen=True, slots=True)
class LinePage:
    """``receipts`` are the day's expenses, or the one expense. ``before`` and ``after`` are the keys of the
    neighbours to look at, empty where there is none. ``settled`` are its entries,
    with what a later claim makes of them, ``contras`` what takes or took them back."""

    page: ClaimPage
    line: Line
    day: SeenDay | None
    receipts: tuple[Expense, ...]
    said: tuple[Said, ...]
    history: tuple[Written, ...]
    before: str
    after: str
    settled: tuple[Settled, ...] = ()
    contras: frozenset[tuple[str, int]] = frozenset()

    def holds(self, table: str, entry_id: int) -> bool:
        """Whether an entry is of this line, or takes one of it back, or did."""
        own = {(each.entry.__tablename__, each.entry.id) for each in self.settled}
        return (table, entry_id) in own | self.contras


def page(session: Session, actor: Actor, now: datetime, today: date, claim_id: int, key: str) -> LinePage:
    """Raises NotFound for a claim outside the actor's scope, and for a line that is none of its."""
    shown = claim_pages.page(session, actor, now, today, claim_id)
    line = shown.reviewed.line(key)
    if line is None:
        raise NotFound("line", key=key)
    rep_id = shown.row.rep_id
    day = None if line.expense else day_page.seen_day(session, rep_id, line.on, line.day)
    spent = tuple(each.row for each in shown.checked.expenses if _belongs(each.row, line))
    before, after = neighbours(shown, key)
    written = tuple(_written(session, rep_id, line))
    said, settled = _said(session, claim_id, line.known_as), tuple(_settled(session, actor, shown.row, line))
    contras = _contras(session, [each.entry for each in settled])
    return LinePage(shown, line, day, spent, said, written, before, after, settled, contras)


def _contras(session: Session, lines: Sequence[Trip | Expense]) -> frozenset[tuple[str, int]]:
    """What takes them back, or did: table and id."""
    found = set()
    for table in (Trip, Expense):
        ids = [row.id for row in lines if isinstance(row, table)]
        rows = session.scalars(select(table.id).where(table.contra_of_id.in_(ids)))
        found |= {(table.__tablename__, row_id) for row_id in rows}
    return frozenset(found)


def _settled(session: Session, actor: Actor, claim: Claim, line: Line) -> Iterator[Settled]:
    rows: list[Trip | Expense] = [trip.row for trip in line.day.trips] if line.day else []
    rows += [line.expense.row] if line.expense else []
    for row in rows:
        found = entry_pages.settling(session, actor, row, claim)
        contra = found.contra
        of_later = session.get(Claim, contra.claim_id) if contra else None
        later = entry_pages.settling(session, actor, contra, of_later) if contra else None
        yield Settled(row, found, later)


def neighbours(shown: ClaimPage, key: str) -> tuple[str, str]:
    """The lines to look at before and after this one."""
    keys = [line.key for line in shown.reviewed.lines if line.is_exception or line.key == key]
    place = keys.index(key)
    return (keys[place - 1] if place else "", keys[place + 1] if place + 1 < len(keys) else "")


def _belongs(row: Expense, line: Line) -> bool:
    return row.id == line.expense.row.id if line.expense else row.on == line.on


def _said(session: Session, claim_id: int, keys: Sequence[str]) -> tuple[Said, ...]:
    found = [each for each in remarks.of_claims(session, [claim_id])[claim_id] if each.line in keys]
    names = claim_pages.names_of(session, {remark.actor_id for remark in found})
    return tuple(Said(remark, names.get(remark.actor_id, "")) for remark in found)


def _written(session: Session, rep_id: int, line: Line) -> Iterator[Written]:
    """Every entry of the line, corrected ones too, in the order they were entered; private drives are not
    the reviewer's business."""
    kind = LedgerKind.TRIP if line.expense is None else LedgerKind.EXPENSE
    found: Sequence[Trip | Expense]
    if line.expense is None:
        query = select(Trip).where(Trip.rep_id == rep_id, Trip.on == line.on, Trip.is_private.is_(False))
        found = session.scalars(query.order_by(Trip.id)).all()
    else:
        found = entries.history(session, line.expense.row)
    ids = [row.id for row in found]
    links = session.scalars(
        select(LedgerEntry).where(LedgerEntry.kind == kind, LedgerEntry.subject_id.in_(ids))
    )
    by_id = {link.subject_id: link for link in links}
    yield from (Written(row, by_id.get(row.id)) for row in found)
