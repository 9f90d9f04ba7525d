"""Mileage logs as three tax laws ask for them: which form, which period, which paper.

The forms follow IRS Publication 463 (USA), HMRC's guidance on business travel records (UK, EIM31200 and the
rates of ITEPA 2003 section 230) and section 6 paragraph 1 number 4 sentence 3 EStG with R 8.1 (9) LStR
(Germany). ``from_on`` counts, ``until_on`` does not.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from enum import StrEnum

from dateutil.relativedelta import relativedelta

from planner.domain.mileage import METRES_PER
from planner.domain.mileage_rates import tax_year
from planner.domain.months import month

LONGEST = relativedelta(years=1)
"""A log holds a year at most."""


class LogForm(StrEnum):
    US = "us"
    UK = "uk"
    DE = "de"


class PeriodKind(StrEnum):
    MONTH = "month"
    QUARTER = "quarter"
    TAX_YEAR = "tax_year"
    CALENDAR_YEAR = "calendar_year"
    DATES = "dates"


FORMS = {"US": LogForm.US, "GB": LogForm.UK}
UNITS = {LogForm.US: "mi", LogForm.UK: "mi", LogForm.DE: "km"}

LETTER = frozenset({"BZ", "CA", "CL", "CO", "CR", "GT", "MX", "NI", "PA", "PH", "PR", "SV", "US", "VE"})
"""Countries that print on US Letter, as CLDR's ``paperSize`` has them; elsewhere it is A4."""

POSTCODE = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b", re.IGNORECASE)
"""A postcode of the UK within an address."""

UK_SHARE_PERCENT = 10
UK_METRES = 2 * METRES_PER["mi"]


def form_for(country: str) -> LogForm:
    """The form of a country; elsewhere the strictest of the three, which is the German one."""
    return FORMS.get(country, LogForm.DE)


def period(
    kind: PeriodKind, on: date, country: str, from_on: date | None = None, last_on: date | None = None
) -> tuple[date, date]:
    """The period of a kind that a day lies in. Of dates: from ``from_on`` to ``last_on``, both counted, at
    most a year; a later end is brought forward, one before the beginning is taken as the same day."""
    if kind is PeriodKind.DATES:
        first = from_on or on
        return first, min(max(last_on or on, first) + timedelta(days=1), first + LONGEST)
    if kind is PeriodKind.TAX_YEAR:
        return tax_year(country, on)
    if kind is PeriodKind.CALENDAR_YEAR:
        return date(on.year, 1, 1), date(on.year + 1, 1, 1)
    if kind is PeriodKind.QUARTER:
        first = date(on.year, on.month - (on.month - 1) % 3, 1)
        return first, first + relativedelta(months=3)
    return month(on)


def needs_reason(claimed_metres: int, road_metres: int) -> bool:
    """Whether a UK log owes a reason: more than the road by over 10 % and by over 2 miles."""
    more = claimed_metres - road_metres
    return more > UK_METRES and 100 * more > UK_SHARE_PERCENT * road_metres


def postcode_in(address: str) -> str:
    """The UK postcode in an address, empty when there is none."""
    found = POSTCODE.search(address)
    return found[0].upper() if found else ""
