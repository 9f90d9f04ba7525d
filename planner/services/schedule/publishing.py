"""Publishing a schedule version: its proposals of four weeks become visits.

A visit that is moved stays the same visit, so that notes and the phone's copy stay with it. What stood
before is kept with the version, so that publishing can be taken back.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import update
from sqlalchemy.orm import Session

from planner.domain.access import Actor
from planner.domain.errors import Conflict
from planner.domain.visits import VisitAction, VisitKind, VisitState, next_state
from planner.models.schedule import Proposal, ScheduleVersion, VersionState
from planner.models.visits import Visit
from planner.services import revisions
from planner.services.days import day_routes, visit_facts
from planner.services.installation import audit
from planner.services.schedule import night_changes, planning, version_changes
from planner.services.schedule.version_changes import Changes

REMEMBERED = (
    *("on", "kind", "state", "service_seconds", "due_on", "reason", "reason_values", "version_id"),
    *("from_seconds", "until_seconds", "kept_place"),
)
"""The fields of a visit that publishing may change."""


@dataclass(frozen=True, slots=True)
class Published:
    """Whose visits changed, and on which dates: their routes must be solved anew."""

    rep_id: int
    days: frozenset[date]


def publish(session: Session, actor: Actor, now: datetime, today: date, version_id: int) -> Published:
    """Make visits of a proposed version.

    Raises Conflict("version_state") unless the version is the newest proposal.
    """
    version = planning.version_of(session, actor, version_id, today)
    if version.state is not VersionState.PROPOSED:
        raise Conflict("version_state")
    found = version_changes.changes(session, version, today)
    nights = night_changes.changes(session, version, today)
    days = found.days | nights.days
    before = [_remembered(visit) for visit, _ in (*found.kept, *found.moved)]
    before += [_remembered(visit) for visit in found.dropped]
    day_routes.withdraw(session, [v.id for v, _ in found.moved] + [v.id for v in found.dropped])
    touched = [_follow(visit, proposal, version.id) for visit, proposal in (*found.kept, *found.moved)]
    touched += [_drop(visit) for visit in found.dropped]
    revisions.all_changed(touched, actor.user_id, now)
    made = [_made(proposal, version) for proposal in found.added]
    session.add_all(made)
    session.flush()
    for entry, visit in zip(before, touched, strict=True):
        is_dropped = visit.state is VisitState.CANCELLED
        entry |= {"rev": visit.rev, "on": None if is_dropped else visit.on.isoformat()}
    before += [
        {"visit_id": visit.id, "before": None, "rev": visit.rev, "on": visit.on.isoformat()} for visit in made
    ]
    night_changes.publish(session, version, nights)
    day_routes.mark_stale(session, version.rep_id, days)
    _supersede(session, version)
    version.state, version.published_at, version.published_by = VersionState.PUBLISHED, now, actor.user_id
    version.before_publish = before
    _record(session, actor, now, "schedule.published", version, found)
    session.flush()
    return Published(version.rep_id, frozenset(days))


def _follow(visit: Visit, proposal: Proposal, version_id: int) -> Visit:
    if visit.on != proposal.on:
        visit_facts.forget_wishes(visit)
    visit.on, visit.kind = proposal.on, VisitKind(proposal.kind)
    visit.service_seconds, visit.due_on = proposal.service_seconds, proposal.due_on
    visit.reason, visit.reason_values = proposal.reason, proposal.reason_values
    visit.version_id = version_id
    visit.rev += 1
    return visit


def _drop(visit: Visit) -> Visit:
    visit.state = next_state(visit.state, VisitAction.CANCEL)
    visit.rev += 1
    return visit


def _made(proposal: Proposal, version: ScheduleVersion) -> Visit:
    return Visit(
        uid=str(uuid4()),
        account_id=proposal.account_id,
        rep_id=version.rep_id,
        on=proposal.on,
        kind=VisitKind(proposal.kind),
        state=VisitState.PLANNED,
        service_seconds=proposal.service_seconds,
        due_on=proposal.due_on,
        reason=proposal.reason,
        reason_values=proposal.reason_values,
        version_id=version.id,
    )


def _remembered(visit: Visit) -> dict[str, Any]:
    values = {name: getattr(visit, name) for name in REMEMBERED}
    texts = {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}
    return {"visit_id": visit.id, "before": texts}


def _supersede(session: Session, version: ScheduleVersion) -> None:
    session.execute(
        update(ScheduleVersion)
        .where(ScheduleVersion.rep_id == version.rep_id, ScheduleVersion.id != version.id)
        .where(ScheduleVersion.state.in_([VersionState.PUBLISHED, VersionState.PROPOSED]))
        .values(state=VersionState.SUPERSEDED)
    )


def _record(
    session: Session, actor: Actor, now: datetime, action: str, version: ScheduleVersion, found: Changes
) -> None:
    counts = {"moved": len(found.moved), "added": len(found.added), "dropped": len(found.dropped)}
    audit.record(session, actor, now, action, "schedule_version", version.id, {}, counts)
