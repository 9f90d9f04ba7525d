"""The manager's review: the queue, one claim and its lines, lists and files, exports, closed months."""

from __future__ import annotations

from planner.web.review import (
    adjustments,
    because,
    claims,
    exports,
    files,
    lines,
    lists,
    official,
    periods,
    queue,
    visit_words,
)
from planner.web.review.blueprint import review

__all__ = [
    "adjustments",
    "because",
    "claims",
    "exports",
    "files",
    "lines",
    "lists",
    "official",
    "periods",
    "queue",
    "review",
    "visit_words",
]
