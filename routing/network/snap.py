"""Where places meet the roads: the nearest point of the nearest edge, never the nearest crossing.

One bad place never spoils the others: each gets its own answer, a ``Snap`` or a ``NotOnRoad``.
A street that is driven both ways is snapped to once, on its edge of lower index.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt
import shapely

from routing.errors import BadPoint, OffRoad, RoutingError, SwappedPoint
from routing.network.roads import Floats, Ints, RoadNetwork
from routing.network.streets import Streets, streets_of
from routing.types import Place, Snap

WARN_BEYOND_METRES = 250
REFUSE_BEYOND_METRES = 2000


class SnapTrouble(StrEnum):
    NOT_A_PLACE = "not_a_place"
    """NaN, out of range, or 0/0."""
    SWAPPED = "swapped"
    """Off the roads, but on them once longitude and latitude change places."""
    OFF_ROAD = "off_road"


@dataclass(frozen=True, slots=True)
class NotOnRoad:
    """A place that cannot be driven to. ``metres_off_road`` is None where it is not a place at all."""

    place: Place
    trouble: SnapTrouble
    metres_off_road: int | None = None
    limit_metres: int = REFUSE_BEYOND_METRES

    def error(self) -> RoutingError:
        """The error to raise for callers that need this very place."""
        label = self.place.label or f"{self.place.lat}, {self.place.lon}"
        if self.trouble is SnapTrouble.NOT_A_PLACE:
            return BadPoint(label=label, lon=self.place.lon, lat=self.place.lat)
        kind = SwappedPoint if self.trouble is SnapTrouble.SWAPPED else OffRoad
        return kind(label=label, metres=self.metres_off_road, limit=self.limit_metres)


def snap(
    network: RoadNetwork, places: Sequence[Place], refuse_beyond_metres: int = REFUSE_BEYOND_METRES
) -> list[Snap | NotOnRoad]:
    """Snap each place, in order. Compare ``Snap.metres_off_road`` with ``WARN_BEYOND_METRES`` to warn."""
    good = [place for place in places if is_place(place.lon, place.lat)]
    snaps = iter(_nearest(network, [(place.lon, place.lat) for place in good]))
    answers: list[Snap | NotOnRoad] = []
    for place in places:
        if not is_place(place.lon, place.lat):
            answers.append(NotOnRoad(place, SnapTrouble.NOT_A_PLACE))
            continue
        found = next(snaps)
        near = found.metres_off_road <= refuse_beyond_metres
        answers.append(found if near else _refused(network, place, found, refuse_beyond_metres))
    return answers


def is_place(lon: float, lat: float) -> bool:
    """Whether these are coordinates of somewhere. 0/0 is what empty cells turn into, not a customer."""
    if not (math.isfinite(lon) and math.isfinite(lat)):
        return False
    return -180 <= lon <= 180 and -90 <= lat <= 90 and not (lon == 0 and lat == 0)


def _nearest(network: RoadNetwork, degrees: Sequence[tuple[float, float]]) -> list[Snap]:
    if not degrees:
        return []
    streets = streets_of(network)
    points = shapely.points(network.plane.metres(np.array(degrees, dtype=np.float64)))
    asked, found = streets.tree.query_nearest(points, all_matches=True)
    # Several streets can be equally near (a place at a crossing): the lowest edge, so that the
    # answer does not depend on how the tree happens to be laid out.
    order = np.lexsort((found, asked))
    first = order[np.unique(asked[order], return_index=True)[1]]
    return _snaps(network, streets, points, found[first])


def _snaps(
    network: RoadNetwork, streets: Streets, points: npt.NDArray[np.object_], found: Ints
) -> list[Snap]:
    lines, edges = streets.lines[found], streets.edges[found]
    lengths = shapely.length(lines)
    along = shapely.line_locate_point(lines, points)
    fractions = np.divide(along, lengths, out=np.zeros_like(along), where=lengths > 0)
    spots = shapely.line_interpolate_point(lines, along)
    off = np.rint(shapely.distance(points, spots)).astype(np.int64)
    lonlat: Floats = network.plane.degrees(shapely.get_coordinates(spots))
    rows: Iterable[tuple[int, float, int, Floats]] = zip(edges, fractions, off, lonlat, strict=True)
    return [
        Snap(
            int(edge), float(fraction), int(metres), network.street(int(edge)), float(spot[0]), float(spot[1])
        )
        for edge, fraction, metres, spot in rows
    ]


def _refused(network: RoadNetwork, place: Place, found: Snap, limit: int) -> NotOnRoad:
    trouble = SnapTrouble.OFF_ROAD
    if is_place(place.lat, place.lon):
        swapped = _nearest(network, [(place.lat, place.lon)])[0]
        if swapped.metres_off_road <= limit:
            trouble = SnapTrouble.SWAPPED
    return NotOnRoad(place, trouble, found.metres_off_road, limit)
