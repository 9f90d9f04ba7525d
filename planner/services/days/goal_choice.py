"""What a rep wants of the order of their days: chosen once, by them or a manager, and kept for
the days to come."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.access import Actor
from planner.domain.day_goals import DayGoal
from planner.models.people import Rep
from planner.models.visits import DayRoute
from planner.services import scope
from planner.services.days import day_routes
from planner.services.installation import audit

ONE_DAY = timedelta(days=1)


def in_force(session: Session, actor: Actor) -> DayGoal:
    return session.get_one(Rep, actor.user_id).day_goal


def of_rep(session: Session, actor: Actor, rep_id: int, today: date) -> DayGoal:
    """Raises NotFound for a rep outside the actor's scope."""
    return scope.rep(session, actor, rep_id, today).day_goal


def choose(session: Session, actor: Actor, today: date, goal: DayGoal) -> None:
    """Routes from ``today`` on that were made for another goal are stale; those made for this one stay."""
    _choose(session, session.get_one(Rep, actor.user_id), today, goal)


def choose_for(
    session: Session, actor: Actor, now: datetime, today: date, rep_id: int, goal: DayGoal
) -> None:
    """From the day after ``today`` on: nobody changes the order of a day that is being driven but its rep.
    Raises NotFound for a rep outside the actor's scope."""
    rep = scope.rep(session, actor, rep_id, today)
    if rep.day_goal is goal:
        return
    before = rep.day_goal
    _choose(session, rep, today + ONE_DAY, goal)
    audit.record(session, actor, now, "rep.day_goal", "person", rep_id, {"goal": before}, {"goal": goal})


def _choose(session: Session, rep: Rep, from_on: date, goal: DayGoal) -> None:
    rep.day_goal = goal
    session.flush()
    others = select(DayRoute.on).where(
        DayRoute.rep_id == rep.person_id, DayRoute.on >= from_on, DayRoute.goal != goal
    )
    day_routes.mark_stale(session, rep.person_id, session.scalars(others))
