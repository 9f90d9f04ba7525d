"""OR-Tools in a process of its own, with a hard limit on time: ``python -m routing.day.apart`` is its inside.

The solver would hold this process's lock until it ends, and two of its models in one process have crashed.
"""

from __future__ import annotations

import json
import logging
import pickle
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from time import monotonic

from routing.day.search import DEFAULT_SECONDS, Question, search_orders
from routing.day.watch import Watch

logger = logging.getLogger(__name__)

START_SECONDS = 8.0
"""Beyond the search's own limit: for the process to start and the library to load on a busy machine."""

LOOK_SECONDS = 0.2
"""Between two questions whether to stop."""

SOURCES = Path(__file__).parents[2]


def search_apart(
    asked: Question,
    start_seconds: float = START_SECONDS,
    should_stop: Callable[[], bool] = lambda: False,
) -> list[list[int]]:
    """Orders by shift, empty ones when the process fails, takes too long or should stop."""
    limit = (asked.budget.seconds or DEFAULT_SECONDS) + start_seconds
    words = [sys.executable, "-m", __name__]
    try:
        with subprocess.Popen(
            words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=SOURCES
        ) as process:
            told = _answer(process, pickle.dumps(asked), limit, should_stop)
        return [[int(index) for index in order] for order in json.loads(told)]
    except (subprocess.SubprocessError, OSError, ValueError) as error:
        logger.warning("OR-Tools gave no answer: %s", error)
        return [[] for _ in asked.shifts]


def _answer(
    process: subprocess.Popen[bytes], question: bytes, limit: float, should_stop: Callable[[], bool]
) -> bytes:
    """What the process writes; ends it and raises ``subprocess.SubprocessError`` where that is nothing."""
    watch, unsent = Watch(monotonic, limit), question or None
    while not (watch.is_over() or should_stop()):
        try:
            told, _ = process.communicate(unsent, timeout=LOOK_SECONDS)
        except subprocess.TimeoutExpired:
            unsent = None
            continue
        if process.returncode:
            raise subprocess.CalledProcessError(process.returncode, process.args)
        return told
    process.kill()
    raise subprocess.TimeoutExpired(process.args, watch.spent())


if __name__ == "__main__":
    print(json.dumps(search_orders(pickle.load(sys.stdin.buffer))))
