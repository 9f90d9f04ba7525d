"""A day of the demo that looks implausible, and what its rep says of it: the end of a visit noted only at the
next one, so that no time is left for the drive between them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import pairwise

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.access import Actor
from planner.domain.review_talk import Act
from planner.models.visits import DayRoute, Stop, Visit
from planner.services.ledger.reviewing import talking
from planner.services.ledger.reviewing.lines import day_key

FORGETFUL = "diego"
NOTED_LATE = 4
"""From which of the days worked in a month on, from 0: the first with a drive between two visits."""

AFTER = timedelta(minutes=2)
ANSWER = "Forgot to tap when I left, and did it at the next one."


def note_late(session: Session, rep_id: int, on: date) -> bool:
    """Of the day's visits with times, note the end of the one before the longest drive after that drive.
    False for a day on which there is none between two of them."""
    query = (
        select(Visit, Stop.leg_seconds)
        .join(Stop, Stop.visit_id == Visit.id)
        .join(DayRoute, DayRoute.id == Stop.day_route_id)
        .where(DayRoute.rep_id == rep_id, DayRoute.on == on)
        .where(Visit.arrived_at.is_not(None), Visit.left_at.is_not(None))
        .order_by(Stop.position)
    )
    pairs = list(pairwise(session.execute(query).all()))
    if pairs:
        (before, _), (after, _) = max(pairs, key=lambda pair: pair[1].leg_seconds)
        before.left_at = after.arrived_at + AFTER
        session.flush()
    return bool(pairs)


def answer(session: Session, actor: Actor, now: datetime, today: date, claim_id: int, on: date) -> None:
    """What the rep says, once their claim is submitted."""
    talking.say(session, actor, now, today, claim_id, Act.ANSWER, day_key(on), ANSWER)
