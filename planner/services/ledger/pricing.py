"""What a trip is worth: the bands of its day, after what was driven before it in the tax year.

The counter runs over all standing trips of the person with that kind of vehicle, in the order driven, behind
what was driven before Rounds kept count; private ones and adjustments do not count.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from planner.domain.mileage import Rate
from planner.domain.mileage_rates import Band, Part, VehicleKind, band_metres, parts, tax_year
from planner.models.ledger import MileageRate, Trip, TripPart
from planner.models.vehicles import DrivenBefore
from planner.services.ledger import entries
from planner.services.ledger.currencies import exponent


@dataclass(frozen=True, slots=True)
class Place:
    """Whose rates hold: a territory's country and currency."""

    country: str
    currency: str


@dataclass(slots=True)
class RateTable:
    """All rates, read once; the bands of a day are put together once."""

    rows: Sequence[MileageRate]
    _found: dict[tuple[Place, VehicleKind, date], tuple[Band, ...]] = field(default_factory=dict)

    def bands(self, place: Place, kind: VehicleKind, on: date) -> tuple[Band, ...]:
        """The bands that hold on a day, none when there is no rate."""
        key = (place, kind, on)
        if key not in self._found:
            self._found[key] = tuple(_band(row) for row in self._of(place, kind) if _holds(row, on))
        return self._found[key]

    def has_bands(self, place: Place, kind: VehicleKind) -> bool:
        """Whether what one trip is worth can depend on those before it."""
        return any(row.band_from_units > 0 for row in self._of(place, kind))

    def _of(self, place: Place, kind: VehicleKind) -> list[MileageRate]:
        wanted = (place.country, place.currency, kind)
        return [row for row in self.rows if (row.country, row.currency, row.vehicle_kind) == wanted]


def table(session: Session) -> RateTable:
    return RateTable(session.scalars(select(MileageRate).order_by(MileageRate.band_from_units)).all())


def metres_before(
    session: Session, rep_id: int, country: str, kind: VehicleKind, on: date, position: int
) -> int:
    """What was driven in the tax year before a place in the order driven."""
    year_from_on = tax_year(country, on)[0]
    earlier = or_(Trip.on < on, and_(Trip.on == on, Trip.position < position))
    query = select(func.coalesce(func.sum(Trip.metres), 0)).where(
        Trip.rep_id == rep_id,
        Trip.vehicle_kind == kind,
        Trip.is_private.is_(False),
        Trip.on >= year_from_on,
        earlier,
        entries.standing(Trip),
    )
    opening = session.get(DrivenBefore, (rep_id, kind, year_from_on))
    return int(session.scalar(query) or 0) + (opening.metres if opening else 0)


def driven_before(session: Session, rep_id: int) -> Mapping[VehicleKind, Mapping[date, int]]:
    """The metres before Rounds kept count, by kind of vehicle and first day of the tax year."""
    found: dict[VehicleKind, dict[date, int]] = defaultdict(dict)
    for row in session.scalars(select(DrivenBefore).where(DrivenBefore.rep_id == rep_id)):
        found[row.kind][row.year_from_on] = row.metres
    return found


def price(
    session: Session, rates: RateTable, place: Place, trip: Trip, before_metres: int | None = None
) -> None:
    """Write into an entry what it is worth. ``before_metres`` None: counted here. A private one is worth
    nothing."""
    if trip.is_private:
        write(trip, (Part(None, trip.metres, 0),))
        return
    bands = rates.bands(place, trip.vehicle_kind, trip.on)
    if before_metres is None:
        before_metres = 0
        if rates.has_bands(place, trip.vehicle_kind):
            before_metres = metres_before(
                session, trip.rep_id, place.country, trip.vehicle_kind, trip.on, trip.position
            )
    write(trip, parts(before_metres, trip.metres, bands))


def write(trip: Trip, found: Sequence[Part]) -> None:
    """Put parts into an entry that is not flushed yet. In one band only, the trip itself says it all."""
    trip.rate_id = found[0].key
    trip.amount_minor = sum(part.amount_minor for part in found)
    shared = enumerate(found) if len(found) > 1 else ()
    trip.parts = [
        TripPart(position=position, rate_id=part.key, metres=part.metres, amount_minor=part.amount_minor)
        for position, part in shared
    ]


def _band(row: MileageRate) -> Band:
    rate = Rate(row.per_unit, row.unit.value, exponent(row.currency))
    return Band(row.id, band_metres(row.band_from_units, row.unit.value), rate)


def _holds(row: MileageRate, on: date) -> bool:
    return row.effective_from_on <= on and (row.until_on is None or row.until_on > on)
