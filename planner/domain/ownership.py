"""Who answers for an account over time: ranges of dates that never overlap.

``from_on`` counts, ``until_on`` does not; None is open. A change holds from its date on: what was
planned for later dates gives way to it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class Held:
    """One range. ``rep_id`` None: the account belongs to the territory, to nobody in it yet."""

    territory_id: int
    rep_id: int | None
    from_on: date
    until_on: date | None = None

    def counts_on(self, on: date) -> bool:
        return self.from_on <= on and (self.until_on is None or on < self.until_on)

    def is_same_owner(self, other: Held) -> bool:
        return (self.territory_id, self.rep_id) == (other.territory_id, other.rep_id)


def assigned(ranges: Iterable[Held], change: Held) -> tuple[Held, ...]:
    """The ranges, by date, after ``change`` (its ``until_on`` is ignored) holds from its date on.

    The range it falls into ends there, later ones are dropped, and a change to the present owner
    makes no new range.
    """
    kept = [held for held in sorted(ranges, key=_begins) if held.from_on < change.from_on]
    if kept and (kept[-1].until_on is None or kept[-1].until_on >= change.from_on):
        if kept[-1].is_same_owner(change):
            return (*kept[:-1], replace(kept[-1], until_on=None))
        kept[-1] = replace(kept[-1], until_on=change.from_on)
    return (*kept, replace(change, until_on=None))


def owner_on(ranges: Iterable[Held], on: date) -> Held | None:
    return next((held for held in ranges if held.counts_on(on)), None)


def overlapping(ranges: Iterable[Held]) -> list[tuple[Held, Held]]:
    """Neighbouring ranges that claim the same date."""
    ordered = sorted(ranges, key=_begins)
    return [
        (former, later)
        for former, later in pairwise(ordered)
        if former.until_on is None or former.until_on > later.from_on
    ]


def _begins(held: Held) -> date:
    return held.from_on
