"""Prospects without a cadence get a month each, so that the rotation may choose the day whose route
passes near.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from planner.domain.visits import VisitKind
from planner.services.schedule.candidacy import Candidate
from planner.services.schedule.candidate_rows import Span

MONTH_DAYS = 28
WEEKS_A_MONTH = 4

PROSPECT_PRICE_SECONDS = 45 * 60
"""The longest detour a prospect is worth."""

NEVER = 10**6


def spread(found: Sequence[Candidate], span: Span, prospects_per_week: int) -> tuple[Candidate, ...]:
    """Give every prospect without a cadence its month: those never visited and of most value first, so
    many a month as the weekly quota allows; the rest wait for a later plan."""
    waiting = [c for c in found if c.kind is VisitKind.PROSPECT and not c.is_recurring and not c.pinned]
    waiting.sort(key=lambda c: (c.last_on is not None, -(c.value_minor or 0), c.account_id))
    month, quota = MONTH_DAYS, prospects_per_week * WEEKS_A_MONTH
    months = {c.account_id: number // quota if quota else NEVER for number, c in enumerate(waiting)}
    placed = []
    for candidate in found:
        number = months.get(candidate.account_id)
        if number is None:
            placed.append(candidate)
        elif number * month < len(span):
            begins, ends = number * month, min((number + 1) * month, len(span)) - 1
            placed.append(_prospect(candidate, begins, ends))
    return tuple(placed)


def _prospect(candidate: Candidate, first_from: int, first_to: int) -> Candidate:
    middle = (first_from + first_to) // 2
    return replace(
        candidate,
        price_seconds=PROSPECT_PRICE_SECONDS,
        first_from=first_from,
        first_wish=middle,
        first_to=first_to,
        promised_to=first_to,
    )
