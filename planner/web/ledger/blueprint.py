"""The blueprint of the rep's log, the words of purposes, and the local date its views pass on."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Any

from flask import Blueprint
from flask_babel import LazyString, gettext, lazy_gettext

from planner import clock
from planner.domain.mileage import ADJUSTMENT, CONTRA, HOME, NIGHT, REPRICED, is_home
from planner.domain.visits import Outcome, VisitKind
from planner.services.ledger.corrections import Done, Way
from planner.web.formats import day, reader_locale
from planner.web.signin import signed_in
from planner.web.words import WORDS

ledger = Blueprint("ledger", __name__, url_prefix="/log")


def today_on() -> date:
    """Today in the zone of the rep's territory."""
    return clock.today(signed_in().zone)


@ledger.app_template_filter()
def purpose(code: str) -> str:
    """The purpose of a trip in words: a code of ours, or what the rep wrote."""
    return _purpose(code, reader_locale())


@lru_cache(maxsize=1024)
def _purpose(code: str, _locale: str) -> str:
    """Few codes, on thousands of lines; the locale is the one the words are in."""
    if code == HOME:
        return gettext("Way home")
    if code == NIGHT:
        return gettext("Way to the night's place")
    if code == ADJUSTMENT:
        return gettext("Adjustment to a later rate")
    if code == CONTRA:
        return gettext("Takes an earlier trip back")
    kind, _, what = code.partition(".")
    if kind not in set(VisitKind):
        return code
    came_of_it = _came_of_it(what)
    return f"{_visit(kind)}: {came_of_it}" if came_of_it else _visit(kind)


DONE: dict[Way, LazyString] = {
    Way.IN_PLACE: lazy_gettext("Corrected. The entry before it stays to be read."),
    Way.REVERSED: lazy_gettext("Reversed. It counts no more."),
    Way.TAKEN_BACK: lazy_gettext("Taken back in the claim of %(month)s."),
    Way.ENTERED_ANEW: lazy_gettext("Taken back, and entered anew beside that, in the claim of %(month)s."),
    Way.COUNTS_AGAIN: lazy_gettext("It counts again."),
}


def what_was_done(done: Done) -> str:
    """What to say after an entry was corrected or reversed."""
    return str(DONE[done.way]) % {"month": day(done.month_on, "MMMM y") if done.month_on else ""}


@ledger.app_template_filter()
def why_changed(reason: str) -> str:
    """Why an entry was changed: a code of ours in words, or what the rep wrote."""
    return gettext("Priced anew by the rates") if reason == REPRICED else reason


@ledger.app_template_filter()
def claim_month(claim: Any, form: str) -> str:
    """What a claim is called: its month, and its currency where the month has two."""
    month = day(claim.from_on, form)
    return f"{month} ({claim.currency})" if claim.is_one_of_two else month


@ledger.app_template_filter()
def ends(trip: Any) -> str:
    """Where a trip leads from and to, by the first part of each label. An end without an account is the rep's
    home, which is not told, but for one that a trip by hand has in words."""
    start = _end(trip.from_account_id, trip.from_label, trip.from_lat)
    goal = _end(trip.to_account_id, trip.to_label, trip.to_lat)
    return f"{start} → {goal}"


def _end(account_id: int | None, label: str, lat: float | None) -> str:
    return gettext("Home") if is_home(account_id, lat) else label.split(",", 1)[0]


def _visit(kind: str) -> str:
    if kind == VisitKind.CADENCE:
        return gettext("Visit")
    return gettext("Visit (%(kind)s)", kind=_word(VisitKind, kind))


def _came_of_it(what: str) -> str:
    if what == "missed":
        return gettext("nobody there")
    return _word(Outcome, what).lower() if what in set(Outcome) else ""


def _word(kind: type[StrEnum], value: str) -> str:
    return str(WORDS[kind][kind(value)])
