"""A day shared out for real, all of it or nothing, and taken back as long as none of its visits has changed.

Visits change their rep for that day and are pinned there; who owns an account stays as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.access import Actor
from planner.domain.errors import Conflict, Locked, NotFound
from planner.domain.visits import VisitState
from planner.models.people import Person
from planner.models.visits import DayChange, Visit
from planner.services import revisions, scope
from planner.services.cover import questions
from planner.services.cover.questions import Cover
from planner.services.cover.shared_day import SharedDay
from planner.services.days import day_changes, day_routes, visits
from planner.services.days.day_changes import SHARED_OUT, Step
from planner.services.installation import audit
from planner.services.schedule.candidate_rows import COVER

REMEMBERED = ("is_pinned", "kept_place", "reason", "reason_values")


@dataclass(frozen=True, slots=True)
class TakenOver:
    name: str
    rep_name: str
    begins: int


@dataclass(frozen=True, slots=True)
class Done:
    """A day that was shared out. ``can_be_undone``: none of its visits has begun or changed since."""

    change_id: int
    rep_id: int
    on: date
    taken: tuple[TakenOver, ...]
    left: tuple[str, ...]
    made_at: datetime
    is_undone: bool
    can_be_undone: bool


def apply(session: Session, actor: Actor, now: datetime, today: date, rep_id: int, on: date) -> int:
    """Returns the change's id. Raises NotFound for a rep outside the actor's scope, Conflict("cover_changed")
    where something has changed since it was worked out, and Conflict("cover_nothing")."""
    cover = questions.answered(session, actor, today, rep_id, on)
    if cover.trouble or cover.shared is None or not cover.is_current:
        raise Conflict("cover_changed")
    if not cover.shared.taken:
        raise Conflict("cover_nothing")
    shared, rows = cover.shared, []
    day_routes.withdraw(session, [one.visit_id for one in shared.taken])
    for one in shared.taken:
        visit = session.get_one(Visit, one.visit_id)
        rows.append(_hand_over(visit, one.rep_id, cover.name))
        revisions.changed(visit, actor.user_id, now)
    session.flush()
    _solve(session, actor, now, on, {rep_id, *(one.rep_id for one in shared.taken)})
    step = Step(SHARED_OUT, _told(cover, shared), None, {"shared": rows}, is_of_route=False)
    change_id = day_changes.keep(session, now, rep_id, on, step)
    after = {"on": on.isoformat(), "visits": [[one.visit_id, one.rep_id] for one in shared.taken]}
    audit.record(session, actor, now, "day.shared_out", "rep", rep_id, {}, after)
    return change_id


def of_day(session: Session, actor: Actor, today: date, rep_id: int, on: date) -> list[Done]:
    """Newest first. Raises NotFound for a rep outside the actor's scope."""
    scope.rep(session, actor, rep_id, on)
    query = select(DayChange).where(
        DayChange.rep_id == rep_id, DayChange.on == on, DayChange.kind == SHARED_OUT
    )
    rows = session.scalars(query.order_by(DayChange.id.desc()))
    return [_done(session, row, today) for row in rows]


def undo(session: Session, actor: Actor, now: datetime, today: date, change_id: int) -> Done:
    """Give every visit back. Raises NotFound for a day outside the actor's scope, Conflict("cover_undone"),
    Locked("day_closed"), and Conflict("cover_begun") where a visit has begun or changed since."""
    row = session.get(DayChange, change_id)
    if row is None or row.kind != SHARED_OUT:
        raise NotFound("day_change", id=change_id)
    scope.rep(session, actor, row.rep_id, row.on)
    if row.undone_at is not None:
        raise Conflict("cover_undone")
    if visits.is_closed(session, row.rep_id, row.on):
        raise Locked("day_closed", on=row.on.isoformat())
    if not _is_untouched(session, row, today):
        raise Conflict("cover_begun")
    takers = {kept["to_rep_id"] for kept in row.before["shared"]}
    day_routes.withdraw(session, [kept["visit_id"] for kept in row.before["shared"]])
    for kept in row.before["shared"]:
        visit = session.get_one(Visit, kept["visit_id"])
        _give_back(visit, row.rep_id, kept)
        revisions.changed(visit, actor.user_id, now)
    row.undone_at = now
    session.flush()
    _solve(session, actor, now, row.on, {row.rep_id, *takers})
    audit.record(
        session, actor, now, "day.share_taken_back", "rep", row.rep_id, {}, {"on": row.on.isoformat()}
    )
    return _done(session, row, today)


def _hand_over(visit: Visit, to_rep_id: int, name: str) -> dict[str, Any]:
    """Returns what undo needs. The place in the order was one of another route."""
    before = {field: getattr(visit, field) for field in REMEMBERED}
    visit.rep_id, visit.is_pinned, visit.kept_place = to_rep_id, True, None
    visit.reason, visit.reason_values = COVER, {"name": name}
    visit.rev += 1
    return before | {"visit_id": visit.id, "to_rep_id": to_rep_id, "rev": visit.rev}


def _give_back(visit: Visit, rep_id: int, kept: Mapping[str, Any]) -> None:
    for field in REMEMBERED:
        setattr(visit, field, kept[field])
    visit.rep_id = rep_id
    visit.rev += 1


def _solve(session: Session, actor: Actor, now: datetime, on: date, rep_ids: set[int]) -> None:
    for rep_id in sorted(rep_ids):
        day_routes.request(session, actor, now, rep_id, on)


def _told(cover: Cover, shared: SharedDay) -> dict[str, Any]:
    return {
        "taken": [{"visit_id": one.visit_id, "name": one.name, "begins": one.begins} for one in shared.taken],
        "left": [one.name for one in shared.left],
    }


def _is_untouched(session: Session, row: DayChange, today: date) -> bool:
    if row.on < today:
        return False
    found = [(session.get_one(Visit, kept["visit_id"]), kept) for kept in row.before["shared"]]
    return all(visit.state is VisitState.PLANNED and visit.rev == kept["rev"] for visit, kept in found)


def _done(session: Session, row: DayChange, today: date) -> Done:
    takers = {kept["visit_id"]: kept["to_rep_id"] for kept in row.before["shared"]}
    people = session.scalars(select(Person).where(Person.id.in_(set(takers.values()))))
    names = {person.id: person.name for person in people}
    is_undone = row.undone_at is not None
    return Done(
        change_id=row.id,
        rep_id=row.rep_id,
        on=row.on,
        taken=tuple(
            TakenOver(one["name"], names[takers[one["visit_id"]]], one["begins"]) for one in row.told["taken"]
        ),
        left=tuple(row.told["left"]),
        made_at=row.made_at,
        is_undone=is_undone,
        can_be_undone=not is_undone and _is_untouched(session, row, today),
    )
