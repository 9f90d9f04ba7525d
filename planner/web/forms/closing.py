"""Closing a day: a distance per drive in the person's own unit, the reason for what differs, the odometer.

A distance left as it was shown is no change, whatever its rounding; either decimal sign is read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from planner.domain.errors import Invalid
from planner.domain.mileage import METRES_PER
from planner.services.ledger.day_trips import TripDraft
from planner.services.ledger.trips import Closing

FARTHEST = Decimal(3_000_000)
"""In the person's unit; also the end of any odometer."""


@dataclass(slots=True)
class ClosingForm:
    """What was typed, by field name; ``distance-KEY`` per drive."""

    unit: str
    typed: Mapping[str, str] = field(default_factory=dict)

    def distance(self, drive: TripDraft) -> str:
        return self.typed.get(f"distance-{drive.key}", self.shown(drive.metres))

    def shown(self, metres: int) -> str:
        """A distance as the form prefills it: one decimal, in the person's unit."""
        return str(round(Decimal(metres) / METRES_PER[self.unit], 1))

    @property
    def reason(self) -> str:
        return self.typed.get("reason", "")

    @property
    def odometer(self) -> str:
        return self.typed.get("odometer", "")

    def closing(self, drives: Sequence[TripDraft]) -> Closing:
        """What the rep confirms. Raises Invalid("distance") or Invalid("odometer") for what is no number."""
        changes = {
            drive.key: self._metres("distance", self.distance(drive))
            for drive in drives
            if self.distance(drive).strip() != self.shown(drive.metres)
        }
        odometer = self._metres("odometer", self.odometer) if self.odometer.strip() else None
        return Closing(not changes, self.reason, changes, odometer)

    def _metres(self, name: str, text: str) -> int:
        try:
            number = Decimal(text.strip().replace(",", "."))
        except InvalidOperation:
            raise Invalid(name, "not_a_distance", text=text.strip()[:20]) from None
        if not number.is_finite() or not 0 <= number <= FARTHEST:
            raise Invalid(name, "not_a_distance", text=text.strip()[:20])
        return round(number * METRES_PER[self.unit])
