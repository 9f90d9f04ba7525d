"""The draft of a day's order as its page sends it, after the button that moves a visit."""

from __future__ import annotations

from werkzeug.datastructures import MultiDict

from planner.services.days.wanted_order import Wish, moved
from planner.web.asked import time_of_day


def asked_wish(sent: MultiDict[str, str]) -> Wish:
    """Raises Conflict("day_changed") where a visit is moved that is not in the draft."""
    wanted = tuple(sent.getlist("order", type=int))
    visit_id, _, by = sent.get("move", "").partition(":")
    if visit_id.isdecimal() and by in ("-1", "1"):
        wanted = moved(wanted, int(visit_id), int(by))
    times = {one: time_of_day(sent.get(f"at-{one}", "")) for one in wanted}
    return Wish(
        order=wanted,
        keep=frozenset(sent.getlist("keep", type=int)),
        begin_at={one: at for one, at in times.items() if at is not None},
    )
