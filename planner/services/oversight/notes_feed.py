"""What has been written about accounts lately, newest first, within the actor's scope."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from planner.database import name_order
from planner.domain.access import Actor
from planner.domain.paging import Paging, paged
from planner.domain.searching import folded
from planner.domain.visits import SUCCESSFUL, Outcome
from planner.models import note_search
from planner.models.accounts import Account
from planner.models.people import Person
from planner.models.visits import Note, Visit
from planner.services import scope
from planner.services.accounts.account_choices import has_tag

PAGE_SIZE = 30


@dataclass(frozen=True, slots=True)
class Filter:
    """Which notes; an empty value does not filter. Every word of ``search`` begins a word of the note, or
    stands in the account's name, id or address."""

    search: str = ""
    author_id: int | None = None
    account_id: int | None = None
    outcome: Outcome | None = None
    tag: str = ""


@dataclass(frozen=True, slots=True)
class FeedNote:
    account_id: int
    account_name: str
    account_class: str
    tags: tuple[str, ...]
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
    paging: Paging


def feed(session: Session, actor: Actor, on: date, wanted: Filter = Filter(), page: int = 1) -> FeedPage:
    """One page of notes on accounts the actor sees on ``on``."""
    query = _matching(session.connection().dialect.name, actor, on, wanted)
    counted = query.with_only_columns(func.count(Note.id)).order_by(None)
    paging = paged(session.scalar(counted) or 0, page, PAGE_SIZE)
    rows = session.execute(query.offset(paging.before).limit(PAGE_SIZE))
    return FeedPage(tuple(_feed_note(*row) for row in rows), paging)


def authors(session: Session, actor: Actor, on: date) -> list[tuple[int, str]]:
    """Ids and names of the reps whose notes may be filtered for."""
    mine = select(Person.id, Person.name).where(Person.id.in_(scope.rep_ids(actor, on)))
    query = mine.order_by(name_order(Person.name))
    return [(person_id, name) for person_id, name in session.execute(query)]


def account_name(session: Session, actor: Actor, on: date, account_id: int | None) -> str:
    """The name of an account the actor sees; empty without one, or for one they do not see."""
    if account_id is None:
        return ""
    query = select(Account.name).where(Account.id == account_id, scope.owned_accounts(actor, on))
    return session.scalar(query) or ""


def _matching(
    dialect: str, actor: Actor, on: date, wanted: Filter
) -> Select[tuple[Note, Account, Person, Visit]]:
    query = (
        select(Note, Account, Person, Visit)
        .join(Account, Account.id == Note.account_id)
        .join(Person, Person.id == Note.author_id)
        .outerjoin(Visit, Visit.id == Note.visit_id)
        .where(scope.owned_accounts(actor, on), *_searched(dialect, wanted.search.strip()))
        .order_by(Note.captured_at.desc(), Note.id.desc())
    )
    if wanted.author_id is not None:
        query = query.where(Note.author_id == wanted.author_id)
    if wanted.account_id is not None:
        query = query.where(Note.account_id == wanted.account_id)
    if wanted.outcome is not None:
        query = query.where(Visit.outcome == wanted.outcome)
    return query.where(has_tag(wanted.tag)) if wanted.tag else query


def _searched(dialect: str, search: str) -> list[ColumnElement[bool]]:
    words = note_search.words(search)
    if search and not words:
        # No word in it, such as %: as it was typed.
        return [Note.text.contains(search, autoescape=True)]
    return [
        or_(note_search.has_word(dialect, word), Account.search_text.contains(folded(word), autoescape=True))
        for word in words
    ]


def _feed_note(note: Note, account: Account, author: Person, visit: Visit | None) -> FeedNote:
    return FeedNote(
        account_id=account.id,
        account_name=account.name,
        account_class=account.account_class.value,
        tags=tuple(account.tags),
        author_name=author.name,
        captured_at=note.captured_at,
        text=note.text,
        outcome=visit.outcome if visit else None,
        next_step=visit.next_step if visit else "",
    )
