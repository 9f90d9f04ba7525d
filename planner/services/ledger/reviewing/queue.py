"""The reviewer's queue: what needs a look, what is within policy, what waits for others; and deciding on
many claims at once.

A fixed number of queries whatever the number of claims.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from planner.domain.access import Actor
from planner.domain.claims import ClaimAction, ClaimState
from planner.domain.errors import Conflict, NotAllowed, NotFound
from planner.domain.review_talk import SILENCE
from planner.models.ledger import Claim
from planner.services import scope
from planner.services.ledger import claim_check, claim_locks, claim_pages, claims
from planner.services.ledger.approvals import Approvals
from planner.services.ledger.claim_check import CheckedClaim
from planner.services.ledger.reviewing import lines, remarks
from planner.services.ledger.reviewing.lines import Reviewed

OPEN_STATES = (ClaimState.SUBMITTED, ClaimState.APPROVED, ClaimState.EXPORTED)


@dataclass(frozen=True, slots=True)
class QueuedClaim:
    reviewed: Reviewed
    rep_name: str
    actions: frozenset[ClaimAction]

    @property
    def checked(self) -> CheckedClaim:
        return self.reviewed.checked

    @property
    def is_mine(self) -> bool:
        """Whether the actor's decision is the next: to approve it, or to end its hold and then approve."""
        return ClaimAction.APPROVE in self.actions

    @property
    def is_held(self) -> bool:
        return self.reviewed.talk.hold is not None


@dataclass(frozen=True, slots=True)
class Queue:
    """Claims waiting for somebody: those to look at first, then those within policy, then those that wait for
    the rep's answer, those on hold, those for somebody else's approval, and then the approved."""

    to_look: tuple[QueuedClaim, ...]
    clean: tuple[QueuedClaim, ...]
    with_rep: tuple[QueuedClaim, ...]
    held: tuple[QueuedClaim, ...]
    elsewhere: tuple[QueuedClaim, ...]
    approved: tuple[QueuedClaim, ...]
    exported: tuple[QueuedClaim, ...]


@dataclass(frozen=True, slots=True)
class Decided:
    """``done`` are the claims that stand where the step leads, as (id, rev) they have now; ``left``: how many
    were not taken on; ``endorsed``: how many have the first of two approvals now."""

    done: tuple[tuple[int, int], ...]
    left: int
    endorsed: int = 0


def queue(session: Session, actor: Actor, now: datetime, today: date) -> Queue:
    """Every claim in the actor's scope that is on its way, oldest month first."""
    found = _queued(session, actor, now, today)
    submitted = [claim for claim in found if claim.checked.row.state is ClaimState.SUBMITTED]
    mine = [claim for claim in submitted if claim.is_mine]
    return Queue(
        to_look=_where(mine, lambda claim: bool(claim.reviewed.exceptions)),
        clean=_where(mine, _is_clean),
        with_rep=_where(mine, lambda claim: not claim.reviewed.exceptions and not _is_clean(claim)),
        held=_where(submitted, lambda claim: claim.is_held),
        elsewhere=_where(submitted, lambda claim: not claim.is_mine and not claim.is_held),
        approved=_where(found, lambda claim: claim.checked.row.state is ClaimState.APPROVED),
        exported=_where(found, lambda claim: claim.checked.row.state is ClaimState.EXPORTED),
    )


def approve_clean(
    session: Session, actor: Actor, now: datetime, today: date, seen: Iterable[tuple[int, int]]
) -> Decided:
    """Approve the claims seen, as (id, rev), that are still the same and still within policy, for the first
    of two times included; the others are left for a closer look."""
    revs = dict(seen)
    clean = {claim.checked.row.id for claim in queue(session, actor, now, today).clean}
    chosen = [(claim_id, revs[claim_id]) for claim_id in sorted(clean & revs.keys())]
    moved = _each(session, actor, now, today, chosen, ClaimAction.APPROVE)
    done = tuple((row.id, row.rev) for row in moved if row.state is ClaimState.APPROVED)
    return Decided(done, len(revs) - len(moved), len(moved) - len(done))


def take_back(
    session: Session, actor: Actor, now: datetime, today: date, seen: Iterable[tuple[int, int]]
) -> Decided:
    """Take back the approvals of the claims seen, as (id, rev), where nobody went on with them."""
    chosen = sorted(set(seen))
    moved = _each(session, actor, now, today, chosen, ClaimAction.UNAPPROVE)
    return Decided(tuple((row.id, row.rev) for row in moved), len(chosen) - len(moved))


def _each(
    session: Session,
    actor: Actor,
    now: datetime,
    today: date,
    chosen: Iterable[tuple[int, int]],
    action: ClaimAction,
) -> list[Claim]:
    moved, wanted = [], list(chosen)
    claim_locks.hold(session, (claim_id for claim_id, _ in wanted))
    for claim_id, rev in wanted:
        try:
            with session.begin_nested():  # what is refused leaves nothing behind
                moved.append(claims.step(session, actor, now, today, claim_id, rev, action))
        except (Conflict, NotAllowed, NotFound):
            continue
    return moved


def _queued(session: Session, actor: Actor, now: datetime, today: date) -> list[QueuedClaim]:
    rows = session.scalars(
        select(Claim)
        .where(Claim.rep_id.in_(scope.rep_ids(actor, today)), Claim.state.in_(OPEN_STATES))
        .options(selectinload(Claim.events))
        .order_by(Claim.from_on, Claim.id)
    ).all()
    names = claim_pages.names_of(session, {row.rep_id for row in rows})
    approvals = Approvals(session, actor, today)
    talks = remarks.talks(session, [row.id for row in rows])
    found = []
    for checked in claim_check.check(session, rows):
        talk = talks.get(checked.row.id, SILENCE)
        steps = claim_pages.actions(approvals, checked, talk)
        found.append(QueuedClaim(lines.reviewed(checked, talk, now), names[checked.row.rep_id], steps))
    return found


def _is_clean(claim: QueuedClaim) -> bool:
    return not claim.reviewed.exceptions and not claim.reviewed.with_rep


def _where(found: Iterable[QueuedClaim], wanted: Callable[[QueuedClaim], bool]) -> tuple[QueuedClaim, ...]:
    return tuple(claim for claim in found if wanted(claim))
