"""Accounts whose promise, the latest gap, a version breaks or keeps where what stands does otherwise.

Only promises that end within the weeks to be published, of accounts visited before: for one never visited
there is no gap yet.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.plan_difference import breaks_promise
from planner.domain.visits import VisitState
from planner.models.schedule import Proposal, ScheduleVersion
from planner.models.visits import Visit
from planner.services.days.day_facts import AGREED
from planner.services.schedule.candidacy import Candidate
from planner.services.schedule.candidate_rows import STANDING, Span

Dates = dict[int, set[date]]


@dataclass(frozen=True, slots=True)
class Promises:
    """Names of accounts. ``lost``: kept by what stands and broken by the version; ``gained`` the reverse."""

    gained: tuple[str, ...]
    lost: tuple[str, ...]


def changed(
    session: Session,
    version: ScheduleVersion,
    former: ScheduleVersion | None,
    span: Span,
    candidates: Sequence[Candidate],
) -> Promises:
    standing, fixed = _standing(session, version, span)
    before, after = (
        _joined(standing, _later(session, former, span)),
        _joined(fixed, _proposed(session, version, span)),
    )
    gained, lost = [], []
    for candidate in candidates:
        if not _has_gap(candidate):
            continue
        was, will = (_breaks(candidate, dates, version, span) for dates in (before, after))
        if was and not will:
            gained.append(candidate.name)
        elif will and not was:
            lost.append(candidate.name)
    return Promises(tuple(sorted(gained)), tuple(sorted(lost)))


def _has_gap(candidate: Candidate) -> bool:
    return candidate.cadence_days is not None and candidate.last_on is not None and not candidate.fixed_days


def _breaks(candidate: Candidate, dates: Dates, version: ScheduleVersion, span: Span) -> bool:
    return breaks_promise(
        dates.get(candidate.account_id, set()),
        span.date_of(candidate.promised_to),
        candidate.latest_gap,
        version.published_until_on,
    )


def _standing(session: Session, version: ScheduleVersion, span: Span) -> tuple[Dates, Dates]:
    """The visits to come, and of them those that no publishing moves."""
    rows = session.execute(
        select(Visit.account_id, Visit.on, Visit.kind, Visit.is_pinned, Visit.state)
        .where(Visit.rep_id == version.rep_id, Visit.on >= span.from_on, Visit.on < span.until_on)
        .where(Visit.state.in_(STANDING))
    ).all()
    stays = [r for r in rows if r.is_pinned or r.kind in AGREED or r.state is not VisitState.PLANNED]
    return _by_account((r.account_id, r.on) for r in rows), _by_account((r.account_id, r.on) for r in stays)


def _proposed(session: Session, version: ScheduleVersion, span: Span) -> Dates:
    query = select(Proposal.account_id, Proposal.on).where(Proposal.version_id == version.id)
    return _by_account(session.execute(query.where(Proposal.on >= span.from_on)))


def _later(session: Session, former: ScheduleVersion | None, span: Span) -> Dates:
    """What the plan published last means to do after the weeks it published."""
    if former is None:
        return {}
    query = (
        select(Proposal.account_id, Proposal.on)
        .where(Proposal.version_id == former.id, Proposal.on >= former.published_until_on)
        .where(Proposal.on >= span.from_on)
    )
    return _by_account(session.execute(query))


def _by_account(rows: Iterable[tuple[int, date]]) -> Dates:
    found: Dates = defaultdict(set)
    for account_id, on in rows:
        found[account_id].add(on)
    return dict(found)


def _joined(one: Dates, other: Dates) -> Dates:
    return {key: one.get(key, set()) | other.get(key, set()) for key in {*one, *other}}
