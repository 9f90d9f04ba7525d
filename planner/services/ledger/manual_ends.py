"""Where a trip by hand begins and ends, and what of it is the rep's own way to work.

The way from home and the way back count as the first and the last leg of a day do, whichever way they were
entered. Words that name home are home; of other words nobody knows, so the reviewer is told what they look
like (``planner.domain.commuting.is_same_way``).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.access import Actor
from planner.domain.commuting import Commute, names_home, uncounted_metres
from planner.domain.errors import Invalid
from planner.models.accounts import Account
from planner.models.people import Rep
from planner.services import scope
from planner.services.days import day_facts, nights, visit_facts
from planner.services.days.nights import Night
from planner.services.installation import settings
from planner.services.ledger import day_trips, entries
from routing.types import Place

HOME = "home"

LONGEST_LABEL = 240


@dataclass(frozen=True, slots=True)
class ManualEnd:
    """``where`` is ``HOME``, the id of an account as text, or empty: then ``label`` says it."""

    where: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class End:
    """An end as it is kept. ``place`` None: nobody knows where it is."""

    label: str
    account_id: int | None
    place: Place | None
    is_home: bool = False


def read(session: Session, actor: Actor, rep: Rep, today: date, field: str, end: ManualEnd) -> End:
    """Raises Invalid(field) for an end that is nowhere."""
    if end.where == HOME:
        return End("", None, day_facts.home_of(rep), is_home=True)
    if end.where:
        mine = scope.owned_accounts(actor, today)
        account_id = int(end.where) if end.where.isdecimal() else 0
        account = session.scalar(select(Account).where(Account.id == account_id, mine))
        if account is None:
            raise Invalid(field, "end_unknown")
        label = ", ".join(part for part in (account.name, account.address, account.city) if part)
        return End(label[:LONGEST_LABEL], account.id, visit_facts.place_of(account))
    label = entries.checked_text(field, end.label, LONGEST_LABEL)
    if not label:
        raise Invalid(field, "end_missing")
    if not names_home(label, rep.home_address):
        return End(label, None, None)
    if rep.home_lat is None or rep.home_lon is None:
        return End(label, None, None, is_home=True)
    return End("", None, day_facts.home_of(rep), is_home=True)


def is_way_to_work_counted(session: Session) -> bool:
    """Whether every metre from and to home counts."""
    return day_trips.commuting(settings.read(session)).commute is Commute.COUNTED


def uncounted(session: Session, rep_id: int, on: date, start: End, goal: End, metres: int) -> int:
    """The metres of a trip for work that are the way to work. From home to where a night is spent, and home
    from there, is none.

    Raises Invalid("goal", "home_and_back"): of a round nobody knows which metres are.
    """
    policy = day_trips.commuting(settings.read(session))
    if policy.commute is Commute.COUNTED or not (start.is_home or goal.is_home):
        return 0
    if start.is_home and goal.is_home:
        raise Invalid("goal", "home_and_back")
    slept = nights.of_day(session, rep_id, on)
    if _is_near(slept.before, start) or _is_near(slept.after, goal):
        return 0
    return uncounted_metres(metres, policy)


def _is_near(night: Night | None, end: End) -> bool:
    return night is not None and night.account_id == end.account_id
