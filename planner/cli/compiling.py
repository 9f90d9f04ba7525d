"""The searches compiled in processes of their own while something else is done: once in an installation."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import DEVNULL, Popen

ROOT = Path(__file__).resolve().parents[2]

PARTS = (
    "from routing.day import warm_up; warm_up()",
    "from routing.day import warm_up_days; warm_up_days()",
)
"""The second takes a third as long as the first, which finds its part done when it comes to it."""


@contextmanager
def beside() -> Iterator[Callable[[], None]]:
    """Compile beside what is done within, where nothing was compiled before; gives what waits for the end.

    What a process did not finish, because it failed or was stopped, is compiled where it is needed.
    """
    children = [] if _has_begun() else [_child(part) for part in PARTS]

    def wait() -> None:
        for child in children:
            child.wait()

    try:
        yield wait
    finally:
        for child in children:
            child.terminate()
            child.wait()


def _has_begun() -> bool:
    return any(Path(os.environ["NUMBA_CACHE_DIR"]).rglob("*.nbi"))


def _child(part: str) -> Popen[bytes]:
    return Popen([sys.executable, "-c", part], cwd=ROOT, stdin=DEVNULL)
