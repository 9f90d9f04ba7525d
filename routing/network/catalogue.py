"""The networks of an installation: one folder per name, one file per version, a note of the current one.

networks/NAME/VERSION.npz      every version ever installed, so that an old leg can be recomputed
networks/NAME/current          the version in use (text)
networks/.ready/VERSION/       what is made from a version to use it faster; can be deleted
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from routing.errors import NetworkName, NetworkUnknown, NetworkUnreadable, RoutingError
from routing.network.ready import load_ready, unpack
from routing.network.roads import RoadNetwork
from routing.network.store import load, store

CURRENT = "current"
READY = ".ready"
NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
VERSION = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class StoredNetwork:
    """A line of the list of networks. ``trouble`` says why the current version cannot be used."""

    name: str
    version: str
    versions: int
    size_bytes: int
    source: str = ""
    source_date: str = ""
    attribution: str = ""
    created_at: str = ""
    nodes: int = 0
    edges: int = 0
    trouble: str = ""


def list_networks(folder: Path) -> list[StoredNetwork]:
    """Every network under ``folder`` with its current version, by name. Never raises for a bad file."""
    if not folder.is_dir():
        return []
    return [_listed(folder, home.name) for home in sorted(folder.iterdir()) if NAME.fullmatch(home.name)]


def current(folder: Path, name: str) -> RoadNetwork:
    """The network in use under ``name``. Raises ``NetworkUnknown`` or ``NetworkUnreadable``."""
    return load_version(folder, name, _current_version(folder, name))


def load_version(folder: Path, name: str, version: str) -> RoadNetwork:
    """One version of a network; the same object again while the file stays the same."""
    path = _file(folder, name, version)
    try:
        stat = path.stat()
    except OSError as error:
        raise NetworkUnknown(name=f"{name} {version[:12]}") from error
    network = _load(path, folder / READY / version / "roads", stat.st_mtime_ns, stat.st_size)
    if network.version != version:
        raise NetworkUnreadable(path=path.name, why="it holds another version than its name says")
    return network


def install(folder: Path, network: RoadNetwork) -> Path:
    """Store ``network`` and make it the current one of its name; older versions stay."""
    check_name(network.name)
    path = _file(folder, network.name, network.version)
    store(network, path)
    note = path.with_name(CURRENT)
    aside = note.with_name(f".{CURRENT}.{os.getpid()}.part")
    aside.write_text(network.version, encoding="ascii")
    aside.replace(note)
    return path


def shelf(folder: Path, network: RoadNetwork) -> Path:
    """Where engines of this version are kept between processes."""
    return folder / READY / network.version


def check_name(name: str) -> None:
    """Raises ``NetworkName`` unless ``name`` may be a folder: a-z, 0-9, hyphen and underscore."""
    if not NAME.fullmatch(name):
        raise NetworkName(name=name)


# Networks are immutable and shared: requests of one process use the same arrays, trees and engines.
@lru_cache(maxsize=4)
def _load(path: Path, ready: Path, changed_ns: int, size: int) -> RoadNetwork:
    stamp = (changed_ns, size)
    return load_ready(ready, stamp) or unpack(load(path), ready, stamp)


def _file(folder: Path, name: str, version: str) -> Path:
    if not NAME.fullmatch(name) or not VERSION.fullmatch(version):
        raise NetworkUnknown(name=name)
    return folder / name / f"{version}.npz"


def _current_version(folder: Path, name: str) -> str:
    if not NAME.fullmatch(name):
        raise NetworkUnknown(name=name)
    try:
        return (folder / name / CURRENT).read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise NetworkUnknown(name=name) from error


def _listed(folder: Path, name: str) -> StoredNetwork:
    files = sorted((folder / name).glob("*.npz"))
    try:
        version = _current_version(folder, name)
        network = load_version(folder, name, version)
    except RoutingError as error:
        return StoredNetwork(name, "", len(files), 0, trouble=str(error))
    return StoredNetwork(
        name=name,
        version=version,
        versions=len(files),
        size_bytes=_file(folder, name, version).stat().st_size,
        source=network.source,
        source_date=network.source_date,
        attribution=network.attribution,
        created_at=network.created_at,
        nodes=network.node_count,
        edges=network.edge_count,
    )
