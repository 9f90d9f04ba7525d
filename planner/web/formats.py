"""Numbers, money, distances and times as the person reads them: their locale, unit and zone.

Templates use these as filters. Distances come in metres, durations and times of day in seconds,
money in whole minor units, instants in UTC.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.numbers import format_currency, format_decimal, get_currency_precision
from flask import Flask, has_request_context, request
from flask_babel import gettext, ngettext
from flask_login import current_user

from planner.web.languages import locale

METRES_PER_MILE = Decimal("1609.344")
READER = "rounds.reader"

JOINED = {"es": (("d MMMM", "d 'de' MMMM"), ("MMMM y", "MMMM 'de' y"))}
"""By language: what stands between the parts of a date with the month in full. Elsewhere nothing does."""


def distance(metres: int | None) -> str:
    """``12.4 km`` or ``7.7 mi``, by the person's choice; one decimal below 100."""
    if metres is None:
        return "–"
    language, wanted = _reader()
    amount = Decimal(metres) / (METRES_PER_MILE if wanted == "mi" else 1000)
    number = _grouped(amount, 1 if amount < 100 else 0, *_marks(language))
    return f"{number} {'mi' if wanted == 'mi' else 'km'}"


def duration(seconds: int | None) -> str:
    """``25 min``, ``2 h``, ``2 h 05``; rounded to the minute."""
    if seconds is None:
        return "–"
    minutes = round(seconds / 60)
    if minutes < 60:
        return gettext("%(n)s min", n=minutes)
    hours, rest = minutes // 60, f"{minutes % 60:02d}"
    return gettext("%(h)s h", h=hours) if rest == "00" else gettext("%(h)s h %(m)s", h=hours, m=rest)


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
    language, decimals = _reader()[0], get_currency_precision(currency)
    amount, around = Decimal(amount_minor).scaleb(-decimals), _around_money(currency, language)
    if around is None or amount_minor < 0:
        return format_currency(amount, currency, locale=language)
    return around[0] + _grouped(amount, decimals, *_marks(language)) + around[1]


def sums(amounts: Mapping[str, int]) -> str:
    """Whole minor units by currency, one beside the other."""
    return " + ".join(money(amount_minor, currency) for currency, amount_minor in amounts.items())


def reader_locale() -> str:
    """The person's locale, asked once a request; outside of one there is no person to ask for."""
    return _reader()[0] if has_request_context() else locale()


def _reader() -> tuple[str, str]:
    """The person's locale and unit, asked once a request: a page may hold ten thousand figures."""
    if not has_request_context():
        return locale(), unit()
    kept: tuple[str, str] | None = request.environ.get(READER)
    if kept is None:
        kept = request.environ[READER] = (locale(), unit())
    return kept


def _grouped(amount: Decimal, decimals: int, point: str, comma: str) -> str:
    """As ``format_decimal`` writes it in groups of three, in a twentieth of the time: pages of claims hold
    thousands of numbers."""
    text = f"{amount:,.{decimals}f}"
    return text.translate({ord(","): comma, ord("."): point})


@lru_cache
def _marks(locale: str) -> tuple[str, str]:
    """The decimal point and the mark between groups."""
    symbols = Locale.parse(locale).number_symbols["latn"]
    return symbols["decimal"], symbols["group"]


@lru_cache
def _around_money(currency: str, locale: str) -> tuple[str, str] | None:
    """What stands before and after an amount; None where amounts are not written in groups of three."""
    decimals = get_currency_precision(currency)
    example = Decimal(12_345_678).quantize(Decimal(1).scaleb(-decimals))
    before, found, after = format_currency(example, currency, locale=locale).partition(
        _grouped(example, decimals, *_marks(locale))
    )
    return (before, after) if found else None


def whole(value: int) -> str:
    """A whole number with the groups of the person's language: ``10,000``."""
    return str(format_decimal(value, format="#,##0", locale=locale()))


def day(value: date | None, form: str = "EEE d MMM") -> str:
    return _day(value, form, reader_locale()) if value else "–"


@lru_cache(maxsize=4096)
def _day(value: date, form: str, language: str) -> str:
    """Few days, on thousands of lines."""
    return str(format_date(value, format=_joined(form, language), locale=language))


def instant(value: datetime | None, form: str = "d MMM HH:mm") -> str:
    """An instant in the person's zone."""
    if value is None:
        return "–"
    language = reader_locale()
    return format_datetime(value, _joined(form, language), tzinfo=ZoneInfo(zone()), locale=language)


def _joined(form: str, language: str) -> str:
    """A pattern of CLDR with the words the language puts between day, written-out month and year."""
    for bare, joined in JOINED.get(language[:2], ()):
        form = form.replace(bare, joined)
    return form


def number(value: float | Decimal | None) -> str:
    """A figure with the decimal sign of the locale, as exact as it is given: ``0.85``, ``0,85``."""
    if value is None:
        return "–"
    return format_decimal(Decimal(str(value)), format="#,##0.######", locale=locale())


def last_day(until_on: date | None) -> date | None:
    """The last date that counts of a range whose end does not."""
    return until_on - timedelta(days=1) if until_on else None


def percent(part: float | None) -> str:
    """``87 %`` from 0.87; a dash when there is nothing to divide by."""
    return "–" if part is None else f"{round(part * 100)} %"


def signed_percent(part: float | None) -> str:
    """``+4 %`` from 0.04, ``−4 %`` from -0.04."""
    if part is None:
        return "–"
    number = round(part * 100)
    return f"{'−' if number < 0 else '+'}{abs(number)} %"


def every(days: int | None) -> str:
    """A cadence as a sentence: ``every 4 weeks``."""
    if not days:
        return gettext("no cadence")
    if days % 7 == 0:
        weeks = days // 7
        return gettext("every week") if weeks == 1 else gettext("every %(n)s weeks", n=weeks)
    return ngettext("every day", "every %(num)s days", days)


def unit() -> str:
    return current_user.signed_in.distance_unit if current_user.is_authenticated else "km"


def zone() -> str:
    return current_user.signed_in.zone if current_user.is_authenticated else "UTC"


def register(app: Flask) -> None:
    for function in (
        distance,
        duration,
        clock_time,
        money,
        sums,
        whole,
        day,
        last_day,
        instant,
        number,
        percent,
        signed_percent,
        every,
    ):
        app.add_template_filter(function)
