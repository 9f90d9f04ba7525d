"""Rules in conflict, what they cost, and the repairs that resolve them, as sentences."""

from __future__ import annotations

from flask_babel import gettext, lazy_gettext, ngettext

from planner.domain.relaxing import Relaxation
from planner.services.schedule.offers import Offer
from planner.web.formats import clock_time, day, duration, every
from planner.web.schedule.blueprint import schedule

TRIED = {
    "room": lazy_gettext("each promised day as it stands"),
    "move": lazy_gettext("moving one other visit that is neither agreed nor pinned"),
    "overtime": lazy_gettext("up to two hours of overtime on one day"),
    "shorter": lazy_gettext("a visit of down to half the length"),
    "overrule": lazy_gettext("a day nearer to its other visits than the earliest gap"),
    "earliest_gap": lazy_gettext("a shorter earliest gap"),
    "later": lazy_gettext("a day after the promised ones"),
    "latest_gap": lazy_gettext("a longer latest gap"),
    "cadence": lazy_gettext("less frequent visits, up to half as long again between them"),
    "hours": lazy_gettext("opening hours up to two hours wider"),
    "weekday": lazy_gettext("another weekday"),
}


RULES = {
    "hours": lazy_gettext("Its opening hours, against being let in all day"),
    "weekdays": lazy_gettext("Its closed weekdays, against every weekday"),
    "length": lazy_gettext("The length of its visits, against half of it"),
    "earliest_gap": lazy_gettext("Its earliest gap, against none"),
    "latest_gap": lazy_gettext("Its latest gap, against twice as long"),
    "cadence": lazy_gettext("Its cadence, against half as long again"),
    "cycle": lazy_gettext("Its fixed cycle, against its cadence alone"),
}


@schedule.app_template_filter()
def signed(seconds: int) -> str:
    """A duration that may be below nothing."""
    return f"{'−' if seconds < -30 else ''}{duration(abs(seconds))}"


@schedule.app_template_filter()
def account_rule(rule: str) -> str:
    """A rule and what it is compared with."""
    return str(RULES[rule])


@schedule.app_template_filter()
def rule_count(rule: str, days: int) -> str:
    """``3 of them are full``."""
    said = {
        "day_off": ngettext("%(num)s day is not worked", "%(num)s days are not worked", days),
        "visited": ngettext("it is visited already on %(num)s", "it is visited already on %(num)s", days),
        "closed": ngettext("it is closed on %(num)s day", "it is closed on %(num)s days", days),
        "too_near": ngettext(
            "%(num)s day is nearer to another of its visits than the earliest gap",
            "%(num)s days are nearer to another of its visits than the earliest gap",
            days,
        ),
        "too_early": ngettext("%(num)s day is too early", "%(num)s days are too early", days),
        "full": ngettext(
            "on %(num)s day no order of the visits leaves room",
            "on %(num)s days no order of the visits leaves room",
            days,
        ),
    }
    return said[rule]


@schedule.app_template_filter()
def tried(kinds: tuple[str, ...]) -> str:
    return "; ".join(str(TRIED[kind]) for kind in kinds)


@schedule.app_template_filter()
def repair_title(offer: Offer) -> str:
    """What changes, in one line."""
    values = {
        "day": day(offer.on),
        "time": duration(offer.amount),
        "other": offer.other_name,
        "to": day(offer.to_on),
        "gap": every(offer.gap_days),
        "cadence": every(offer.amount),
        "begins": clock_time(offer.begins),
        "weekday": day(offer.on, "EEEE"),
    }
    return {
        "room": gettext("Agree on %(day)s", **values),
        "move": gettext("Move %(other)s to %(to)s, and visit on %(day)s instead", **values),
        "overtime": gettext("%(time)s of overtime on %(day)s", **values),
        "shorter": gettext("Visits of %(time)s, the next on %(day)s", **values),
        "overrule": gettext("Agree on %(day)s all the same", **values),
        "later": gettext("Agree on %(day)s, later than promised", **values),
        "earliest_gap": gettext("Allow visits %(gap)s, the next on %(day)s", **values),
        "latest_gap": gettext("Promise visits only %(gap)s, the next on %(day)s", **values),
        "cadence": gettext("Visit only %(cadence)s, the next on %(day)s", **values),
        "hours": gettext("If they let you in at %(begins)s on %(day)s", **values),
        "weekday": gettext("If they let you in on a %(weekday)s: %(day)s at %(begins)s", **values),
    }[offer.kind]


@schedule.app_template_filter()
def repair_why(offer: Offer) -> str:
    """What it passes over, in one line; empty where the title says it all."""
    days = offer.amount
    return {
        "move": gettext("No promise is broken for it; both visits stay where they are put."),
        "shorter": gettext("The length of all its visits from then on."),
        "overrule": ngettext("%(num)s day against its own dates", "%(num)s days against its own dates", days),
        "later": ngettext("%(num)s day late", "%(num)s days late", days),
        "earliest_gap": gettext("The earliest gap, from then on."),
        "latest_gap": gettext("The latest gap, from then on."),
        "cadence": _less_often(offer),
        "hours": gettext("%(time)s before it opens or after it closes at most", time=duration(days)),
    }.get(offer.kind, "")


def _less_often(offer: Offer) -> str:
    if offer.is_standing:
        return gettext("The visit that stands then is in time; %(gap)s so far.", gap=every(offer.gap_days))
    return gettext("The cadence of all its visits from then on; %(gap)s so far.", gap=every(offer.gap_days))


@schedule.app_template_filter()
def relaxation(one: Relaxation) -> str:
    """``C accounts every 8 weeks instead of every 6 weeks``."""
    return gettext(
        "%(class)s accounts %(new)s instead of %(old)s",
        **{"class": one.group.account_class, "new": every(one.to_days), "old": every(one.group.cadence_days)},
    )


@schedule.app_template_filter()
def how_many_relaxed(count: int | None) -> str:
    if count is None:
        return gettext("All that is listed together does not free as much.")
    return ngettext(
        "The first of the list frees as much.", "The first %(num)s of the list free as much.", count
    )
