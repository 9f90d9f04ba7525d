"""Agreement with OSRM on the same roads and speeds: an oracle's whole table against ours.

An oracle is an ``.npz`` with ``lon``, ``lat`` (n,) and ``restrictions_and_turns`` (n, n), durations in tenths
of a second. Speeds are OSMnx's, the speed factor is 1, and there are no waits at traffic lights.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from routing.network import snap
from routing.network.assemble import Origin
from routing.network.build import Making
from routing.network.osm_file import file_network
from routing.network.speeds import SpeedRule
from routing.travel import Driving, RoadTravel
from routing.types import UNREACHABLE_SECONDS, Place, Snap

TOLERANCE = 0.02

OSRM_DRIVING = Driving(speed_factor=1, turns=True, signal_seconds=0)


def agreement(pbf: Path, oracle: Path, drives_on: str) -> dict[str, float | str | int]:
    """Share of pairs within 2 %, mean error in seconds, and pairs that only the oracle can drive."""
    making = Making(side=drives_on, rule=SpeedRule.AREA_MEANS, ferries=False)
    network = file_network(pbf, Origin(pbf.stem, pbf.name, ""), making)
    with np.load(oracle) as table:
        places = [Place(lon, lat) for lon, lat in zip(table["lon"], table["lat"], strict=True)]
        theirs = table["restrictions_and_turns"] / 10
    answers = snap(network, places, refuse_beyond_metres=10_000_000)
    snaps = [answer for answer in answers if isinstance(answer, Snap)]
    if len(snaps) != len(places):
        raise SystemExit(f"{oracle.name} holds points that are no places.")
    ours = RoadTravel(network, OSRM_DRIVING).matrix(snaps).seconds
    pairs = ~np.eye(len(places), dtype=bool) & (theirs > 0) & (theirs < 1e8)
    reached = pairs & (ours != UNREACHABLE_SECONDS)
    error = np.abs(ours - theirs)
    return {
        "row": "agreement with the oracle",
        "pbf": pbf.name,
        "pairs": int(pairs.sum()),
        "within_2_percent": round(100 * float((error <= TOLERANCE * theirs)[reached].sum() / pairs.sum()), 2),
        "mean_error_seconds": round(float(error[reached].mean()), 2),
        "unroutable": int((pairs & ~reached).sum()),
    }
