"""A way to mend a day carried out, all of it or nothing, and noted so that one tap takes it back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from planner.domain.access import Actor
from planner.domain.capture import at_once
from planner.domain.visits import NotHeldReason
from planner.models.visits import Visit
from planner.services import revisions
from planner.services.days import day_changes, day_snapshots, numbering, replanning, taking_back, visits
from planner.services.days.day_changes import Step
from planner.services.days.mended import NEW_VISIT, BrokenDay, GivenUp, Mended
from planner.services.schedule import agreements, overtime
from planner.services.schedule.agreements import Wish

Rows = dict[str, Any]


def apply(session: Session, actor: Actor, now: datetime, today: date, day: BrokenDay, way: Mended) -> int:
    """Returns the change's id. ``now`` is the moment the way was worked out for.

    Raises Conflict("day_changed") where the day is not as it was then, and as ``agreements`` does.
    """
    facts, solved = way.facts, way.solved
    route = day_snapshots.of_day(session, actor.user_id, day.on)
    rows: Rows = {"moved": [], "skipped": [], "made": [], "kept": []}
    if way.overtime_seconds:
        overtime.add(session, actor, now, actor.user_id, day.on, way.overtime_seconds)
        rows["overtime"] = way.overtime_seconds
    if way.later_than is not None and day.trouble.visit_id is not None:
        rows["kept"].append(_look_in_later(session, now, day.trouble.visit_id, way.later_than))
    for gone in way.given_up:
        _give_up(session, actor, now, today, day, gone, rows)
    if way.adds_visit and day.trouble.account_id is not None:
        visit_id = _agree(session, actor, now, today, day.trouble.account_id, day.on, rows)
        facts, solved = numbering.numbered(facts, solved, visit_id)
    replanning.store(session, now, facts, solved if facts.visits else None)
    step = Step(way.way.value, _told(day, way), route, rows)
    return day_changes.keep(session, now, actor.user_id, day.on, step)


def _look_in_later(session: Session, now: datetime, visit_id: int, later_than: int) -> Mapping[str, Any]:
    visit = session.get_one(Visit, visit_id)
    before = taking_back.wishes_of(visit)
    # Who is to be met at a time is not to be met before it.
    visit.from_seconds = max(later_than, visit.from_seconds or 0)
    visit.rev += 1
    revisions.changed(visit, visit.rep_id, now)
    session.flush()
    return before | {"rev": visit.rev}


def _give_up(
    session: Session,
    actor: Actor,
    now: datetime,
    today: date,
    day: BrokenDay,
    gone: GivenUp,
    rows: Rows,
) -> None:
    if gone.visit_id == NEW_VISIT:
        if gone.back.on is not None:
            _agree(session, actor, now, today, gone.back.account_id, gone.back.on, rows)
        return
    visit = session.get_one(Visit, gone.visit_id)
    if day.trouble.at_door and gone.visit_id == day.trouble.visit_id:
        visits.miss(session, actor, at_once(now, today), visit.id, NotHeldReason.CONTACT_AWAY)
        rows["skipped"].append({"visit_id": visit.id, "rev": visit.rev})
        if gone.back.on is not None:
            _agree(session, actor, now, today, visit.account_id, gone.back.on, rows)
    elif gone.back.on is not None:
        before = taking_back.wishes_of(visit) | {"is_pinned": visit.is_pinned}
        agreements.put_on(session, actor, now, visit, gone.back.on, is_pinned=True)
        rows["moved"].append(before | {"rev": visit.rev})
    else:
        is_away = visit.id == day.trouble.visit_id
        reason = NotHeldReason.CONTACT_AWAY if is_away else NotHeldReason.NO_TIME
        visits.skip(session, actor, at_once(now, today), visit.id, reason)
        rows["skipped"].append({"visit_id": visit.id, "rev": visit.rev})


def _agree(
    session: Session,
    actor: Actor,
    now: datetime,
    today: date,
    account_id: int,
    on: date,
    rows: Rows,
) -> int:
    agreed = agreements.agree(session, actor, now, today, Wish(account_id, on))
    rev = session.get_one(Visit, agreed.visit_id).rev
    rows["made"].append({"visit_id": agreed.visit_id, "rev": rev})
    return agreed.visit_id


def _told(day: BrokenDay, way: Mended) -> Mapping[str, Any]:
    return {
        "home": way.home,
        "left_out": len(way.left_over),
        "overtime": way.overtime_seconds,
        "later_than": way.later_than,
        "name": day.name,
        "is_added": way.adds_visit,
        "gone": [
            {"name": gone.name, "on": gone.back.on.isoformat() if gone.back.on else None}
            for gone in way.given_up
        ],
    }
