"""What the form of an expense offers on a day: visits, drives, accounts, currencies, and the policy."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from planner.domain.access import Actor
from planner.domain.expense_policy import Rule, without_rule
from planner.domain.expenses import TYPED, ExpenseCategory
from planner.models.ledger import Trip
from planner.services.ledger import exchange_rates, expense_policy, expense_ties, expenses, own_currency
from planner.services.ledger.currencies import exponent
from planner.services.ledger.expense_policy import rule_of
from planner.services.ledger.expense_ties import VisitChoice


@dataclass(frozen=True, slots=True)
class CategoryPolicy:
    """``spent_minor`` is what the day has of the category already; ``decimals`` are the currency's."""

    category: ExpenseCategory
    rule: Rule
    spent_minor: int
    decimals: int


@dataclass(frozen=True, slots=True)
class Offer:
    """``own`` is the currency of the claim of the day, whose ``policy`` it is; ``currencies`` are others that
    can be reckoned in it."""

    own: str
    visits: list[VisitChoice]
    trips: list[Trip]
    accounts: list[tuple[int, str]]
    currencies: list[str]
    policy: list[CategoryPolicy]


def offer(session: Session, actor: Actor, today: date, on: date, account_id: int | None) -> Offer:
    """For the actor's own. Raises NotFound for an account the actor may not read."""
    own = own_currency.of_day(session, actor.user_id, on, today)
    account = expense_ties.account_choice(session, actor, today, account_id) if account_id else None
    return Offer(
        own=own,
        visits=expense_ties.visit_choices(session, actor, on),
        trips=expense_ties.trip_choices(session, actor, on),
        accounts=[account] if account else [],
        currencies=exchange_rates.currencies(session, own),
        policy=_policy(session, actor, on, own),
    )


def _policy(session: Session, actor: Actor, on: date, currency: str) -> list[CategoryPolicy]:
    held = expense_policy.on_day(session, currency, on)
    spent = dict.fromkeys(TYPED, 0)
    for row in expenses.of_day(session, actor.user_id, on):
        if row.currency == currency and row.category in spent:
            spent[row.category] += row.amount_minor
    decimals = exponent(currency)
    return [
        CategoryPolicy(
            category,
            rule_of(held[category]) if category in held else without_rule(category),
            spent[category],
            decimals,
        )
        for category in TYPED
    ]
