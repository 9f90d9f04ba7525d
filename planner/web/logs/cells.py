"""Cells that the tables of all logs share: ends, distances, money, and what was corrected."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from flask_babel import gettext

from planner.domain.export_columns import Cell
from planner.domain.logged_trips import Change, ChangeKind, LoggedTrip, RatePaid, Where
from planner.domain.mileage import METRES_PER
from planner.domain.money import major
from planner.services.ledger.currencies import exponent
from planner.services.ledger.log_entries import HOME_NAME
from planner.services.ledger.official_logs import OfficialLog
from planner.web.formats import day, instant, number
from planner.web.ledger.blueprint import purpose, why_changed
from planner.web.words import word

TENTH = Decimal("0.1")
THOUSANDTH = Decimal("0.001")


@dataclass(frozen=True, slots=True)
class Exactness:
    """In which unit distances stand and how exactly; ``has_metres``: whole metres stand beside them."""

    unit: str
    step: Decimal
    has_metres: bool

    def distance(self, metres: int | None) -> Decimal | None:
        """Half up; None and nothing at all stay empty."""
        if metres is None:
            return None
        return (Decimal(metres) / METRES_PER[self.unit]).quantize(self.step, ROUND_HALF_UP)

    def some(self, metres: int) -> Decimal | None:
        """Empty where there is nothing."""
        return self.distance(metres) if metres else None

    def written(self, metres: int) -> str:
        return f"{number(self.distance(metres))} {self.unit}"

    def header(self, text: str) -> str:
        return f"{text} ({self.unit})"


def plain(value: Decimal) -> Decimal:
    """Without the zeros a database adds: 0.4500 is 0.45."""
    return Decimal(f"{value.normalize():f}")


def money(minor: int, currency: str) -> Decimal:
    return major(minor, exponent(currency))


def name(where: Where) -> str:
    return gettext("Home") if where.name == HOME_NAME else where.name


def place(where: Where) -> str:
    """Name and address in one."""
    return ", ".join(part for part in (name(where), where.address) if part)


def why(trip: LoggedTrip) -> str:
    """The purpose in words, or that it is none of the company's business."""
    return gettext("Private") if trip.is_private else purpose(trip.purpose)


def rate(trip: LoggedTrip, exact: Exactness) -> Cell:
    """The rate with the unit it is for, which need not be that of the log's distances; each share at its own
    where a trip crosses a band."""
    paid = [(share, share.rate) for share in trip.shares if share.rate is not None]
    if not paid or trip.is_adjustment:
        return None
    if len(trip.shares) == 1:
        return _per_unit(paid[0][1])
    return " + ".join(f"{exact.written(share.metres)} × {_per_unit(found)}" for share, found in paid)


def _per_unit(found: RatePaid) -> str:
    return f"{number(found.per_unit)}/{found.unit}"


def in_time(trip: LoggedTrip) -> str:
    return gettext("late") if trip.is_late else gettext("yes")


def corrected(log: OfficialLog, exact: Exactness) -> dict[int, str]:
    """What was corrected of each trip, by its entry, in one text."""
    found: dict[int, list[str]] = {}
    for change in log.changes:
        if change.entry_id is not None:
            found.setdefault(change.entry_id, []).append(in_words(change, exact))
    return {entry_id: "; ".join(texts) for entry_id, texts in found.items()}


def in_words(change: Change, exact: Exactness) -> str:
    old, new = both(change, exact)
    said = gettext(
        "%(what)s %(new)s, was %(old)s (%(who)s, %(when)s)",
        what=word(change.kind),
        old=old,
        new=new or "–",
        who=who(change),
        when=instant(change.at, "d MMM y HH:mm"),
    )
    return f"{said}: {why_changed(change.reason)}" if change.reason else said


def both(change: Change, exact: Exactness) -> tuple[str, str]:
    """The old value and the new one in words."""
    return _value(change, change.old, exact), _value(change, change.new, exact)


def who(change: Change) -> str:
    return change.by or gettext("by the rates")


def _value(change: Change, value: int | str, exact: Exactness) -> str:
    if isinstance(value, str):
        return purpose(value)
    if change.kind is ChangeKind.AMOUNT:
        return f"{number(money(value, change.currency))} {change.currency}"
    if change.kind is ChangeKind.REVERSED and not value:
        return ""
    return exact.written(value)


def long_day(value: object) -> str:
    return day(value, "d MMM y")  # type: ignore[arg-type]
