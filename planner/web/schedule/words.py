"""Sentences of the schedule pages: why an account has no day, and why nobody works on one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Protocol

from flask_babel import gettext, lazy_gettext, ngettext
from flask_login import current_user

from planner.services import calendars
from planner.web.formats import distance, duration, percent
from planner.web.languages import locale
from planner.web.schedule.blueprint import schedule
from planner.web.signin import signed_in

UNPLACED = {
    "no_place": lazy_gettext("No place on the map: put its pin."),
    "not_a_place": lazy_gettext("Its coordinates are no place: put its pin."),
    "swapped": lazy_gettext("Latitude and longitude look exchanged: check its pin."),
    "off_road": lazy_gettext("%(distance)s from the nearest road: check its pin."),
    "unreachable": lazy_gettext("No road leads there from the rep's home."),
    "never_open": lazy_gettext("Closed whenever the rep works while it is due: check its opening hours."),
    "too_long": lazy_gettext("The way there, the visit and the way home do not fit a working day."),
    "no_working_day": lazy_gettext("The rep does not work on any day it is due."),
    "gaps_clash": lazy_gettext("Open days exist, but none keeps both its gaps."),
    "days_full": lazy_gettext("Every day it could be visited is full."),
    "not_worth": lazy_gettext("It would fit, but takes more time than the visit is priced at."),
    "no_cadence": lazy_gettext("No cadence: give it one, or its class a rule."),
    "bad_cadence": lazy_gettext("Its cadence contradicts itself: check cadence, gaps and cycle."),
    "pinned_day_off": lazy_gettext("Its agreed visit lies on a day the rep does not work."),
    "after_horizon": lazy_gettext("Not due within the weeks planned."),
    "no_plan": lazy_gettext("Not planned yet."),
}

OFF = {
    "day_off": lazy_gettext("Day off"),
    "holiday": lazy_gettext("Holiday"),
    "absence": lazy_gettext("Absent"),
}

ABSENCES = {
    "leave": lazy_gettext("Leave"),
    "illness": lazy_gettext("Illness"),
    "training": lazy_gettext("Training"),
    "other": lazy_gettext("Absent"),
}


class Proven(Protocol):
    """A plan's days with visits, and those of them whose order is proven."""

    @property
    def days_driven(self) -> int: ...

    @property
    def days_proven(self) -> int: ...


class OffDay(Protocol):
    """A date nobody works on: the kind of reason, and its name where it has one."""

    @property
    def on(self) -> date: ...

    @property
    def off(self) -> str: ...

    @property
    def off_name(self) -> str: ...


@schedule.app_template_filter()
def unplaced(reason: str, values: Mapping[str, Any]) -> str:
    """Why an account has no day, and what to do about it."""
    said = {"distance": distance(values.get("metres"))}
    sentence = str(UNPLACED[reason]) % said
    seconds = values.get("seconds") if reason == "days_full" else None
    if not seconds:
        return sentence
    missing = gettext("%(time)s are missing.", time=duration(seconds))
    return f"{sentence} {missing}"


@schedule.app_template_filter()
def day_off(day: OffDay) -> str:
    """``Holiday: Viernes Santo``, ``Leave``, ``Day off``."""
    if day.off == "absence":
        return str(ABSENCES[day.off_name])
    if not day.off_name:
        return str(OFF[day.off])
    return f"{OFF[day.off]}: {holiday(day.off_name, day.on)}"


@schedule.app_template_filter()
def holiday(name: str, on: date, country: str | None = None) -> str:
    """A public holiday in the language of the page; of the person's country where none is named."""
    of_country = country or (signed_in().country if current_user.is_authenticated else None)
    return calendars.name_in(locale()[:2], of_country, on, name) if of_country else name


@schedule.app_template_filter()
def proof(version: Proven) -> str:
    """How many days are certainly driven in the best order their visits allow."""
    proven, driven = version.days_proven, version.days_driven
    if proven == driven:
        return gettext(
            "Proven for each of the %(n)s days: no other order of its visits drives less.", n=driven
        )
    said = {"proven": proven, "n": driven}
    return gettext("Proven for %(proven)s of %(n)s days: no other order of their visits drives less.", **said)


@schedule.app_template_filter()
def how_driven(driving: Mapping[str, Any]) -> str:
    """What the times of a plan assume, as it keeps it beside the version of its roads."""
    speed = percent(driving["speed_factor"])
    with_turns = gettext("Times at %(speed)s of the speed limit, minding turns", speed=speed)
    without = gettext("Times at %(speed)s of the speed limit, without turns", speed=speed)
    sentence = with_turns if driving["turns"] else without
    rush = len(driving["rush_hours"])
    if rush:
        sentence += ngettext(" and one rush hour", " and %(num)s rush hours", rush)
    return f"{sentence}."
