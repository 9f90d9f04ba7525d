"""A day that broke and the ways to mend it, as values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from planner.domain.day_goals import Proof
from planner.domain.errors import Conflict
from planner.services.days.day_facts import DayFacts
from planner.services.days.day_solve import SolvedDay
from planner.services.schedule.coming_back import Back

NEW_VISIT = 2**60
"""The number of a visit that is only thought of: behind all others, as the next one made will be."""


class Way(StrEnum):
    KEEP = "keep"
    """Everything stays; home may be late."""
    FEWEST = "fewest"
    """Home in time; what is least dear goes to another day."""
    ONE = "one"
    """The one visit goes that another day takes most cheaply."""
    LATER = "later"
    """Who is away is looked in on again later that day."""
    MOVE = "move"
    """The visit that made trouble goes to another day."""
    NEXT_TIME = "next_time"
    """It is given up until the account's next visit in the plan."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """What broke. ``visit_id``: who is away, found ``at_door`` or known before; ``account_id``: whom to visit
    besides. Neither: the day runs late."""

    visit_id: int | None = None
    account_id: int | None = None
    at_door: bool = False


@dataclass(frozen=True, slots=True)
class GivenUp:
    """A visit that leaves the day, and when it comes back."""

    visit_id: int
    name: str
    back: Back


@dataclass(frozen=True, slots=True)
class LeftOver:
    """A visit that stays on the day without a place in its route, and why."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Mended:
    """The day one way, solved. ``driving_seconds`` of what is still to come, and ``proof`` how good its order
    is known to be; ``later_than``: from when on who is away is looked in on again."""

    way: Way
    facts: DayFacts
    solved: SolvedDay
    driving_seconds: int
    proof: Proof | None
    given_up: tuple[GivenUp, ...]
    left_over: tuple[LeftOver, ...]
    overtime_seconds: int = 0
    later_than: int | None = None

    @property
    def home(self) -> int:
        return self.solved.home

    @property
    def adds_visit(self) -> bool:
        """Whether the visit asked for has its place in this day."""
        return self.facts.visit(NEW_VISIT) is not None

    @property
    def code(self) -> str:
        """Names what it does, to find it again when it is tapped: never with other overtime than was read."""
        moves = (f"{gone.visit_id}@{gone.back.on or ''}" for gone in self.given_up)
        return f"{self.way}:{self.overtime_seconds}:{','.join(moves)}"

    @property
    def does(self) -> tuple[object, ...]:
        """What tells two ways apart."""
        gone = frozenset((gone.visit_id, gone.back.on) for gone in self.given_up)
        return gone, self.overtime_seconds, self.later_than


@dataclass(frozen=True, slots=True)
class BrokenDay:
    """``name`` is the account's that the trouble is about. ``home_planned``: when the rep was to be home;
    ``ends``: when the shift does."""

    on: date
    trouble: Trouble
    name: str
    home_planned: int | None
    ends: int
    ways: tuple[Mended, ...]

    def chosen(self, code: str) -> Mended:
        """Raises Conflict("repair_gone") where the day has changed so that it is not offered any more."""
        for way in self.ways:
            if way.code == code:
                return way
        raise Conflict("repair_gone")
