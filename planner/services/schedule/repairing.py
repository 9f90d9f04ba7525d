"""Applying what makes room for a visit, all of it or nothing, and taking it back.

The visit is agreed on its day as a must-visit. What was there before is kept with the ``rev`` each row has
afterwards; what somebody has changed since is never overwritten.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from planner.domain.access import Actor
from planner.domain.errors import Conflict, NotFound
from planner.models.people import Overtime
from planner.models.schedule import AppliedRepair
from planner.models.visits import Visit
from planner.services import scope
from planner.services.accounts import account_edit
from planner.services.days import day_routes
from planner.services.installation import audit
from planner.services.schedule import agreements
from planner.services.schedule.agreements import Wish
from planner.services.schedule.what_helps import Offer, WhatHelps

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
    if offer.kind in FIELDS:
        value = offer.amount if offer.kind == "shorter" else offer.gap_days
        before["account"] = _change_account(session, actor, now, today, account_id, FIELDS[offer.kind], value)
    if offer.visit_id is not None and offer.to_on is not None:
        agreements.move(session, actor, now, today, offer.visit_id, offer.to_on)
        rev = session.get_one(Visit, offer.visit_id).rev
        before["moved"] = {"visit_id": offer.visit_id, "on": offer.on.isoformat(), "rev": rev}
    agreed = agreements.agree(session, actor, now, today, Wish(account_id, offer.on))
    before["visit"] = {"visit_id": agreed.visit_id, "rev": session.get_one(Visit, agreed.visit_id).rev}
    if offer.kind == "overtime":
        _add_overtime(session, actor, now, agreed.rep_id, offer.on, offer.amount)
    row = AppliedRepair(
        rep_id=agreed.rep_id,
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
    agreements.call_off(session, actor, now, today, before["visit"]["visit_id"])
    if row.kind == "overtime":
        _add_overtime(session, actor, now, row.rep_id, row.on, -row.offer["amount"])
    if "moved" in before:
        visit_id = before["moved"]["visit_id"]
        agreements.move(session, actor, now, today, visit_id, date.fromisoformat(before["moved"]["on"]))
        agreements.pin(session, actor, today, visit_id, is_pinned=False)
    if "account" in before:
        field, value = before["account"]["field"], before["account"]["value"]
        _change_account(session, actor, now, today, row.account_id, field, value)
    row.undone_at = now
    session.flush()
    return _applied(row)


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
    field: str,
    value: int | None,
) -> dict[str, Any]:
    account = scope.account(session, actor, account_id, today)
    former, draft = getattr(account, field), account_edit.draft_of(account)
    changed = replace(draft, **{field: value})  # type: ignore[arg-type]
    account_edit.update(session, actor, now, today, account_id, account.rev, changed)
    return {"field": field, "value": former, "rev": account.rev}


def _add_overtime(session: Session, actor: Actor, now: datetime, rep_id: int, on: date, seconds: int) -> None:
    """More than the day has already, or less: what another repair added stays."""
    row = session.get(Overtime, (rep_id, on))
    former = row.seconds if row else None
    after = max(0, (former or 0) + seconds) or None
    if row is None and after is not None:
        session.add(Overtime(rep_id=rep_id, on=on, seconds=after))
    elif row is not None and after is None:
        session.delete(row)
    elif row is not None and after is not None:
        row.seconds = after
    session.flush()
    _overtime_changed(session, actor, now, rep_id, on, former, after)


def _overtime_changed(
    session: Session,
    actor: Actor,
    now: datetime,
    rep_id: int,
    on: date,
    before: int | None,
    after: int | None,
) -> None:
    session.expire(scope.rep(session, actor, rep_id, on), ["overtimes"])
    day_routes.mark_stale(session, rep_id, [on])
    told = [{"on": on.isoformat(), "overtime_seconds": seconds} for seconds in (before, after)]
    audit.record(session, actor, now, "rep.overtime", "person", rep_id, *told)


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
        "visit_id": offer.visit_id,
        "other_id": offer.other_id,
        "other_name": offer.other_name,
        "to_on": offer.to_on.isoformat() if offer.to_on else None,
    }


def _read(row: AppliedRepair) -> Offer:
    to_on = row.offer["to_on"]
    values = row.offer | {"to_on": date.fromisoformat(to_on) if to_on else None}
    return Offer(kind=row.kind, on=row.on, **values)
