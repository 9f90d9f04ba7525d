"""The hash chain over trips and expenses: a link for each, and the proof that nothing changed since.

What a link says of its entry stands in ``contents``.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, selectinload

from planner.domain.ledger import FIRST, Break, BreakKind, Link, link
from planner.domain.ledger import verify as verify_links
from planner.models.ledger import Expense, LedgerEntry, LedgerKind, SealedLink, Trip
from planner.models.people import Person
from planner.services.ledger import contents
from planner.services.ledger.contents import Entry, kind_of

CHAIN_LOCK = 7_302
"""PostgreSQL advisory lock, one for each rep: two writers must not continue the same chain at one place."""

SALT_BYTES = 16


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
        kind = kind_of(entry)
        position += 1
        salt = secrets.token_hex(SALT_BYTES)
        personal_sha256 = contents.sealed(entry, salt)
        content = contents.rest(entry, personal_sha256)
        made = link(position, _subject(kind, entry.id), content, before)
        session.add(
            LedgerEntry(
                rep_id=rep_id,
                position=position,
                kind=kind,
                subject_id=entry.id,
                content_sha256=made.content_sha256,
                previous_sha256=made.previous_sha256,
                entry_sha256=made.entry_sha256,
                salt=salt,
                personal_sha256=personal_sha256,
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
    if not entries:
        return None
    ids = {kind: [entry.id for entry in entries if kind_of(entry) is kind] for kind in LedgerKind}
    wanted = or_(*((LedgerEntry.kind == kind) & LedgerEntry.subject_id.in_(ids[kind]) for kind in LedgerKind))
    mine = select(LedgerEntry).where(LedgerEntry.rep_id == rep_id, wanted).order_by(LedgerEntry.position)
    rows = session.scalars(mine).all()
    known = _contents(session, rep_id, rows, entries)
    before = {row.position - 1 for row in rows}
    query = select(LedgerEntry.position, LedgerEntry.entry_sha256).where(
        LedgerEntry.rep_id == rep_id, LedgerEntry.position.in_(before)
    )
    hashes = {0: FIRST, **{row.position: row.entry_sha256 for row in session.execute(query)}}
    found = [each for row in rows for each in _link_breaks(row, known, hashes)]
    linked = {_subject(row.kind, row.subject_id) for row in rows}
    found += [Break(BreakKind.UNLINKED, subject, 0) for subject in sorted(known.keys() - linked)]
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


def _link_breaks(row: LedgerEntry, known: Mapping[str, str], hashes: dict[int, str]) -> Iterator[Break]:
    subject = _subject(row.kind, row.subject_id)
    if hashes.get(row.position - 1) != row.previous_sha256:
        yield Break(BreakKind.ORDER, subject, row.position)
    made = link(row.position, subject, row.content_sha256, row.previous_sha256)
    if made.entry_sha256 != row.entry_sha256:
        yield Break(BreakKind.LINK, subject, row.position)
    if known[subject] != row.content_sha256:
        yield Break(BreakKind.CONTENT, subject, row.position)


def _breaks(session: Session, rep_id: int) -> Iterable[Break]:
    fresh = {"populate_existing": True}
    query = select(LedgerEntry).where(LedgerEntry.rep_id == rep_id)
    rows = session.scalars(query, execution_options=fresh).all()
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
    return verify_links(links, _contents(session, rep_id, rows, [*trips, *expenses]))


def _contents(
    session: Session, rep_id: int, links: Iterable[LedgerEntry], entries: Iterable[Entry]
) -> dict[str, str]:
    """The digest of each entry as its link would hold it, by subject; empty without a link."""
    by_subject = {(row.kind, row.subject_id): row for row in links}
    erased_at = session.scalar(select(Person.erased_at).where(Person.id == rep_id))
    rests: dict[tuple[str, int], str] = {}
    if erased_at is not None:
        for seal in session.scalars(select(SealedLink).where(SealedLink.person_id == rep_id)):
            rests[seal.kind, seal.subject_id] = seal.rest_sha256
    digests = {}
    for entry in entries:
        kind, row = kind_of(entry), by_subject.get((kind_of(entry), entry.id))
        kept = rests.get((kind.value, entry.id))
        digests[_subject(kind, entry.id)] = (
            contents.found(entry, row, kept, erased_at is not None) if row is not None else ""
        )
    return digests


def _head(session: Session, rep_id: int) -> tuple[int, str]:
    last = session.execute(
        select(LedgerEntry.position, LedgerEntry.entry_sha256)
        .where(LedgerEntry.rep_id == rep_id)
        .order_by(LedgerEntry.position.desc())
        .limit(1)
    ).one_or_none()
    return (last.position, last.entry_sha256) if last else (0, FIRST)


def _subject(kind: LedgerKind, subject_id: int) -> str:
    return f"{kind.value} {subject_id}"
