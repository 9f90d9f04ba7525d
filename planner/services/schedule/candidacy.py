"""What the rotation is told of an account: when it is due, when it is open, what stands already.

Days are counted from the first day planned (day 0).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from planner.domain.cadence import DueState
from planner.domain.visits import VisitKind
from planner.services.days.visit_facts import AGREED
from routing.types import Place, TimeWindow


@dataclass(frozen=True, slots=True)
class Pinned:
    """A visit that stands on its day whatever the rotation does."""

    day: int
    kind: VisitKind
    service_seconds: int

    @property
    def is_agreed(self) -> bool:
        return self.kind in AGREED


@dataclass(frozen=True, slots=True)
class Candidate:
    """An account in the rotation; ``trouble`` names why it can only be listed, not planned.

    ``first_from``, ``first_wish`` and ``promised_to`` are days of the first visit, below 0 where they are
    over; what is promised then, ``routing.rotation.prices`` says. ``cadence_days`` None: one visit.
    ``in_quota``: a prospect that competes for its week's quota.
    """

    account_id: int
    name: str
    account_class: str
    value_minor: int | None
    place: Place | None
    kind: VisitKind
    service_seconds: int
    price_seconds: int
    windows: tuple[tuple[TimeWindow, ...], ...]
    pinned: tuple[Pinned, ...]
    published_days: tuple[int, ...]
    last_on: date | None
    see_again_days: int | None = None
    cadence_days: int | None = None
    earliest_gap: int = 1
    latest_gap: int = 1
    first_from: int = 0
    first_wish: int = 0
    promised_to: int = 0
    state: DueState = DueState.NOT_DUE
    fixed_days: tuple[int, ...] = ()
    trouble: str = ""
    in_quota: bool = False

    @property
    def is_recurring(self) -> bool:
        """Visited again and again, or meant to be: what the due list is about."""
        return bool(self.cadence_days or self.fixed_days or self.trouble)

    @property
    def is_of_use(self) -> bool:
        """Something can be planned for it, or must be said about it."""
        return self.is_recurring or bool(self.pinned) or self.kind is VisitKind.PROSPECT
