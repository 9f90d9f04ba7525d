"""What stands for a rep: the visits to come, then what the plan published last means to do afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.visits import UNDECIDED
from planner.models.schedule import Proposal, ScheduleVersion
from planner.models.visits import Visit
from planner.services.schedule.version_changes import is_movable


@dataclass(frozen=True, slots=True)
class StandingDate:
    """``is_movable``: publishing another plan may move it."""

    account_id: int
    on: date
    is_movable: bool


def standing_dates(
    session: Session, rep_id: int, from_on: date, until_on: date, published: ScheduleVersion | None
) -> list[StandingDate]:
    """From ``from_on`` to before ``until_on``; ``published`` is the plan published last."""
    visits = session.scalars(
        select(Visit)
        .where(Visit.rep_id == rep_id, Visit.on >= from_on, Visit.on < until_on)
        .where(Visit.state.in_(UNDECIDED))
        .order_by(Visit.on, Visit.id)
    )
    found = [StandingDate(visit.account_id, visit.on, is_movable(visit)) for visit in visits]
    if published is None:
        return found
    later = session.execute(
        select(Proposal.account_id, Proposal.on)
        .where(Proposal.version_id == published.id, Proposal.on < until_on)
        .where(Proposal.on >= max(published.published_until_on, from_on))
        .order_by(Proposal.on, Proposal.position)
    )
    return [*found, *(StandingDate(account_id, on, True) for account_id, on in later)]
