"""Networks unpacked for use: plain arrays on disk that every process maps into its memory and shares.

A stored network is verified when it is unpacked. The copy remembers the size and time of the file it
came from, so a file that was changed is verified again. It can be deleted at any time.
"""

from __future__ import annotations

import json
import logging
import os
import shutil
from pathlib import Path
from typing import Any

import numpy as np

from routing.network.roads import ARRAYS, FORMAT, TEXTS, RoadNetwork

logger = logging.getLogger(__name__)

ABOUT = "about.json"


def load_ready(home: Path, stamp: tuple[int, int]) -> RoadNetwork | None:
    """The network unpacked under ``home`` from the file with this (time in ns, size), or None."""
    try:
        about = json.loads((home / ABOUT).read_text(encoding="utf-8"))
        if about["format"] != FORMAT or tuple(about["stamp"]) != stamp:
            return None
        arrays: dict[str, Any] = {
            name: np.load(home / f"{name}.npy", mmap_mode="r", allow_pickle=False) for name in ARRAYS
        }
        texts: dict[str, Any] = {name: about[name] for name in TEXTS}
        network = RoadNetwork(**texts, streets=tuple(about["streets"]), **arrays)
        rows = {name: len(array) for name, array in arrays.items()}
        if rows != about["rows"]:
            return None
    except (OSError, ValueError, KeyError, TypeError, EOFError):
        return None
    # Verified when it was unpacked; adding it up again would read every page.
    network.__dict__["version"] = about["version"]
    return network


def unpack(network: RoadNetwork, home: Path, stamp: tuple[int, int]) -> RoadNetwork:
    """Write a verified network out as arrays and map it; the network itself where that is not possible."""
    aside = home.with_name(f".{home.name}.{os.getpid()}.part")
    try:
        aside.mkdir(parents=True, exist_ok=True)
        for name, kind in ARRAYS.items():
            np.save(aside / f"{name}.npy", getattr(network, name).astype(kind, copy=False))
        about = {name: getattr(network, name) for name in TEXTS}
        about |= {"format": FORMAT, "version": network.version, "streets": network.streets, "stamp": stamp}
        about["rows"] = {name: len(getattr(network, name)) for name in ARRAYS}
        (aside / ABOUT).write_text(json.dumps(about, ensure_ascii=False), encoding="utf-8")
        # Whoever has the old files mapped keeps them until letting go.
        shutil.rmtree(home, ignore_errors=True)
        aside.rename(home)
    except OSError as error:
        logger.warning("The roads could not be unpacked under %s: %s", home, error)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return load_ready(home, stamp) or network
