"""A day route as plain values, and put back from them: what undo keeps."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.day_goals import DayGoal
from planner.models.people import Rep
from planner.models.visits import DayRoute, LeftOut, Stop, Visit
from planner.services import revisions
from planner.services.days import day_routes
from planner.services.days.day_facts import IN_ROUTE

ROUTE = (
    "leaves_seconds",
    "home_seconds",
    "home_leg_seconds",
    "home_leg_metres",
    "home_leg_path",
    "lunch_seconds",
    "network_name",
    "network_version",
    "driving",
    "is_proven",
    "is_stale",
)
BEDS = ("bed_before_off_road", "bed_after_off_road")
STOP = (
    "visit_id",
    "position",
    "arrives_seconds",
    "begins_seconds",
    "leaves_seconds",
    "leg_seconds",
    "leg_metres",
    "leg_path",
)
LEFT_OUT = ("visit_id", "reason", "detour_seconds")

Snapshot = dict[str, Any]


def of_day(session: Session, rep_id: int, on: date) -> Snapshot | None:
    """The route as it stands; None for a day without one."""
    row = day_routes.row_of(session, rep_id, on)
    if row is None:
        return None
    return {
        **{name: getattr(row, name) for name in (*ROUTE, *BEDS)},
        "goal": row.goal.value,
        "within_percent": row.within_percent,
        "solved_at": row.solved_at.isoformat(),
        "stops": [{name: getattr(stop, name) for name in (*STOP, "leg_class_seconds")} for stop in row.stops],
        "left_out": [{name: getattr(out, name) for name in LEFT_OUT} for out in row.left_out],
    }


def put_back(session: Session, rep_id: int, on: date, kept: Snapshot | None, is_stale: bool) -> None:
    """The route as it stood, of those of its visits that are still on the day; stale where it lacks any of
    them, has others beside or another goal than its rep, or (``is_stale``) something else of the day has
    changed since. What was kept before goals, or beds off the roads, were known names none."""
    row = day_routes.row_of(session, rep_id, on)
    if kept is None:
        if row is not None:
            session.delete(row)
        return
    if row is None:
        row = DayRoute(rep_id=rep_id, on=on, rev=0)
        session.add(row)
    row.stops, row.left_out, row.rev = [], [], row.rev + 1
    revisions.changed(row, rep_id, None)
    for name in ROUTE:
        setattr(row, name, kept[name])
    for name in BEDS:
        setattr(row, name, kept.get(name, False))
    row.goal, row.within_percent = (
        DayGoal(kept.get("goal", DayGoal.LEAST_DRIVING)),
        kept.get("within_percent"),
    )
    row.solved_at = datetime.fromisoformat(kept["solved_at"])
    # The old stops must be gone before others take their positions and visits.
    session.flush()
    here = set(
        session.scalars(
            select(Visit.id).where(Visit.rep_id == rep_id, Visit.on == on, Visit.state.in_(IN_ROUTE))
        )
    )
    row.stops = [Stop(**stop) for stop in kept["stops"] if stop["visit_id"] in here]
    row.left_out = [LeftOut(**out) for out in kept["left_out"] if out["visit_id"] in here]
    named = {one["visit_id"] for one in [*kept["stops"], *kept["left_out"]]}
    wanted = session.get_one(Rep, rep_id).day_goal
    row.is_stale = is_stale or kept["is_stale"] or named != here or row.goal is not wanted
    session.flush()
