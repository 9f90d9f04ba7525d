"""What even days cost, in plain sentences."""

from __future__ import annotations

from flask_babel import gettext, lazy_gettext, ngettext

from planner.domain.balance import Balance
from planner.services.schedule.balance_curve import Curve, Point
from planner.web.formats import duration
from planner.web.schedule.blueprint import schedule

NAMES = {
    Balance.NONE: lazy_gettext("Least driving, however uneven"),
    Balance.MODERATE: lazy_gettext("Moderately even"),
    Balance.STRONG: lazy_gettext("As even as can be"),
}
MINUTE = 60


@schedule.app_template_filter()
def balance_name(choice: str) -> str:
    return str(NAMES[Balance(choice)])


@schedule.app_template_filter()
def point_cost(point: Point, curve: Curve) -> str:
    """Driving against the least, visits against the most, promises."""
    said = [_driving(point, curve), _visits(point, curve), *_broken(point, curve)]
    return " ".join(said)


def _driving(point: Point, curve: Curve) -> str:
    more = point.driving_seconds - curve.least_driving_seconds
    time = duration(point.driving_seconds)
    if more < MINUTE:
        return gettext("%(time)s of driving, the least of these.", time=time)
    return gettext("%(time)s of driving, %(more)s more than the least.", time=time, more=duration(more))


def _visits(point: Point, curve: Curve) -> str:
    fewer = curve.most_visits - point.visits
    if not fewer:
        return ngettext("%(num)s visit.", "%(num)s visits.", point.visits)
    return gettext("%(visits)s visits, %(fewer)s fewer than the most.", visits=point.visits, fewer=fewer)


def _broken(point: Point, curve: Curve) -> list[str]:
    if not point.broken:
        return []
    return [ngettext("%(num)s promise broken.", "%(num)s promises broken.", point.broken)]


@schedule.app_template_filter()
def point_days(point: Point) -> str:
    """How long days are, and how many visits they have."""
    return gettext(
        "Nine days in ten take %(low)s to %(high)s, the shortest %(least)s, the longest %(most)s; "
        "%(fewest)s to %(visits)s visits a day.",
        low=duration(point.low_seconds),
        high=duration(point.high_seconds),
        least=duration(point.least_seconds),
        most=duration(point.most_seconds),
        fewest=point.fewest_visits,
        visits=point.most_visits,
    )
