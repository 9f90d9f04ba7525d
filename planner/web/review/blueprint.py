"""The blueprint of the review, its local date, and which flags are how grave."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from flask import Blueprint, request

from planner import clock
from planner.domain.review import Flag
from planner.web.signin import signed_in

review = Blueprint("review", __name__, url_prefix="/review")

GRAVE = frozenset(
    {
        *(Flag.LONGER, Flag.DAY_LONGER, Flag.CLAIM_LONGER, Flag.ODOMETER, Flag.TOO_FAST),
        *(Flag.NO_RECEIPT, Flag.OVER_CAP, Flag.SAME_RECEIPT),
    }
)


MOST_QUEUED = 100
"""So many claims of a heap are shown at once. What is done with all of a heap is done with all of it."""


def today_on() -> date:
    """Today in the zone of the reviewer's territory."""
    return clock.today(signed_in().zone)


def claims_seen() -> list[tuple[int, int]]:
    """The claims on the page that was sent, as ``id:rev``."""
    return pairs(request.form.getlist("claim"))


def pairs(texts: Iterable[str]) -> list[tuple[int, int]]:
    """Claims written as ``id:rev``; what is not written so is left out."""
    parts = (text.split(":", 1) for text in texts if ":" in text)
    return [(int(claim_id), int(rev)) for claim_id, rev in parts if claim_id.isdigit() and rev.isdigit()]


@review.app_template_filter()
def flag_tone(flag: Flag) -> str:
    """The tone of a flag's chip: money may be wrong, or only worth a look."""
    return "bad" if flag in GRAVE else "warn"
