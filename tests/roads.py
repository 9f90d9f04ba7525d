"""The demo network, installed once for the whole test run; tests link it into their instance."""

from __future__ import annotations

import atexit
import shutil
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from routing.network import install, load

DEMO = Path(__file__).resolve().parent.parent / "planner" / "demo" / "la-serena-coquimbo.npz"


@cache
def networks_folder() -> Path:
    """A networks folder holding ``la-serena-coquimbo``; read only."""
    folder = Path(mkdtemp(prefix="rounds-networks-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    install(folder, load(DEMO))
    return folder


def install_into(folder: Path) -> None:
    """Put the demo network where an application looks for its networks."""
    shutil.copytree(networks_folder(), folder, dirs_exist_ok=True)
