"""Days as they were driven, with the taps of every stop: for calibration."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from planner.domain.visits import VisitState
from planner.models.visits import DayRoute, Stop, Visit
from tests.conftest import NOW, TODAY
from tests.world import World

HOUR = 3600
LEG_SECONDS = 600
SANTIAGO = ZoneInfo("America/Santiago")


def instant(on: date, seconds: float) -> datetime:
    midnight = datetime(on.year, on.month, on.day, tzinfo=SANTIAGO)
    return (midnight + timedelta(seconds=seconds)).astimezone(NOW.tzinfo)


def driven_day(world: World, on: date, ratio: float, minutes: int = 30, count: int = 5) -> list[Visit]:
    """Visits from nine on, each after a leg of ten minutes that took ``ratio`` times as long."""
    at, visits, stops = 9 * HOUR, [], []
    for position in range(count):
        account = world.account(world.ana)
        row = Visit(uid=f"{on}-{position}", account_id=account.id, rep_id=world.ana.id, on=on)
        row.service_seconds, row.state = 1800, VisitState.DONE
        row.arrived_at, row.left_at = instant(on, at), instant(on, at + minutes * 60)
        world.session.add(row)
        world.session.flush()
        times = {"arrives_seconds": at, "begins_seconds": at, "leaves_seconds": at + 1800}
        stops.append(
            Stop(visit_id=row.id, position=position, leg_seconds=LEG_SECONDS, leg_metres=5000, **times)
        )
        visits.append(row)
        at += minutes * 60 + round(LEG_SECONDS * ratio)
    route = DayRoute(rep_id=world.ana.id, on=on, leaves_seconds=0, home_seconds=0, home_leg_seconds=0)
    route.home_leg_metres, route.network_name, route.network_version = 0, "x", "0"
    route.solved_at, route.driving, route.stops = NOW, {"speed_factor": 0.8}, stops
    world.session.add(route)
    world.session.flush()
    return visits


def season(world: World, ratio: float, days: int = 12) -> list[Visit]:
    return [
        visit
        for number in range(days)
        for visit in driven_day(world, TODAY - timedelta(days=number + 1), ratio)
    ]
