"""Publishing a schedule version: its proposals of four weeks become visits; undo puts back what was.

An account keeps its visit: a proposal on another day moves the visit that stands, so that notes and
the phone's copy stay with it. Pinned and agreed visits and those that were begun are never touched.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload

from planner.domain.access import Actor
from planner.domain.errors import Conflict, NotFound
from planner.domain.visits import VisitAction, VisitKind, VisitState, next_state
from planner.models.accounts import Account
from planner.models.schedule import Proposal, ScheduleVersion, VersionState
from planner.models.visits import Visit
from planner.services import audit, day_routes, scope
from planner.services.day_facts import AGREED

REMEMBERED = ("on", "kind", "state", "service_seconds", "due_on", "reason", "reason_values", "version_id")
"""The fields of a visit that publishing may change."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What publishing does to the visits that stand."""

    kept: tuple[tuple[Visit, Proposal], ...]
    moved: tuple[tuple[Visit, Proposal], ...]
    added: tuple[Proposal, ...]
    dropped: tuple[Visit, ...]

    @property
    def days(self) -> set[date]:
        """Dates that gain or lose a visit."""
        lost = [visit.on for visit in self.dropped] + [visit.on for visit, _ in self.moved]
        gained = [proposal.on for proposal in self.added] + [proposal.on for _, proposal in self.moved]
        return {*lost, *gained}


@dataclass(frozen=True, slots=True)
class Published:
    """Whose visits changed, and on which dates: their routes must be solved anew."""

    rep_id: int
    days: frozenset[date]


def changes(session: Session, version: ScheduleVersion, today: date) -> Changes:
    """Compare a version's published weeks, from ``today`` on, with the visits that stand."""
    from_on = max(version.from_on, today)
    standing = _standing(session, version, from_on)
    movable = [visit for visit in standing if _is_movable(visit)]
    taken = {(visit.account_id, visit.on) for visit in standing if not _is_movable(visit)}
    wanted = [
        proposal
        for proposal in _proposals(session, version, from_on)
        if (proposal.account_id, proposal.on) not in taken
    ]
    return _paired(movable, wanted)


def publish(session: Session, actor: Actor, now: datetime, today: date, version_id: int) -> Published:
    """Make visits of a proposed version.

    Raises Conflict("version_state") unless the version is the newest proposal.
    """
    version = version_of(session, actor, version_id, today)
    if version.state is not VersionState.PROPOSED:
        raise Conflict("version_state")
    found = changes(session, version, today)
    days = found.days
    before = [_remembered(visit) for visit, _ in (*found.kept, *found.moved)]
    before += [_remembered(visit) for visit in found.dropped]
    day_routes.withdraw(session, [v.id for v, _ in found.moved] + [v.id for v in found.dropped])
    touched = [_follow(visit, proposal, version.id) for visit, proposal in (*found.kept, *found.moved)]
    touched += [_drop(visit) for visit in found.dropped]
    made = [_made(proposal, version) for proposal in found.added]
    session.add_all(made)
    session.flush()
    for entry, visit in zip(before, touched, strict=True):
        entry["rev"] = visit.rev
    before += [{"visit_id": visit.id, "before": None, "rev": visit.rev} for visit in made]
    day_routes.mark_stale(session, version.rep_id, days)
    _supersede(session, version)
    version.state, version.published_at, version.published_by = VersionState.PUBLISHED, now, actor.user_id
    version.before_publish = before
    _record(session, actor, now, "schedule.published", version, found)
    session.flush()
    return Published(version.rep_id, frozenset(days))


def undo(session: Session, actor: Actor, now: datetime, today: date, version_id: int) -> Published:
    """Put the visits back as they stood before publishing.

    Raises Conflict("version_state") when the version is not the published one, and
    Conflict("publish_changed") when one of its visits has been touched since.
    """
    version = version_of(session, actor, version_id, today)
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
    day_routes.withdraw(session, list(visits))
    day_routes.mark_stale(session, version.rep_id, days)
    version.state, version.before_publish = VersionState.WITHDRAWN, None
    _restore_former(session, version)
    audit.record(session, actor, now, "schedule.withdrawn", "schedule_version", version.id, {}, {})
    session.flush()
    return Published(version.rep_id, frozenset(days))


def version_of(session: Session, actor: Actor, version_id: int, on: date) -> ScheduleVersion:
    """A version of a rep in the actor's scope. Raises NotFound."""
    version = session.get(ScheduleVersion, version_id)
    if version is None:
        raise NotFound("schedule_version", id=version_id)
    scope.rep(session, actor, version.rep_id, on)
    return version


def _standing(session: Session, version: ScheduleVersion, from_on: date) -> list[Visit]:
    query = (
        select(Visit)
        .where(Visit.rep_id == version.rep_id, Visit.on >= from_on, Visit.on < version.until_on)
        .where(Visit.state != VisitState.CANCELLED)
        .options(joinedload(Visit.account))
        .order_by(Visit.on, Visit.id)
    )
    return list(session.scalars(query))


def _is_movable(visit: Visit) -> bool:
    return visit.state is VisitState.PLANNED and not visit.is_pinned and visit.kind not in AGREED


def _proposals(session: Session, version: ScheduleVersion, from_on: date) -> list[Proposal]:
    query = (
        select(Proposal)
        .join(Proposal.account)
        .where(Proposal.version_id == version.id, Proposal.is_pinned.is_(False))
        .where(Proposal.on >= from_on, Proposal.on < version.published_until_on)
        .where(Account.archived_at.is_(None))
        .options(joinedload(Proposal.account))
        .order_by(Proposal.on, Proposal.position)
    )
    return list(session.scalars(query))


def _paired(visits: Iterable[Visit], proposals: Iterable[Proposal]) -> Changes:
    """Same account and day: kept. What is left of an account is paired in order of date: moved."""
    wanted = {(proposal.account_id, proposal.on): proposal for proposal in proposals}
    kept, spare = [], defaultdict(list)
    for visit in visits:
        same = wanted.pop((visit.account_id, visit.on), None)
        if same is not None:
            kept.append((visit, same))
        else:
            spare[visit.account_id].append(visit)
    moved, added = [], []
    for proposal in sorted(wanted.values(), key=lambda p: (p.on, p.position)):
        mine = spare[proposal.account_id]
        if mine:
            moved.append((mine.pop(0), proposal))
        else:
            added.append(proposal)
    dropped = tuple(visit for rest in spare.values() for visit in rest)
    return Changes(tuple(kept), tuple(moved), tuple(added), dropped)


def _follow(visit: Visit, proposal: Proposal, version_id: int) -> Visit:
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


def _supersede(session: Session, version: ScheduleVersion) -> None:
    session.execute(
        update(ScheduleVersion)
        .where(ScheduleVersion.rep_id == version.rep_id, ScheduleVersion.id != version.id)
        .where(ScheduleVersion.state.in_([VersionState.PUBLISHED, VersionState.PROPOSED]))
        .values(state=VersionState.SUPERSEDED)
    )


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


def _record(
    session: Session, actor: Actor, now: datetime, action: str, version: ScheduleVersion, found: Changes
) -> None:
    counts = {"moved": len(found.moved), "added": len(found.added), "dropped": len(found.dropped)}
    audit.record(session, actor, now, action, "schedule_version", version.id, {}, counts)
