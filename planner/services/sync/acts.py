"""What each kind of item does: one step of the rep's, at the time it was taken on the phone.

A note outlives the visit it was written on: where that is gone, it is kept with the account.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.access import Actor
from planner.domain.capture import Captured
from planner.domain.errors import Invalid, NotFound
from planner.domain.follow_ups import FollowUpState
from planner.domain.outbox import Item, needed
from planner.domain.quick_dates import Quick
from planner.domain.review import Flag
from planner.domain.visits import NotHeldReason
from planner.models.visits import Visit
from planner.services import scope
from planner.services.days import follow_ups, notes, photos, reordering, visits
from planner.services.days.notes import NewNote
from planner.services.days.photos import NewPhotos
from planner.services.days.visits import Report
from planner.services.days.wanted_order import Tried
from planner.services.ledger import expense_findings, expenses, receipts, trips
from planner.services.ledger.expense_lines import NewExpense
from planner.services.ledger.trips import Closing

VISIT_GONE = "sync_visit_gone"
NOTE_TO_ACCOUNT = "sync_note_to_account"
EXPENSE_ASKED = "sync_expense_asked"


@dataclass(frozen=True, slots=True)
class Sending:
    """An item on its way in."""

    actor: Actor
    item: Item
    when: Captured

    @property
    def visit_id(self) -> int:
        return needed(self.item.visit_id, "visit")

    @property
    def on(self) -> date:
        return needed(self.item.on, "on")


@dataclass(frozen=True, slots=True)
class Made:
    """What became of an item; ``told`` is the code of a sentence the person should read. ``note`` is still
    to be written, with those of the other items. Raises ValueError without a kind: by that a row of the
    outbox is known to be carried out."""

    kind: str
    id: int | None
    rev: int | None = None
    told: str = ""
    note: notes.Row | None = None

    def __post_init__(self) -> None:
        if not self.kind:
            raise ValueError("what was made has a kind")


Act = Callable[[Session, Sending], Made]


def arrived(session: Session, sent: Sending) -> Made:
    return _of(visits.arrive(session, sent.actor, sent.when, sent.visit_id))


def left(session: Session, sent: Sending) -> Made:
    return _of(visits.leave(session, sent.actor, sent.when, sent.visit_id))


def undone(session: Session, sent: Sending) -> Made:
    return _of(visits.undo(session, sent.actor, sent.when, sent.visit_id))


def done(session: Session, sent: Sending, report: Report) -> Made:
    """The note of a report has the item's uid: a page kept on the phone may be sent more than once."""
    try:
        visit = visits.finish(session, sent.actor, sent.when, sent.visit_id, replace(report, note=""))
    except NotFound:
        if not report.note.strip() and not sent.item.photos:
            raise
        return replace(_noted(session, sent, report.note, None), told=VISIT_GONE)
    _keep_photos(session, sent, visit.account_id, visit.id)
    note = _note(sent, visit.account_id, visit.id, report.note) if report.note.strip() else None
    return replace(_of(visit), note=note)


def missed(session: Session, sent: Sending, reason: NotHeldReason) -> Made:
    return _of(visits.miss(session, sent.actor, sent.when, sent.visit_id, reason))


def skipped(session: Session, sent: Sending, reason: NotHeldReason) -> Made:
    return _of(visits.skip(session, sent.actor, sent.when, sent.visit_id, reason))


def noted(session: Session, sent: Sending, text: str) -> Made:
    if sent.item.visit_id is None:
        return _noted(session, sent, text, None)
    try:
        return _noted(session, sent, text, visits.own(session, sent.actor, sent.item.visit_id))
    except NotFound:
        return replace(_noted(session, sent, text, None), told=NOTE_TO_ACCOUNT)


def spent(session: Session, sent: Sending, new: NewExpense) -> Made:
    """The uid is the item's, as with a note."""
    if len(sent.item.photos) > 1:
        raise Invalid("photos", "sync_item", name="photos")
    for sha256 in sent.item.photos:
        receipt_id = receipts.expected(session, sent.actor, sent.when.received_at, sha256)
        new = replace(new, receipt_id=receipt_id)
    new = replace(new, uid=sent.item.uid, noted=sent.when)
    row = expenses.add(session, sent.actor, sent.when.received_at, sent.when.today, new)
    asked = {finding.flag for finding in expense_findings.of_one(session, row)}
    if row.receipt_id is not None:
        asked.discard(Flag.NO_RECEIPT)  # it may be on its way still
    return Made("expense", row.id, told=EXPENSE_ASKED if asked else "")


def ordered(session: Session, sent: Sending, tried: Tried) -> Made:
    change_id = reordering.keep(session, sent.actor, sent.when.received_at, tried)
    return Made("day_change", change_id)


def closed(session: Session, sent: Sending, networks_folder: Path, closing: Closing) -> Made:
    actor, at = sent.actor, sent.when.received_at
    closing = replace(closing, noted=sent.when)
    day = trips.close_day(
        session, actor, at, sent.when.today, networks_folder, actor.user_id, sent.on, closing
    )
    return Made("closed_day", day.id)


def followed_up(session: Session, sent: Sending, follow_up_id: int, state: FollowUpState) -> Made:
    row = follow_ups.move(session, sent.actor, sent.when.at, sent.when.today, follow_up_id, state)
    return Made("follow_up", row.id)


def put_off(session: Session, sent: Sending, follow_up_id: int, quick: Quick) -> Made:
    """Told from the day on which it was tapped."""
    when = sent.when
    return Made(
        "follow_up", follow_ups.put_off(session, sent.actor, when.on, when.today, follow_up_id, quick).id
    )


def put_back(session: Session, sent: Sending, follow_up_id: int, due_on: date | None) -> Made:
    row = follow_ups.put_back(session, sent.actor, sent.when.today, follow_up_id, due_on)
    return Made("follow_up", row.id)


def _of(visit: Visit) -> Made:
    return Made("visit", visit.id, visit.rev)


def _noted(session: Session, sent: Sending, text: str, visit: Visit | None) -> Made:
    account_id = visit.account_id if visit else _account(session, sent)
    visit_id = visit.id if visit else None
    is_written = bool(text.strip()) or not sent.item.photos
    note = _note(sent, account_id, visit_id, text) if is_written else None
    _keep_photos(session, sent, account_id, visit_id)
    return Made("note", account_id, note=note)


def _note(sent: Sending, account_id: int, visit_id: int | None, text: str) -> notes.Row:
    new = NewNote(sent.item.uid, account_id, text, sent.when.at, visit_id)
    return notes.row(sent.actor, sent.when.received_at, new)


def _keep_photos(session: Session, sent: Sending, account_id: int, visit_id: int | None) -> None:
    """Whether they have come already or are still on the phone."""
    if not sent.item.photos:
        return
    now = sent.when.received_at
    ids = [receipts.expected(session, sent.actor, now, sha256) for sha256 in sent.item.photos]
    photos.add(session, sent.actor, now, NewPhotos(account_id, visit_id, ids, sent.when.at))


def _account(session: Session, sent: Sending) -> int:
    """The account a note names, where the person may read it or has had a visit there. Raises NotFound."""
    account_id = needed(sent.item.account_id, "account")
    mine = select(Visit.id).where(Visit.account_id == account_id, Visit.rep_id == sent.actor.user_id)
    if session.scalar(mine.limit(1)) is None:
        scope.readable_account(session, sent.actor, account_id, sent.when.today)
    return account_id
