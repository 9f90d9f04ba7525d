"""What a phone takes along: today and the next day with visits, and a mark that changes when either does.

The rep's own taps do not change the mark: the phone knows them, and a kept page is laid over with them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from planner.domain.access import Actor
from planner.domain.visits import VisitState
from planner.models.accounts import Account
from planner.models.visits import Visit
from planner.services.days import follow_up_lists, notes, today
from planner.services.days.day_visits import DayVisit
from planner.services.days.today import Day
from planner.services.ledger import unsubmitted


@dataclass(frozen=True, slots=True)
class DayPack:
    days: tuple[Day, ...]
    mark: str


def of(session: Session, actor: Actor, now: datetime, today_on: date) -> DayPack:
    """Raises Conflict("rep_without_territory")."""
    coming = next_on(session, actor, today_on)
    dates = (today_on,) if coming is None else (today_on, coming)
    days = tuple(today.day(session, actor, now, today_on, on) for on in dates)
    account_ids = {visit.account_id for day in days for visit in day.visits}
    return DayPack(days, mark(days, _news(session, actor, today_on, account_ids)))


def next_on(session: Session, actor: Actor, today_on: date) -> date | None:
    """The next day on which the actor has visits to come."""
    query = select(func.min(Visit.on)).where(
        Visit.rep_id == actor.user_id, Visit.on > today_on, Visit.state == VisitState.PLANNED
    )
    return session.scalar(query)


def _news(session: Session, actor: Actor, today_on: date, account_ids: Collection[int]) -> str:
    """What others did that the pages show: their newest follow-up and note, what was given on, edits of the
    accounts, and claims that came back or are still to be submitted."""
    asked = follow_up_lists.news(session, actor, today_on)
    last_note = notes.last_of_others(session, actor, account_ids)
    edits = select(func.sum(Account.rev)).where(Account.id.in_(account_ids))
    claims = [
        (each.claim.id, each.claim.rev) for each in unsubmitted.of_rep(session, actor.user_id, today_on)
    ]
    return f"{asked} {last_note} {session.scalar(edits)} {claims}"


def mark(days: tuple[Day, ...], news: str) -> str:
    """The same for the same days and the same ``news`` of others, whatever the rep has tapped on them."""
    text = "\n".join([news, *(line for day in days for line in _lines(day))])
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _lines(day: Day) -> Iterator[str]:
    yield f"{day.on} {day.today} {day.is_closed} {day.goal} {day.nights} {len(day.changes)}"
    for visit in sorted(day.visits, key=lambda visit: visit.visit_id):
        yield repr(_standing(visit))


def _standing(visit: DayVisit) -> tuple[object, ...]:
    return (
        *(visit.visit_id, visit.name, visit.address, visit.lat, visit.lon, visit.kind.value),
        *(visit.number, visit.leg_metres, visit.windows, visit.service_seconds, visit.kept_place),
        *(visit.from_seconds, visit.until_seconds, visit.planned_begins),
    )
