"""Rates that tax offices have announced, as a file beside this module, taken over country by country.

They come in marked as not verified until an admin has compared them with their source. No legal advice.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.access import Actor
from planner.domain.errors import NotFound
from planner.domain.mileage_rates import VehicleKind
from planner.models.ledger import MileageRate
from planner.services.ledger import rates, repricing
from planner.services.ledger.rates import NewRate

FILE = Path(__file__).with_name("known_rates.json")


@dataclass(frozen=True, slots=True)
class KnownCountry:
    """``missing`` are those that are not in the table yet."""

    country: str
    rates: tuple[NewRate, ...]
    missing: tuple[NewRate, ...]


@dataclass(frozen=True, slots=True)
class Taken:
    """``left`` are known rates whose days another one already has."""

    added: int
    left: int


def countries(session: Session) -> list[KnownCountry]:
    """What is known, by country, and what of it is not in the table."""
    there = {tuple(row) for row in session.execute(select(*_KEY))}
    found = []
    for country in sorted({rate.country for rate in known()}):
        listed = tuple(rate for rate in known() if rate.country == country)
        missing = tuple(rate for rate in listed if _key(rate) not in there)
        found.append(KnownCountry(country, listed, missing))
    return found


def take(session: Session, actor: Actor, now: datetime, country: str) -> Taken:
    """Add a country's known rates, oldest first, each as not verified. Trips are priced anew.

    A rate is left when the firm has one of its own for some of its days: what it pays goes before what is
    known. Raises NotFound for a country nothing is known of.
    """
    chosen = next((each for each in countries(session) if each.country == country), None)
    if chosen is None:
        raise NotFound("rate", id=country)
    own = [row for row in session.scalars(select(MileageRate)) if _key(row) not in {*map(_key, known())}]
    wanted = [rate for rate in chosen.missing if not any(_goes_before(row, rate) for row in own)]
    since_on = min((rate.effective_from_on for rate in wanted), default=None)
    held = repricing.hold_all(session, country, since_on) if since_on is not None else ()
    for rate in sorted(wanted, key=lambda each: (each.effective_from_on, each.band_from_units)):
        rates.enter(session, actor, now, rate)
    if since_on is not None:
        repricing.settle_all(session, now, held, since_on)
    return Taken(len(wanted), len(chosen.missing) - len(wanted))


@cache
def known() -> tuple[NewRate, ...]:
    return tuple(_read(json.loads(FILE.read_text(encoding="utf-8"))))


_KEY = (
    MileageRate.country,
    MileageRate.vehicle_kind,
    MileageRate.band_from_units,
    MileageRate.effective_from_on,
)


def _goes_before(row: MileageRate, rate: NewRate) -> bool:
    """Whether a firm's own rate holds on some of the days of a known one. The firm's first band stands for
    its higher ones."""
    is_same = (row.country, row.vehicle_kind) == (rate.country, rate.vehicle_kind)
    return is_same and (row.until_on is None or row.until_on > rate.effective_from_on)


def _key(rate: NewRate | MileageRate) -> tuple[object, ...]:
    return rate.country, rate.vehicle_kind, rate.band_from_units, rate.effective_from_on


def _read(rows: list[dict[str, Any]]) -> Iterator[NewRate]:
    for row in rows:
        dates = ("effective_from_on", "until_on", "announced_on")
        read = {name: row[name] and date.fromisoformat(row[name]) for name in dates}
        exact = {"per_unit": Decimal(row["per_unit"]), "vehicle_kind": VehicleKind(row["vehicle_kind"])}
        yield NewRate(**{**row, **read, **exact}, is_verified=False)
