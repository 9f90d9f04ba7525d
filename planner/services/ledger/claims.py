"""Claims: the open one of a month, their totals, and the steps of their life.

Totals are counted afresh while a claim is open and frozen when it is submitted. ``today`` is the date
whose scope counts; ``rev`` is the one the person saw: who decides on an older one is told so.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import CursorResult, func, select, update
from sqlalchemy.orm import Session, selectinload

from planner.domain.access import Actor
from planner.domain.claims import (
    EDITABLE,
    TRANSITIONS,
    ClaimAction,
    ClaimState,
    Totals,
    next_state,
    party,
    totals,
)
from planner.domain.errors import Conflict, NotFound
from planner.domain.months import month, next_month
from planner.models.ledger import Claim, ClaimEvent, Expense, Trip
from planner.services import scope
from planner.services.installation import audit
from planner.services.ledger import chain, closed_months, entries, repricing
from planner.services.ledger.approvals import Approvals
from planner.services.ledger.reviewing import remarks

REOPENING = {action for (_, action), (following, _) in TRANSITIONS.items() if following in EDITABLE}


@dataclass(frozen=True, slots=True)
class WrongTotal:
    """A claim whose frozen totals are not the sum of its entries."""

    claim_id: int
    frozen: Totals
    summed: Totals

    def __str__(self) -> str:
        return f"claim {self.claim_id}: frozen {self.frozen}, its entries give {self.summed}"


def claim(session: Session, actor: Actor, today: date, claim_id: int) -> Claim:
    """A claim within the actor's scope, its events loaded. Raises NotFound."""
    row = session.scalar(
        select(Claim)
        .where(Claim.id == claim_id, Claim.rep_id.in_(scope.rep_ids(actor, today)))
        .options(selectinload(Claim.events))
    )
    if row is None:
        raise NotFound("claim", id=claim_id)
    return row


def of_month(session: Session, rep_id: int, on: date) -> Sequence[Claim]:
    """The claims of the month of ``on``, one for each currency, in the order begun."""
    query = select(Claim).where(Claim.rep_id == rep_id, Claim.from_on == month(on)[0])
    return session.scalars(query.order_by(Claim.id)).all()


def _held_of_month(session: Session, rep_id: int, on: date, currency: str) -> Claim | None:
    """The month's claim in a currency, and nobody takes it a step on before this transaction is over."""
    query = select(Claim).where(
        Claim.rep_id == rep_id, Claim.from_on == month(on)[0], Claim.currency == currency
    )
    return session.scalar(query.with_for_update(), execution_options={"populate_existing": True})


def open_for(session: Session, rep_id: int, on: date, currency: str) -> Claim:
    """The claim an entry of this day goes into, made when there is none: its month's in the currency, or,
    when that one is no longer open or the month is closed, the next month's that is."""
    chain.hold(session, rep_id)
    first = month(on)[0]
    while not _takes_entries(
        row := _held_of_month(session, rep_id, first, currency)
    ) or closed_months.is_closed(session, rep_id, max(on, first)):
        first = next_month(first)
    if row is None:
        row = Claim(rep_id=rep_id, from_on=first, until_on=next_month(first), currency=currency)
        session.add(row)
        session.flush()
    return row


def trips_of(session: Session, claim_id: int) -> Sequence[Trip]:
    """The standing trips of a claim in the order driven."""
    query = select(Trip).where(Trip.claim_id == claim_id, entries.standing(Trip))
    return session.scalars(query.order_by(Trip.on, Trip.position, Trip.id)).all()


def expenses_of(session: Session, claim_id: int) -> Sequence[Expense]:
    """The standing expenses of a claim by date."""
    query = select(Expense).where(Expense.claim_id == claim_id, entries.standing(Expense))
    return session.scalars(
        query.options(selectinload(Expense.receipt)).order_by(Expense.on, Expense.id)
    ).all()


def totals_of(session: Session, row: Claim) -> Totals:
    """What a claim comes to: counted now while it is open, as frozen afterwards."""
    if row.state in EDITABLE:
        return summed(session, row.id)
    return Totals(row.trips_metres, row.trips_minor, row.expenses_minor)


def summed(session: Session, claim_id: int) -> Totals:
    """The sum of a claim's standing entries."""
    trips = session.execute(
        select(Trip.metres, Trip.amount_minor).where(Trip.claim_id == claim_id, entries.standing(Trip))
    )
    expenses = session.scalars(
        select(Expense.amount_minor).where(Expense.claim_id == claim_id, entries.standing(Expense))
    )
    return totals([(metres, minor) for metres, minor in trips], expenses)


def claimed_minor(session: Session, row: Claim) -> int:
    """What a claim asks for: what it takes back of earlier ones does not make that less."""
    taken_back = sum(
        session.scalar(
            select(func.coalesce(func.sum(table.amount_minor), 0)).where(
                table.claim_id == row.id, table.contra_of_id.is_not(None), entries.standing(table)
            )
        )
        or 0
        for table in (Trip, Expense)
    )
    return totals_of(session, row).amount_minor - int(taken_back)


def step(
    session: Session,
    actor: Actor,
    now: datetime,
    today: date,
    claim_id: int,
    rev: int,
    action: ClaimAction,
    reason: str = "",
) -> Claim:
    """Take a claim one step on. Above the limit the first of two approvals is an endorsement.

    Raises Conflict("claim_state") and Conflict("claim_changed") when somebody was faster,
    Conflict("claim_held") for approving one on hold, Conflict("claim_empty") for submitting nothing,
    NotAllowed("claim_party"), Invalid("reason"), and of a second approval what ``approvals`` does.
    """
    row = claim(session, actor, today, claim_id)
    if action in REOPENING:
        chain.hold(session, row.rep_id)
    session.refresh(row, with_for_update=True)  # whoever adds a line to it now waits, and finds it locked
    if action is ClaimAction.APPROVE and row.state is ClaimState.SUBMITTED:
        if remarks.is_held(session, claim_id):
            raise Conflict("claim_held")
        action = Approvals(session, actor, today).of(row, claimed_minor(session, row))
    following = next_state(row.state, action, party(actor.user_id, row.rep_id), reason)
    if row.rev != rev:
        raise Conflict("claim_changed")  # before the step is noted: whoever sent many goes on with the others
    frozen = _frozen(session, row) if action is ClaimAction.SUBMIT else {}
    said = entries.checked_text("reason", reason, 400)
    event = ClaimEvent(claim_id=claim_id, action=action, actor_id=actor.user_id, happened_at=now, reason=said)
    session.add(event)
    session.flush()  # the database moves a claim by a step that is noted
    _move(session, row, rev, following, frozen)
    session.expire(row)
    if following in EDITABLE:
        repricing.settle_claims(session, now, [row])
    after = {"state": following, "reason": said, "chain_head": chain.head(session, row.rep_id), **frozen}
    audit.record(session, actor, now, f"claim.{action.value}", "claim", claim_id, None, after)
    return row


def verify_totals(session: Session) -> list[WrongTotal]:
    """Claims that were submitted and whose frozen totals their entries do not give."""
    rows = session.scalars(select(Claim).where(Claim.state.not_in(EDITABLE)).order_by(Claim.id))
    pairs = ((row.id, totals_of(session, row), summed(session, row.id)) for row in rows.all())
    return [WrongTotal(claim_id, frozen, found) for claim_id, frozen, found in pairs if frozen != found]


def events_of(session: Session, claim_ids: Iterable[int]) -> Sequence[ClaimEvent]:
    query = select(ClaimEvent).where(ClaimEvent.claim_id.in_(set(claim_ids)))
    return session.scalars(query.order_by(ClaimEvent.id)).all()


def _takes_entries(row: Claim | None) -> bool:
    return row is None or row.state in EDITABLE


def _frozen(session: Session, row: Claim) -> dict[str, int]:
    has_entries = any(
        session.scalar(select(table.id).where(table.claim_id == row.id, entries.standing(table)).limit(1))
        for table in (Trip, Expense)
    )
    if not has_entries:
        raise Conflict("claim_empty")
    found = summed(session, row.id)
    return {
        "trips_metres": found.trips_metres,
        "trips_minor": found.trips_minor,
        "expenses_minor": found.expenses_minor,
    }


def _move(session: Session, row: Claim, rev: int, following: ClaimState, frozen: dict[str, int]) -> None:
    """One statement that only succeeds on the rev the person saw, whichever database serves it."""
    moved: CursorResult[Any] = session.execute(  # type: ignore[assignment]
        update(Claim)
        .where(Claim.id == row.id, Claim.rev == rev)
        .values(state=following, rev=rev + 1, **frozen)
        .execution_options(synchronize_session=False)
    )
    if moved.rowcount != 1:
        raise Conflict("claim_changed")
