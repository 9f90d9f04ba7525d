"""An order a rep wants of a day and what it comes to, as values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from planner.domain.errors import Conflict
from planner.services.days.day_facts import DayFacts
from planner.services.days.day_solve import SolvedDay
from planner.services.days.known_drives import KnownDrives


@dataclass(frozen=True, slots=True)
class Wish:
    """What a rep wants of the rest of a day: visit ids in order (those not named come last, as they stand),
    which keep their place, and when some begin, in seconds after midnight."""

    order: tuple[int, ...]
    keep: frozenset[int] = frozenset()
    begin_at: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Turn:
    """A visit in the order tried. ``late_seconds``: how long after its last window has closed it begins."""

    visit_id: int
    number: int
    name: str
    windows: tuple[tuple[int, int], ...]
    begins: int
    leg_seconds: int
    late_seconds: int
    is_kept: bool
    begin_at: int | None
    is_appointment: bool

    @property
    def closes(self) -> int | None:
        """Until when it may begin, in the window it begins in, else in the last one."""
        closings = [closes for _, closes in self.windows]
        return next((closes for closes in closings if closes >= self.begins), max(closings, default=None))


@dataclass(frozen=True, slots=True)
class Tried:
    """An order looked at; ``lunch_late_seconds``: how long after its hours lunch begins. ``now_seconds`` is
    the driving of the order that stands, None without one, ``rev`` the revision of that order. ``known``:
    what tells the times of any other order."""

    on: date
    facts: DayFacts
    solved: SolvedDay
    turns: tuple[Turn, ...]
    wish: Wish
    home: int
    lunch_late_seconds: int
    overtime_seconds: int
    driving_seconds: int
    now_seconds: int | None
    rev: int | None
    known: KnownDrives

    @property
    def late(self) -> tuple[Turn, ...]:
        return tuple(turn for turn in self.turns if turn.late_seconds)


def moved(order: Sequence[int], visit_id: int, by: int) -> tuple[int, ...]:
    """The order with one visit further forward or back; at an end it stays."""
    if visit_id not in order:
        raise Conflict("day_changed")
    rest = [one for one in order if one != visit_id]
    at = max(0, min(len(rest), order.index(visit_id) + by))
    return (*rest[:at], visit_id, *rest[at:])
