"""What visiting less often would free, and which cadences to relax first where time is short.

A group is all accounts of one class with one cadence. Its hours are those of its planned visits; the share of
them that a longer cadence frees is 1 − old cadence ÷ new cadence.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from planner.domain.cadence import Wishes

LADDER_WEEKS = (1, 2, 3, 4, 6, 8, 10, 12, 16, 20, 26, 39, 52)
"""The cadences people think in; a group is relaxed to the next of them."""


@dataclass(frozen=True, slots=True)
class Group:
    """``visits`` and ``seconds`` (service and detours) as planned over ``days``; ``price_seconds``: what one
    missed visit of the class is priced at."""

    account_class: str
    cadence_days: int
    accounts: int
    visits: int
    seconds: int
    days: int
    price_seconds: int


@dataclass(frozen=True, slots=True)
class Relaxation:
    """``freed_seconds`` in four weeks, and ``lost_seconds``: the price of the visits that go with them."""

    group: Group
    to_days: int
    freed_seconds: int
    lost_seconds: int

    @property
    def loss_an_hour(self) -> float:
        return self.lost_seconds * 3600 / self.freed_seconds


def next_cadence(days: int) -> int | None:
    """The next longer one of the ladder, in days; None beyond it."""
    return next((weeks * 7 for weeks in LADDER_WEEKS if weeks * 7 > days), None)


def slower_cadences(days: int) -> tuple[int, ...]:
    """Steps of the ladder beyond a cadence, up to half as long again: further is another kind of account."""
    return tuple(weeks * 7 for weeks in LADDER_WEEKS if days < weeks * 7 <= days * 3 / 2)


def slowed(own: Wishes, days: int, to_days: int) -> Wishes:
    """An account's own wishes with another cadence: the gaps it has of its own grow along."""
    return Wishes(
        days=to_days,
        earliest_gap=None if own.earliest_gap is None else max(1, own.earliest_gap * to_days // days),
        latest_gap=None if own.latest_gap is None else -(-own.latest_gap * to_days // days),
    )


def relaxations(groups: Iterable[Group]) -> tuple[Relaxation, ...]:
    """What each group would free, the least loss for an hour first."""
    found = []
    for group in groups:
        to_days = next_cadence(group.cadence_days)
        if to_days is None or not group.seconds:
            continue
        share = (1 - group.cadence_days / to_days) * 28 / group.days
        freed, lost = round(group.seconds * share), round(group.visits * group.price_seconds * share)
        if freed:
            found.append(Relaxation(group, to_days, freed, lost))
    return tuple(sorted(found, key=lambda one: (one.loss_an_hour, one.group.account_class)))


def needed(found: Sequence[Relaxation], short_seconds: int, days: int) -> int | None:
    """How many of the first relaxations free what is short in ``days``; None when all do not suffice."""
    freed = 0.0
    for number, relaxation in enumerate(found, start=1):
        freed += relaxation.freed_seconds * days / 28
        if freed >= short_seconds:
            return number
    return None
