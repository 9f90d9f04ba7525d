"""A change that makes room for a visit, as a value. Days are calendar days of the horizon from 0."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    ROOM = "room"
    """Nothing has to change: that day has room."""
    MOVE = "move"
    """Another visit moves to another day, and this one takes its place."""
    OVERTIME = "overtime"
    """The shift of one day lasts longer."""
    SHORTER = "shorter"
    OVERRULE = "overrule"
    """A day against the account's own earliest gap or cycle, agreed all the same."""
    EARLIEST_GAP = "earliest_gap"
    LATER = "later"
    """A day after the promised ones."""
    LATEST_GAP = "latest_gap"
    CADENCE = "cadence"
    """The account is visited less often."""
    HOURS = "hours"
    """The account lets one in a little before it opens, or after it closes."""
    WEEKDAY = "weekday"
    """The account lets one in on a weekday it is closed."""


@dataclass(frozen=True, slots=True)
class Repair:
    """``seconds`` of driving more, over all days concerned; ``weight`` adds what else the change costs, in
    seconds too, and is what "cheapest first" goes by.

    ``amount``: of overtime its seconds; of a shorter visit its new length; of wider hours the seconds; of
    what passes the account's own dates the days; of less frequent visits the new cadence. ``begins``: when
    service would begin, of hints.
    ``key``, ``from_day``, ``to_day``: the other visit that moves.
    """

    kind: Kind
    day: int
    seconds: int
    weight: int
    amount: int = 0
    begins: int | None = None
    key: int | None = None
    from_day: int | None = None
    to_day: int | None = None
