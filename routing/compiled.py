"""Inner loops compiled by numba. Where numba cannot be imported the same functions run as plain Python.

Importing this module imports numba, which takes a good half second: do it where a search begins, not at
start-up. Compiled code is kept on disk; numba forgets to look at the files a function calls into, so the
folder carries a digest of all compiled sources in its name, and changed sources are compiled anew.
"""

from __future__ import annotations

import getpass
import hashlib
import logging
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

logger = logging.getLogger(__name__)

Function = TypeVar("Function", bound=Callable[..., object])

COMPILED_SOURCES = ("day", "rotation")
"""Folders of ``routing`` with compiled functions."""


def sources_digest() -> str:
    here = Path(__file__).parent
    files = [Path(__file__), *sorted(p for name in COMPILED_SOURCES for p in (here / name).rglob("*.py"))]
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in files)).hexdigest()[:16]


numba: Any
try:
    import numba
except ImportError:
    numba = None
    logger.warning("numba is not installed: plans are searched in plain Python, some hundred times slower.")
else:
    kept_in = Path(numba.config.CACHE_DIR or Path(tempfile.gettempdir()) / f"rounds-{getpass.getuser()}")
    numba.config.CACHE_DIR = str(kept_in / sources_digest())


def compiled(function: Function) -> Function:
    """``function`` compiled at its first call, for the types it is called with; no Python objects in it.

    It must not make arrays: without numba's counting of references, which would take two thirds of the time
    of these searches, nobody would free them.
    """
    if numba is None:
        return function
    made: Function = numba.njit(cache=True, nogil=True, _nrt=False)(function)
    return made
