"""Mileage rates: a dated table per country, kind of vehicle and yearly band, looked up by the day driven.

``effective_from_on`` counts, ``until_on`` does not. A rate that trips were paid by stays as it is; the next
one of its band ends it, from today, from a day to come or from one that is past: trips in open claims are
then priced anew, those in locked ones get adjustments proposed. A day without a rate is worth nothing and
says so; it is never an error.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import Session

from planner.domain.access import Actor
from planner.domain.errors import Conflict, Invalid, NotFound
from planner.domain.mileage import METRES_PER, Rate, amount_minor
from planner.domain.mileage_rates import VehicleKind
from planner.models.ledger import MileageRate, Trip, TripPart
from planner.models.people import DistanceUnit
from planner.services.installation import audit
from planner.services.ledger import repricing
from planner.services.ledger.currencies import exponent, is_currency

HIGHEST = Decimal("100000")
DECIMALS = 4
FARTHEST_BAND = 1_000_000
LONGEST_SOURCE = 240


@dataclass(frozen=True, slots=True)
class NewRate:
    """``per_unit`` of ``currency`` per ``unit`` ("km" or "mi"), as ``source`` announced it, once
    ``band_from_units`` of that unit are driven in the tax year."""

    country: str
    currency: str
    per_unit: Decimal
    unit: str
    effective_from_on: date
    until_on: date | None = None
    announced_on: date | None = None
    source: str = ""
    vehicle_kind: VehicleKind = VehicleKind.CAR
    band_from_units: int = 0
    is_verified: bool = True


@dataclass(frozen=True, slots=True)
class ListedRate:
    row: MileageRate
    is_used: bool


def on_day(
    session: Session, country: str, currency: str, on: date, kind: VehicleKind = VehicleKind.CAR
) -> MileageRate | None:
    """The rate of a country's vehicles on a day, when there is one in this currency: that of the first
    metre of the tax year."""
    return session.scalar(
        select(MileageRate).where(
            MileageRate.country == country,
            MileageRate.currency == currency,
            MileageRate.vehicle_kind == kind,
            MileageRate.band_from_units == 0,
            MileageRate.effective_from_on <= on,
            or_(MileageRate.until_on.is_(None), MileageRate.until_on > on),
        )
    )


def amount(metres: int, rate: MileageRate | None) -> int:
    """What a trip is worth in minor units; nothing without a rate."""
    if rate is None:
        return 0
    return amount_minor(metres, Rate(rate.per_unit, rate.unit.value, exponent(rate.currency)))


def listed(session: Session) -> list[ListedRate]:
    """All rates by country, kind of vehicle and band, newest first, and whether trips were paid by them."""
    query = select(MileageRate, _is_used()).order_by(
        *(MileageRate.country, MileageRate.vehicle_kind, MileageRate.band_from_units),
        MileageRate.effective_from_on.desc(),
    )
    return [ListedRate(row, is_used) for row, is_used in session.execute(query)]


def add(session: Session, actor: Actor | None, now: datetime, new: NewRate) -> MileageRate:
    """Add a rate; the one of its band before it ends where it begins, and it ends where the next begins
    unless it says when. Trips are priced anew.

    Raises Invalid for a field, and Invalid("effective_from_on", "rate_overlaps") for one that begins on the
    day of another or ends within one.
    """
    held = repricing.hold_all(session, new.country, new.effective_from_on)
    row = enter(session, actor, now, new)
    repricing.settle_all(session, now, held, row.effective_from_on)
    return row


def enter(session: Session, actor: Actor | None, now: datetime, new: NewRate) -> MileageRate:
    """As ``add``, and the trips are the caller's business."""
    _check(new)
    others = session.scalars(select(MileageRate).where(*_same_band(new))).all()
    new = _until_the_next(others, new)
    for other in others:
        if other.effective_from_on < new.effective_from_on and _ends_with_the_next(other, others, new):
            other.until_on = new.effective_from_on
    _check_free(others, new)
    _check_first_band(session, new)
    row = MileageRate(**{**asdict(new), "unit": DistanceUnit(new.unit)})
    session.add(row)
    session.flush()
    audit.record(session, actor, now, "rate.added", "mileage_rate", row.id, None, asdict(new))
    return row


def confirm(session: Session, actor: Actor, now: datetime, rate_id: int) -> None:
    """Say that a rate was compared with its source. Raises NotFound."""
    row = _row(session, rate_id)
    if not row.is_verified:
        row.is_verified = True
        audit.record(
            session, actor, now, "rate.verified", "mileage_rate", rate_id, None, {"is_verified": True}
        )


def remove(session: Session, actor: Actor, now: datetime, rate_id: int) -> None:
    """Take back a rate nobody was paid by. Raises NotFound and Conflict("rate_in_use")."""
    row = _row(session, rate_id)
    if session.scalar(select(_is_used()).where(MileageRate.id == rate_id)):
        raise Conflict("rate_in_use")
    since_on = row.effective_from_on
    held = repricing.hold_all(session, row.country, since_on)
    _reopen(session, row)
    before = {"country": row.country, "per_unit": row.per_unit, "effective_from_on": row.effective_from_on}
    session.delete(row)
    session.flush()
    audit.record(session, actor, now, "rate.removed", "mileage_rate", rate_id, before, None)
    repricing.settle_all(session, now, held, since_on)


def _row(session: Session, rate_id: int) -> MileageRate:
    row = session.get(MileageRate, rate_id)
    if row is None:
        raise NotFound("rate", id=rate_id)
    return row


def _is_used() -> ColumnElement[bool]:
    """The condition that some trip was paid by a rate."""
    by_trip = exists().where(Trip.rate_id == MileageRate.id)
    return by_trip.correlate(MileageRate) | exists().where(TripPart.rate_id == MileageRate.id).correlate(
        MileageRate
    )


def _same_band(rate: NewRate | MileageRate) -> tuple[ColumnElement[bool], ...]:
    return (
        MileageRate.country == rate.country,
        MileageRate.vehicle_kind == rate.vehicle_kind,
        MileageRate.band_from_units == rate.band_from_units,
    )


def _reopen(session: Session, row: MileageRate) -> None:
    """The rate that ended where this one begins takes its place again."""
    former = session.scalar(
        select(MileageRate).where(*_same_band(row), MileageRate.until_on == row.effective_from_on)
    )
    if former is not None:
        former.until_on = row.until_on


def _check(new: NewRate) -> None:
    if len(new.country) != 2 or not new.country.isalpha() or not new.country.isupper():
        raise Invalid("country", "country_format")
    if not is_currency(new.currency):
        raise Invalid("currency", "currency_unknown", currency=new.currency)
    if new.unit not in METRES_PER:
        raise Invalid("unit", "unit_unknown")
    is_fine = new.per_unit.is_finite() and 0 <= new.per_unit <= HIGHEST
    if not is_fine or round(new.per_unit, DECIMALS) != new.per_unit:
        raise Invalid("per_unit", "rate_range", most=int(HIGHEST), decimals=DECIMALS)
    if not 0 <= new.band_from_units <= FARTHEST_BAND:
        raise Invalid("band_from_units", "band_range", most=FARTHEST_BAND)
    if new.until_on is not None and new.until_on <= new.effective_from_on:
        raise Invalid("until_on", "dates_reversed")
    if not new.source.strip():
        raise Invalid("source", "source_missing")
    if len(new.source) > LONGEST_SOURCE:
        raise Invalid("source", "text_length", most=LONGEST_SOURCE)


def _until_the_next(others: Sequence[MileageRate], new: NewRate) -> NewRate:
    later = [each.effective_from_on for each in others if each.effective_from_on > new.effective_from_on]
    return new if new.until_on is not None or not later else replace(new, until_on=min(later))


def _ends_with_the_next(other: MileageRate, others: Sequence[MileageRate], new: NewRate) -> bool:
    """Whether it has no end of its own: it holds on, or until the next one, which the new one leads up to."""
    if other.until_on is None:
        return True
    is_next = any(each.effective_from_on == other.until_on for each in others)
    return is_next and new.effective_from_on < other.until_on == new.until_on


def _check_free(others: Sequence[MileageRate], new: NewRate) -> None:
    for other in others:
        begins_before_end = new.until_on is None or other.effective_from_on < new.until_on
        ends_after_begin = other.until_on is None or other.until_on > new.effective_from_on
        if begins_before_end and ends_after_begin:
            raise Invalid("effective_from_on", "rate_overlaps", since=other.effective_from_on.isoformat())


def _check_first_band(session: Session, new: NewRate) -> None:
    """A higher band needs a first one to be higher than, or nothing would say what comes below it."""
    if new.band_from_units == 0:
        return
    first = on_day(session, new.country, new.currency, new.effective_from_on, new.vehicle_kind)
    if first is None:
        raise Invalid("band_from_units", "band_without_first")
