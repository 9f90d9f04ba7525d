"""One cell of an import file to one value, or Invalid with the reason.

Text is trimmed. A cell that begins with ``=`` is a formula and is refused everywhere: what it would
show is not in the file. ``-`` clears a value, an empty cell leaves it as it is; the caller decides that.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import Any

from planner.domain.accounts import LONGEST, LONGEST_VISIT_SECONDS
from planner.domain.cadence import LONGEST_DAYS
from planner.domain.errors import Invalid
from planner.domain.hours import read_hours
from planner.domain.import_columns import Column
from planner.domain.money import parse_amount
from planner.domain.places import read_degrees

CLEAR = "-"
DAYS_PER_MONTH = 365.25 / 12

KINDS = {
    word: kind
    for kind, words in {
        "account": "account customer client active cliente activo kunde aktiv",
        "prospect": "prospect lead potential prospecto potencial interessent neukunde",
    }.items()
    for word in words.split()
}

CADENCE_WORDS = {
    "daily": 1,
    "diario": 1,
    "taglich": 1,
    "weekly": 7,
    "semanal": 7,
    "wochentlich": 7,
    "fortnightly": 14,
    "biweekly": 14,
    "quincenal": 14,
    "bisemanal": 14,
    "zweiwochentlich": 14,
    "14 tagig": 14,
    "monthly": 28,
    "mensual": 28,
    "monatlich": 28,
    "bimonthly": 63,
    "bimestral": 63,
    "quarterly": 91,
    "trimestral": 91,
    "vierteljahrlich": 91,
    "quartalsweise": 91,
    "semestral": 182,
    "halbjahrlich": 182,
    "yearly": 364,
    "annual": 364,
    "annually": 364,
    "anual": 364,
    "jahrlich": 364,
}
"""Months count as the nearest whole number of weeks, so that the weekday stays."""

UNITS = {
    word: days
    for days, words in {
        1.0: "d day days dia dias tag tage tagen",
        7.0: "w week weeks wk wks sem semana semanas woche wochen",
        DAYS_PER_MONTH: "month months mes meses monat monate monaten",
    }.items()
    for word in words.split()
}


def cell_problem(text: str) -> str:
    """The code of what is wrong with any cell that looks like this, or an empty text."""
    return "formula" if text.startswith("=") else ""


def read_text(text: str, column: Column) -> str:
    plain = " ".join(text.split())
    most = LONGEST.get(column.value, 240)
    if len(plain) > most:
        raise Invalid(column, "too_long", most=most)
    return plain


def read_kind(text: str) -> str:
    """Raises Invalid("kind", "kind_unknown")."""
    kind = KINDS.get(_plain(text))
    if kind is None:
        raise Invalid(Column.KIND, "kind_unknown", text=text[:40])
    return kind


def read_class(text: str) -> str:
    """A, B or C, also as ``class a``. Raises Invalid("class", "class_unknown")."""
    letter = _plain(text).removeprefix("class ").removeprefix("clase ").removeprefix("klasse ").upper()
    if letter not in ("A", "B", "C"):
        raise Invalid(Column.ACCOUNT_CLASS, "class_unknown", text=text[:40])
    return letter


def read_cadence(text: str, field: str = Column.CADENCE) -> int:
    """Whole days from ``28``, ``4 weeks``, ``every 2 months``, ``monthly``, ``quincenal``, ``14-tägig``.

    Raises Invalid(field) with cadence_unreadable or days_out_of_range.
    """
    plain = re.sub(r"^(?:every|each|cada|alle)\s+", "", _plain(text))
    days = CADENCE_WORDS.get(plain)
    if days is None:
        match = re.fullmatch(r"(\d{0,4})(?:\.0)?\s*([a-z]*)", plain)
        if match is None or not plain or (match[2] and match[2] not in UNITS):
            raise Invalid(field, "cadence_unreadable", text=text[:40])
        days = _days(int(match[1] or 1), UNITS.get(match[2], 1.0))
    if not 0 < days <= LONGEST_DAYS:
        raise Invalid(field, "days_out_of_range", days=days, most=LONGEST_DAYS)
    return days


def _days(count: int, unit: float) -> int:
    return round(count * unit / 7) * 7 if unit == DAYS_PER_MONTH else int(count * unit)


def read_minutes(text: str) -> int:
    """Seconds from ``30``, ``30 min`` or ``0:45``. Raises Invalid("visit_minutes", "visit_length")."""
    match = re.fullmatch(
        r"(?:(\d{1,2}):)?(\d{1,3})(?:\.0)?\s*(?:m|min|mins|minutes|minutos|minuten)?", _plain(text)
    )
    seconds = int(match[1] or 0) * 3600 + int(match[2]) * 60 if match else 0
    if not 0 < seconds <= LONGEST_VISIT_SECONDS:
        raise Invalid(Column.VISIT_MINUTES, "visit_length")
    return seconds


def read_tags(text: str) -> list[str]:
    """Tags between commas, semicolons or bars, each once, in order."""
    return list(dict.fromkeys(tag for part in re.split(r"[,;|]", text) if (tag := " ".join(part.split()))))


def read_value(text: str, exponent: int, field: str) -> int:
    """Minor units of a yearly value; zero is one. Raises Invalid(field) with a money code."""
    plain = re.sub(r"[A-Z]{3}|[$€£¥]", "", text).strip()
    if re.fullmatch(r"0+(?:[.,]0+)?", plain):
        return 0
    try:
        return parse_amount(re.sub(r"[.]0$", "", plain), exponent)
    except Invalid as error:
        raise Invalid(field, error.code, **error.values) from None


def read_email(text: str, column: Column) -> str:
    plain = text.strip().casefold()
    if not re.fullmatch(r"[^@\s]+@[^@\s]+", plain) or len(plain) > 254:
        raise Invalid(column, "email_unreadable", text=text[:40])
    return plain


def read_cell(column: Column, text: str, exponent: int) -> Any:
    """The value of a cell of this column: text, number, tags (list) or windows (tuple).

    Raises Invalid(column) with the reason.
    """
    if code := cell_problem(text):
        raise Invalid(column, code)
    if column in (Column.VALUE, Column.POTENTIAL):
        return read_value(text, exponent, column)
    reader = READERS.get(column)
    return reader(text) if reader else read_text(text, column)


READERS: dict[Column, Callable[[str], Any]] = {
    Column.KIND: read_kind,
    Column.ACCOUNT_CLASS: read_class,
    Column.TAGS: read_tags,
    Column.LAT: lambda text: read_degrees(text, Column.LAT),
    Column.LON: lambda text: read_degrees(text, Column.LON),
    Column.CADENCE: read_cadence,
    Column.VISIT_MINUTES: read_minutes,
    Column.HOURS: lambda text: read_hours(text, Column.HOURS),
    Column.OWNER: lambda text: read_email(text, Column.OWNER),
    Column.CONTACT_EMAIL: lambda text: read_email(text, Column.CONTACT_EMAIL),
}


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return " ".join(plain.replace("-", " ").split())
