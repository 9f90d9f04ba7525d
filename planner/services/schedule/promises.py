"""Which promises dates break, and which of them a version breaks or keeps where what stands does otherwise.

A promise is the last day a visit may fall on: the latest gap after the one before, the date of a fixed cycle,
a cadence's time where that day is over before the days looked at begin. ``routing.rotation.missing`` knows
the rule; here it is asked of rows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.models.schedule import Proposal, ScheduleVersion
from planner.services.schedule.candidacy import Candidate
from planner.services.schedule.candidate_rows import Span
from planner.services.schedule.rotation_problem import account_of
from planner.services.schedule.standing_dates import standing_dates
from routing.rotation.missing import missing_spans

Days = dict[int, set[int]]
"""By account, the days of its visits."""


@dataclass(frozen=True, slots=True)
class Promises:
    """Names of accounts. ``lost``: kept by what stands and broken by the version; ``gained`` the reverse."""

    gained: tuple[str, ...]
    lost: tuple[str, ...]


class Broken(NamedTuple):
    """A visit was promised by day ``promised``; ``planned`` is the first one after it, None for none."""

    promised: int
    planned: int | None


def broken(candidate: Candidate, days: set[int], horizon: int) -> list[Broken]:
    """In order of day; of every account that is visited again and again."""
    if not (candidate.cadence_days or candidate.fixed_days):
        return []
    spans = missing_spans(account_of(candidate, ()), sorted(days), horizon)
    return [Broken(span.promised, span.before) for span in spans]


def changed(
    session: Session,
    version: ScheduleVersion,
    former: ScheduleVersion | None,
    span: Span,
    candidates: Sequence[Candidate],
) -> Promises:
    """Of the promises that end within the weeks to be published."""
    standing = standing_dates(session, version.rep_id, span.from_on, span.until_on, former)
    before = _by_account(span, ((one.account_id, one.on) for one in standing))
    stays = ((one.account_id, one.on) for one in standing if not one.is_movable)
    after = _by_account(span, (*stays, *_proposed(session, version, span)))
    until = span.day(version.published_until_on)
    was, will = (_who(candidates, days, until, len(span)) for days in (before, after))
    return Promises(gained=tuple(sorted(was - will)), lost=tuple(sorted(will - was)))


def _who(candidates: Sequence[Candidate], days: Days, until: int, horizon: int) -> set[str]:
    """Names of those whose promise is broken before day ``until``."""
    return {
        candidate.name
        for candidate in candidates
        if any(one.promised < until for one in broken(candidate, days[candidate.account_id], horizon))
    }


def _proposed(session: Session, version: ScheduleVersion, span: Span) -> Iterable[tuple[int, date]]:
    query = select(Proposal.account_id, Proposal.on).where(Proposal.version_id == version.id)
    return [(account_id, on) for account_id, on in session.execute(query.where(Proposal.on >= span.from_on))]


def _by_account(span: Span, dates: Iterable[tuple[int, date]]) -> Days:
    found: Days = defaultdict(set)
    for account_id, on in dates:
        found[account_id].add(span.day(on))
    return found
