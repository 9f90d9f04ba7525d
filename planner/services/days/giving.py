"""Follow-ups given to colleagues who may read the account, one or many at once, and taken back.

Without it a follow-up is for whoever owns the account. Once the account is another one's, all that is open
there goes along, also what was given before.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select, true
from sqlalchemy.orm import Session

from planner.database import name_order
from planner.domain.access import Actor
from planner.domain.follow_ups import FollowUpState, still_given_to
from planner.models.accounts import Account
from planner.models.follow_ups import FollowUp
from planner.models.people import Person, Rep
from planner.models.territories import Ownership
from planner.services import scope
from planner.services.installation import audit

MOST_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Given:
    """``done``: what was given, each with whom it was for before by being given (None: whose account it is);
    ``left``: how many were not, for they have ended or their account may not be read."""

    done: tuple[tuple[int, int | None], ...]
    left: int


def takers(
    session: Session, actor: Actor, today: date, account_ids: Collection[int]
) -> list[tuple[int, str]]:
    """Ids and names of active reps who may read one of these accounts of the actor's, by name."""
    if not account_ids:
        return []
    readable = (
        select(Account.id)
        .where(Account.id.in_(account_ids), scope.owned_accounts(actor, today))
        .where(scope.may_read(Rep.person_id, today))
    )
    query = (
        select(Person.id, Person.name)
        .join(Rep, Rep.person_id == Person.id)
        .where(Person.is_active, readable.exists())
        .order_by(name_order(Person.name), Person.id)
    )
    return [(person_id, name) for person_id, name in session.execute(query)]


def give(
    session: Session, actor: Actor, now: datetime, today: date, follow_up_ids: Iterable[int], to_id: int
) -> Given:
    """Let open follow-ups of accounts the actor owns or answers for be for a rep who may read them."""
    ids = list(dict.fromkeys(follow_up_ids))[:MOST_AT_ONCE]
    return _moved(session, actor, now, today, [(each, to_id) for each in ids])


def take_back(
    session: Session,
    actor: Actor,
    now: datetime,
    today: date,
    before: Iterable[tuple[int, int | None]],
    from_id: int,
) -> Given:
    """Let follow-ups that are still for ``from_id`` be for whom they were before."""
    wanted = list(before)[:MOST_AT_ONCE]
    held = _open(session, actor, today, [each for each, _ in wanted])
    # Given to whose account it is, it is given to nobody.
    mine = [pair for pair in wanted if pair[0] in held and _is_for(*held[pair[0]]) == from_id]
    moved = _moved(session, actor, now, today, mine)
    return Given(moved.done, len(wanted) - len(moved.done))


Held = tuple[FollowUp, int | None]
"""A follow-up, and whose account it is."""


def _moved(
    session: Session, actor: Actor, now: datetime, today: date, wanted: list[tuple[int, int | None]]
) -> Given:
    held = _open(session, actor, today, [each for each, _ in wanted])
    allowed = _readers(session, today, {row.account_id for row, _ in held.values()}, {to for _, to in wanted})
    done = []
    for follow_up_id, to_id in wanted:
        row, owner_id = held.get(follow_up_id, (None, None))
        if row is None or (to_id not in (None, owner_id) and (row.account_id, to_id) not in allowed):
            continue
        before = still_given_to(row.given_to_id, row.given_from_id, owner_id)
        row.given_to_id = None if to_id in (None, owner_id) else to_id
        row.given_from_id = owner_id if row.given_to_id is not None else None
        if row.given_to_id == before:
            continue
        session.flush()
        done.append((row.id, before))
        told = [{"for": each if each is not None else owner_id} for each in (before, row.given_to_id)]
        audit.record(session, actor, now, "follow_up.given", "follow_up", row.id, *told)
    return Given(tuple(done), len(wanted) - len(done))


def _open(session: Session, actor: Actor, today: date, ids: Collection[int]) -> dict[int, Held]:
    """Those of accounts that the actor owns or answers for: who was only given one does not give it on."""
    owned = (Ownership.account_id == FollowUp.account_id) & scope.held(Ownership, today)
    query = (
        select(FollowUp, Ownership.rep_id)
        .join(Account, Account.id == FollowUp.account_id)
        .outerjoin(Ownership, owned)
        .where(FollowUp.id.in_(ids), FollowUp.state == FollowUpState.OPEN)
        .where(scope.owned_accounts(actor, today))
        .order_by(FollowUp.id)
        .with_for_update(of=FollowUp)
    )
    return {row.id: (row, owner_id) for row, owner_id in session.execute(query)}


def _readers(
    session: Session, today: date, account_ids: Collection[int], people: Collection[int | None]
) -> set[tuple[int, int | None]]:
    """Which of these people may read which accounts."""
    query = (
        select(Account.id, Rep.person_id)
        .join(Rep, true())  # every account beside every person: few of each
        .join(Person, Person.id == Rep.person_id)
        .where(Account.id.in_(account_ids), Rep.person_id.in_(each for each in people if each is not None))
        .where(Person.is_active, scope.may_read(Rep.person_id, today))
    )
    return {(account_id, person_id) for account_id, person_id in session.execute(query)}


def _is_for(row: FollowUp, owner_id: int | None) -> int | None:
    return still_given_to(row.given_to_id, row.given_from_id, owner_id) or owner_id
