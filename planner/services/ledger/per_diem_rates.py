"""Per diems as a dated table by country, kind of day and minutes away; published ones are there to be taken.

The newest amount from or before a day holds on it, for each kind and number of minutes by itself; an amount
of nothing ends a tier. What is taken over is marked until an admin has compared it with its source. No legal
advice.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from planner.domain.access import Actor
from planner.domain.errors import Conflict, Invalid, NotFound
from planner.domain.per_diem import DAY_MINUTES, PerDiemKind
from planner.models.expense_terms import PerDiemRate
from planner.models.ledger import Expense
from planner.services.installation import audit
from planner.services.ledger.currencies import is_currency

FILE = Path(__file__).with_name("known_per_diems.json")
HIGHEST_MINOR = 10**9
LONGEST_SOURCE = 240


@dataclass(frozen=True, slots=True)
class NewPerDiem:
    """``amount_minor`` from so many minutes away in a day on."""

    country: str
    kind: PerDiemKind
    from_minutes: int
    effective_from_on: date
    amount_minor: int
    currency: str
    source: str
    is_verified: bool = True


@dataclass(frozen=True, slots=True)
class ListedPerDiem:
    row: PerDiemRate
    is_used: bool


@dataclass(frozen=True, slots=True)
class KnownCountry:
    """``missing`` are those that are not in the table yet."""

    country: str
    rates: tuple[NewPerDiem, ...]
    missing: tuple[NewPerDiem, ...]


def on_day(session: Session, country: str, on: date) -> list[PerDiemRate]:
    """Those that hold in a country on a day."""
    query = select(PerDiemRate).where(PerDiemRate.country == country, PerDiemRate.effective_from_on <= on)
    rows = session.scalars(query.order_by(PerDiemRate.effective_from_on))
    return list({(row.kind, row.from_minutes): row for row in rows}.values())


def listed(session: Session) -> list[ListedPerDiem]:
    """All of them by country, kind and minutes, newest first."""
    order = (
        *(PerDiemRate.country, PerDiemRate.kind, PerDiemRate.from_minutes),
        PerDiemRate.effective_from_on.desc(),
    )
    found = session.execute(select(PerDiemRate, _is_used()).order_by(*order))
    return [ListedPerDiem(row, is_used) for row, is_used in found]


def add(session: Session, actor: Actor | None, now: datetime, new: NewPerDiem) -> PerDiemRate:
    """Raises Invalid for a field and Conflict("per_diem_known") for a day that has one."""
    _check(new)
    if _key(new) in _keys(session):
        raise Conflict("per_diem_known", on=new.effective_from_on.isoformat())
    row = PerDiemRate(**asdict(new))
    session.add(row)
    session.flush()
    audit.record(session, actor, now, "per_diem.added", "per_diem_rate", row.id, None, asdict(new))
    return row


def confirm(session: Session, actor: Actor, now: datetime, rate_id: int) -> None:
    """Say that an amount was compared with its source. Raises NotFound."""
    row = _row(session, rate_id)
    if not row.is_verified:
        row.is_verified = True
        after = {"is_verified": True}
        audit.record(session, actor, now, "per_diem.verified", "per_diem_rate", rate_id, None, after)


def remove(session: Session, actor: Actor, now: datetime, rate_id: int) -> None:
    """Take back an amount nobody claimed by. Raises NotFound and Conflict("per_diem_in_use")."""
    row = _row(session, rate_id)
    if session.scalar(select(_is_used()).where(PerDiemRate.id == rate_id)):
        raise Conflict("per_diem_in_use")
    before = {name: getattr(row, name) for name in NewPerDiem.__slots__}
    session.delete(row)
    session.flush()
    audit.record(session, actor, now, "per_diem.removed", "per_diem_rate", rate_id, before, None)


def countries(session: Session) -> list[KnownCountry]:
    """What is published, by country, and what of it is not in the table."""
    there = _keys(session)
    found = []
    for country in sorted({rate.country for rate in known()}):
        rates = tuple(rate for rate in known() if rate.country == country)
        missing = tuple(rate for rate in rates if _key(rate) not in there)
        found.append(KnownCountry(country, rates, missing))
    return found


def take(session: Session, actor: Actor, now: datetime, country: str) -> int:
    """Add a country's published amounts that are missing, as not verified; returns how many.

    Raises NotFound for a country nothing is known of.
    """
    chosen = next((each for each in countries(session) if each.country == country), None)
    if chosen is None:
        raise NotFound("per_diem_rate", id=country)
    for rate in chosen.missing:
        add(session, actor, now, rate)
    return len(chosen.missing)


@cache
def known() -> tuple[NewPerDiem, ...]:
    return tuple(_read(json.loads(FILE.read_text(encoding="utf-8"))))


def _row(session: Session, rate_id: int) -> PerDiemRate:
    row = session.get(PerDiemRate, rate_id)
    if row is None:
        raise NotFound("per_diem_rate", id=rate_id)
    return row


def _keys(session: Session) -> set[tuple[object, ...]]:
    columns = (
        PerDiemRate.country,
        PerDiemRate.kind,
        PerDiemRate.from_minutes,
        PerDiemRate.effective_from_on,
    )
    return {tuple(row) for row in session.execute(select(*columns))}


def _key(rate: NewPerDiem) -> tuple[object, ...]:
    return rate.country, rate.kind, rate.from_minutes, rate.effective_from_on


def _is_used() -> ColumnElement[bool]:
    return exists().where(Expense.per_diem_id == PerDiemRate.id).correlate(PerDiemRate)


def _check(new: NewPerDiem) -> None:
    if len(new.country) != 2 or not new.country.isalpha() or not new.country.isupper():
        raise Invalid("country", "country_format")
    if not is_currency(new.currency):
        raise Invalid("currency", "currency_unknown", currency=new.currency)
    if not 0 <= new.from_minutes <= DAY_MINUTES:
        raise Invalid("from_minutes", "per_diem_minutes", most=DAY_MINUTES)
    if not 0 <= new.amount_minor <= HIGHEST_MINOR:
        raise Invalid("amount", "amount_range")
    if not new.source.strip():
        raise Invalid("source", "source_missing")
    if len(new.source) > LONGEST_SOURCE:
        raise Invalid("source", "text_length", most=LONGEST_SOURCE)


def _read(rows: list[dict[str, Any]]) -> Iterator[NewPerDiem]:
    """Each line of the file has its tiers as pairs of minutes and minor units."""
    for row in rows:
        for from_minutes, amount_minor in row["tiers"]:
            yield NewPerDiem(
                country=row["country"],
                kind=PerDiemKind(row["kind"]),
                from_minutes=from_minutes,
                effective_from_on=date.fromisoformat(row["effective_from_on"]),
                amount_minor=amount_minor,
                currency=row["currency"],
                source=row["source"],
                is_verified=False,
            )
