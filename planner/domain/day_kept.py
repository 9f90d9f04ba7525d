"""How a day that is over differs from its plan: the order, what was not called on, what came on top.

Distances are another matter: a day may be driven as planned and claimed longer, and the other way round.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Planned:
    """The visits a route led to, in its order, and those it left out."""

    stops: tuple[int, ...]
    left_out: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Kept:
    """``is_known``: the day had a route to stand beside. ``skipped`` were not called on, ``taken_off`` went
    to another day or were dropped, ``added`` were driven to without having a place in the route.
    ``known_since``: the route was replaced after the first visit, and what it was before is not known."""

    is_known: bool
    is_other_order: bool = False
    skipped: int = 0
    added: int = 0
    taken_off: int = 0
    known_since: datetime | None = None

    @property
    def is_as_planned(self) -> bool:
        return self.is_known and not (self.is_other_order or self.skipped or self.added or self.taken_off)


def kept(
    planned: Planned | None,
    driven: Sequence[int],
    skipped: Collection[int],
    known_since: datetime | None = None,
) -> Kept:
    """``driven`` are the visits driven to, in that order. ``planned`` None: the day had no route; what was
    skipped is known all the same. A visit that the route left out and nobody drove to is as planned."""
    if planned is None:
        return Kept(is_known=False, skipped=len(set(skipped)))
    named = set(planned.stops)
    there = set(driven)
    gone = named - there - set(skipped)
    return Kept(
        is_known=True,
        is_other_order=[key for key in driven if key in named] != [k for k in planned.stops if k in there],
        skipped=len(set(skipped) - planned.left_out),
        added=len(there - named),
        taken_off=len(gone),
        known_since=known_since,
    )
