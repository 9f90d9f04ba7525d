"""Numbers, money, distances and times as the person reads them: their locale, unit and zone.

Templates use these as filters. Distances come in metres, durations and times of day in seconds,
money in whole minor units, instants in UTC.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from babel.numbers import format_currency, format_decimal, get_currency_precision
from flask import Flask
from flask_babel import get_locale, gettext, ngettext
from flask_login import current_user

METRES_PER_MILE = Decimal("1609.344")


def distance(metres: int | None) -> str:
    """``12.4 km`` or ``7.7 mi``, by the person's choice; one decimal below 100."""
    if metres is None:
        return "–"
    miles = unit() == "mi"
    amount = Decimal(metres) / (METRES_PER_MILE if miles else 1000)
    pattern = "#,##0.0" if amount < 100 else "#,##0"
    number = format_decimal(amount, format=pattern, locale=locale())
    return f"{number} {'mi' if miles else 'km'}"


def duration(seconds: int | None) -> str:
    """``25 min``, ``2 h``, ``2 h 05``; rounded to the minute."""
    if seconds is None:
        return "–"
    minutes = round(seconds / 60)
    if minutes < 60:
        return gettext("%(n)s min", n=minutes)
    hours, rest = divmod(minutes, 60)
    return gettext("%(h)s h %(m)s", h=hours, m=f"{rest:02d}") if rest else gettext("%(h)s h", h=hours)


def clock_time(seconds: int | None) -> str:
    """``09:05`` from seconds after local midnight, to the minute."""
    if seconds is None:
        return "–"
    minutes = (seconds + 30) // 60 % (24 * 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def money(amount_minor: int | None, currency: str) -> str:
    """Whole minor units as an amount of ``currency``; pesos have no cents, dollars two."""
    if amount_minor is None:
        return "–"
    amount = Decimal(amount_minor).scaleb(-get_currency_precision(currency))
    return format_currency(amount, currency, locale=locale())


def day(value: date | None, form: str = "EEE d MMM") -> str:
    return format_date(value, format=form, locale=locale()) if value else "–"


def instant(value: datetime | None, form: str = "d MMM HH:mm") -> str:
    """An instant in the person's zone."""
    return format_datetime(value, form, tzinfo=ZoneInfo(zone()), locale=locale()) if value else "–"


def last_day(until_on: date | None) -> date | None:
    """The last date that counts of a range whose end does not."""
    return until_on - timedelta(days=1) if until_on else None


def percent(part: float | None) -> str:
    """``87 %`` from 0.87; a dash when there is nothing to divide by."""
    return "–" if part is None else f"{round(part * 100)} %"


def every(days: int | None) -> str:
    """A cadence as a sentence: ``every 4 weeks``."""
    if not days:
        return gettext("no cadence")
    if days % 7 == 0:
        weeks = days // 7
        return gettext("every week") if weeks == 1 else gettext("every %(n)s weeks", n=weeks)
    return ngettext("every day", "every %(num)s days", days)


def locale() -> str:
    return str(get_locale() or "en")


def unit() -> str:
    return current_user.signed_in.distance_unit if current_user.is_authenticated else "km"


def zone() -> str:
    return current_user.signed_in.zone if current_user.is_authenticated else "UTC"


def register(app: Flask) -> None:
    for function in (distance, duration, clock_time, money, day, last_day, instant, percent, every):
        app.add_template_filter(function)
