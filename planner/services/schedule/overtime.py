"""Overtime of single dates: what is agreed to come, by whom; adding to it and taking it back.

A change marks the day's route for solving. The visit it was agreed for stays where it is. What is taken back
is marked gone at the repairs and changes of the day it came from, so that undoing one of them later leaves
alone what was agreed anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from planner.domain.access import Actor
from planner.domain.errors import Conflict, Invalid, NotFound
from planner.models.people import Overtime, Person
from planner.models.schedule import AppliedRepair
from planner.models.visits import DayChange
from planner.services import scope
from planner.services.days import day_routes
from planner.services.installation import audit

LONGEST_SECONDS = 6 * 3600

GONE = "overtime_gone"
"""In what a repair or a change keeps for undo: when its overtime was taken back, while that stands."""


@dataclass(frozen=True, slots=True)
class OvertimeLine:
    """``repair_id``: the change that asked for it last, for a visit at ``account_name``; None where nothing
    tells who agreed it."""

    on: date
    seconds: int
    repair_id: int | None
    account_name: str
    agreed_by: str
    agreed_at: datetime | None


def to_come(session: Session, actor: Actor, rep_id: int, today: date) -> list[OvertimeLine]:
    """From today on, by date. Raises NotFound for a rep outside the actor's scope."""
    rep = scope.rep(session, actor, rep_id, today)
    asked = _asked(session, rep_id, today)
    return [_line(row, *asked.get(row.on, (None, ""))) for row in rep.overtimes if row.on >= today]


def take_back(session: Session, actor: Actor, now: datetime, today: date, rep_id: int, on: date) -> int:
    """Returns the seconds it was. Raises NotFound for a rep outside the actor's scope, and for a date that
    has none or is over."""
    scope.rep(session, actor, rep_id, today)
    row = session.get(Overtime, (rep_id, on))
    if row is None or on < today:
        raise NotFound("overtime", on=on)
    seconds = row.seconds
    for source in _sources(session, rep_id, on):
        if GONE not in source.before:
            source.before = source.before | {GONE: now.isoformat()}
    add(session, actor, now, rep_id, on, -seconds)
    return seconds


def put_back(
    session: Session, actor: Actor, now: datetime, today: date, rep_id: int, on: date, seconds: int
) -> None:
    """Undo ``take_back``. Raises NotFound as it does, Invalid for what is no overtime, and
    Conflict("overtime_stands") where the date has some again."""
    scope.rep(session, actor, rep_id, today)
    if on < today:
        raise NotFound("overtime", on=on)
    if not 0 < seconds <= LONGEST_SECONDS:
        raise Invalid("seconds", "overtime_range", hours=LONGEST_SECONDS // 3600)
    if session.get(Overtime, (rep_id, on)) is not None:
        raise Conflict("overtime_stands")
    marked = [source for source in _sources(session, rep_id, on) if GONE in source.before]
    last = max((source.before[GONE] for source in marked), default="")
    for source in marked:
        if source.before[GONE] == last:
            source.before = {name: kept for name, kept in source.before.items() if name != GONE}
    add(session, actor, now, rep_id, on, seconds)


def _sources(session: Session, rep_id: int, on: date) -> list[AppliedRepair | DayChange]:
    """What asked for overtime of the date and still can be undone."""
    repairs = select(AppliedRepair).where(
        AppliedRepair.rep_id == rep_id,
        AppliedRepair.on == on,
        AppliedRepair.kind == "overtime",
        AppliedRepair.undone_at.is_(None),
    )
    changes = select(DayChange).where(
        DayChange.rep_id == rep_id, DayChange.on == on, DayChange.undone_at.is_(None)
    )
    asking = (change for change in session.scalars(changes) if change.before.get("overtime"))
    return [*session.scalars(repairs), *asking]


def add(session: Session, actor: Actor, now: datetime, rep_id: int, on: date, seconds: int) -> None:
    """More than the day has already, or, below zero, less: what was agreed besides stays."""
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
    session.expire(scope.rep(session, actor, rep_id, on), ["overtimes"])
    day_routes.mark_stale(session, rep_id, [on])
    # Under the date's own name: the log leaves out what is the same before and after.
    field = f"overtime_seconds {on.isoformat()}"
    audit.record(session, actor, now, "rep.overtime", "person", rep_id, {field: former}, {field: after})


def _asked(session: Session, rep_id: int, today: date) -> dict[date, tuple[AppliedRepair, str]]:
    """The newest change that asked for overtime, by date, and who made it."""
    rows = session.execute(
        select(AppliedRepair, Person.name)
        .outerjoin(Person, Person.id == AppliedRepair.applied_by)
        .where(AppliedRepair.rep_id == rep_id, AppliedRepair.kind == "overtime")
        .where(AppliedRepair.on >= today, AppliedRepair.undone_at.is_(None))
        .options(joinedload(AppliedRepair.account))
        .order_by(AppliedRepair.applied_at, AppliedRepair.id)
    )
    return {repair.on: (repair, name or "") for repair, name in rows if GONE not in repair.before}


def _line(row: Overtime, repair: AppliedRepair | None, agreed_by: str) -> OvertimeLine:
    return OvertimeLine(
        on=row.on,
        seconds=row.seconds,
        repair_id=repair.id if repair else None,
        account_name=repair.account.name if repair else "",
        agreed_by=agreed_by,
        agreed_at=repair.applied_at if repair else None,
    )
