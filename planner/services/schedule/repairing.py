"""Applying what makes room for a visit, all of it or nothing, and taking it back.

The visit is agreed on its day as a must-visit. What was there before is kept with the ``rev`` each row has
afterwards; what somebody has changed since is never overwritten.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from planner.domain.access import Actor
from planner.domain.errors import Conflict, NotFound
from planner.domain.relaxing import slowed
from planner.models.accounts import Account
from planner.models.schedule import AppliedRepair
from planner.models.visits import Visit
from planner.services import scope
from planner.services.accounts import account_edit
from planner.services.schedule import agreements, overtime
from planner.services.schedule.agreements import Wish
from planner.services.schedule.due_windows import wishes
from planner.services.schedule.offers import Offer
from planner.services.schedule.what_helps import WhatHelps

FIELDS = {
    "shorter": "visit_seconds",
    "earliest_gap": "earliest_gap_days",
    "latest_gap": "latest_gap_days",
}
"""The field of the account a kind of repair changes."""


@dataclass(frozen=True, slots=True)
class Applied:
    """A repair that was applied; ``from_on`` is the first of the days it touched."""

    repair_id: int
    rep_id: int
    account_id: int
    account_name: str
    offer: Offer
    from_on: date
    is_undone: bool


def chosen(found: WhatHelps, code: str) -> Offer:
    """The offer a person tapped, as it is now. Raises Conflict("repair_gone")."""
    for offer in found.at_once:
        if offer.code == code:
            return offer
    raise Conflict("repair_gone")


def apply(
    session: Session, actor: Actor, now: datetime, today: date, account_id: int, offer: Offer
) -> Applied:
    """Change what the offer says and agree its day. Raises Invalid for a gap the account cannot have, and as
    ``agreements`` does."""
    before: dict[str, Any] = {}
    fields = _fields(session, actor, today, account_id, offer)
    if fields:
        before["account"] = _change_account(session, actor, now, today, account_id, fields)
    if offer.visit_id is not None and offer.to_on is not None:
        agreements.move(session, actor, now, today, offer.visit_id, offer.to_on)
        rev = session.get_one(Visit, offer.visit_id).rev
        before["moved"] = {"visit_id": offer.visit_id, "on": offer.on.isoformat(), "rev": rev}
    if not offer.is_standing:
        agreed = agreements.agree(session, actor, now, today, Wish(account_id, offer.on))
        before["visit"] = {"visit_id": agreed.visit_id, "rev": session.get_one(Visit, agreed.visit_id).rev}
    rep_id = agreements.owner(session, account_id, offer.on)
    if offer.kind == "overtime":
        overtime.add(session, actor, now, rep_id, offer.on, offer.amount)
    row = AppliedRepair(
        rep_id=rep_id,
        account_id=account_id,
        kind=offer.kind,
        on=offer.on,
        offer=_told(offer),
        before=before,
        applied_at=now,
        applied_by=actor.user_id,
    )
    session.add(row)
    session.flush()
    return _applied(row)


def applied(session: Session, actor: Actor, repair_id: int, today: date) -> Applied:
    """Raises NotFound for a repair of a rep outside the actor's scope."""
    return _applied(_row(session, actor, repair_id, today))


def undo(session: Session, actor: Actor, now: datetime, today: date, repair_id: int) -> Applied:
    """Put everything back. Raises Conflict("repair_undone"), or Conflict("repair_changed") when one of the
    visits or the account was changed since."""
    row = _row(session, actor, repair_id, today)
    if row.undone_at is not None:
        raise Conflict("repair_undone")
    _check_unchanged(session, actor, row, today)
    before = row.before
    if "visit" in before:
        agreements.call_off(session, actor, now, today, before["visit"]["visit_id"])
    if row.kind == "overtime" and overtime.GONE not in before:
        overtime.add(session, actor, now, row.rep_id, row.on, -row.offer["amount"])
    if "moved" in before:
        visit_id = before["moved"]["visit_id"]
        agreements.move(session, actor, now, today, visit_id, date.fromisoformat(before["moved"]["on"]))
        agreements.pin(session, actor, today, visit_id, is_pinned=False)
    if "account" in before:
        _change_account(session, actor, now, today, row.account_id, _former_fields(before["account"]))
    row.undone_at = now
    session.flush()
    return _applied(row)


def _former_fields(kept: Mapping[str, Any]) -> Mapping[str, int | None]:
    # Repairs used to change one field of an account, and some of those can still be taken back.
    return kept["fields"] if "fields" in kept else {kept["field"]: kept["value"]}


def _check_unchanged(session: Session, actor: Actor, row: AppliedRepair, today: date) -> None:
    for part in ("visit", "moved"):
        if part in row.before:
            visit = agreements.to_come(session, actor, row.before[part]["visit_id"], today)
            if visit.rev != row.before[part]["rev"]:
                raise Conflict("repair_changed")
    if "account" in row.before:
        account = scope.account(session, actor, row.account_id, today)
        if account.rev != row.before["account"]["rev"]:
            raise Conflict("repair_changed")


def _change_account(
    session: Session,
    actor: Actor,
    now: datetime,
    today: date,
    account_id: int,
    fields: Mapping[str, int | None],
) -> dict[str, Any]:
    """Returns what the fields held, and the account's ``rev`` afterwards."""
    account = scope.account(session, actor, account_id, today)
    former, draft = {field: getattr(account, field) for field in fields}, account_edit.draft_of(account)
    changed = replace(draft, **fields)  # type: ignore[arg-type]
    account_edit.update(session, actor, now, today, account_id, account.rev, changed)
    return {"fields": former, "rev": account.rev}


def _fields(
    session: Session, actor: Actor, today: date, account_id: int, offer: Offer
) -> dict[str, int | None]:
    """What a repair changes of the account itself."""
    if offer.kind == "cadence":
        return _slower_fields(scope.account(session, actor, account_id, today), offer)
    if offer.kind in FIELDS:
        return {FIELDS[offer.kind]: offer.amount if offer.kind == "shorter" else offer.gap_days}
    return {}


def _slower_fields(account: Account, offer: Offer) -> dict[str, int | None]:
    assert offer.gap_days is not None
    slower = slowed(wishes(account), offer.gap_days, offer.amount)
    return {
        "cadence_days": slower.days,
        "earliest_gap_days": slower.earliest_gap,
        "latest_gap_days": slower.latest_gap,
    }


def _row(session: Session, actor: Actor, repair_id: int, today: date) -> AppliedRepair:
    query = select(AppliedRepair).where(AppliedRepair.id == repair_id)
    row = session.scalar(query.options(joinedload(AppliedRepair.account)))
    if row is None:
        raise NotFound("repair", id=repair_id)
    scope.rep(session, actor, row.rep_id, today)
    return row


def _applied(row: AppliedRepair) -> Applied:
    offer = _read(row)
    return Applied(
        repair_id=row.id,
        rep_id=row.rep_id,
        account_id=row.account_id,
        account_name=row.account.name,
        offer=offer,
        from_on=min(offer.on, offer.to_on or offer.on),
        is_undone=row.undone_at is not None,
    )


def _told(offer: Offer) -> dict[str, Any]:
    return {
        "seconds": offer.seconds,
        "amount": offer.amount,
        "gap_days": offer.gap_days,
        "is_standing": offer.is_standing,
        "visit_id": offer.visit_id,
        "other_id": offer.other_id,
        "other_name": offer.other_name,
        "to_on": offer.to_on.isoformat() if offer.to_on else None,
    }


def _read(row: AppliedRepair) -> Offer:
    to_on = row.offer["to_on"]
    values = row.offer | {"to_on": date.fromisoformat(to_on) if to_on else None}
    return Offer(kind=row.kind, on=row.on, **values)
