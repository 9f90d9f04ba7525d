"""The blueprint of the review, its local date, and which flags are how grave."""

from __future__ import annotations

from datetime import date

from flask import Blueprint

from planner import clock
from planner.domain.review import Flag
from planner.web.signin import signed_in

review = Blueprint("review", __name__, url_prefix="/review")

GRAVE = frozenset({Flag.LONGER, Flag.ODOMETER, Flag.NO_RECEIPT})


def today_on() -> date:
    """Today in the zone of the reviewer's territory."""
    return clock.today(signed_in().zone)


@review.app_template_filter()
def flag_tone(flag: Flag) -> str:
    """The tone of a flag's chip: money may be wrong, or only worth a look."""
    return "bad" if flag in GRAVE else "warn"
