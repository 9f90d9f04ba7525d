"""Background work. The serving process only hands runs out; each is carried out in a child process.

A solver in a thread of the web process would hold up every page: OR-Tools keeps the interpreter's
lock for the whole solve.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask

from planner.jobs.dispatcher import Dispatcher

__all__ = ["Dispatcher", "dispatching", "ring"]

EXTENSION = "rounds_dispatcher"


@contextmanager
def dispatching(app: Flask) -> Iterator[Dispatcher]:
    """Hand out runs while the block lasts; around the server's loop."""
    dispatcher = Dispatcher(app)
    app.extensions[EXTENSION] = dispatcher
    dispatcher.start()
    try:
        yield dispatcher
    finally:
        del app.extensions[EXTENSION]
        dispatcher.stop()


def ring(app: Flask) -> None:
    """Wake the dispatcher after a request has been committed; without one the next poll finds the run."""
    dispatcher = app.extensions.get(EXTENSION)
    if dispatcher is not None:
        dispatcher.ring()
