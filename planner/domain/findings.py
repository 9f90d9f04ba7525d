"""What stands behind a flag: the figures its sentence needs, by names that carry their units.

``…_metres``, ``…_seconds``, ``…_minor`` and ``…_on`` are said as a distance, a time, an amount and a date,
``…_share`` as a percentage; anything else is text. A new kind of flag needs its member of ``Flag``, its word,
and, where it has figures, a function here and a sentence at the edge.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from planner.domain.pace import TooFast
from planner.domain.plausible import Excess
from planner.domain.review import Flag, OdometerGap

Value = str | int | float | date | None
"""``is_rest`` alone is neither said nor a figure: it chooses the sentence."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to look at. ``drive``: which of the day's drives it is about; None: the whole line."""

    flag: Flag
    values: Mapping[str, Value] = field(default_factory=dict)
    drive: int | None = None


def of_distance(flag: Flag, claimed_metres: int, expected_metres: int, drive: int | None = None) -> Finding:
    """A distance claimed beside the one expected, by road or by plan."""
    apart = abs(claimed_metres - expected_metres)
    share = apart / expected_metres if expected_metres else None
    values = {"claimed_metres": claimed_metres, "expected_metres": expected_metres, "apart_metres": apart}
    return Finding(flag, {**values, "apart_share": share}, drive)


def of_odometer(gap: OdometerGap) -> Finding:
    """What is claimed beside what the car went; which reading was noted late, and what was said of it."""
    found = of_distance(Flag.ODOMETER, gap.claimed_metres, gap.driven_metres)
    late: dict[str, Value] = {"late_on": gap.late.on, "why": gap.late.reason} if gap.late else {}
    return Finding(Flag.ODOMETER, {**found.values, **late})


def of_excess(flag: Flag, excess: Excess) -> Finding:
    """What drives come to beside the road."""
    found = of_distance(flag, excess.metres, excess.road_metres)
    return Finding(flag, {**found.values, "is_rest": excess.is_rest})


def of_late(on: date, entered_on: date) -> Finding:
    return Finding(Flag.LATE, {"entered_on": entered_on, "days": (entered_on - on).days})


def of_pace(found: Sequence[TooFast]) -> Iterator[Finding]:
    """A finding for each pair; visits that overlap are no minutes apart."""
    for pair in found:
        values: dict[str, Value] = {
            "before": pair.before.name,
            "after": pair.after.name,
            "apart_seconds": max(pair.apart_seconds, 0),
            "road_seconds": pair.road_seconds,
        }
        yield Finding(Flag.TOO_FAST, values)
