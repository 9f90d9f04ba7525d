"""What has been written about accounts lately, newest first, within the actor's scope."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from planner.domain.access import Actor
from planner.domain.visits import SUCCESSFUL, Outcome
from planner.models.accounts import Account
from planner.models.people import Person
from planner.models.visits import Note, Visit
from planner.services import scope

PAGE_SIZE = 30
LIKE_ESCAPE = "\\"


@dataclass(frozen=True, slots=True)
class FeedNote:
    account_id: int
    account_name: str
    account_class: str
    author_name: str
    captured_at: datetime
    text: str
    outcome: Outcome | None
    next_step: str

    @property
    def was_strike(self) -> bool:
        return self.outcome in SUCCESSFUL


@dataclass(frozen=True, slots=True)
class FeedPage:
    notes: tuple[FeedNote, ...]
    page: int
    has_more: bool


def feed(
    session: Session, actor: Actor, on: date, search: str = "", author_id: int | None = None, page: int = 1
) -> FeedPage:
    """One page of notes on accounts the actor sees on ``on``; ``search`` looks into text and account name."""
    query = _matching(actor, on, search.strip(), author_id)
    page = max(page, 1)
    rows = session.execute(query.offset((page - 1) * PAGE_SIZE).limit(PAGE_SIZE + 1)).all()
    notes = tuple(_feed_note(*row) for row in rows[:PAGE_SIZE])
    return FeedPage(notes, page, has_more=len(rows) > PAGE_SIZE)


def authors(session: Session, actor: Actor, on: date) -> list[tuple[int, str]]:
    """Ids and names of the reps whose notes may be filtered for."""
    query = (
        select(Person.id, Person.name).where(Person.id.in_(scope.rep_ids(actor, on))).order_by(Person.name)
    )
    return [(person_id, name) for person_id, name in session.execute(query)]


def _matching(
    actor: Actor, on: date, search: str, author_id: int | None
) -> Select[tuple[Note, Account, Person, Visit]]:
    query = (
        select(Note, Account, Person, Visit)
        .join(Account, Account.id == Note.account_id)
        .join(Person, Person.id == Note.author_id)
        .outerjoin(Visit, Visit.id == Note.visit_id)
        .where(scope.owned_accounts(actor, on))
        .order_by(Note.captured_at.desc(), Note.id.desc())
    )
    if search:
        pattern = f"%{_escaped(search)}%"
        query = query.where(
            or_(Note.text.ilike(pattern, escape=LIKE_ESCAPE), Account.name.ilike(pattern, escape=LIKE_ESCAPE))
        )
    return query.where(Note.author_id == author_id) if author_id is not None else query


def _escaped(text: str) -> str:
    """The search as typed: ``%`` and ``_`` mean themselves."""
    for special in (LIKE_ESCAPE, "%", "_"):
        text = text.replace(special, LIKE_ESCAPE + special)
    return text


def _feed_note(note: Note, account: Account, author: Person, visit: Visit | None) -> FeedNote:
    return FeedNote(
        account_id=account.id,
        account_name=account.name,
        account_class=account.account_class.value,
        author_name=author.name,
        captured_at=note.captured_at,
        text=note.text,
        outcome=visit.outcome if visit else None,
        next_step=visit.next_step if visit else "",
    )
