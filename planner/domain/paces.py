"""Drives in rush hours and without them, so that hours once learnt can be learnt again from what was driven
in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from statistics import mean

from planner.domain.calibration import DrivenLeg
from planner.domain.class_factors import Triple
from planner.domain.rush_hours import USUAL, RushHours


def hour_at(hours: Sequence[RushHours], departs: int) -> RushHours | None:
    """The rush hours in which a drive begins."""
    return next((hour for hour in hours if hour.begins <= departs < hour.ends), None)


def calm_seconds(seconds: float, classes: Sequence[float] | None, hour: RushHours | None) -> float:
    """What a drive planned in these rush hours would take without them. ``classes`` are those of its seconds
    on main, middle and small roads; where they are not known, it is taken to lead over all alike."""
    if hour is None:
        return seconds
    if classes is None:
        return seconds * mean(hour.shares)
    parts = _within(seconds, classes)
    saved = sum(part * (1 - left) for part, left in zip(parts, hour.shares, strict=True))
    return seconds - saved


def calm_shares(seconds: float, classes: Sequence[float], hour: RushHours | None) -> Triple:
    """Of its calm seconds, those on main, middle and small roads."""
    calm = calm_seconds(seconds, classes, hour)
    left = USUAL if hour is None else hour.shares
    main, middle, small = (part * of / calm for part, of in zip(_within(seconds, classes), left, strict=True))
    return main, middle, small


def in_rush_hours(leg: DrivenLeg, hours: Sequence[RushHours]) -> DrivenLeg:
    """A leg planned for calm hours, as it is planned in these."""
    hour = hour_at(hours, leg.departs)
    if hour is None:
        return leg
    if leg.shares is None:
        return replace(leg, planned_seconds=round(leg.planned_seconds / mean(hour.shares)))
    slow = [share / left for share, left in zip(leg.shares, hour.shares, strict=True)]
    pace = 1 - sum(leg.shares) + sum(slow)
    main, middle, small = (share / pace for share in slow)
    return replace(leg, planned_seconds=round(leg.planned_seconds * pace), shares=(main, middle, small))


def _within(seconds: float, classes: Sequence[float]) -> list[float]:
    """The classes of a drive, of which it has no more seconds than it takes."""
    scale = min(1.0, seconds / max(1.0, sum(classes)))
    return [part * scale for part in classes]
