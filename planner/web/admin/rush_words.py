"""Rush hours in words: from when to when, and how much of the usual speed is left on which roads."""

from __future__ import annotations

from flask_babel import gettext

from planner.domain.day import DAY_SECONDS
from planner.domain.rush_hours import RushHours, read_rush_hours
from planner.web.formats import clock_time, percent


def rush_words(text: str) -> list[str]:
    """A sentence for each line of the setting."""
    return [_sentence(rush) for rush in read_rush_hours(text)]


def _sentence(rush: RushHours) -> str:
    ends = "24:00" if rush.ends == DAY_SECONDS else clock_time(rush.ends)
    hours = {"begins": clock_time(rush.begins), "ends": ends}
    if rush.main == rush.middle == rush.small:
        return gettext("%(begins)s–%(ends)s: %(share)s of the usual speed", share=percent(rush.main), **hours)
    shares = {name: percent(getattr(rush, name)) for name in ("main", "middle", "small")}
    return gettext(
        "%(begins)s–%(ends)s: main roads at %(main)s of the usual speed, middle ones at %(middle)s, "
        "small ones at %(small)s",
        **hours,
        **shares,
    )
