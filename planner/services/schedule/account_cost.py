"""What an account costs a rep over the weeks planned: the driving and the time of each of its visits.

A visit's driving is what its day would save without it, everybody else staying; visits that share a way are
each counted as if they were the one to go, so an area's accounts may add up to less than its driving.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy.orm import Session

from planner.domain.access import Actor
from planner.services import scope
from planner.services.schedule import agreements, rule_questions
from planner.services.schedule.rule_questions import RuleLine
from planner.services.schedule.standing import closed_weekdays, standing_plan
from routing.rotation.relaxed_rules import rules_of


@dataclass(frozen=True, slots=True)
class VisitCost:
    """``driving_seconds`` None: the day does not fit as it stands, so nothing can be said."""

    on: date
    driving_seconds: int | None
    service_seconds: int


@dataclass(frozen=True, slots=True)
class AccountCost:
    """Over the weeks from ``from_on`` to before ``until_on``; ``value_minor`` is a year's; ``rules`` are
    those of the account that bind at all."""

    account_id: int
    account_name: str
    rep_id: int
    from_on: date
    until_on: date
    value_minor: int | None
    visits: tuple[VisitCost, ...]
    rules: tuple[RuleLine, ...]

    @property
    def driving_seconds(self) -> int:
        return sum(visit.driving_seconds or 0 for visit in self.visits)

    @property
    def service_seconds(self) -> int:
        return sum(visit.service_seconds for visit in self.visits)

    @property
    def value_an_hour_minor(self) -> int | None:
        """A year's value by the hours a year like these weeks takes."""
        seconds = self.driving_seconds + self.service_seconds
        if self.value_minor is None or not seconds:
            return None
        a_year = seconds * 365 / (self.until_on - self.from_on).days
        return round(self.value_minor * 3600 / a_year)


def cost_of(
    session: Session, actor: Actor, networks_folder: Path, account_id: int, today: date
) -> AccountCost:
    """Raises NotFound for an account outside the actor's scope, Conflict("account_without_rep")."""
    # The compiler behind this takes half a second to import.
    from routing.rotation.other_days import visit_seconds

    account = scope.account(session, actor, account_id, today)
    rep_id = agreements.owner(session, account.id, today)
    plan = standing_plan(session, networks_folder, rep_id, today, account.id)
    horizon, problem = plan.horizon, plan.posed.problem
    service = next(one.service_seconds for one in problem.accounts if one.key == account.id)
    may_open = closed_weekdays(session, account, plan)
    found = visit_seconds(problem, plan.by_day, account.id)
    return AccountCost(
        account_id=account.id,
        account_name=account.name,
        rep_id=rep_id,
        from_on=horizon.from_on,
        until_on=horizon.until_on,
        value_minor=account.value_minor,
        visits=tuple(VisitCost(horizon.date_of(day), seconds, service) for day, seconds in found.items()),
        rules=rule_questions.lines(session, rep_id, account.id, rules_of(problem, account.id, may_open)),
    )
