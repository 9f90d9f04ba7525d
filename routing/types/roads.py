"""Places on the roads, and the travel between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

SecondsMatrix = npt.NDArray[np.int64]

UNREACHABLE_SECONDS = 2**31 - 1
"""Entry of a travel matrix where no road leads; never added to anything."""


@dataclass(frozen=True, slots=True)
class Place:
    """A point on the map. ``label`` is for messages only."""

    lon: float
    lat: float
    label: str = ""


@dataclass(frozen=True, slots=True)
class Snap:
    """Where a place meets the roads: on directed edge ``edge``, ``fraction`` of its length from the tail."""

    edge: int
    fraction: float
    metres_off_road: int
    street: str
    lon: float
    lat: float


class MetresTable(Protocol):
    """Metres by ``[start, goal]``: an array, or a table that walks the way when asked."""

    def __getitem__(self, pair: tuple[int, int], /) -> int: ...


@dataclass(frozen=True, slots=True)
class RushTimes:
    """Times and metres of drives wholly within a slot of the day: from ``begins`` until before ``ends``.

    ``swing``: driving seconds that a second of the slot may cost more, or less, than a calm one, at most.
    """

    begins: int
    ends: int
    seconds: SecondsMatrix
    metres: MetresTable | npt.NDArray[np.int64]
    swing: float


@dataclass(frozen=True, slots=True)
class TravelMatrix:
    """Times and metres between places, in the order the places were given.

    ``seconds[i, j]`` and ``metres[i, j]`` belong to the same fastest path; metres are never the
    result of a second search. Unreachable pairs hold ``UNREACHABLE_SECONDS`` in both.
    ``rush`` are slots of the day, one after the other, in which drives take other times.
    """

    seconds: SecondsMatrix
    metres: MetresTable | npt.NDArray[np.int64]
    network_version: str
    rush: tuple[RushTimes, ...] = ()


@dataclass(frozen=True, slots=True)
class Leg:
    """The drive from one place to the next along the streets. ``path`` is (lon, lat) points.

    ``class_seconds`` are those of ``seconds`` on main, middle and small roads; the others go to turns, lights
    and ferries. None where the engine does not tell.
    """

    seconds: int
    metres: int
    path: tuple[tuple[float, float], ...]
    streets: tuple[str, ...] = ()
    class_seconds: tuple[int, int, int] | None = None
