"""When a search ends."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SearchBudget:
    """When to stop. ``iterations`` makes a result repeatable; ``seconds`` caps it as a safety net. A search
    that is ``paced`` cools down as the seconds pass where they pass sooner than the iterations.

    Of a day: its proof keeps at most so many labels, 50 bytes each; one that is ``quick`` leaves out all that
    takes long and looks at no clock, so that the same day gets the same answer.

    Cancelling and progress are callables given beside it, so that the budget stays a plain value.
    """

    iterations: int
    seconds: float | None = None
    seed: int = 1
    paced: bool = False
    most_labels: int = 2_000_000
    quick: bool = False
