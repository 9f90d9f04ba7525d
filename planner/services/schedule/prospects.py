"""Prospects without a cadence compete for a weekly quota: the rotation takes those worth most beyond the
detour they cost on the best day.

A prospect's price is the longest detour it is worth. Its yearly value, where one is known, raises or lowers
that against the others; of two equally near the more valuable is visited first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import islice
from statistics import median

from planner.domain.visits import VisitKind
from planner.services.schedule.candidacy import Candidate
from planner.services.schedule.candidate_rows import Span
from routing.distance import metres_apart
from routing.types import Place, Quota

PRICE_SECONDS = 45 * 60
"""The longest detour a prospect of middling or unknown value is worth."""

LEAST_SHARE, MOST_SHARE = 1 / 3, 3.0
"""Bounds of value over middling value: one large prospect is not worth a day on the road."""

AGAIN_SHARE, AGAIN_DAYS = 0.5, 28
"""One that was visited already is worth half as much, and not before four weeks are over."""

CHOICE = 4
"""So many compete for each place: more would only make the search slower."""

METRES_A_SECOND = 12.0
"""A guess at how fast one drives, straight line over time; only for who may compete at all."""


def competing(found: Sequence[Candidate], span: Span, per_week: int) -> tuple[Candidate, ...]:
    """All candidates, of the prospects without a cadence only those with a chance, priced by their value."""
    prospects = [c for c in found if c.kind is VisitKind.PROSPECT and not c.is_recurring]
    known = [c.value_minor for c in prospects if c.value_minor]
    middling = median(known) if known else 0
    regular = [c.place for c in found if c.is_recurring and c.place is not None]
    priced = {c.account_id: _priced(c, middling, span) for c in prospects}
    free = [c for c in priced.values() if not c.pinned]
    places = CHOICE * per_week * -(-len(span) // 7)
    best = sorted(free, key=lambda c: (-_worth(c, regular), c.account_id))
    chosen = {c.account_id for c in islice(best, places)} | {c.account_id for c in prospects if c.pinned}
    return tuple(
        priced.get(c.account_id, c) for c in found if c.account_id not in priced or c.account_id in chosen
    )


def quotas(span: Span, per_week: int, taken: Sequence[date]) -> tuple[Quota, ...]:
    """What each week from Monday on still allows; ``taken``: dates of visits to prospects before the span."""
    monday = span.from_on - timedelta(days=span.from_on.weekday())
    found = []
    for first in range(span.day(monday), len(span), 7):
        begins, ends = max(0, first), min(first + 6, len(span) - 1)
        gone = sum(first <= span.day(on) < begins for on in taken)
        found.append(Quota(begins, ends, max(0, per_week - gone)))
    return tuple(found)


def _priced(candidate: Candidate, middling: float, span: Span) -> Candidate:
    share = 1.0
    if candidate.value_minor and middling:
        share = min(max(candidate.value_minor / middling, LEAST_SHARE), MOST_SHARE)
    first = 0
    if candidate.last_on is not None:
        share *= AGAIN_SHARE
        first = max(0, span.day(candidate.last_on) + AGAIN_DAYS)
    return replace(
        candidate,
        price_seconds=round(PRICE_SECONDS * share),
        first_from=first,
        first_wish=first,
        promised_to=max(first, len(span) - 1),
        in_quota=True,
    )


def _worth(candidate: Candidate, regular: Sequence[Place]) -> float:
    """Its price less a guess at its detour: there and back to the nearest account visited anyway."""
    place = candidate.place
    if place is None or not regular:
        return float(candidate.price_seconds)
    nearest = min(metres_apart((place.lon, place.lat), (other.lon, other.lat)) for other in regular)
    return candidate.price_seconds - 2 * nearest / METRES_A_SECOND
