"""How good the order of a day is known to be, as one quiet sentence in the words of its goal."""

from __future__ import annotations

from flask import Flask
from flask_babel import gettext, lazy_gettext

from planner.domain.day_goals import DayGoal, Proof
from planner.web.formats import percent

DRIVING = lazy_gettext("Proven: no other order drives less.")
PROVEN = {
    DayGoal.LEAST_DRIVING: DRIVING,
    DayGoal.EARLIEST_HOME: lazy_gettext("Proven: no other order is home earlier."),
    DayGoal.MOST_VALUE: lazy_gettext("Proven: no other choice of visits is worth more."),
}


def proof_said(proof: Proof | None) -> str:
    """Empty where nothing is known. Where visits are left out, what they are worth is in the percent too."""
    if proof is None:
        return ""
    is_whole_of_value = proof.goal is DayGoal.MOST_VALUE and not proof.has_left_out
    if proof.is_proven:
        return str(DRIVING if is_whole_of_value else PROVEN[proof.goal])
    most = percent(proof.within_percent / 100)
    if proof.has_left_out:
        return gettext("At most %(most)s from the best possible, visits left out counted.", most=most)
    if proof.goal is DayGoal.EARLIEST_HOME:
        return gettext("At most %(most)s more time beside the visits than the best possible.", most=most)
    return gettext("At most %(most)s more driving than the best possible.", most=most)


def register(app: Flask) -> None:
    app.add_template_filter(proof_said)
