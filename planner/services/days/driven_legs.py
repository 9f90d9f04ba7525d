"""What the arrived and left taps say: how long legs and visits took beside how long they were planned.

A leg counts where both taps were made on the day, one stop right after the other as the route had them, no
lunch lay between, and it was not planned anew from somewhere on the way.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby, pairwise
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session

from planner.domain.calibration import DrivenLeg
from planner.domain.mileage import DRIVEN_TO
from planner.domain.paces import calm_seconds, calm_shares, hour_at
from planner.domain.rush_hours import RushHours
from planner.domain.visits import VisitState
from planner.models.visits import DayRoute, Stop, Visit
from planner.services.days import day_facts, leg_paths
from planner.services.days.day_visits import put_in_order, seconds_of_day
from planner.services.installation.settings import Settings

LOOKED_BACK_DAYS = 180
LAST_VISITS = 10

UNKNOWN_FACTOR = Settings().speed_factor
"""Of routes that do not know how one drove: the one Rounds comes with."""


@dataclass(frozen=True, slots=True)
class _Stop:
    """A stop driven to, as taps and route have it. ``anew``: when on the day itself the rest of its route was
    put in order, 0 when it was before."""

    stop_id: int
    position: int
    arrives: int
    begins: int
    leaves: int
    leg_seconds: int
    class_seconds: Sequence[int] | None
    hours: Sequence[RushHours]
    arrived_at: datetime | None
    left_at: datetime | None
    lunch: int | None
    anew: int
    scale: float


def legs(session: Session, today: date, speed_factor: float) -> list[DrivenLeg]:
    """Of all reps, oldest first. Planned times are those of calm hours, brought to ``speed_factor`` from the
    one in force when they were planned."""
    zones: dict[int, ZoneInfo] = {}
    found: list[tuple[_Stop, _Stop, DrivenLeg]] = []
    rows = session.execute(_stops(today)).all()
    for (rep_id, on), group in groupby(rows, key=lambda row: (row.rep_id, row.on)):
        if rep_id not in zones:
            zones[rep_id] = ZoneInfo(day_facts.zone_of(session, rep_id, on))
        zone = zones[rep_id]
        driven = [_stop(row, zone, speed_factor) for row in group]
        pairs = ((before, stop, _leg(before, stop, zone)) for before, stop in pairwise(driven))
        found += [(before, stop, leg) for before, stop, leg in pairs if leg is not None]
    elsewhere = _begun_elsewhere(session, [(before, stop) for before, stop, _ in found])
    return [leg for _, stop, leg in found if stop.stop_id not in elsewhere]


def _stops(today: date) -> Select[Any]:
    since = today - timedelta(days=LOOKED_BACK_DAYS)
    return (
        select(
            *(DayRoute.rep_id, DayRoute.on, DayRoute.driving, DayRoute.lunch_seconds, DayRoute.solved_at),
            *(Stop.id, Stop.position, Stop.arrives_seconds, Stop.begins_seconds, Stop.leaves_seconds),
            *(Stop.leg_seconds, Stop.leg_class_seconds, Visit.arrived_at, Visit.left_at),
        )
        .join(Stop, Stop.day_route_id == DayRoute.id)
        .join(Visit, Visit.id == Stop.visit_id)
        .where(DayRoute.on >= since, DayRoute.on <= today, Visit.state.in_(DRIVEN_TO))
        .order_by(DayRoute.on, DayRoute.rep_id, Stop.position)
    )


def _stop(row: Row[Any], zone: ZoneInfo, speed_factor: float) -> _Stop:
    return _Stop(
        stop_id=row.id,
        position=row.position,
        arrives=row.arrives_seconds,
        begins=row.begins_seconds,
        leaves=row.leaves_seconds,
        leg_seconds=row.leg_seconds,
        class_seconds=row.leg_class_seconds,
        hours=_hours(row.driving),
        arrived_at=row.arrived_at,
        left_at=row.left_at,
        lunch=row.lunch_seconds,
        anew=put_in_order(row.solved_at, row.on, zone),
        scale=row.driving.get("speed_factor", UNKNOWN_FACTOR) / speed_factor,
    )


def _hours(driving: Mapping[str, Any]) -> list[RushHours]:
    return [RushHours(**hour) for hour in driving.get("rush_hours", ())]


def _leg(before: _Stop, stop: _Stop, zone: ZoneInfo) -> DrivenLeg | None:
    left, arrived = before.left_at, stop.arrived_at
    if left is None or arrived is None or arrived <= left or stop.position != before.position + 1:
        return None
    if stop.lunch is not None and before.begins <= stop.lunch <= stop.leaves:
        return None
    # Under way when rush hours begin or end, a leg is planned at two paces, and told is only the first.
    moments = (before.leaves, stop.arrives - stop.leg_seconds, stop.arrives - 1)
    hour, *others = (hour_at(stop.hours, moment) for moment in moments)
    if any(other != hour for other in others):
        return None
    planned = round(calm_seconds(stop.leg_seconds, stop.class_seconds, hour) * stop.scale)
    if planned <= 0:
        return None
    departs = seconds_of_day(left, zone) or 0
    shares = stop.class_seconds and calm_shares(stop.leg_seconds, stop.class_seconds, hour)
    return DrivenLeg(departs, planned, round((arrived - left).total_seconds()), shares or None)


def _begun_elsewhere(session: Session, pairs: Sequence[tuple[_Stop, _Stop]]) -> set[int]:
    """Stops whose leg was put in order anew from where the phone was. No other leg can begin there, and
    drawing out all of them takes long."""
    first = [(b.stop_id, s.stop_id) for b, s in pairs if b.leaves <= s.anew <= s.arrives]
    ids = {stop_id for pair in first for stop_id in pair}
    paths = dict(session.execute(select(Stop.id, Stop.leg_path).where(Stop.id.in_(ids))).all())
    return {here for before, here in first if not leg_paths.joined(paths[before], paths[here])}


def visit_seconds(session: Session, today: date) -> dict[int, list[int]]:
    """By account how long its last visits took, where both taps were made."""
    query = (
        select(Visit.account_id, Visit.arrived_at, Visit.left_at)
        .where(Visit.on >= today - timedelta(days=2 * LOOKED_BACK_DAYS), Visit.on <= today)
        .where(Visit.state == VisitState.DONE, Visit.arrived_at.is_not(None), Visit.left_at.is_not(None))
        .order_by(Visit.on.desc(), Visit.id.desc())
    )
    found: dict[int, list[int]] = defaultdict(list)
    for account_id, arrived_at, left_at in session.execute(query):
        if len(found[account_id]) < LAST_VISITS:
            found[account_id].append(round((left_at - arrived_at).total_seconds()))
    return found
