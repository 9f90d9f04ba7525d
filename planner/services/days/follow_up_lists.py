"""Lists of follow-ups, of one rep, one account or everybody, in the actor's scope: by pages, and whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, case, false, func, or_, select, true
from sqlalchemy.orm import Session, aliased

from planner.domain.access import Actor, Role
from planner.domain.follow_ups import FollowUpState, Urgency, urgency
from planner.domain.paging import Paging, paged
from planner.models.accounts import Account
from planner.models.follow_ups import FollowUp
from planner.models.people import Person
from planner.models.territories import Ownership
from planner.models.visits import Visit
from planner.services import scope

PAGE_SIZE = 50
ENDED_BESIDE = 30
"""So many of those done or dropped stand beneath the open ones."""
MOST_AT_ACCOUNT = 30
ROWS_AT_ONCE = 500
SOONEST = (FollowUp.due_on.is_(None), FollowUp.due_on, FollowUp.id)
LATEST = (FollowUp.ended_at.desc(), FollowUp.id.desc())


@dataclass(frozen=True, slots=True)
class Filter:
    """Which follow-ups; None does not filter. ``rep_id``: whom they are for."""

    rep_id: int | None = None
    account_id: int | None = None
    is_ended: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """``owner_name``: whom it is for; empty where that is the reader, or nobody. ``is_given``: it was given
    to them. ``is_theirs``: the reader may open the account."""

    follow_up_id: int
    account_id: int
    account_name: str
    text: str
    due_on: date | None
    state: FollowUpState
    ended_at: datetime | None
    owner_name: str
    is_given: bool
    is_theirs: bool


@dataclass(frozen=True, slots=True)
class FollowUpPage:
    """``groups``: open ones by urgency, without empty groups. ``ended``: those that ended, all of a page
    where they are asked for, else the last few; ``ended_count`` is of all of them."""

    paging: Paging
    groups: dict[Urgency, list[Shown]] = field(default_factory=dict)
    ended: tuple[Shown, ...] = ()
    ended_count: int = 0


def page(session: Session, actor: Actor, today: date, wanted: Filter, number: int = 1) -> FollowUpPage:
    """The open ones, earliest first, or those that ended, latest first, by a fixed number of queries."""
    matching = _matching(actor, today, wanted)
    counts = dict(session.execute(_counts(actor, today, wanted)).all())
    is_open = counts.pop(FollowUpState.OPEN, 0)
    ended_count = sum(counts.values())
    paging = paged(ended_count if wanted.is_ended else is_open, number, PAGE_SIZE)
    found = [Shown(*row) for row in session.execute(matching.limit(paging.size).offset(paging.before))]
    if wanted.is_ended:
        return FollowUpPage(paging, ended=tuple(found), ended_count=ended_count)
    groups: dict[Urgency, list[Shown]] = {}
    for shown in found:
        groups.setdefault(urgency(shown.due_on, today), []).append(shown)
    beside = _matching(actor, today, Filter(wanted.rep_id, wanted.account_id, True)).limit(ENDED_BESIDE)
    ended = tuple(Shown(*row) for row in session.execute(beside)) if ended_count else ()
    return FollowUpPage(paging, groups, ended, ended_count)


def page_count(session: Session, actor: Actor, today: date) -> int:
    """How many pages the actor's open ones are."""
    counts = dict(session.execute(_counts(actor, today, Filter())).all())
    return paged(counts.get(FollowUpState.OPEN, 0), 1, PAGE_SIZE).pages


def every(session: Session, actor: Actor, today: date, wanted: Filter) -> Iterator[Shown]:
    """Every one that matches, in the order of the pages, some held at a time."""
    found = session.execute(_matching(actor, today, wanted).execution_options(yield_per=ROWS_AT_ONCE))
    return (Shown(*row) for row in found)


def one(session: Session, actor: Actor, today: date, follow_up_id: int) -> Shown | None:
    """One the actor sees."""
    row = session.execute(_shown(actor, today).where(FollowUp.id == follow_up_id)).one_or_none()
    return Shown(*row) if row else None


def still_open(
    session: Session, actor: Actor, today: date, account_id: int, but_of_visit_id: int
) -> list[Shown]:
    """What is open at an account, earliest first, without what one visit asks for."""
    others = or_(FollowUp.visit_id.is_(None), FollowUp.visit_id != but_of_visit_id)
    query = _matching(actor, today, Filter(account_id=account_id)).where(others)
    return [Shown(*row) for row in session.execute(query.limit(MOST_AT_ACCOUNT))]


def news(session: Session, actor: Actor, today: date) -> str:
    """Changes when somebody else adds one at the actor's accounts, or gives one to or takes one from them."""
    others = case((FollowUp.author_id != actor.user_id, FollowUp.id))
    given = case((FollowUp.given_to_id.is_not(None), FollowUp.id))
    query = (
        select(func.max(others), func.count(given), func.sum(given))
        .join(Account, Account.id == FollowUp.account_id)
        .where(scope.follow_ups(actor, today))
    )
    return " ".join(str(value or 0) for value in session.execute(query).one())


def _counts(actor: Actor, today: date, wanted: Filter) -> Select[Any]:
    shown = _filtered(_shown(actor, today), today, wanted)
    return shown.with_only_columns(FollowUp.state, func.count(FollowUp.id)).group_by(FollowUp.state)


def _matching(actor: Actor, today: date, wanted: Filter) -> Select[Any]:
    query = _filtered(_shown(actor, today), today, wanted)
    is_open = FollowUp.state == FollowUpState.OPEN
    return query.where(~is_open if wanted.is_ended else is_open).order_by(
        *(LATEST if wanted.is_ended else SOONEST)
    )


def _filtered(query: Select[Any], today: date, wanted: Filter) -> Select[Any]:
    if wanted.rep_id is not None:
        query = query.where(_for_id(today) == wanted.rep_id)
    return query if wanted.account_id is None else query.where(Account.id == wanted.account_id)


def _for_id(today: date) -> Any:
    return case((scope.given(today), FollowUp.given_to_id), else_=Ownership.rep_id)


def _is_theirs(actor: Actor) -> ColumnElement[bool]:
    """Whoever answers for reps sees what is listed by its account; a rep may have been given it."""
    if actor.role is not Role.REP:
        return true()
    return func.coalesce(Ownership.rep_id == actor.user_id, false())


def _shown(actor: Actor, today: date) -> Select[Any]:
    """With the ownership of the date, where there is one."""
    text = case((FollowUp.visit_id.is_(None), FollowUp.text), else_=func.coalesce(Visit.next_step, ""))
    whose = aliased(Person)
    name = case((whose.id == actor.user_id, ""), else_=func.coalesce(whose.name, ""))
    owned = (Ownership.account_id == Account.id) & scope.held(Ownership, today)
    return (
        select(FollowUp.id, Account.id, Account.name, text)
        .add_columns(FollowUp.due_on, FollowUp.state, FollowUp.ended_at, name)
        .add_columns(scope.given(today), _is_theirs(actor))
        .join(Account, Account.id == FollowUp.account_id)
        .outerjoin(Visit, Visit.id == FollowUp.visit_id)
        .outerjoin(Ownership, owned)
        .outerjoin(whose, whose.id == _for_id(today))
        .where(scope.follow_ups(actor, today))
    )
