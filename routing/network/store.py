"""A road network on disk: one compressed ``.npz``, written aside and renamed into place.

A file is used only if it unpacks, has this program's format, and its content gives the version
written in it. Anything else is refused with the reason; nothing is repaired.
"""

from __future__ import annotations

import json
import os
import zipfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from routing.errors import NetworkFormat, NetworkUnreadable
from routing.network.roads import ARRAYS, FORMAT, TEXTS, RoadNetwork, contradiction

ABOUT = "about"

DAMAGE = (OSError, ValueError, TypeError, KeyError, EOFError, RuntimeError, zipfile.BadZipFile, zlib.error)
"""What unpacking raises on altered bytes; RuntimeError is zipfile's word for "encrypted" and "too new"."""


def store(network: RoadNetwork, path: Path) -> None:
    """Write ``network`` to ``path``; readers see the whole new file or the old one."""
    wrong = contradiction(network)
    if wrong:
        raise NetworkUnreadable(path=path.name, why=wrong)
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with aside.open("wb") as file:
            np.savez_compressed(file, allow_pickle=False, **_parts(network))
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)
    _settle(path.parent)


def load(path: Path) -> RoadNetwork:
    """Read a stored network. Raises ``NetworkFormat`` for another format version and
    ``NetworkUnreadable`` for everything else that is not a whole, unaltered network."""
    try:
        # Opened here, not by numpy, which leaves a damaged file open.
        with path.open("rb") as file, np.load(file, allow_pickle=False) as parts:
            about = _about(parts, path)
            arrays = {name: parts[name].astype(kind, copy=False) for name, kind in ARRAYS.items()}
    except FileNotFoundError as error:
        raise NetworkUnreadable(path=path.name, why="the file is not there") from error
    except DAMAGE as error:
        raise NetworkUnreadable(path=path.name, why="it is damaged or not a road network") from error
    return _verified(about, arrays, path)


def _parts(network: RoadNetwork) -> dict[str, npt.NDArray[Any]]:
    about: dict[str, Any] = {name: getattr(network, name) for name in TEXTS}
    about |= {"format": FORMAT, "version": network.version, "streets": network.streets}
    text = json.dumps(about, ensure_ascii=False, sort_keys=True).encode()
    arrays = {name: getattr(network, name).astype(kind, copy=False) for name, kind in ARRAYS.items()}
    return {ABOUT: np.frombuffer(text, dtype=np.uint8), **arrays}


def _about(parts: Any, path: Path) -> dict[str, Any]:
    about = json.loads(parts[ABOUT].tobytes())
    if about["format"] != FORMAT:
        raise NetworkFormat(path=path.name, found=about["format"], wanted=FORMAT)
    return dict(about)


def _verified(about: dict[str, Any], arrays: dict[str, Any], path: Path) -> RoadNetwork:
    try:
        texts: dict[str, Any] = {name: str(about[name]) for name in TEXTS}
        network = RoadNetwork(**texts, streets=tuple(about["streets"]), **arrays)
        same = network.version == about["version"]
    except (KeyError, TypeError, ValueError) as error:
        raise NetworkUnreadable(path=path.name, why="parts of it are missing") from error
    if not same:
        raise NetworkUnreadable(path=path.name, why="its content does not match its checksum")
    # Asked only of content that is as it was written: altered arrays may not even be comparable.
    wrong = contradiction(network)
    if wrong:
        raise NetworkUnreadable(path=path.name, why=wrong)
    return network


def _settle(folder: Path) -> None:
    """Make the rename itself survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
