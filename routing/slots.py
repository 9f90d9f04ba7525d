"""How long a drive takes when it begins at a given moment.

Rush hours change the pace, not the drive: whoever is under way when they begin goes on at their pace, so
nobody arrives earlier by leaving later (Ichoua, Gendreau and Potvin 2003). Within one slot of the day a
drive takes what the matrix of that slot says.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from routing.types import UNREACHABLE_SECONDS, MetresTable, SecondsMatrix, TravelMatrix


def drive_seconds(travel: TravelMatrix, start: int, goal: int, leaves: int) -> int:
    """Whole seconds from ``start`` to ``goal`` for who leaves at ``leaves``; ``UNREACHABLE_SECONDS`` where
    no road leads."""
    calm = int(travel.seconds[start, goal])
    if not travel.rush or calm >= UNREACHABLE_SECONDS or calm == 0:
        return calm
    at, left = float(leaves), 1.0
    for rush in travel.rush:
        if at >= rush.ends:
            continue
        for whole, until in ((calm, rush.begins), (int(rush.seconds[start, goal]), rush.ends)):
            if at + left * whole <= until:
                return _rounded(at + left * whole) - leaves
            if at < until:
                left, at = left - (until - at) / whole, float(until)
    return _rounded(at + left * calm) - leaves


def drive_metres(travel: TravelMatrix, start: int, goal: int, leaves: int) -> int:
    """Metres of the way that is fastest in the slot of departure."""
    return int(_metres_at(travel, leaves)[start, goal])


def latest_departure(travel: TravelMatrix, start: int, goal: int, earliest: int, arrives: int) -> int:
    """The last moment, not before ``earliest``, at which one may leave and be there by ``arrives``.

    ``earliest`` itself must be early enough."""
    if not travel.rush:
        return max(earliest, arrives - int(travel.seconds[start, goal]))
    moments = range(earliest, max(earliest, arrives) + 1)
    late = bisect_right(
        moments, arrives, key=lambda leaves: leaves + drive_seconds(travel, start, goal, leaves)
    )
    return moments[max(0, late - 1)]


def leaving_later_saves(travel: TravelMatrix, leaves: int) -> float:
    """The most driving seconds that who leaves later than ``leaves`` may save over the rest of the day."""
    return sum(
        rush.swing * (rush.ends - max(leaves, rush.begins)) for rush in travel.rush if leaves < rush.ends
    )


def swing(calm: SecondsMatrix, rush: SecondsMatrix) -> float:
    """``RushTimes.swing`` of a slot's matrix beside that of calm hours, both (N, N)."""
    known = (calm > 0) & (rush > 0) & (calm < UNREACHABLE_SECONDS) & (rush < UNREACHABLE_SECONDS)
    paces = calm[known] / rush[known]
    return float(max(0.0, 1 - paces.min(initial=1.0)) + max(0.0, paces.max(initial=1.0) - 1))


def over_the_day(travel: TravelMatrix, shifts: Sequence[tuple[int, int]]) -> TravelMatrix:
    """One time per drive, for plans that do not know yet at what hour it will be: the mean over the
    ``shifts`` (begin and end), each slot counting by how long it is. Metres are those of calm hours."""
    worked = sum(ends - starts for starts, ends in shifts)
    if not travel.rush or worked <= 0:
        return replace(travel, rush=())
    known = travel.seconds < UNREACHABLE_SECONDS
    mean = travel.seconds.astype(np.float64)
    for rush in travel.rush:
        within = sum(max(0, min(ends, rush.ends) - max(starts, rush.begins)) for starts, ends in shifts)
        mean += np.where(known, rush.seconds - travel.seconds, 0) * (within / worked)
    seconds = np.where(known, np.rint(mean).astype(np.int64), UNREACHABLE_SECONDS)
    return replace(travel, seconds=seconds, rush=())


def _metres_at(travel: TravelMatrix, leaves: int) -> MetresTable:
    return next((rush.metres for rush in travel.rush if rush.begins <= leaves < rush.ends), travel.metres)


def _rounded(moment: float) -> int:
    return int(moment + 0.5)
