"""Mileage rates by yearly band: the tax year of a day, and how the drives of a year fall into bands.

A band begins after so many metres of a tax year; the counter runs per person and kind of vehicle, in the
order driven. A drive that crosses a band is shared out to the metre, and each part is rounded half up, once.
The model is section 230 of the Income Tax (Earnings and Pensions) Act 2003 (UK): one rate for the first
10,000 business miles of a tax year in that kind of vehicle, another beyond. Countries with one rate have one
band.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from itertools import accumulate
from types import MappingProxyType

from planner.domain.mileage import METRES_PER, Rate, amount_minor

TAX_YEAR_BEGINS = {"GB": (4, 6)}
"""Month and day of a country's tax year. The UK's begins on 6 April (Income Tax Act 2007, section 4); where
nothing is said it is the calendar year."""


class VehicleKind(StrEnum):
    """Kinds that laws rate apart. Cars and vans count together (section 235 of the same act)."""

    CAR = "car"
    MOTORCYCLE = "motorcycle"
    MOPED = "moped"
    BICYCLE = "bicycle"


@dataclass(frozen=True, slots=True)
class Band:
    """What a metre is worth once ``from_metres`` of the tax year are driven. ``key`` names the rate."""

    key: int
    from_metres: int
    rate: Rate


@dataclass(frozen=True, slots=True)
class Part:
    """A drive's share in one band. ``key`` None: no rate holds, and it is worth nothing."""

    key: int | None
    metres: int
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Driven:
    """A drive that counts, of one person with one kind of vehicle."""

    key: int
    on: date
    metres: int


def tax_year(country: str, on: date) -> tuple[date, date]:
    """The first day of the tax year of ``on``, and that of the next."""
    month, day = TAX_YEAR_BEGINS.get(country, (1, 1))
    year = on.year if (on.month, on.day) >= (month, day) else on.year - 1
    return date(year, month, day), date(year + 1, month, day)


def band_metres(units: int, unit: str) -> int:
    """Where a band begins, to the whole metre half up: 10,000 miles are 16,093,440 m."""
    return int((units * METRES_PER[unit]).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def parts(before_metres: int, metres: int, bands: Sequence[Band]) -> tuple[Part, ...]:
    """A drive's parts by band, lowest first; one part at least. Their metres add up to the drive's.

    ``before_metres`` were driven in the year before it. Metres below the lowest band have no rate.
    """
    steps: list[tuple[int, Band | None]] = [(0, None)]
    steps += sorted(((band.from_metres, band) for band in bands), key=lambda step: step[0])
    ends = [start for start, _ in steps[1:]]
    after = before_metres + metres
    found = []
    for (start, band), end in zip(steps, [*ends, max(after, *ends, 0)], strict=True):
        share = min(after, end) - max(before_metres, start)
        if share > 0:
            found.append(_part(band, share))
    standing = [band for start, band in steps if start <= before_metres][-1]
    return tuple(found) or (_part(standing, 0),)


NOTHING_BEFORE: Mapping[date, int] = MappingProxyType({})


def priced(
    drives: Sequence[Driven],
    begins_on: Callable[[date], date],
    bands_of: Callable[[Driven], Sequence[Band]],
    driven_before: Mapping[date, int] = NOTHING_BEFORE,
) -> Iterator[tuple[int, tuple[Part, ...]]]:
    """Every drive with its parts, given all that count in the order driven.

    ``begins_on`` says on which day the tax year of a day began, ``bands_of`` which bands hold for a drive,
    ``driven_before`` how many metres count in the year that began on a day before the first of the drives.
    """
    days = [drive.on for drive in drives]
    if days != sorted(days):
        raise ValueError("drives are not in the order driven")
    sums = [0, *accumulate(drive.metres for drive in drives)]
    for index, drive in enumerate(drives):
        began_on = begins_on(drive.on)
        before = driven_before.get(began_on, 0) + sums[index] - sums[bisect_left(days, began_on)]
        yield drive.key, parts(before, drive.metres, bands_of(drive))


def _part(band: Band | None, metres: int) -> Part:
    if band is None:
        return Part(None, metres, 0)
    return Part(band.key, metres, amount_minor(metres, band.rate))
