"""The costly part of the fast engine, which does not depend on weights: built once, kept on disk.

A topology belongs to one version of a network and one kind of graph. It is written aside and renamed, so
that several processes may build it at the same time and none reads half of it.
"""

from __future__ import annotations

import hashlib
import logging
import os
import shutil
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pyroutingkit

from routing.errors import EngineUnfit
from routing.network.roads import RoadNetwork
from routing.travel.graphs import ArcGraph

logger = logging.getLogger(__name__)

FORM = "cch-1"
"""Changes when the graphs are put together differently; older topologies are then built anew."""


@lru_cache(maxsize=4)
def topology(
    network: RoadNetwork, turns: bool, arcs: ArcGraph, shelf: Path | None
) -> pyroutingkit.CCHTopology:
    """Read from ``shelf`` if it is there and fits, else built (and put there). Raises ``EngineUnfit``."""
    if shelf is None:
        return built(arcs)
    home = _home(shelf, turns)
    return _stored(home, arcs) or _keep(home, built(arcs))


def _home(shelf: Path, turns: bool) -> Path:
    return shelf / f"{FORM}-{'turns' if turns else 'nodes'}"


@dataclass(frozen=True)
class Checked:
    """Notes beside a stored topology: on these weights, by this version of the library, with these very
    files, the fast engine agreed with the reference."""

    shelf: Path
    turns: bool

    def holds(self, graph: ArcGraph) -> bool:
        return self._note(graph).exists()

    def keep(self, graph: ArcGraph) -> None:
        note = self._note(graph)
        try:
            note.parent.mkdir(parents=True, exist_ok=True)
            note.touch()
        except OSError as error:
            logger.warning("That the engine was checked could not be kept: %s", error)

    def _note(self, graph: ArcGraph) -> Path:
        home = _home(self.shelf, self.turns)
        stamp = hashlib.blake2b(version("pyroutingkit").encode(), digest_size=16)
        for file in sorted(home.iterdir()) if home.is_dir() else ():
            about = file.stat()
            stamp.update(f"{file.name} {about.st_size} {about.st_mtime_ns}".encode())
        for array in (graph.tail, graph.head, graph.ms):
            stamp.update(np.ascontiguousarray(array).data)
        return self.shelf / "checked" / stamp.hexdigest()


def built(graph: ArcGraph) -> pyroutingkit.CCHTopology:
    """Nested dissection and shortcuts: about a second per 50,000 arcs."""
    if len(graph.tail) and max(graph.tail.max(), graph.head.max()) >= graph.node_count:
        raise EngineUnfit(why="an arc ends at a node that is not there")
    topology = pyroutingkit.CCHTopology()
    ends = (graph.tail.astype(np.uint32), graph.head.astype(np.uint32))
    lon, lat = (np.ascontiguousarray(graph.lonlat[:, column]) for column in (0, 1))
    topology.build(*ends, lat, lon, graph.node_count)
    return topology


def _stored(home: Path, arcs: ArcGraph) -> pyroutingkit.CCHTopology | None:
    if not home.is_dir():
        return None
    topology = pyroutingkit.CCHTopology()
    try:
        topology.load(str(home))
    except (RuntimeError, OSError) as error:
        logger.warning("The engine's file %s cannot be used and is made anew: %s", home, error)
        return None
    fits = topology.node_count == arcs.node_count and topology.arc_count == len(arcs.tail)
    return topology if fits else None


def _keep(home: Path, topology: pyroutingkit.CCHTopology) -> pyroutingkit.CCHTopology:
    aside = home.with_name(f".{home.name}.{os.getpid()}.part")
    try:
        aside.mkdir(parents=True, exist_ok=True)
        topology.save(str(aside))
        shutil.rmtree(home, ignore_errors=True)
        aside.rename(home)
    except (OSError, RuntimeError) as error:
        # A shelf that cannot be written costs a rebuild next time, nothing else.
        logger.warning("The engine's file %s could not be kept: %s", home, error)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return topology
