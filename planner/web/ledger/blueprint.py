"""The blueprint of the rep's log, the words of purposes, and the local date its views pass on."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from flask import Blueprint
from flask_babel import gettext

from planner import clock
from planner.domain.mileage import HOME
from planner.domain.visits import Outcome, VisitKind
from planner.web.signin import signed_in
from planner.web.words import WORDS

ledger = Blueprint("ledger", __name__, url_prefix="/log")


def today_on() -> date:
    """Today in the zone of the rep's territory."""
    return clock.today(signed_in().zone)


@ledger.app_template_filter()
def purpose(code: str) -> str:
    """The purpose of a trip in words: a code of ours, or what the rep wrote."""
    if code == HOME:
        return gettext("Way home")
    kind, _, what = code.partition(".")
    if kind not in set(VisitKind):
        return code
    came_of_it = _came_of_it(what)
    return f"{_visit(kind)}: {came_of_it}" if came_of_it else _visit(kind)


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
