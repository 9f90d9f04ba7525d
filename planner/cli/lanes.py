"""Two lanes for waitress: what comes out of outboxes waits by itself, so that no page waits behind it.

In the evening every phone sends its day at once. The lane of the outboxes is narrow: a database has room for
one writer anyway, and the processor is left to those who look at a page.
"""

from __future__ import annotations

import logging
from typing import Any

from waitress.task import ThreadedTaskDispatcher

OUTBOX_PATHS = ("/api/sync", "/api/photos/")
OUTBOX_THREADS = 2


class OutboxLane(ThreadedTaskDispatcher):  # type: ignore[misc]
    """Its queue may be long without anything being wrong."""

    queue_logger = logging.getLogger("rounds.outboxes")


class Lanes:
    """What waitress asks of a dispatcher of tasks."""

    def __init__(self, page_threads: int, outbox_threads: int = OUTBOX_THREADS) -> None:
        OutboxLane.queue_logger.setLevel(logging.ERROR)
        self.pages, self.outboxes = ThreadedTaskDispatcher(), OutboxLane()
        self.pages.set_thread_count(page_threads)
        self.outboxes.set_thread_count(outbox_threads)

    def add_task(self, task: Any) -> None:
        """``task``: a channel with the requests it has read."""
        (self.outboxes if _is_of_an_outbox(task) else self.pages).add_task(task)

    def shutdown(self, cancel_pending: bool = True, timeout: float = 5) -> bool:
        stopped = [lane.shutdown(cancel_pending, timeout) for lane in (self.pages, self.outboxes)]
        return any(stopped)


def _is_of_an_outbox(task: Any) -> bool:
    return bool(task.requests) and str(task.requests[0].path).startswith(OUTBOX_PATHS)
