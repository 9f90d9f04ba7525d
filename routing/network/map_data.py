"""What a map says about roads, before any of it is joined, cut or timed.

Coordinates are whole 1e-7 degrees. A *piece* is the straight line between two neighbouring points of
a way, in one direction; a two-way street has two. Points and ways are referred to by position.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum

import numpy as np
import numpy.typing as npt

from routing.network.roads import Ints


class Signal(IntEnum):
    """Traffic lights at a point, and whom they hold up; directions are those of the way's own points."""

    NONE = 0
    BOTH = 1
    FORWARD = 2
    BACKWARD = 3


class Ban(StrEnum):
    """``ONLY`` forbids all other turns from the same road at the same point."""

    NO = "no"
    ONLY = "only"


@dataclass(frozen=True, slots=True)
class Restriction:
    """A turn restriction by OpenStreetMap ids. Either ``via_point`` (0: none) or ``via_ways`` is set."""

    ban: Ban
    from_ways: tuple[int, ...]
    to_ways: tuple[int, ...]
    via_point: int = 0
    via_ways: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Way:
    """A way with the tags that matter. ``oneway`` is 1 along its points, -1 against them, 0 both.

    ``seconds`` is set for ferries whose crossing time is known.
    """

    id: int
    points: tuple[int, ...]
    road_class: str
    street: str = ""
    maxspeed: str = ""
    oneway: int = 0
    is_roundabout: bool = False
    seconds: float | None = None


@dataclass(frozen=True)
class MapData:
    """Points (P), ways (W) and pieces (S). ``point_ids`` ascend; ``way_seconds`` is NaN where unknown."""

    point_ids: Ints
    point_e7: npt.NDArray[np.int32]
    point_signal: npt.NDArray[np.uint8]
    way_ids: Ints
    way_class: Sequence[str]
    way_street: Sequence[str]
    way_maxspeed: Sequence[str]
    way_seconds: npt.NDArray[np.float64]
    way_roundabout: npt.NDArray[np.bool_]
    piece_tail: Ints
    piece_head: Ints
    piece_way: Ints
    piece_backward: npt.NDArray[np.bool_]
    restrictions: tuple[Restriction, ...] = ()
    source_date: str = ""


def from_ways(
    ways: Sequence[Way],
    point_ids: Ints,
    point_e7: npt.NDArray[np.int32],
    point_signal: npt.NDArray[np.uint8],
    restrictions: Sequence[Restriction] = (),
    source_date: str = "",
) -> MapData:
    """Cut ways into pieces. Where the map lacks a point the way is torn; what is left of it is kept.

    ``point_ids`` must ascend.
    """
    flat = np.array([point for way in ways for point in way.points], dtype=np.int64)
    way = np.repeat(np.arange(len(ways)), [len(way.points) for way in ways])
    position = np.searchsorted(point_ids, flat)
    position[position == len(point_ids)] = 0
    there = point_ids[position] == flat if len(point_ids) else np.zeros(len(flat), dtype=bool)
    joined = (way[:-1] == way[1:]) & there[:-1] & there[1:] & (flat[:-1] != flat[1:])
    tail, head, owner = position[:-1][joined], position[1:][joined], way[:-1][joined]
    oneway = np.array([way.oneway for way in ways], dtype=np.int8)[owner]
    ahead, back = oneway >= 0, oneway <= 0
    return MapData(
        point_ids=point_ids,
        point_e7=point_e7,
        point_signal=point_signal,
        way_ids=np.array([way.id for way in ways], dtype=np.int64),
        way_class=[way.road_class for way in ways],
        way_street=[way.street for way in ways],
        way_maxspeed=[way.maxspeed for way in ways],
        way_seconds=np.array([np.nan if way.seconds is None else way.seconds for way in ways]),
        way_roundabout=np.array([way.is_roundabout for way in ways], dtype=bool),
        piece_tail=np.concatenate([tail[ahead], head[back]]),
        piece_head=np.concatenate([head[ahead], tail[back]]),
        piece_way=np.concatenate([owner[ahead], owner[back]]),
        piece_backward=np.repeat([False, True], [ahead.sum(), back.sum()]),
        restrictions=tuple(restrictions),
        source_date=source_date,
    )
