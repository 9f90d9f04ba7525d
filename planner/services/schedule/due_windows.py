"""When an account's first visit of the span is due, by its own cadence or its class's.

What was never visited is wanted within one cadence.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from planner.domain.cadence import Cadence, DueWindow, Wishes, cycle_days, due_state, due_window, inherited
from planner.domain.errors import Invalid
from planner.domain.visits import VisitKind
from planner.models.accounts import Account, ClassRule
from planner.services.schedule.candidacy import Candidate
from planner.services.schedule.candidate_rows import Held, Span


def with_due_window(
    candidate: Candidate, account: Account, rule: ClassRule | None, held: Held | None, span: Span
) -> Candidate:
    """The candidate with its due window, or with the trouble its cadence is in."""
    if candidate.kind is VisitKind.PROSPECT and not (account.cadence_days or account.cycle_rule):
        return candidate
    try:
        cadence = inherited(wishes(account), wishes(rule) if rule else Wishes())
        fixed = cycle_days(account.cycle_rule, span.from_on, span.until_on) if account.cycle_rule else ()
    except Invalid:
        return replace(candidate, trouble="bad_cadence")
    if cadence is None:
        return replace(candidate, trouble="" if fixed else "no_cadence", fixed_days=_days(fixed, span))
    due = _due(cadence, held, span)
    return replace(
        candidate,
        see_again_days=held.see_again_days if held else None,
        cadence_days=cadence.days,
        earliest_gap=cadence.earliest_gap,
        latest_gap=cadence.latest_gap,
        first_from=span.day(due.earliest),
        first_wish=span.day(due.wish),
        promised_to=span.day(due.latest),
        state=due_state(due, span.from_on),
        fixed_days=_days(fixed, span),
    )


def with_cadence(candidate: Candidate, cadence: Cadence) -> Candidate:
    """A candidate with a cadence and a due window, given another cadence: counted from the same visit, unless
    that one wished to be seen again at a time of its own."""
    slower = replace(
        candidate, cadence_days=cadence.days, earliest_gap=cadence.earliest_gap, latest_gap=cadence.latest_gap
    )
    if candidate.see_again_days is not None or candidate.cadence_days is None:
        return slower
    if candidate.last_on is None and candidate.promised_to == candidate.cadence_days:
        return replace(slower, first_wish=cadence.days // 2, promised_to=cadence.days)
    return replace(
        slower,
        first_from=candidate.first_from + cadence.earliest_gap - candidate.earliest_gap,
        first_wish=candidate.first_wish + cadence.days - candidate.cadence_days,
        promised_to=candidate.promised_to + cadence.latest_gap - candidate.latest_gap,
    )


def _due(cadence: Cadence, held: Held | None, span: Span) -> DueWindow:
    if held is None:
        half = timedelta(days=cadence.days // 2)
        return DueWindow(span.from_on, span.from_on + half, span.from_on + timedelta(days=cadence.days))
    return due_window(held.on, cadence, held.see_again_days)


def _days(dates: Sequence[date], span: Span) -> tuple[int, ...]:
    return tuple(span.day(on) for on in dates)


def wishes(row: Account | ClassRule) -> Wishes:
    return Wishes(row.cadence_days, row.earliest_gap_days, row.latest_gap_days)
