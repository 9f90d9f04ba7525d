"""Closing a day: a distance per drive in the person's own unit, the reason for what differs, the odometer.

A distance left as it was shown is no change, whatever its rounding, nor whatever has become of the drive
since the page was made: a page kept on the phone knows less. Either decimal sign is read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from planner.domain.errors import Invalid
from planner.domain.mileage import METRES_PER
from planner.services.ledger.day_trips import TripDraft
from planner.services.ledger.trips import Closing
from planner.web.forms.numbers import read_number, typed

FARTHEST = Decimal(3_000_000)
"""In the person's unit; also the end of any odometer."""


@dataclass(slots=True)
class ClosingForm:
    """What was typed, by field name; per drive ``distance-KEY``, and ``shown-KEY`` as the page had it."""

    unit: str
    typed: Mapping[str, str] = field(default_factory=dict)

    def distance(self, drive: TripDraft) -> str:
        return self.typed.get(f"distance-{drive.key}", self.shown(drive.metres))

    def shown(self, metres: int) -> str:
        """A distance as the form prefills it: one decimal, in the person's unit."""
        return typed(round(Decimal(metres) / METRES_PER[self.unit], 1))

    def is_left(self, drive: TripDraft) -> bool:
        """Whether the distance was left as its page showed it."""
        shown = self.typed.get(f"shown-{drive.key}", self.shown(drive.metres))
        told = read_number(self.distance(drive))
        return told in (read_number(shown), read_number(self.shown(drive.metres)))

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
            if not self.is_left(drive)
        }
        odometer = self._metres("odometer", self.odometer) if self.odometer.strip() else None
        return Closing(not changes, self.reason, changes, odometer)

    def _metres(self, name: str, text: str) -> int:
        number = read_number(text)
        if number is None or not 0 <= number <= FARTHEST:
            raise Invalid(name, "not_a_distance", text=text.strip()[:20])
        return round(number * METRES_PER[self.unit])
