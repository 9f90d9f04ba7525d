"""Who owns an account, from a date on; the ranges never overlap."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime

from sqlalchemy.orm import Session

from planner.domain.access import Actor
from planner.domain.errors import Invalid, NotAllowed
from planner.domain.ownership import Held, assigned
from planner.models.accounts import Account
from planner.models.territories import Ownership
from planner.services import scope
from planner.services.installation import audit


def assign(session: Session, actor: Actor, now: datetime, today: date, account_id: int, change: Held) -> None:
    """Give an account to a territory and a rep (or nobody yet) from ``change.from_on`` on.

    Raises NotFound outside the actor's scope, NotAllowed for reps, Invalid at "rep_id" or "territory_id".
    """
    if not (actor.is_admin or actor.is_manager):
        raise NotAllowed("owner_by_manager")
    account = scope.account(session, actor, account_id, today)
    check(session, actor, today, change)
    before = ranges(account)
    after = assigned(before, change)
    if after == before:
        return
    replace(session, account, after)
    account.rev += 1
    account.updated_at = now
    audit.record(
        session,
        actor,
        now,
        "account.assigned",
        "account",
        account.id,
        {"owners": [asdict(held) for held in before]},
        {"owners": [asdict(held) for held in after]},
    )


def check(session: Session, actor: Actor, today: date, change: Held) -> None:
    """Raises Invalid unless territory and rep are the actor's to give accounts to."""
    if change.territory_id not in set(session.scalars(scope.territory_ids(actor, today))):
        raise Invalid("territory_id", "territory_unknown")
    if change.rep_id is not None and change.rep_id not in set(session.scalars(scope.rep_ids(actor, today))):
        raise Invalid("rep_id", "owner_unknown")


def ranges(account: Account) -> tuple[Held, ...]:
    """The account's ranges by date, as values."""
    rows = sorted(account.ownerships, key=lambda row: row.from_on)
    return tuple(Held(row.territory_id, row.rep_id, row.from_on, row.until_on) for row in rows)


def replace(session: Session, account: Account, wanted: tuple[Held, ...]) -> None:
    """Make the rows say ``wanted``: former ones go first, for the database allows one open range."""
    kept = {row.from_on: row for row in account.ownerships}
    dates = {held.from_on for held in wanted}
    account.ownerships = [row for row in account.ownerships if row.from_on in dates]
    session.flush()
    for held in sorted(wanted, key=lambda held: held.until_on is None):
        row = kept.get(held.from_on) or Ownership(account_id=account.id, from_on=held.from_on)
        row.territory_id, row.rep_id, row.until_on = held.territory_id, held.rep_id, held.until_on
        if row not in account.ownerships:
            account.ownerships.append(row)
        session.flush()
