"""An account's visit on each of the coming working days: minutes it adds, or why it cannot be.

Answers "why this day?" for a visit that stands, and "find a day" for one more. Everybody else stays on their
days; the day gained and the day left are put in their best order anew for the figure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from planner.domain.access import Actor
from planner.models.visits import Visit
from planner.services import scope
from planner.services.days.visit_facts import AGREED
from planner.services.schedule import agreements
from planner.services.schedule.horizon import WorkDay
from planner.services.schedule.standing import standing_plan

NO_ROOM = "full"
"""``DayChoice.blocked`` of a day on which no order of its visits leaves room for one more."""

SEARCHED_DAYS = 60
"""Working days looked at."""


@dataclass(frozen=True, slots=True)
class DayChoice:
    """``seconds`` of driving the visit adds on the day, None where it cannot be; ``blocked`` the rule against
    it, "" for none: one of the account's own dates has ``seconds`` all the same, for a person to decide.
    ``nearest_on`` is the visit it would be too near to."""

    work_day: WorkDay
    seconds: int | None
    blocked: str
    breaks_promise: bool
    nearest_on: date | None

    @property
    def on(self) -> date:
        return self.work_day.on


@dataclass(frozen=True, slots=True)
class Choices:
    """``visit_on`` is the day of the visit that would move, None for one more visit."""

    account_id: int
    account_name: str
    rep_id: int
    visit_id: int | None
    visit_on: date | None
    is_agreed: bool
    days: tuple[DayChoice, ...]

    @property
    def current(self) -> DayChoice | None:
        return next((day for day in self.days if day.on == self.visit_on), None)

    @property
    def best(self) -> DayChoice | None:
        """Of the other days the one that adds least without breaking a promise, then the earliest."""
        free = [
            d for d in self.days if d.seconds is not None and not d.breaks_promise and d.on != self.visit_on
        ]
        return min(free, key=lambda d: (d.seconds or 0, d.on), default=None)


def for_visit(session: Session, actor: Actor, networks_folder: Path, visit_id: int, today: date) -> Choices:
    """Raises NotFound for a visit outside the actor's scope, Conflict for one that is over."""
    visit = agreements.to_come(session, actor, visit_id, today)
    return _choices(session, networks_folder, visit.account_id, visit.rep_id, today, visit)


def for_account(
    session: Session, actor: Actor, networks_folder: Path, account_id: int, today: date
) -> Choices:
    """Raises NotFound for an account outside the actor's scope, Conflict("account_without_rep")."""
    account = scope.account(session, actor, account_id, today)
    rep_id = agreements.owner(session, account.id, today)
    return _choices(session, networks_folder, account.id, rep_id, today, None)


def _choices(
    session: Session, networks_folder: Path, account_id: int, rep_id: int, today: date, visit: Visit | None
) -> Choices:
    # The compiler behind this takes half a second to import.
    from routing.rotation.other_days import other_days

    plan = standing_plan(session, networks_folder, rep_id, today, account_id)
    horizon = plan.horizon
    moving = None if visit is None else (visit.on - horizon.from_on).days
    found = other_days(plan.posed.problem, plan.by_day, account_id, moving)
    worked = {day.on.weekday() for day in horizon.days if day.shift is not None}
    days = tuple(
        DayChoice(
            work_day=horizon.days[other.day],
            seconds=other.seconds,
            blocked=other.blocked.value if other.blocked else "",
            breaks_promise=other.breaks_promise,
            nearest_on=None if other.nearest is None else horizon.date_of(other.nearest),
        )
        for other in found
        # Of today nobody knows here how much is left; a visit that stands today still says what it adds.
        if (horizon.days[other.day].on.weekday() in worked and other.day > 0) or other.day == moving
    )
    return Choices(
        account_id=account_id,
        account_name=plan.name_of(account_id),
        rep_id=rep_id,
        visit_id=visit.id if visit else None,
        visit_on=visit.on if visit else None,
        is_agreed=visit is not None and visit.kind in AGREED,
        days=_searched(days),
    )


def _searched(days: Sequence[DayChoice]) -> tuple[DayChoice, ...]:
    """Up to the last of the working days looked at."""
    working = [day.on for day in days if day.work_day.shift is not None][:SEARCHED_DAYS]
    until = working[-1] if working else date.min
    return tuple(day for day in days if day.on < until + timedelta(days=1))
