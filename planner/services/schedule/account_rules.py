"""What one rule of an account costs a rep's weeks: planned again with that rule relaxed, visit by visit.

That takes seconds: a planning run does it, asked for by ``rule_questions``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from planner.domain.errors import NotFound
from planner.models.accounts import Account
from planner.services.schedule.standing import StandingPlan, closed_weekdays, standing_plan
from routing.rotation.relaxed_rules import Rule, rules_of
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

    from_on: date
    until_on: date
    seconds: int
    driving_seconds: int
    service_seconds: int
    changes: tuple[VisitChange, ...]

    @property
    def other_seconds(self) -> int:
        return self.seconds - self.driving_seconds - self.service_seconds

    def to_json(self) -> dict[str, Any]:
        return _texts(asdict(self)) | {"changes": [_texts(asdict(change)) for change in self.changes]}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> PriceOfRule:
        changes = tuple(VisitChange(**_dates(change)) for change in values["changes"])
        return cls(**(_dates(values) | {"changes": changes}))


@dataclass(frozen=True, slots=True)
class PosedRule:
    plan: StandingPlan
    account_id: int
    rule: Rule
    may_open: frozenset[int]


def pose(
    session: Session, networks_folder: Path, rep_id: int, question: Mapping[str, Any], today: date
) -> PosedRule:
    """Raises NotFound for a rule that does not bind, and as ``standing_plan`` does."""
    account = session.get(Account, question["account_id"])
    if account is None:
        raise NotFound("account", id=question["account_id"])
    plan = standing_plan(session, networks_folder, rep_id, today, account.id)
    may_open = frozenset(closed_weekdays(session, account, plan))
    rule = Rule(question["rule"])
    if rule not in rules_of(plan.posed.problem, account.id, may_open):
        raise NotFound("rule", rule=rule)
    return PosedRule(plan, account.id, rule, may_open)


def price(posed: PosedRule, progress: Callable[[float], None] | None = None) -> PriceOfRule:
    """No database, so that it can take its time."""
    # The compiler behind this takes half a second to import.
    from routing.rotation.rule_prices import rule_price

    plan = posed.plan
    found = rule_price(
        plan.posed.problem,
        plan.by_day,
        posed.account_id,
        posed.rule,
        BUDGET,
        posed.may_open,
        first_day=1,
        progress=progress,
    )
    return PriceOfRule(
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


DATES = ("from_on", "until_on", "to_on")


def _texts(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}


def _dates(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: date.fromisoformat(value) if name in DATES and value else value
        for name, value in values.items()
    }
