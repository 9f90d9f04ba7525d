"""A company in the UK, whose rate changes after 10,000 miles of a tax year."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Session

from planner.domain.access import Actor, Role
from planner.models.ledger import Trip
from planner.services.ledger import adjustments, entries, known_rates, manual_trips, rates, trip_changes
from planner.services.ledger.manual_ends import ManualEnd
from planner.services.ledger.manual_trips import ManualTrip
from planner.services.ledger.trip_changes import TripChange
from tests.conftest import NOW
from tests.services.ledger_world import LedgerWorld, rep, uid

TODAY = date(2026, 6, 10)
MAY = date(2026, 5, 4)


class UkWorld(LedgerWorld):
    """Ana drives in the UK at 45 p to 10,000 miles and 25 p beyond, as it stood before 21 May 2026."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.company.norte.country, self.company.norte.currency = "GB", "GBP"
        for known in known_rates.known():
            if known.country == "GB" and known.effective_from_on < date(2026, 1, 1):
                rates.add(session, None, NOW, known)

    @property
    def admin(self) -> Actor:
        return Actor(self.company.admin.id, Role.ADMIN)

    def drive(self, on: date, miles: str | int, **more: object) -> Trip:
        """A trip by hand of so many miles."""
        ends = ManualEnd(label="Leeds"), ManualEnd(label="York")
        metres = round(Decimal(miles) * Decimal("1609.344"))
        new = ManualTrip(uid(), on, *ends, "Visit", metres)
        wanted = replace(new, **more)  # type: ignore[arg-type]
        return manual_trips.add(self.session, rep(self.ana), NOW, TODAY, self.networks, wanted)

    def standing(self) -> list[Trip]:
        rows = self.session.query(Trip).filter(entries.standing(Trip)).order_by(Trip.on, Trip.position)
        return list(rows)

    def correct(self, trip: Trip, miles: int) -> Trip:
        what = TripChange(uid(), round(miles * Decimal("1609.344")), "Visit", "Another way")
        return trip_changes.correct(self.session, rep(self.ana), NOW, TODAY, trip.id, what)

    def raise_rate(self) -> None:
        """55 p from 6 April, announced on 21 May."""
        (later,) = (k for k in known_rates.known() if k.announced_on == date(2026, 5, 21))
        rates.add(self.session, self.admin, NOW, later)

    def waiting(self) -> list[tuple[int, int]]:
        found = adjustments.of_rep(self.session, rep(self.ana), TODAY, self.ana.id)
        return [(p.trip.id, p.difference_minor) for each in found for p in each.proposals]
