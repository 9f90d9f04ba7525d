"""The A accounts a version moves or drops, each with what speaks against the day its visit stands on now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from sqlalchemy.orm import Session

from planner.models.accounts import Account, AccountClass
from planner.services.accounts.opening_hours import is_blocked, is_closed_weekday
from planner.services.schedule.candidacy import Candidate
from planner.services.schedule.candidate_rows import Span, accounts
from planner.services.schedule.horizon import DayLoad
from planner.services.schedule.version_review import Line, Review


class Against(StrEnum):
    """What holds of the old day. ``NOTHING`` is not said: the plan is better for it elsewhere."""

    NOTHING = ""
    ARCHIVED = "archived"
    DAY_OFF = "day_off"
    BLOCKED = "blocked"
    CLOSED = "closed"
    TOO_EARLY = "too_early"
    TOO_LATE = "too_late"


@dataclass(frozen=True, slots=True)
class FirstClassLine:
    """One visit moved, or (``to_on`` None) the visits of an account dropped for the same reason.
    ``day`` is the first of the old days as the version found it."""

    name: str
    from_days: tuple[date, ...]
    to_on: date | None
    against: Against
    day: DayLoad | None


def lines(
    session: Session, review: Review, span: Span, candidates: Mapping[int, Candidate]
) -> tuple[FirstClassLine, ...]:
    """Moved ones first, then the dropped."""
    wanted = [line for line in (*review.moved, *review.dropped) if line.account_class == AccountClass.A.value]
    rows = {row.id: row for row in accounts(session, {line.account_id for line in wanted})}
    loads = {load.on: load for load in map(DayLoad.from_json, review.version.days)}
    return _grouped(
        (line.account_id, _line(line, rows.get(line.account_id), loads, candidates, span)) for line in wanted
    )


def _grouped(found: Iterable[tuple[int, FirstClassLine]]) -> tuple[FirstClassLine, ...]:
    """An account that loses several visits alike is named once."""
    groups: dict[tuple[object, ...], FirstClassLine] = {}
    for account_id, line in found:
        key = account_id, line.against, line.to_on or "dropped"
        first = groups.get(key)
        groups[key] = line if first is None else replace(first, from_days=first.from_days + line.from_days)
    return tuple(groups.values())


def _line(
    line: Line,
    account: Account | None,
    loads: Mapping[date, DayLoad],
    candidates: Mapping[int, Candidate],
    span: Span,
) -> FirstClassLine:
    assert line.from_on is not None
    candidate = candidates.get(line.account_id)
    load = loads.get(line.from_on)
    against = _of_the_day(account, load, line.from_on)
    if not against and candidate is not None and _is_first(candidate, span.day(line.from_on)):
        against = _of_the_gap(candidate, span, line)
    return FirstClassLine(line.account_name, (line.from_on,), line.to_on, against, load)


def _is_first(candidate: Candidate, day: int) -> bool:
    """Whether no other visit of the account stands before: only then its due window speaks of this one."""
    return day == min((*candidate.published_days, *(pin.day for pin in candidate.pinned)), default=None)


def _of_the_day(account: Account | None, load: DayLoad | None, on: date) -> Against:
    if account is None:
        return Against.ARCHIVED
    if load is not None and load.off:
        return Against.DAY_OFF
    if is_blocked(account, on):
        return Against.BLOCKED
    if is_closed_weekday(account, on):
        return Against.CLOSED
    return Against.NOTHING


def _of_the_gap(candidate: Candidate, span: Span, line: Line) -> Against:
    """Counted from the visit before, held or standing before the plan begins."""
    if candidate.cadence_days is None or candidate.fixed_days or candidate.last_on is None:
        return Against.NOTHING
    old = line.from_on or date.max
    if old < span.date_of(candidate.first_from):
        return Against.TOO_EARLY
    promised = span.date_of(candidate.promised_to)
    keeps = line.to_on is not None and line.to_on <= promised
    return Against.TOO_LATE if old > promised and keeps else Against.NOTHING
