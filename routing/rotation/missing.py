"""Which visits a plan owes an account: the spans of days in which one was promised and none stands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from routing.rotation.prices import promised_to, season_of
from routing.types import RotationAccount


class Span(NamedTuple):
    """A visit was promised from ``first`` to ``last`` (both included, cut at the horizon's end), after the
    one on day ``after``, before the one on day ``before``; None for none. ``promised``: ``last``, not cut."""

    first: int
    last: int
    promised: int
    after: int | None = None
    before: int | None = None


def missing_spans(account: RotationAccount, days: Sequence[int], horizon: int) -> tuple[Span, ...]:
    """In order of day; ``days`` are those of its visits, in order."""
    if account.fixed_days:
        return tuple(
            Span(day, day, day, _last_before(days, day), next((d for d in days if d > day), None))
            for day in sorted({*account.fixed_days, *account.pinned_days} - set(days))
        )
    if account.choices:
        return () if days else (Span(0, horizon - 1, horizon - 1),)
    return tuple(_spans(account, days, horizon))


def _spans(account: RotationAccount, days: Sequence[int], horizon: int) -> Iterator[Span]:
    until = promised_to(account, horizon)
    is_single = account.cadence is None
    owes_first = until < horizon if not is_single else account.first_from < horizon
    if (not days and owes_first) or (days and not is_single and days[0] > until):
        before = days[0] if days else None
        yield Span(max(0, account.first_from), min(until, horizon - 1), until, None, before)
    if is_single:
        return
    for number, day in enumerate(days):
        following = days[number + 1] if number + 1 < len(days) else None
        season = season_of(account, day)
        if (horizon if following is None else following) - day > season.latest_gap:
            last = day + season.latest_gap
            yield Span(day + season.earliest_gap, min(last, horizon - 1), last, day, following)


def _last_before(days: Sequence[int], day: int) -> int | None:
    return max((d for d in days if d < day), default=None)
