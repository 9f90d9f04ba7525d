"""What a version changes against what stands, in a few plain sentences."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from flask_babel import gettext, lazy_gettext, ngettext

from planner.domain.plan_difference import Reach, WeekChange
from planner.services.schedule.first_class import Against, FirstClassLine
from planner.services.schedule.night_changes import NightChange
from planner.services.schedule.version_difference import Difference, Driving
from planner.web.formats import day, duration, percent
from planner.web.schedule import input_words
from planner.web.schedule.names import some_names
from planner.web.schedule.words import day_off

MOST_LINES = 5
MINUTE = 60

REACH = {
    Reach.ALL_NEAR: lazy_gettext("by a day or two"),
    Reach.MOST_NEAR: lazy_gettext("most by a day or two"),
    Reach.FEW_NEAR: lazy_gettext("half of them or more by over two days"),
    Reach.ALL_FAR: lazy_gettext("by more than two days"),
}

AGAINST = {
    Against.ARCHIVED: lazy_gettext("the account is archived"),
    Against.BLOCKED: lazy_gettext("it wants no visits on the old day"),
    Against.CLOSED: lazy_gettext("it is closed on the old day"),
    Against.TOO_EARLY: lazy_gettext("the old day is too early after the visit before"),
    Against.TOO_LATE: lazy_gettext("on the old day its latest gap is over, on the new one it is kept"),
}


@dataclass(frozen=True, slots=True)
class Told:
    """``since``: when the plan published before was made; None: there was none."""

    sentences: list[str]
    since: datetime | None = None
    inputs: list[str] = field(default_factory=list)


def told(found: Difference) -> Told:
    inputs = found.inputs
    if inputs is None:
        return Told(sentences(found))
    return Told(sentences(found), inputs.since, input_words.sentences(inputs))


def sentences(found: Difference) -> list[str]:
    """From the whole to the single account; each of them can be checked in the tables below."""
    return [
        _visits(found),
        *_driving(found),
        *_first_class(found.first_class),
        *_nights(found.nights),
        *week_sentences(found.weeks),
        *_promises(found),
    ]


def _visits(found: Difference) -> str:
    if found.former is None and not found.has_standing:
        return ngettext(
            "This is the first plan: %(num)s visit in four weeks, none stands yet.",
            "This is the first plan: %(num)s visits in four weeks, none stands yet.",
            found.added,
        )
    if found.is_none:
        return ngettext(
            "Nothing changes: the one visit that stands stays on its day.",
            "Nothing changes: all %(num)s visits stay on their days.",
            found.kept,
        )
    return gettext("%(changes)s.", changes="; ".join(_counts(found)))


def _counts(found: Difference) -> Iterator[str]:
    if found.moved:
        moved = ngettext("%(num)s visit moves", "%(num)s visits move", found.moved)
        yield f"{moved}, {REACH[found.reach]}"
    if found.added:
        yield ngettext("%(num)s visit is added", "%(num)s visits are added", found.added)
    if found.dropped:
        yield ngettext("%(num)s visit is dropped", "%(num)s visits are dropped", found.dropped)
    if found.kept:
        yield ngettext("%(num)s stays on its day", "%(num)s stay on their days", found.kept)


def _driving(found: Difference) -> Iterator[str]:
    if found.driving is not None:
        yield _falls_or_rises(found.driving, found.added - found.dropped)
    elif found.has_standing and not found.is_none:
        yield gettext(
            "Driving is not compared: not every day that stands has an up-to-date route on the same roads."
        )


def _falls_or_rises(driving: Driving, more: int) -> str:
    less = driving.before - driving.after
    time, share = duration(abs(less)), percent(abs(less) / driving.before)
    if driving.is_rough:
        time = gettext("about %(time)s", time=time)
    said = {"time": time, "share": share, "visits": more_visits(more)}
    if abs(less) < MINUTE:
        return gettext("Driving in the four weeks stays the same%(visits)s.", **said)
    if less > 0:
        return gettext("Driving in the four weeks falls by %(time)s (%(share)s)%(visits)s.", **said)
    return gettext("Driving in the four weeks rises by %(time)s (%(share)s)%(visits)s.", **said)


def more_visits(visits: int) -> str:
    """So that nobody takes the driving of fewer visits for a better plan."""
    if visits > 0:
        return ngettext(", with %(num)s visit more", ", with %(num)s visits more", visits)
    return ngettext(", with %(num)s visit fewer", ", with %(num)s visits fewer", -visits) if visits else ""


def _first_class(lines: Sequence[FirstClassLine]) -> Iterator[str]:
    for line in lines[:MOST_LINES]:
        yield f"{_line(line)}{_against(line)}."
    more = sum(len(line.from_days) for line in lines[MOST_LINES:])
    if more:
        yield ngettext(
            "And %(num)s more visit of an A account moves or is dropped.",
            "And %(num)s more visits of A accounts move or are dropped.",
            more,
        )


def _line(line: FirstClassLine) -> str:
    days = [day(on) for on in line.from_days]
    said = {"name": line.name, "old": some_names(days)}
    if line.to_on is not None:
        return gettext("%(name)s (A) moves from %(old)s to %(new)s", new=day(line.to_on), **said)
    return ngettext(
        "%(name)s (A) loses its visit on %(old)s",
        "%(name)s (A) loses its visits on %(old)s",
        len(days),
        **said,
    )


def _against(line: FirstClassLine) -> str:
    """Only what holds of the old day; nothing where the plan is merely better otherwise."""
    if line.against is Against.DAY_OFF and line.day is not None:
        idle = gettext("nobody works on the old day (%(why)s)", why=day_off(line.day))
        return f": {idle}"
    return f": {AGAINST[line.against]}" if line.against in AGAINST else ""


def _nights(changes: Sequence[NightChange]) -> Iterator[str]:
    yield from _beside_one(changes, is_added=True)
    yield from _beside_one(changes, is_added=False)
    moved = [change for change in changes if change.from_name and change.to_name]
    for change in moved[:MOST_LINES]:
        yield gettext(
            "The night on %(day)s moves from near %(old)s to near %(new)s.",
            day=day(change.on),
            old=change.from_name,
            new=change.to_name,
        )
    if more := len(moved[MOST_LINES:]):
        yield ngettext("And %(num)s more night moves.", "And %(num)s more nights move.", more)


def _beside_one(changes: Sequence[NightChange], is_added: bool) -> Iterator[str]:
    """Nights that come or go, those near one account together."""
    near: dict[str, list[str]] = defaultdict(list)
    for change in changes:
        if not (change.from_name if is_added else change.to_name):
            near[change.to_name if is_added else change.from_name].append(day(change.on))
    for name, days in near.items():
        said = {"name": name, "days": some_names(days)}
        if is_added:
            yield ngettext(
                "A night near %(name)s is added: %(days)s.",
                "%(num)s nights near %(name)s are added: %(days)s.",
                len(days),
                **said,
            )
        else:
            yield ngettext(
                "A night near %(name)s is no longer spent away: %(days)s.",
                "%(num)s nights near %(name)s are no longer spent away: %(days)s.",
                len(days),
                **said,
            )


def week_sentences(weeks: Sequence[WeekChange]) -> Iterator[str]:
    fuller = [f"{_week(week.monday)} (+{week.visits})" for week in weeks if week.visits > 0]
    emptier = [f"{_week(week.monday)} (−{-week.visits})" for week in weeks if week.visits < 0]
    if fuller:
        yield gettext("More visits in the week of %(weeks)s.", weeks=", ".join(fuller))
    if emptier:
        yield gettext("Fewer visits in the week of %(weeks)s.", weeks=", ".join(emptier))


def _week(monday: date) -> str:
    return day(monday, "d MMM")


def _promises(found: Difference) -> Iterator[str]:
    """Kept by one of both and broken by the other."""
    if gained := found.promises.gained:
        yield gettext("Promise kept that was not: %(names)s.", names=some_names(gained))
    if lost := found.promises.lost:
        yield gettext("Promise no longer kept: %(names)s.", names=some_names(lost))
