"""What one rule of an account costs a rep's weeks: planned again with that rule relaxed, visit by visit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy.orm import Session

from planner.domain.access import Actor
from planner.domain.errors import NotFound
from planner.services import scope
from planner.services.schedule import agreements
from planner.services.schedule.standing import StandingPlan, closed_weekdays, standing_plan
from routing.types import SearchBudget

BUDGET = SearchBudget(iterations=5000, seed=1)
"""Trials of each of the searches; from a plan that stands hardly anything is found after them."""


@dataclass(frozen=True, slots=True)
class VisitChange:
    """A visit that would lie elsewhere; the dates are None where there is none. Seconds are its detour."""

    account_id: int
    account_name: str
    from_on: date | None
    to_on: date | None
    from_seconds: int
    to_seconds: int


@dataclass(frozen=True, slots=True)
class PriceOfRule:
    """``seconds`` over the weeks from ``from_on`` to before ``until_on``, of which driving and the length of
    visits; the rest is what dates of others, evenness and moves are priced at."""

    account_id: int
    account_name: str
    rep_id: int
    rule: str
    from_on: date
    until_on: date
    seconds: int
    driving_seconds: int
    service_seconds: int
    changes: tuple[VisitChange, ...]

    @property
    def other_seconds(self) -> int:
        return self.seconds - self.driving_seconds - self.service_seconds


def price_of(
    session: Session, actor: Actor, networks_folder: Path, account_id: int, rule: str, today: date
) -> PriceOfRule:
    """Raises NotFound for an account outside the actor's scope and for a rule it does not have,
    Conflict("account_without_rep"), and as ``standing_plan`` does."""
    # The compiler behind this takes half a second to import.
    from routing.rotation.rule_prices import rule_price, rules_of

    account = scope.account(session, actor, account_id, today)
    rep_id = agreements.owner(session, account.id, today)
    plan = standing_plan(session, networks_folder, rep_id, today, account.id)
    may_open = closed_weekdays(session, account, plan)
    problem = plan.posed.problem
    for one in rules_of(problem, account.id, may_open):
        if one.value == rule:
            found = rule_price(problem, plan.by_day, account.id, one, BUDGET, may_open, first_day=1)
            break
    else:
        raise NotFound("rule", rule=rule)
    return PriceOfRule(
        account_id=account.id,
        account_name=account.name,
        rep_id=rep_id,
        rule=rule,
        from_on=plan.horizon.from_on,
        until_on=plan.horizon.until_on,
        seconds=found.seconds,
        driving_seconds=found.driving_seconds,
        service_seconds=found.service_seconds,
        changes=tuple(
            VisitChange(
                account_id=change.key,
                account_name=plan.name_of(change.key),
                from_on=_date(plan, change.from_day),
                to_on=_date(plan, change.to_day),
                from_seconds=change.from_seconds,
                to_seconds=change.to_seconds,
            )
            for change in found.changes
        ),
    )


def _date(plan: StandingPlan, day: int | None) -> date | None:
    return None if day is None else plan.horizon.date_of(day)
