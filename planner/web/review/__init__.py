"""The manager's review: the queue of claims, one claim, lists with filters, and their files."""

from __future__ import annotations

from planner.web.review import claims, files, lists, queue
from planner.web.review.blueprint import review

__all__ = ["claims", "files", "lists", "queue", "review"]
