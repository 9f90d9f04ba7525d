"""What would make room for a visit that is missing: single changes, each tried on the days concerned.

Only what makes the visit fit is offered, with the driving the plan as it stands gains by it; every figure is
that of the days concerned in their best order. Days are calendar days of the horizon from 0.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from routing.rotation import repair_dates, repair_hours
from routing.rotation.missing import Span
from routing.rotation.other_days import Blocked, Standing
from routing.rotation.repair_cadence import less_often
from routing.rotation.repair_kinds import Kind, Repair
from routing.rotation.repair_moves import moves
from routing.rotation.repair_trials import Trials
from routing.types import RotationAccount, RotationProblem

__all__ = ["Help", "Kind", "Repair", "repairs"]


@dataclass(frozen=True, slots=True)
class Help:
    """``span``: the days a visit was promised in, None where none is missing. ``rules``: on how many of those
    days which rule keeps it out. ``is_certain``: what is not offered cannot be; else it was not found."""

    span: Span | None
    rules: tuple[tuple[Blocked, int], ...]
    repairs: tuple[Repair, ...]
    tried: tuple[Kind, ...]
    is_certain: bool


MOST_OF_A_KIND = 3


def repairs(
    problem: RotationProblem,
    standing: Standing,
    key: int,
    movable: Collection[tuple[int, int]] = (),
    may_open: Collection[int] = (),
    first_day: int = 0,
    slower: Sequence[RotationAccount] = (),
) -> Help:
    """Of the first visit the account misses. ``movable`` are pairs of day and key of visits that may move;
    ``may_open`` the days closed by nothing but their weekday; nothing is placed before ``first_day``.
    ``slower``: the account with less frequent visits, the next step first.

    Raises ``KeyError`` for an unknown account.
    """
    trials = Trials.of(problem, standing, key, first_day)
    if trials is None:
        return Help(None, (), (), (), True)
    found = _cheapest(trials.room())
    tried = [Kind.ROOM]
    if not found:
        wanted = _trials(trials, set(movable), set(may_open), slower)
        found = [repair for trial in wanted.values() for repair in _cheapest(trial)]
        tried += wanted
    return Help(
        span=trials.span,
        rules=tuple(Counter(trials.rules()).most_common()),
        repairs=tuple(sorted(found, key=_order)),
        tried=tuple(tried),
        is_certain=trials.driving.is_certain,
    )


def _trials(
    trials: Trials,
    movable: Collection[tuple[int, int]],
    may_open: Collection[int],
    slower: Sequence[RotationAccount],
) -> dict[Kind, Iterator[Repair]]:
    """What is tried where no day has room; gaps are the business of accounts with a cadence."""
    found: dict[Kind, Iterator[Repair]] = {
        Kind.MOVE: moves(trials, movable),
        Kind.OVERTIME: trials.overtime(),
        Kind.SHORTER: trials.shorter(),
        Kind.OVERRULE: repair_dates.overrule(trials),
        Kind.LATER: repair_dates.later(trials),
        Kind.HOURS: repair_hours.wider_hours(trials),
        Kind.WEEKDAY: repair_hours.other_weekdays(trials, may_open),
    }
    if trials.has_gaps:
        found[Kind.EARLIEST_GAP] = repair_dates.earliest_gap(trials)
        found[Kind.LATEST_GAP] = repair_dates.latest_gap(trials)
    if slower:
        found[Kind.CADENCE] = less_often(trials, slower)
    return found


def _cheapest(repairs: Iterable[Repair]) -> list[Repair]:
    return sorted(repairs, key=_order)[:MOST_OF_A_KIND]


def _order(repair: Repair) -> tuple[int, int, int]:
    return repair.weight, list(Kind).index(repair.kind), repair.day
