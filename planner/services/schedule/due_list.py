"""The due list: accounts with a cadence, overdue first, each with its next date or why it has none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from planner.domain.access import Actor
from planner.domain.cadence import DueState
from planner.domain.visits import UNDECIDED, VisitKind
from planner.models.schedule import Proposal, ScheduleVersion, UnplacedAccount, VersionState
from planner.models.visits import Visit
from planner.services import scope
from planner.services.schedule import candidates, planning
from planner.services.schedule.candidacy import Candidate
from planner.services.schedule.candidate_rows import Span
from planner.services.schedule.horizon import HORIZON_DAYS

NO_PLAN = "no_plan"
"""Why an account has no date: it was not there when its rep was planned, or there is no plan yet."""

AFTER_HORIZON = "after_horizon"
"""The promise holds without a visit in the weeks planned."""


@dataclass(frozen=True, slots=True)
class DueEntry:
    """``days_late`` counts from the last promised date (the latest gap); ``next_on`` is a published
    visit, or a proposed one where ``is_published`` is False."""

    account_id: int
    name: str
    account_class: str
    value_minor: int | None
    cadence_days: int | None
    last_on: date | None
    wish_on: date
    latest_on: date
    state: DueState
    days_late: int
    next_on: date | None
    is_published: bool
    reason: str = ""
    reason_values: Mapping[str, Any] = field(default_factory=dict)


def due_list(session: Session, actor: Actor, rep_id: int, today: date) -> list[DueEntry]:
    """Overdue accounts first, the latest and most valuable on top, then those without a date, then the
    rest by the date wished.

    Raises NotFound for a rep outside the actor's scope.
    """
    scope.rep(session, actor, rep_id, today)
    span = Span(today, today + timedelta(days=HORIZON_DAYS), today)
    found = [c for c in candidates.gather(session, rep_id, span, prospects_per_week=0) if c.is_recurring]
    version = planning.newest(session, rep_id, VersionState.PROPOSED, VersionState.PUBLISHED)
    published = _next_visits(session, rep_id, today)
    proposed = _next_proposals(session, version, today)
    reasons = _reasons(session, version)
    until_on = version.until_on if version else None
    entries = [_entry(c, span, published, proposed, reasons, until_on) for c in found]
    return sorted(entries, key=_urgency)


def _entry(
    candidate: Candidate,
    span: Span,
    published: Mapping[int, date],
    proposed: Mapping[int, date],
    reasons: Mapping[int, UnplacedAccount],
    planned_until: date | None,
) -> DueEntry:
    latest_on = span.date_of(candidate.promised_to)
    planned, wished = published.get(candidate.account_id), proposed.get(candidate.account_id)
    missing = reasons.get(candidate.account_id)
    reason, values = (missing.reason, missing.reason_values) if missing else (candidate.trouble, {})
    if not reason:
        reason = AFTER_HORIZON if planned_until and latest_on >= planned_until else NO_PLAN
    next_on = planned or wished
    return DueEntry(
        account_id=candidate.account_id,
        name=candidate.name,
        account_class=candidate.account_class,
        value_minor=candidate.value_minor,
        cadence_days=candidate.cadence_days,
        last_on=candidate.last_on,
        wish_on=span.date_of(candidate.first_wish),
        latest_on=latest_on,
        state=candidate.state,
        days_late=max(0, -candidate.promised_to),
        next_on=next_on,
        is_published=planned is not None,
        reason="" if next_on else reason,
        reason_values={} if next_on else values,
    )


def _urgency(entry: DueEntry) -> tuple[int, int, bool, date, str, int]:
    value = (entry.value_minor or 0) if entry.days_late else 0
    has_date = entry.next_on is not None or entry.reason == AFTER_HORIZON
    return (-entry.days_late, -value, has_date, entry.wish_on, entry.name, entry.account_id)


def _next_visits(session: Session, rep_id: int, today: date) -> dict[int, date]:
    query = (
        select(Visit.account_id, func.min(Visit.on))
        .where(Visit.rep_id == rep_id, Visit.on >= today)
        .where(Visit.state.in_(UNDECIDED))
        .group_by(Visit.account_id)
    )
    return dict(session.execute(query).all())


def _next_proposals(session: Session, version: ScheduleVersion | None, today: date) -> dict[int, date]:
    if version is None:
        return {}
    query = (
        select(Proposal.account_id, func.min(Proposal.on))
        .where(Proposal.version_id == version.id, Proposal.on >= today)
        .where(Proposal.kind != VisitKind.PROSPECT.value)
        .group_by(Proposal.account_id)
    )
    if version.state is VersionState.PUBLISHED:
        query = query.where(Proposal.on >= version.published_until_on)
    return dict(session.execute(query).all())


def _reasons(session: Session, version: ScheduleVersion | None) -> dict[int, UnplacedAccount]:
    if version is None:
        return {}
    query = select(UnplacedAccount).where(UnplacedAccount.version_id == version.id)
    return {row.account_id: row for row in session.scalars(query)}
