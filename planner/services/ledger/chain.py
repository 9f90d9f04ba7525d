"""The hash chain over trips and expenses: a link for each, and the proof that nothing changed since.

What is hashed is listed here by name. A column that came later is hashed only where it says something else
than every entry before it: so those keep their hashes, and neither setting nor clearing it goes unseen. The
parts of a trip belong to it. ``claim_id`` is left out, for it is the claim's business which entries it holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, selectinload

from planner.domain.ledger import FIRST, Break, BreakKind, Link, digest, link
from planner.domain.ledger import verify as verify_links
from planner.domain.mileage import TripOrigin
from planner.domain.mileage_rates import VehicleKind
from planner.models.ledger import Expense, LedgerEntry, LedgerKind, Trip

CHAIN_LOCK = 7_302
"""PostgreSQL advisory lock, one for each rep: two writers must not continue the same chain at one place."""

Entry = Trip | Expense

TRIP_FIELDS = (
    "uid",
    "rep_id",
    "on",
    "position",
    "from_label",
    "to_label",
    "from_account_id",
    "to_account_id",
    "from_lat",
    "from_lon",
    "to_lat",
    "to_lon",
    "visit_id",
    "purpose",
    "vehicle",
    "metres",
    "road_metres",
    "road_seconds",
    "planned_metres",
    "network_name",
    "network_version",
    "change_reason",
    "rate_id",
    "amount_minor",
    "currency",
    "entered_at",
    "is_late",
    "corrects_id",
    "is_void",
)

EXPENSE_FIELDS = (
    "uid",
    "rep_id",
    "on",
    "category",
    "amount_minor",
    "currency",
    "merchant",
    "note",
    "visit_id",
    "receipt_id",
    "change_reason",
    "entered_at",
    "is_late",
    "corrects_id",
    "is_void",
)

TRIP_FIELDS_SINCE: dict[str, object] = {
    "vehicle_kind": VehicleKind.CAR,
    "origin": TripOrigin.DAY,
    "is_private": False,
    "commute_metres": 0,
    "adjusts_id": None,
}
"""Columns that came later, with what they say of entries made before."""

EXPENSE_FIELDS_SINCE: dict[str, object] = {
    "nights": 0,
    **dict.fromkeys(
        (
            *("account_id", "trip_id", "tax_minor", "tax_percent", "rule_id", "per_diem_id"),
            *("paid_minor", "paid_tax_minor", "paid_currency", "exchange_rate", "exchange_rate_id"),
        )
    ),
}

FIELDS: dict[LedgerKind, Sequence[str]] = {LedgerKind.TRIP: TRIP_FIELDS, LedgerKind.EXPENSE: EXPENSE_FIELDS}


@dataclass(frozen=True, slots=True)
class ChainBreak:
    """A place where the chain of a rep does not hold."""

    rep_id: int
    broken: Break

    def __str__(self) -> str:
        found = self.broken
        return f"rep {self.rep_id}, link {found.position}: {found.subject} ({found.kind.value})"


def append(session: Session, rep_id: int, entries: Iterable[Entry]) -> None:
    """Link flushed entries of one rep to their chain, in the order given."""
    hold(session, rep_id)
    position, before = _head(session, rep_id)
    for entry in entries:
        kind = _kind(entry)
        position += 1
        made = link(position, _subject(kind, entry.id), _digest(kind, entry), before)
        session.add(
            LedgerEntry(
                rep_id=rep_id,
                position=position,
                kind=kind,
                subject_id=entry.id,
                content_sha256=made.content_sha256,
                previous_sha256=made.previous_sha256,
                entry_sha256=made.entry_sha256,
            )
        )
        before = made.entry_sha256
    session.flush()


def hold(session: Session, rep_id: int) -> None:
    """Keep other writers of a rep's entries waiting until this transaction is over. Whoever also holds claims
    holds the chain first: in one order, no two wait for each other."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(CHAIN_LOCK, rep_id)))


def head(session: Session, rep_id: int) -> str:
    """The hash of a rep's last link: whoever keeps it can prove later that nothing before it changed."""
    return _head(session, rep_id)[1]


def verify(session: Session) -> list[ChainBreak]:
    """Every place where a chain does not hold, rep by rep; empty when all is as it was entered."""
    session.flush()
    reps: set[int] = set()
    for table in (LedgerEntry, Trip, Expense):
        reps.update(session.scalars(select(table.rep_id).distinct()))
    return [ChainBreak(rep_id, found) for rep_id in sorted(reps) for found in _breaks(session, rep_id)]


@dataclass(frozen=True, slots=True)
class Shown:
    """Whether entries are what was linked when they were entered, up to the newest link among them.

    ``position`` counts the rep's links; ``broken`` are places where it does not hold.
    """

    position: int
    entry_sha256: str
    broken: tuple[Break, ...]


def of_entries(session: Session, rep_id: int, entries: Sequence[Entry]) -> Shown | None:
    """The proof for some entries of a rep: their links, and that each follows from the one before it.

    None without entries. What lies before them is proven by ``verify``, which reads everything.
    """
    contents = {_subject(_kind(entry), entry.id): _digest(_kind(entry), entry) for entry in entries}
    if not contents:
        return None
    ids = {kind: [entry.id for entry in entries if _kind(entry) is kind] for kind in LedgerKind}
    wanted = or_(*((LedgerEntry.kind == kind) & LedgerEntry.subject_id.in_(ids[kind]) for kind in LedgerKind))
    mine = select(LedgerEntry).where(LedgerEntry.rep_id == rep_id, wanted).order_by(LedgerEntry.position)
    rows = session.scalars(mine).all()
    before = {row.position - 1 for row in rows}
    query = select(LedgerEntry.position, LedgerEntry.entry_sha256).where(
        LedgerEntry.rep_id == rep_id, LedgerEntry.position.in_(before)
    )
    hashes = {0: FIRST, **{row.position: row.entry_sha256 for row in session.execute(query)}}
    found = [each for row in rows for each in _link_breaks(row, contents, hashes)]
    linked = {_subject(row.kind, row.subject_id) for row in rows}
    found += [Break(BreakKind.UNLINKED, subject, 0) for subject in sorted(contents.keys() - linked)]
    last = rows[-1] if rows else None
    return Shown(last.position if last else 0, last.entry_sha256 if last else FIRST, tuple(found))


@dataclass(frozen=True, slots=True)
class Found:
    """A link somebody kept the hash of. ``breaks`` are places up to it where its chain does not hold."""

    rep_id: int
    position: int
    breaks: tuple[Break, ...]


def find(session: Session, entry_sha256: str) -> Found | None:
    """Proves a chain up to the link with a hash; None when there is no such link any more."""
    row = session.scalar(select(LedgerEntry).where(LedgerEntry.entry_sha256 == entry_sha256))
    if row is None:
        return None
    up_to = (each for each in _breaks(session, row.rep_id) if each.position <= row.position)
    return Found(row.rep_id, row.position, tuple(up_to))


def _link_breaks(row: LedgerEntry, contents: dict[str, str], hashes: dict[int, str]) -> Iterator[Break]:
    subject = _subject(row.kind, row.subject_id)
    if hashes.get(row.position - 1) != row.previous_sha256:
        yield Break(BreakKind.ORDER, subject, row.position)
    made = link(row.position, subject, row.content_sha256, row.previous_sha256)
    if made.entry_sha256 != row.entry_sha256:
        yield Break(BreakKind.LINK, subject, row.position)
    if contents[subject] != row.content_sha256:
        yield Break(BreakKind.CONTENT, subject, row.position)


def _breaks(session: Session, rep_id: int) -> Iterable[Break]:
    fresh = {"populate_existing": True}
    rows = session.scalars(select(LedgerEntry).where(LedgerEntry.rep_id == rep_id), execution_options=fresh)
    links = [
        Link(
            row.position,
            _subject(row.kind, row.subject_id),
            row.content_sha256,
            row.previous_sha256,
            row.entry_sha256,
        )
        for row in rows
    ]
    whole = select(Trip).where(Trip.rep_id == rep_id).options(selectinload(Trip.parts))
    trips = session.scalars(whole, execution_options=fresh)
    expenses = session.scalars(select(Expense).where(Expense.rep_id == rep_id), execution_options=fresh)
    contents = {
        _subject(_kind(entry), entry.id): _digest(_kind(entry), entry) for entry in (*trips, *expenses)
    }
    return verify_links(links, contents)


def _head(session: Session, rep_id: int) -> tuple[int, str]:
    last = session.execute(
        select(LedgerEntry.position, LedgerEntry.entry_sha256)
        .where(LedgerEntry.rep_id == rep_id)
        .order_by(LedgerEntry.position.desc())
        .limit(1)
    ).one_or_none()
    return (last.position, last.entry_sha256) if last else (0, FIRST)


def _kind(entry: Entry) -> LedgerKind:
    return LedgerKind.TRIP if isinstance(entry, Trip) else LedgerKind.EXPENSE


def _subject(kind: LedgerKind, subject_id: int) -> str:
    return f"{kind.value} {subject_id}"


def _digest(kind: LedgerKind, entry: Entry) -> str:
    content = {field: getattr(entry, field) for field in FIELDS[kind]}
    return digest(content | _since(entry))


def _since(entry: Entry) -> dict[str, object]:
    usual = TRIP_FIELDS_SINCE if isinstance(entry, Trip) else EXPENSE_FIELDS_SINCE
    said = {name: getattr(entry, name) for name in usual}
    found = {name: value for name, value in said.items() if value != usual[name]}
    for part in entry.parts if isinstance(entry, Trip) else ():
        for name in ("rate_id", "metres", "amount_minor"):
            found[f"part {part.position} {name}"] = getattr(part, name)
    return found
