"""The firm's policy on expenses: dated rows by category and currency, which an admin adds.

The newest row from or before a day holds on it. A row that entries were made under stays as it is; the next
one of its category and currency ends it, for entries made from then on.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from planner.domain.access import Actor
from planner.domain.errors import Conflict, Invalid, NotFound
from planner.domain.expense_policy import Basis, Rule
from planner.domain.expenses import ExpenseCategory
from planner.models.expense_terms import ExpenseRule
from planner.models.ledger import Expense
from planner.services.installation import audit
from planner.services.ledger.currencies import is_currency

HIGHEST_MINOR = 10**9
LONGEST_SOURCE = 240
KEPT = ("category", "currency", "effective_from_on", "cap_minor", "basis", "receipt_from_minor", "source")
BEFORE_DATES = date(2000, 1, 1)
"""From when the limits of a receipt hold that were kept without a date: entries made under them name none."""


@dataclass(frozen=True, slots=True)
class NewRule:
    """``cap_minor`` None: no cap. ``receipt_from_minor`` 0: a receipt always, None: never."""

    categories: tuple[ExpenseCategory, ...]
    currency: str
    effective_from_on: date
    cap_minor: int | None
    basis: Basis
    receipt_from_minor: int | None
    source: str = ""


@dataclass(frozen=True, slots=True)
class ListedRule:
    row: ExpenseRule
    is_used: bool
    holds_now: bool


def rule_of(row: ExpenseRule) -> Rule:
    return Rule(row.cap_minor, row.basis, row.receipt_from_minor)


def on_day(session: Session, currency: str, on: date) -> dict[ExpenseCategory, ExpenseRule]:
    """The rules that hold on a day for amounts in a currency; none for categories without one."""
    query = select(ExpenseRule).where(ExpenseRule.currency == currency, ExpenseRule.effective_from_on <= on)
    return {row.category: row for row in session.scalars(query.order_by(ExpenseRule.effective_from_on))}


def listed(session: Session, today: date) -> list[ListedRule]:
    """All rules by currency and category, newest first."""
    order = (ExpenseRule.currency, ExpenseRule.category, ExpenseRule.effective_from_on.desc())
    found = session.execute(select(ExpenseRule, _is_used()).order_by(*order)).all()
    holding: dict[tuple[str, ExpenseCategory], int] = {}
    for row, _ in found:
        if row.effective_from_on <= today:
            holding.setdefault((row.currency, row.category), row.id)
    now = set(holding.values())
    return [
        ListedRule(row, used or row.effective_from_on == BEFORE_DATES, row.id in now) for row, used in found
    ]


def add(session: Session, actor: Actor | None, now: datetime, new: NewRule) -> list[ExpenseRule]:
    """Add a rule for each of its categories. For lodging a receipt is always needed.

    Raises Invalid for a field and Conflict("rule_known") for a day that has one.
    """
    _check(new)
    known = _known(session, new)
    if known:
        raise Conflict("rule_known", on=new.effective_from_on.isoformat())
    rows = [
        ExpenseRule(
            category=category,
            currency=new.currency,
            effective_from_on=new.effective_from_on,
            cap_minor=new.cap_minor,
            basis=new.basis,
            receipt_from_minor=0 if category is ExpenseCategory.LODGING else new.receipt_from_minor,
            source=new.source.strip(),
        )
        for category in new.categories
    ]
    session.add_all(rows)
    session.flush()
    for row in rows:
        audit.record(session, actor, now, "policy.added", "expense_rule", row.id, None, _told(row))
    return rows


def remove(session: Session, actor: Actor, now: datetime, rule_id: int) -> None:
    """Take back a rule no entry was made under. Raises NotFound and Conflict("rule_in_use")."""
    row = session.get(ExpenseRule, rule_id)
    if row is None:
        raise NotFound("expense_rule", id=rule_id)
    is_used = session.scalar(select(_is_used()).where(ExpenseRule.id == rule_id))
    if is_used or row.effective_from_on == BEFORE_DATES:
        raise Conflict("rule_in_use")
    before = _told(row)
    session.delete(row)
    session.flush()
    audit.record(session, actor, now, "policy.removed", "expense_rule", rule_id, before, None)


def _known(session: Session, new: NewRule) -> bool:
    same = (ExpenseRule.currency == new.currency, ExpenseRule.effective_from_on == new.effective_from_on)
    return session.scalar(select(ExpenseRule.id).where(*same, _in(new.categories)).limit(1)) is not None


def _in(categories: Iterable[ExpenseCategory]) -> ColumnElement[bool]:
    return ExpenseRule.category.in_(list(categories))


def _is_used() -> ColumnElement[bool]:
    return exists().where(Expense.rule_id == ExpenseRule.id).correlate(ExpenseRule)


def _told(row: ExpenseRule) -> dict[str, object]:
    names = (
        "category",
        "currency",
        "effective_from_on",
        "cap_minor",
        "basis",
        "receipt_from_minor",
        "source",
    )
    return {name: getattr(row, name) for name in names}


def _check(new: NewRule) -> None:
    if not new.categories:
        raise Invalid("category", "category_missing")
    if not is_currency(new.currency):
        raise Invalid("currency", "currency_unknown", currency=new.currency)
    if new.effective_from_on <= BEFORE_DATES:
        raise Invalid("effective_from_on", "date_too_old")
    if new.cap_minor is not None and not 0 < new.cap_minor <= HIGHEST_MINOR:
        raise Invalid("cap", "amount_range")
    if new.receipt_from_minor is not None and not 0 <= new.receipt_from_minor <= HIGHEST_MINOR:
        raise Invalid("receipt_from", "amount_range")
    if new.basis is Basis.NIGHT and set(new.categories) != {ExpenseCategory.LODGING}:
        raise Invalid("basis", "nights_of_lodging")
    if len(new.source.strip()) > LONGEST_SOURCE:
        raise Invalid("source", "text_length", most=LONGEST_SOURCE)
