"""Whether more was driven, as it is claimed, than the road says: looked at by drive, by day and by claim.

The shorter the way, the more of a difference is chance: an odometer read to the kilometre, a way round for
parking. So each floor is a distance that chance does not reach on such a way. Each metre is asked about once:
a drive that stands out by itself is left out of its day's sums, and such a day out of its claim's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from planner.domain.mileage import DistanceTrouble, difference

SHARE = Decimal("0.10")
"""Sums up to this share over the road are as reps drive: a usual month is 0 to 3 % over."""

TWICE_METRES = 1_200
"""A drive of twice its road is asked about from this much more on. Two odometer readings, each without its
tenths, are off by less than a kilometre; the rest is a way round for parking."""

DAY_METRES = 2_000
"""Readings to the kilometre add up to less than one a day; the rest is ways round for parking."""

CLAIM_METRES = 5_000
"""Of a month: what is chance goes both ways and takes itself off."""


@dataclass(frozen=True, slots=True)
class Drive:
    """A drive that a road stands beside. ``metres``: as claimed, with what is not counted of it."""

    metres: int
    road_metres: int

    @property
    def trouble(self) -> DistanceTrouble | None:
        """How it stands out by itself; None: near enough, on its own."""
        more = self.metres - self.road_metres
        if more > TWICE_METRES and self.metres >= 2 * self.road_metres:
            return DistanceTrouble.LONGER
        return difference(self.metres, self.road_metres)


@dataclass(frozen=True, slots=True)
class Excess:
    """What is claimed in all beside the road. ``is_rest``: without what is asked about by itself."""

    metres: int
    road_metres: int
    is_rest: bool = False


def day_excess(drives: Sequence[Drive]) -> Excess | None:
    """What a day's drives, each near enough on its own, come to, where that is too much."""
    calm = _calm(drives)
    return _excess(calm, DAY_METRES, is_rest=len(calm) < len(drives))


def claim_excess(days: Mapping[date, Sequence[Drive]]) -> tuple[date, Excess] | None:
    """What a claim's days, each near enough on its own, come to, where that is too much; with the day that
    adds most, the later one of two."""
    calm = {on: _calm(drives) for on, drives in days.items() if day_excess(drives) is None}
    asked = sum(map(len, days.values())) - sum(map(len, calm.values()))
    found = _excess([drive for drives in calm.values() for drive in drives], CLAIM_METRES, asked > 0)
    return None if found is None else (max(calm, key=lambda on: (_more(calm[on]), on)), found)


def _calm(drives: Iterable[Drive]) -> list[Drive]:
    return [drive for drive in drives if drive.trouble is None]


def _more(drives: Iterable[Drive]) -> int:
    return sum(drive.metres - drive.road_metres for drive in drives)


def _excess(drives: Sequence[Drive], floor_metres: int, is_rest: bool) -> Excess | None:
    road, more = sum(drive.road_metres for drive in drives), _more(drives)
    if more <= floor_metres or more <= SHARE * road:
        return None
    return Excess(road + more, road, is_rest)
