"""What was changed about a day, as a sentence for the way back and for the day's history."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask_babel import gettext, ngettext

from planner.services.days.day_changes import Change
from planner.web.formats import clock_time, day


def said(change: Change) -> str:
    """One sentence; a kind that has none is shown as a change and nothing more."""
    told = change.told
    says = SAYS.get(change.kind)
    return says(told) if says else gettext("The day was changed.")


def _replanned(told: Mapping[str, Any]) -> str:
    begin = (
        gettext("Re-planned from where you were: home %(time)s.", time=clock_time(told["home"]))
        if told["from_position"]
        else gettext("Re-planned: home %(time)s.", time=clock_time(told["home"]))
    )
    return f"{begin} {_left_out(told)}".strip()


def _left_out(told: Mapping[str, Any]) -> str:
    count = told.get("left_out", 0)
    return ngettext("%(num)s left out.", "%(num)s left out.", count) if count else ""


def _kept(told: Mapping[str, Any]) -> str:
    if told["is_added"]:
        return _added(told)
    return gettext("Everything kept: home %(time)s.", time=clock_time(told["home"]))


def _moved(told: Mapping[str, Any]) -> str:
    moves = ", ".join(_move(gone) for gone in told["gone"])
    return gettext("%(moves)s: home %(time)s.", moves=moves, time=clock_time(told["home"]))


def _move(gone: Mapping[str, str]) -> str:
    if gone["on"] is None:
        return gettext("%(name)s left out", name=gone["name"])
    return gettext("%(name)s to %(day)s", name=gone["name"], day=day(date.fromisoformat(gone["on"])))


def _later(told: Mapping[str, Any]) -> str:
    return gettext(
        "%(name)s again from %(later)s: home %(time)s.",
        name=told["name"],
        later=clock_time(told["later_than"]),
        time=clock_time(told["home"]),
    )


def _added(told: Mapping[str, Any]) -> str:
    return gettext("%(name)s added: home %(time)s.", name=told["name"], time=clock_time(told["home"]))


def _ordered(told: Mapping[str, Any]) -> str:
    begin = gettext("Order changed: home %(time)s.", time=clock_time(told["home"]))
    if not told["late"]:
        return begin
    late = ngettext("%(num)s late.", "%(num)s late.", told["late"])
    return f"{begin} {late}"


def _closed(told: Mapping[str, Any]) -> str:
    values = {"name": told["name"], "from": clock_time(told["from"]), "until": clock_time(told["until"])}
    if told["weekday"] is None:
        return gettext("%(name)s is closed from %(from)s to %(until)s every day.", **values)
    return gettext("%(name)s is closed from %(from)s to %(until)s on this weekday.", **values)


def _longer(told: Mapping[str, Any]) -> str:
    return gettext("A visit at %(name)s takes %(n)s min.", name=told["name"], n=told["minutes"])


def _pin(told: Mapping[str, Any]) -> str:
    return gettext("The pin of %(name)s was moved.", name=told["name"])


SAYS = {
    "taught_closed": _closed,
    "taught_longer": _longer,
    "taught_pin": _pin,
    "ordered": _ordered,
    "added": _added,
    "replanned": _replanned,
    "keep": _kept,
    "fewest": _moved,
    "one": _moved,
    "move": _moved,
    "next_time": _moved,
    "later": _later,
}
