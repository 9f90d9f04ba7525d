"""Taking a published version back: the visits stand again as they did before it, while nobody has
touched one of them since.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from planner.domain.access import Actor
from planner.domain.errors import Conflict
from planner.domain.visits import VisitAction, VisitKind, VisitState, next_state
from planner.models.schedule import ScheduleVersion, VersionState
from planner.models.visits import Visit
from planner.services import revisions
from planner.services.days import day_routes
from planner.services.installation import audit
from planner.services.schedule import night_changes, planning
from planner.services.schedule.publishing import Published


def undo(session: Session, actor: Actor, now: datetime, today: date, version_id: int) -> Published:
    """Put the visits back as they stood before publishing.

    Raises Conflict("version_state") when the version is not the published one, and
    Conflict("publish_changed") or Conflict("publish_changed_night") when one of its visits or nights has
    been touched since.
    """
    version = planning.version_of(session, actor, version_id, today)
    if version.state is not VersionState.PUBLISHED or version.before_publish is None:
        raise Conflict("version_state")
    entries = version.before_publish
    visits = {
        visit.id: visit
        for visit in session.scalars(
            select(Visit)
            .where(Visit.id.in_([entry["visit_id"] for entry in entries]))
            .options(joinedload(Visit.account))
        )
    }
    days: set[date] = set()
    for entry in entries:
        visit = visits[entry["visit_id"]]
        if visit.rev != entry["rev"]:
            raise Conflict("publish_changed", account=visit.account.name)
        days |= _put_back(visit, entry["before"])
        revisions.changed(visit, actor.user_id, now)
    days |= night_changes.put_back(session, version)
    day_routes.withdraw(session, list(visits))
    day_routes.mark_stale(session, version.rep_id, days)
    version.state, version.before_publish = VersionState.WITHDRAWN, None
    _restore_former(session, version)
    audit.record(session, actor, now, "schedule.withdrawn", "schedule_version", version.id, {}, {})
    session.flush()
    return Published(version.rep_id, frozenset(days))


def _put_back(visit: Visit, before: dict[str, Any] | None) -> set[date]:
    days = {visit.on}
    visit.rev += 1
    if before is None:
        visit.state = next_state(visit.state, VisitAction.CANCEL)
        return days
    dates = {name: date.fromisoformat(before[name]) for name in ("on", "due_on") if before[name]}
    states = {"kind": VisitKind(before["kind"]), "state": VisitState(before["state"])}
    for name, value in (before | dates | states).items():
        setattr(visit, name, value)
    return days | {visit.on}


def _restore_former(session: Session, version: ScheduleVersion) -> None:
    """The version that was published before counts again; its own undo is past."""
    former = session.scalar(
        select(ScheduleVersion)
        .where(ScheduleVersion.rep_id == version.rep_id, ScheduleVersion.id != version.id)
        .where(ScheduleVersion.state == VersionState.SUPERSEDED, ScheduleVersion.published_at.is_not(None))
        .order_by(ScheduleVersion.published_at.desc())
        .limit(1)
    )
    if former is not None:
        former.state, former.before_publish = VersionState.PUBLISHED, None
        former.nights_before = None
