"""What a published version changed against the one before it, in a few plain sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flask_babel import gettext, ngettext

from planner.services.schedule.published_difference import PublishedDifference, Reckoned, Step
from planner.web.formats import day, duration, percent
from planner.web.schedule import input_words
from planner.web.schedule.difference_words import (
    MINUTE,
    MOST_LINES,
    REACH,
    Told,
    more_visits,
    week_sentences,
)


def told(found: PublishedDifference) -> Told:
    if found.former is None or found.inputs is None:
        return Told([gettext("This was the first plan published: there is none before it to compare with.")])
    inputs = found.inputs
    return Told(sentences(found), inputs.since, input_words.sentences(inputs))


def sentences(found: PublishedDifference) -> list[str]:
    if found.steps is None:
        unknown = gettext("Which visits it moved is not kept, so they are not compared.")
        return [unknown, *_reckoned(found.reckoned)]
    return [
        _visits(found),
        *_reckoned(found.reckoned),
        *_first_class([step for step in (*found.moved, *found.dropped) if step.is_first_class]),
        *week_sentences(found.weeks),
    ]


def _visits(found: PublishedDifference) -> str:
    if not (found.moved or found.added or found.dropped):
        return ngettext(
            "Nothing changed: the one visit that stood stayed on its day.",
            "Nothing changed: all %(num)s visits stayed on their days.",
            found.kept,
        )
    return gettext("%(changes)s.", changes="; ".join(_counts(found)))


def _counts(found: PublishedDifference) -> Iterator[str]:
    if moves := len(found.moved):
        moved = ngettext("%(num)s visit moved", "%(num)s visits moved", moves)
        yield f"{moved}, {REACH[found.reach]}"
    if added := len(found.added):
        yield ngettext("%(num)s visit was added", "%(num)s visits were added", added)
    if dropped := len(found.dropped):
        yield ngettext("%(num)s visit was dropped", "%(num)s visits were dropped", dropped)
    if found.kept:
        yield ngettext("%(num)s stayed on its day", "%(num)s stayed on their days", found.kept)


def _reckoned(reckoned: Reckoned | None) -> Iterator[str]:
    if reckoned is None:
        yield gettext("Driving is not compared: both plans have no day in common on the same roads.")
        return
    less = reckoned.driving.before - reckoned.driving.after
    said = {
        "time": duration(abs(less)),
        "share": percent(abs(less) / reckoned.driving.before),
        "days": reckoned.days,
        "visits": more_visits(reckoned.more_visits),
    }
    if abs(less) < MINUTE:
        yield gettext(
            "Both plans reckoned the same driving for their %(days)s common days%(visits)s.", **said
        )
    elif less > 0:
        yield gettext(
            "For the %(days)s days both plans have, it reckoned %(time)s (%(share)s) less driving%(visits)s.",
            **said,
        )
    else:
        yield gettext(
            "For the %(days)s days both plans have, it reckoned %(time)s (%(share)s) more driving%(visits)s.",
            **said,
        )


def _first_class(steps: Sequence[Step]) -> Iterator[str]:
    for step in steps[:MOST_LINES]:
        said = {"name": step.name, "old": day(step.from_on), "new": day(step.to_on)}
        if step.to_on:
            yield gettext("%(name)s (A) moved from %(old)s to %(new)s.", **said)
        else:
            yield gettext("%(name)s (A) lost its visit on %(old)s.", **said)
    if more := len(steps[MOST_LINES:]):
        yield ngettext(
            "And %(num)s more visit of an A account moved or was dropped.",
            "And %(num)s more visits of A accounts moved or were dropped.",
            more,
        )
