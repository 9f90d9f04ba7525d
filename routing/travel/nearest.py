"""Which places lie best beside a route: by how much longer it gets when one calls there on the way."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

import numpy as np

from routing.types import UNREACHABLE_SECONDS, SecondsMatrix, Snap


class Times(Protocol):
    """Whole seconds (S, T) from every start to every goal, ``UNREACHABLE_SECONDS`` where no road leads."""

    def times(self, starts: Sequence[Snap], goals: Sequence[Snap]) -> SecondsMatrix: ...


class Detour(NamedTuple):
    """``place`` is its position among those asked about, ``leg`` that of the route's leg on which one calls
    there."""

    seconds: int
    place: int
    leg: int


def nearest_by_detour(travel: Times, way: Sequence[Snap], places: Sequence[Snap]) -> list[Detour]:
    """The places by the least driving that calling there adds to a leg of the route along ``way``, least
    first.

    Those that cannot be reached, or left again towards the rest of the route, are not among them. On a leg
    without a road the whole way by the place counts.
    """
    if not places or len(way) < 2:
        return []
    onward = travel.times(way[:-1], places)
    back = travel.times(places, way[1:]).T
    direct = np.diagonal(travel.times(way[:-1], way[1:]))[:, None]
    extra = np.maximum(0, onward + back - np.where(direct == UNREACHABLE_SECONDS, 0, direct))
    extra[(onward == UNREACHABLE_SECONDS) | (back == UNREACHABLE_SECONDS)] = UNREACHABLE_SECONDS
    legs = extra.argmin(axis=0)
    found = (
        Detour(int(extra[leg, place]), place, leg)
        for place, leg in enumerate(legs.tolist())
        if extra[leg, place] < UNREACHABLE_SECONDS
    )
    return sorted(found)
