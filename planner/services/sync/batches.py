"""A batch of items: each noted by its uid first, then carried out, so that none stops another.

What was noted before is answered, never done again: the database decides, for only one writer can note a
uid. An item that is refused leaves no row behind, so that it may come again, mended.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any

from sqlalchemy import Insert, bindparam, delete, select, update
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from planner.database import CONSTRAINT, Base, refusal
from planner.domain.access import Actor
from planner.domain.capture import Captured
from planner.domain.errors import Conflict, RoundsError
from planner.domain.outbox import Answered, Item
from planner.models.sync import SyncItem
from planner.services.days import notes
from planner.services.sync import standing
from planner.services.sync.acts import Act, Made, Sending
from planner.services.sync.standing import Theirs
from routing.errors import RoutingError

log = logging.getLogger(__name__)

Refused = RoundsError | RoutingError

NOTHING_YET = ""
NOTED = (
    *(SyncItem.id, SyncItem.uid, SyncItem.content_sha256, SyncItem.answer),
    *(SyncItem.rev, SyncItem.told, SyncItem.made_kind),
)
WRITE_DOWN = (
    update(Base.metadata.tables[SyncItem.__tablename__])
    .where(SyncItem.id == bindparam("row_id"))
    .values({name: bindparam(name) for name in ("answer", "made_kind", "made_id", "rev", "told")})
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """An item read and understood before the transaction; ``act`` is the error where its form was wrong."""

    item: Item
    digest: str
    when: Captured
    skew: timedelta
    act: Act | Refused


@dataclass(frozen=True, slots=True)
class Taken:
    """The answer to one item. ``error`` or ``told`` make its sentence."""

    answer: Answered
    rev: int | None = None
    theirs: Theirs | None = None
    error: Refused | None = None
    made: Made | None = None
    told: str = ""


@dataclass(frozen=True, slots=True)
class _Noted:
    """The row of a uid."""

    id: int
    uid: str
    content_sha256: str
    answer: Answered
    rev: int | None
    told: str
    made_kind: str

    @property
    def is_new(self) -> bool:
        """Noted in this transaction, and not carried out yet: others see a row with its outcome only."""
        return self.answer is Answered.CREATED and self.made_kind == NOTHING_YET


@dataclass(frozen=True, slots=True)
class _Batch:
    """``held``: what was read ahead for all of it."""

    session: Session
    actor: Actor
    held: Sequence[object]


def understood(item: Item, read: Callable[[], Act]) -> Act | Refused:
    """What an item does, or why that cannot be said. Whatever one runs into must not keep the others on the
    phone, but for a full disk or a lost database."""
    try:
        return read()
    except (RoundsError, RoutingError) as refused:
        return refused
    except OperationalError:
        raise
    except Exception:
        log.exception("an item of kind %s could not be read", item.kind.value)
        return Conflict("sync_failed")


def take(session: Session, actor: Actor, wanted: Sequence[Wanted]) -> list[Taken]:
    """Carry out what is new, in the order given; the answers stand in that order too."""
    answers: dict[int, Taken] = {}
    rest = list(enumerate(wanted))
    while rest:
        # A uid that comes twice in one batch is told apart like one that comes in two.
        first = {one.item.uid: (place, one) for place, one in reversed(rest)}
        now = sorted(first.values(), key=lambda pair: pair[0])
        answers |= _take_once(session, actor, now)
        rest = [(place, one) for place, one in rest if place not in answers]
    return [answers[place] for place in range(len(wanted))]


def _take_once(session: Session, actor: Actor, numbered: Sequence[tuple[int, Wanted]]) -> dict[int, Taken]:
    """Items with uids of their own."""
    noted = _note(session, actor, [one for _, one in numbered])
    new = {uid: row.id for uid, row in noted.items() if row.is_new}
    held = standing.hold(session, [one.item for _, one in numbered if one.item.uid in new])
    batch, fresh = _Batch(session, actor, held), [one for _, one in numbered if one.item.uid in new]
    taken = dict(zip((one.item.uid for one in fresh), _carry_out_all(batch, fresh), strict=True))
    _write_down(session, [(new[uid], answer) for uid, answer in taken.items()])
    return {
        place: taken.get(one.item.uid) or _again(batch, noted[one.item.uid], one) for place, one in numbered
    }


def _write_down(session: Session, taken: Sequence[tuple[int, Taken]]) -> None:
    """What became of each noted row; of what was refused none is left."""
    kept = [_outcome(row_id, one) for row_id, one in taken if one.answer is not Answered.REJECTED]
    dropped = [row_id for row_id, one in taken if one.answer is Answered.REJECTED]
    if kept:
        session.connection().execute(WRITE_DOWN, kept)
    if dropped:
        session.execute(delete(SyncItem).where(SyncItem.id.in_(dropped)))
    session.flush()


def _note(session: Session, actor: Actor, wanted: Sequence[Wanted]) -> Mapping[str, _Noted]:
    """Note every uid that nobody has noted; returns how each stands now."""
    connection = session.connection()
    connection.execute(_unless_there(connection.dialect.name), [_row(actor, one) for one in wanted])
    uids = [one.item.uid for one in wanted]
    query = select(*NOTED).where(SyncItem.person_id == actor.user_id, SyncItem.uid.in_(uids))
    return {row.uid: _Noted(*row) for row in session.execute(query)}


@cache
def _unless_there(dialect: str) -> Insert:
    """It returns nothing: one statement that does, for many rows, is put together anew each time."""
    table = Base.metadata.tables[SyncItem.__tablename__]
    return notes.INSERTS[dialect](table).on_conflict_do_nothing(index_elements=["person_id", "uid"])  # type: ignore[no-any-return]


def _row(actor: Actor, one: Wanted) -> dict[str, Any]:
    return {
        "person_id": actor.user_id,
        "uid": one.item.uid,
        "kind": one.item.kind,
        "content_sha256": one.digest,
        "answer": Answered.CREATED,
        "client_at": one.item.client_at,
        "captured_at": one.when.at,
        "received_at": one.when.received_at,
        "skew_seconds": round(one.skew.total_seconds()),
        "made_kind": NOTHING_YET,
        "told": "",
    }


def _again(batch: _Batch, row: _Noted, one: Wanted) -> Taken:
    """The answer to what came before: success when it says the same, else it stands against itself."""
    if row.content_sha256 == one.digest and row.answer is Answered.CREATED:
        return Taken(Answered.DUPLICATE, row.rev, told=row.told)
    now = standing.row_of(batch.session, batch.actor, one.item)
    theirs = standing.theirs(batch.session, now) if now is not None else None
    code = "sync_changed" if row.content_sha256 == one.digest else "uid_taken"
    return Taken(Answered.CONFLICT, now.rev if now else None, theirs, Conflict(code))


def _carry_out_all(batch: _Batch, fresh: Sequence[Wanted]) -> list[Taken]:
    """As a rule nothing goes wrong, and one savepoint does for all; when something does, each has its own."""
    try:
        with batch.session.begin_nested():
            taken = [_carry_out(batch, one) for one in fresh]
            _write_notes(batch, taken)
            return taken
    except OperationalError:
        raise  # a full disk or a lost database: nobody's item is to blame
    except Exception:
        # Whose fault it was, and why, comes out below; all of it was taken back.
        return [_try(batch, one) for one in fresh]


def _try(batch: _Batch, one: Wanted) -> Taken:
    try:
        with batch.session.begin_nested():
            taken = _carry_out(batch, one)
            _write_notes(batch, [taken])
            return taken
    except (RoundsError, RoutingError) as error:
        return Taken(Answered.REJECTED, error=error)
    except OperationalError:
        raise
    except Exception as error:
        if isinstance(error, IntegrityError) and (refused := refusal(error)).code != CONSTRAINT:
            return Taken(Answered.REJECTED, error=refused)
        # Whatever else one item runs into must not keep the others on the phone.
        log.exception("an item of kind %s could not be carried out", one.item.kind.value)
        return Taken(Answered.REJECTED, error=Conflict("sync_failed"))


def _carry_out(batch: _Batch, one: Wanted) -> Taken:
    if isinstance(one.act, Refused):
        raise one.act
    theirs = standing.against(batch.session, batch.actor, one.item)
    if theirs is not None:
        return Taken(Answered.CONFLICT, theirs.rev, theirs, Conflict("sync_changed"))
    made = one.act(batch.session, Sending(batch.actor, one.item, one.when))
    return Taken(Answered.CREATED, made.rev, made=made, told=made.told)


def _write_notes(batch: _Batch, taken: Iterable[Taken]) -> None:
    rows = [one.made.note for one in taken if one.made is not None and one.made.note is not None]
    notes.write(batch.session, rows)


def _outcome(row_id: int, taken: Taken) -> dict[str, Any]:
    made = taken.made
    return {
        "row_id": row_id,
        "answer": taken.answer,
        "made_kind": made.kind if made is not None else NOTHING_YET,
        "made_id": made.id if made is not None else None,
        "rev": taken.rev,
        "told": taken.told,
    }
