"""The rows beside the route that a change of a day touched, and putting each back.

What ``before`` may hold, all of it optional: ``moved``, visits that went to another day; ``made``, those that
were agreed; ``skipped``, those given up; ``kept``, visits whose wishes of the day changed; ``overtime``
in seconds that were added, unless they were taken back since; ``account``, fields of one as they were;
``lengths``, visits that lasted otherwise. Each names the visit's ``rev`` afterwards: what somebody has
changed since is never overwritten.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from planner.domain.access import Actor
from planner.domain.capture import at_once
from planner.domain.errors import Conflict
from planner.models.visits import Visit
from planner.services import revisions
from planner.services.days import lessons, visits
from planner.services.schedule import agreements, overtime

WISHES = ("from_seconds", "until_seconds", "kept_place")
"""What a rep may wish of a visit for one day alone."""


def take_back(
    session: Session,
    actor: Actor,
    now: datetime,
    today: date,
    rep_id: int,
    on: date,
    before: Mapping[str, Any],
) -> None:
    """Raises Conflict("day_changed_since") where one of the visits changed after it."""
    for moved in before.get("moved", ()):
        visit = _as_left(session, moved)
        agreements.put_on(session, actor, now, visit, on, is_pinned=moved["is_pinned"])
        _wish(visit, moved, actor, now)
    for made in before.get("made", ()):
        agreements.call_off(session, actor, now, today, _as_left(session, made).id)
    for skipped in before.get("skipped", ()):
        visits.undo(session, actor, at_once(now, today), _as_left(session, skipped).id)
    for kept in before.get("kept", ()):
        _wish(_as_left(session, kept), kept, actor, now)
    if before.get("overtime") and overtime.GONE not in before:
        overtime.add(session, actor, now, rep_id, on, -before["overtime"])
    for length in before.get("lengths", ()):
        visit = _as_left(session, length)
        visit.service_seconds, visit.rev = length["service_seconds"], visit.rev + 1
        revisions.changed(visit, actor.user_id, now)
    if "account" in before:
        lessons.take_back(session, actor, now, today, before["account"])
    session.flush()


def wishes_of(visit: Visit) -> dict[str, Any]:
    return {"visit_id": visit.id, **{name: getattr(visit, name) for name in WISHES}}


def _as_left(session: Session, kept: Mapping[str, Any]) -> Visit:
    visit = session.get_one(Visit, kept["visit_id"])
    if visit.rev != kept["rev"]:
        raise Conflict("day_changed_since")
    return visit


def _wish(visit: Visit, kept: Mapping[str, Any], actor: Actor, now: datetime) -> None:
    for name in WISHES:
        setattr(visit, name, kept[name])
    visit.rev += 1
    revisions.changed(visit, actor.user_id, now)
