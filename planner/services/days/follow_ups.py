"""Follow-ups: made on a report or by hand, done or dropped, opened again, put off."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.access import Actor
from planner.domain.capture import Captured
from planner.domain.errors import Conflict, Invalid, NotFound
from planner.domain.follow_ups import FollowUpState, checked, still_given_to
from planner.domain.quick_dates import Quick, meant, until
from planner.models.accounts import Account
from planner.models.follow_ups import FollowUp
from planner.models.territories import Ownership
from planner.models.visits import Visit
from planner.services import scope
from planner.services.company import working_days


@dataclass(frozen=True, slots=True)
class NewFollowUp:
    """One made by hand. ``uid`` is made with the page: sent twice, it is stored once. ``due_in`` counts where
    no date is given."""

    uid: str
    account_id: int
    text: str
    due_on: date | None
    due_in: Quick | None = None


def of_visit(session: Session, visit_id: int) -> FollowUp | None:
    return session.scalar(select(FollowUp).where(FollowUp.visit_id == visit_id))


def keep_of_visit(session: Session, actor: Actor, when: Captured, visit: Visit, due_on: date | None) -> None:
    """Let the visit's next step be followed up; without a next step there is nothing to follow up.

    Raises Invalid for a date without a next step, or one that had passed when the report was written.
    """
    row = of_visit(session, visit.id)
    if not visit.next_step and due_on is None:
        if row is not None:
            session.delete(row)
        return
    checked(visit.next_step, due_on, when.on, row.due_on if row else None)
    if row is None:
        row = FollowUp(
            uid=str(uuid4()),
            account_id=visit.account_id,
            visit_id=visit.id,
            author_id=actor.user_id,
            made_at=when.at,
        )
        session.add(row)
    row.due_on = due_on
    session.flush()


def drop_of_visit(session: Session, visit_id: int) -> None:
    """The report was taken back, and what it asked for with it."""
    row = of_visit(session, visit_id)
    if row is not None:
        session.delete(row)


def add(session: Session, actor: Actor, now: datetime, today: date, new: NewFollowUp) -> None:
    """One made by hand. Raises NotFound for an account the actor does not see, and Invalid."""
    account = scope.account(session, actor, new.account_id, today)
    due_on = new.due_on or said(session, owner_of(session, account.id, today), today, new.due_in)
    text = checked(new.text, due_on, today)
    uid = _uuid(new.uid)
    known = select(FollowUp.id).where(FollowUp.author_id == actor.user_id, FollowUp.uid == uid)
    if session.scalar(known) is not None:
        return
    row = FollowUp(
        uid=uid,
        account_id=account.id,
        author_id=actor.user_id,
        text=text,
        due_on=due_on,
        made_at=now,
    )
    session.add(row)
    session.flush()


def move(
    session: Session, actor: Actor, now: datetime, today: date, follow_up_id: int, state: FollowUpState
) -> FollowUp:
    """Done, dropped, or open again; said twice, the first time stands. Raises NotFound, and
    Conflict("follow_up_ended") where it had ended in another way."""
    row = seen(session, actor, today, follow_up_id)
    if row.state is state:
        return row
    if FollowUpState.OPEN not in (row.state, state):
        raise Conflict("follow_up_ended")
    is_open = state is FollowUpState.OPEN
    row.state, row.ended_at, row.ended_by = (
        state,
        None if is_open else now,
        None if is_open else actor.user_id,
    )
    session.flush()
    return row


def put_off(
    session: Session, actor: Actor, on: date, today: date, follow_up_id: int, quick: Quick
) -> FollowUp:
    """Let an open one be due later, told from ``on``, the local date of the tap, on a working day of whom it
    is for; one that is due later still stays. Raises NotFound and Conflict("follow_up_ended")."""
    row = _open(session, actor, today, follow_up_id)
    owner_id = owner_of(session, row.account_id, today)
    given_to_id = still_given_to(row.given_to_id, row.given_from_id, owner_id)
    until_on = said(session, given_to_id or owner_id, on, quick)
    if until_on is not None and (row.due_on is None or row.due_on < until_on):
        row.due_on = until_on
    session.flush()
    return row


def put_back(session: Session, actor: Actor, today: date, follow_up_id: int, due_on: date | None) -> FollowUp:
    """Let an open one be due as it was before it was put off, also when that is over. Raises what ``put_off``
    does."""
    row = _open(session, actor, today, follow_up_id)
    row.due_on = due_on
    session.flush()
    return row


def seen(session: Session, actor: Actor, today: date, follow_up_id: int) -> FollowUp:
    """Raises NotFound for one the actor does not see."""
    query = select(FollowUp).join(Account, Account.id == FollowUp.account_id)
    row = session.scalar(query.where(FollowUp.id == follow_up_id, scope.follow_ups(actor, today)))
    if row is None:
        raise NotFound("follow_up", id=follow_up_id)
    return row


def said(session: Session, person_id: int | None, on: date, quick: Quick | None) -> date | None:
    """The date that is meant on ``on``, by the working days of a person; None where nothing is said."""
    if quick is None:
        return None
    return meant(quick, on, working_days.between(session, person_id, on, until(on)))


def owner_of(session: Session, account_id: int, today: date) -> int | None:
    """Whose account it is; None: nobody's."""
    held = scope.held(Ownership, today)
    return session.scalar(select(Ownership.rep_id).where(Ownership.account_id == account_id, held))


def _open(session: Session, actor: Actor, today: date, follow_up_id: int) -> FollowUp:
    row = seen(session, actor, today, follow_up_id)
    if row.state is not FollowUpState.OPEN:
        raise Conflict("follow_up_ended")
    return row


def _uuid(value: str) -> str:
    try:
        return str(UUID(value))
    except ValueError:
        raise Invalid("uid") from None
