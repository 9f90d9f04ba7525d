"""One stop of a rep's day with all that is good to know before walking in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from planner.domain.access import Actor
from planner.domain.errors import NotFound
from planner.domain.visits import Outcome, VisitState
from planner.models.accounts import Account
from planner.models.visits import Visit
from planner.services import scope
from planner.services.days import follow_up_lists, follow_ups, notes, photos, today, visits
from planner.services.days.day_visits import DayVisit
from planner.services.days.notes import WrittenNote
from planner.services.days.photos import ShownPhoto

NOTES_SHOWN = 3
PHOTOS_SHOWN = 6


@dataclass(frozen=True, slots=True)
class ContactCard:
    name: str
    position: str
    phone: str
    email: str


@dataclass(frozen=True, slots=True)
class LastVisit:
    on: date
    outcome: Outcome | None
    next_step: str


@dataclass(frozen=True, slots=True)
class StopPage:
    """``arrived_at`` and ``left_at`` are UTC instants; ``last`` is the visit held before this one.
    ``is_theirs``: the account is the rep's own, not one they go to for somebody else. ``to_follow_up``: what
    is open there, but for what this visit's own report asks for."""

    visit: DayVisit
    day: today.Day
    phone: str
    city: str
    parking_hint: str
    contacts: tuple[ContactCard, ...]
    notes: tuple[WrittenNote, ...]
    photos: tuple[ShownPhoto, ...]
    last: LastVisit | None
    arrived_at: datetime | None
    left_at: datetime | None
    next_step: str
    next_by: date | None
    see_again_days: int | None
    is_theirs: bool
    to_follow_up: tuple[follow_up_lists.Shown, ...]


def detail(session: Session, actor: Actor, now: datetime, today_on: date, visit_id: int) -> StopPage:
    """A visit of the actor's own. Raises NotFound for anybody else's."""
    row = visits.own(session, actor, visit_id)
    day = today.day(session, actor, now, today_on, row.on)
    shown = day.visit(visit_id)
    if shown is None:
        raise NotFound("visit", id=visit_id)
    follow_up = follow_ups.of_visit(session, row.id)
    account = session.get_one(Account, row.account_id, options=[selectinload(Account.contacts)])
    return StopPage(
        visit=shown,
        day=day,
        phone=account.phone,
        city=account.city,
        parking_hint=account.parking_hint,
        contacts=tuple(ContactCard(c.name, c.position, c.phone, c.email) for c in account.contacts),
        notes=tuple(notes.recent(session, account.id, NOTES_SHOWN)),
        photos=tuple(photos.of_account(session, account.id, PHOTOS_SHOWN)),
        last=_last(session, row),
        arrived_at=row.arrived_at,
        left_at=row.left_at,
        next_step=row.next_step,
        next_by=follow_up.due_on if follow_up else None,
        see_again_days=row.see_again_days,
        is_theirs=scope.sees_account(session, actor, account.id, today_on),
        to_follow_up=tuple(follow_up_lists.still_open(session, actor, today_on, account.id, row.id)),
    )


def _last(session: Session, row: Visit) -> LastVisit | None:
    query = (
        select(Visit.on, Visit.outcome, Visit.next_step)
        .where(Visit.account_id == row.account_id, Visit.on < row.on, Visit.state == VisitState.DONE)
        .order_by(Visit.on.desc(), Visit.id.desc())
        .limit(1)
    )
    found = session.execute(query).one_or_none()
    return LastVisit(*found) if found else None
