"""What the page of a day's order gives the phone: the times as they stand, and what it takes to tell those of
another order without a network. ``static/js/phone/times.js`` reads it and says its words.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext

from planner.services.days.known_drives import KnownDrives
from planner.services.days.visit_facts import DayVisit
from planner.services.days.wanted_order import Tried
from planner.web.formats import clock_time, duration
from planner.web.signin import signed_in
from routing.types import UNREACHABLE_SECONDS

Values = Mapping[str, Any]


def told(tried: Tried) -> Values:
    """The draft in words, as the phone writes them too: by visit its number, drive, begin and lateness."""
    at, hungry = tried.solved.lunch_begins, tried.lunch_late_seconds
    after = None if at is None else next((turn for turn in tried.turns if turn.begins >= at), None)
    return {
        "home": gettext("home %(time)s", time=clock_time(tried.home)),
        "homeAt": clock_time(tried.home),
        "homeDrive": duration(tried.solved.home_leg_seconds),
        "lunchLate": gettext("lunch %(time)s too late", time=duration(hungry)) if hungry >= 60 else "",
        "lunch": None if at is None else {"text": clock_time(at), "before": after and str(after.visit_id)},
        "visits": {
            str(turn.visit_id): {
                "number": turn.number,
                "begins": clock_time(turn.begins),
                "drive": duration(turn.leg_seconds),
                "late": gettext(
                    "%(time)s too late: until %(closes)s",
                    time=duration(turn.late_seconds),
                    closes=clock_time(turn.closes),
                )
                if turn.late_seconds
                else "",
            }
            for turn in tried.turns
        },
    }


def drives(known: KnownDrives, is_today: bool) -> Values:
    lunch = known.lunch
    return {
        "begins": known.begins,
        "ends": known.ends,
        "lunch": None if lunch is None else [lunch.earliest, lunch.latest, lunch.seconds],
        "isToday": is_today,
        "zone": signed_in().zone,
        "number": known.number,
        "visits": {str(visit.visit_id): _visit(place, visit) for place, visit in known.visits.items()},
        "seconds": [[None if one >= UNREACHABLE_SECONDS else one for one in row] for row in known.seconds],
    }


def _visit(place: int, visit: DayVisit) -> Values:
    windows = [[window.opens, window.closes] for window in visit.windows]
    return {"place": place, "service": visit.service_seconds, "windows": windows}


def words() -> Values:
    """``{…}`` are filled in on the phone."""
    return {
        "here": gettext("Times worked out on this phone; with a network they are checked."),
        "unknown": gettext("Times come when there is a network."),
        "save": gettext("Save this order"),
        "home": gettext("home %(time)s", time="{time}"),
        "late": gettext("%(time)s too late: until %(closes)s", time="{time}", closes="{closes}"),
        "lunchLate": gettext("lunch %(time)s too late", time="{time}"),
        "until": gettext("until %(time)s", time="{time}"),
        "minutes": gettext("%(n)s min", n="{n}"),
        "hours": gettext("%(h)s h", h="{h}"),
        "both": gettext("%(h)s h %(m)s", h="{h}", m="{m}"),
    }
