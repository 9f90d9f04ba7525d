"""Why a line is something to look at, as a sentence with its figures.

One sentence for each kind of flag that has figures; one without says its word. How a figure is said follows
from the end of its name: see ``planner.domain.findings``.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from flask_babel import LazyString, lazy_gettext

from planner.domain.findings import Finding
from planner.domain.review import Flag
from planner.web.expense_words import sentence_of
from planner.web.formats import day, distance, duration, money, percent
from planner.web.review.blueprint import review
from planner.web.words import word

BECAUSE: dict[Flag, LazyString] = {
    Flag.LONGER: lazy_gettext(
        "%(claimed_metres)s driven, %(expected_metres)s by road: %(apart_metres)s more (%(apart_share)s)"
    ),
    Flag.DAY_LONGER: lazy_gettext(
        "%(claimed_metres)s driven over the day, %(expected_metres)s by road:"
        " %(apart_metres)s more (%(apart_share)s)"
    ),
    Flag.CLAIM_LONGER: lazy_gettext(
        "over the whole claim %(claimed_metres)s driven, %(expected_metres)s by road:"
        " %(apart_metres)s more (%(apart_share)s); this day adds most"
    ),
    Flag.SHORTER: lazy_gettext(
        "%(claimed_metres)s driven, %(expected_metres)s by road: %(apart_metres)s less (%(apart_share)s)"
    ),
    Flag.OFF_PLAN: lazy_gettext(
        "%(claimed_metres)s claimed, %(expected_metres)s planned: %(apart_metres)s more (%(apart_share)s)"
    ),
    Flag.ODOMETER: lazy_gettext(
        "%(claimed_metres)s claimed since the last reading, the odometer went %(expected_metres)s"
    ),
    Flag.COMMUTE: lazy_gettext(
        "%(claimed_metres)s by hand, and the way between home and the same account is %(expected_metres)s:"
        " does it begin or end at home?"
    ),
    Flag.LATE: lazy_gettext("entered on %(entered_on)s, %(days)s days later"),
    Flag.DAY_OFF: lazy_gettext("%(on)s is a day off"),
    Flag.TOO_FAST: lazy_gettext(
        "%(before)s and %(after)s are noted %(apart_seconds)s apart, the road takes %(road_seconds)s"
    ),
    Flag.NOT_CLOSED: lazy_gettext("visits were held, but the day is not closed: its trips are missing"),
}

LATE_READING = lazy_gettext("the reading of %(late_on)s was noted late")
"""Behind the sentence about an odometer, with what the rep said."""


OF_THE_REST: dict[Flag, LazyString] = {
    Flag.DAY_LONGER: lazy_gettext(
        "%(claimed_metres)s driven on the other drives of the day, %(expected_metres)s by road:"
        " %(apart_metres)s more (%(apart_share)s)"
    ),
    Flag.CLAIM_LONGER: lazy_gettext(
        "on the drives of the claim that nothing else is asked about %(claimed_metres)s driven,"
        " %(expected_metres)s by road: %(apart_metres)s more (%(apart_share)s); this day adds most"
    ),
}
"""Where some drives are asked about by themselves."""

FORMS: dict[str, Callable[[Any], str]] = {
    "metres": distance,
    "seconds": duration,
    "share": percent,
}


@review.app_template_filter()
def because(finding: Finding) -> str:
    """A finding as a sentence; where it has none, the word of its flag."""
    sentences = OF_THE_REST if finding.values.get("is_rest") else BECAUSE
    sentence = sentence_of(finding) or sentences.get(finding.flag)
    if sentence is None:
        return word(finding.flag)
    currency = str(finding.values.get("currency", ""))
    said = {name: _said(name, value, currency) for name, value in finding.values.items()}
    return str(sentence) % said + _late_reading(said)


def _late_reading(said: dict[str, str]) -> str:
    if "late_on" not in said:
        return ""
    return f" · {str(LATE_READING) % said}" + (f": “{said['why']}”" if said["why"] else "")


def _said(name: str, value: Any, currency: str) -> str:
    if isinstance(value, date):
        return day(value, "EEEE d MMM")
    if name.endswith("_minor"):
        return money(value, currency)
    form = FORMS.get(name.rsplit("_", 1)[-1])
    return form(value) if form else str(value)
