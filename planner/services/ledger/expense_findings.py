"""What policy and doubles say of expenses, in a fixed number of queries whatever their number.

An entry is judged by the policy it was made under: a new one changes nothing of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, or_, select
from sqlalchemy.orm import Session

from planner.domain import duplicates, expense_policy
from planner.domain.duplicates import Pictured, Slip
from planner.domain.expense_policy import Rule, Spent
from planner.domain.findings import Finding
from planner.models.expense_terms import ExpenseRule
from planner.models.ledger import Expense, Receipt
from planner.services.ledger import entries, receipts
from planner.services.ledger.expense_policy import BEFORE_DATES, rule_of

COLUMNS = (
    *(Expense.id, Expense.rep_id, Expense.on, Expense.category, Expense.amount_minor, Expense.currency),
    *(Expense.paid_minor, Expense.paid_currency, Expense.merchant, Expense.receipt_id),
)

ALIKE_WITHIN = timedelta(days=62)
"""How far from a claim's days a picture may lie that looks like one of its: the months beside it. All of a
person's years would be read at each look."""


def of_lines(session: Session, rows: Sequence[Expense]) -> dict[int, tuple[Finding, ...]]:
    """By the id of each expense that there is something to ask about. The caller has checked the scope.

    A contra entry needs no receipt, and an expense that was taken back is nobody's double."""
    rows = [row for row in rows if row.contra_of_id is None]
    if not rows:
        return {}
    ruled = _rules(session, rows)
    beside = _beside(session, rows)
    of_day = _of_day(beside)
    doubles = duplicates.twins(_slip(row) for row in beside)
    alike = _alike(session, rows)
    found = {}
    for row in rows:
        whole_day = of_day[_day(row)] or row.amount_minor
        spent = Spent(row.amount_minor, whole_day, row.nights, receipts.is_here(row), row.currency)
        like = (alike[row.id],) if row.id in alike else ()
        found[row.id] = expense_policy.findings(spent, ruled[row.id]) + doubles.get(row.id, ()) + like
    return {expense_id: findings for expense_id, findings in found.items() if findings}


def of_one(session: Session, row: Expense) -> tuple[Finding, ...]:
    return of_lines(session, [row]).get(row.id, ())


def _rules(session: Session, rows: Sequence[Expense]) -> dict[int, Rule]:
    """The rule of each expense: its own, else that from before there were dates, else none."""
    ids = {row.rule_id for row in rows if row.rule_id is not None}
    query = select(ExpenseRule).where(
        or_(ExpenseRule.id.in_(ids), ExpenseRule.effective_from_on == BEFORE_DATES)
    )
    found = session.scalars(query).all()
    by_id = {rule.id: rule for rule in found}
    first = {(rule.category, rule.currency): rule for rule in found if rule.effective_from_on == BEFORE_DATES}
    rules = {}
    for row in rows:
        held = by_id.get(row.rule_id or 0) or first.get((row.category, row.currency))
        rules[row.id] = rule_of(held) if held else expense_policy.without_rule(row.category)
    return rules


def _beside(session: Session, rows: Sequence[Expense]) -> Sequence[Row[Any]]:
    """The standing expenses of the same people in the same days, and those with the same pictures."""
    first, last = min(row.on for row in rows), max(row.on for row in rows)
    reps = {row.rep_id for row in rows}
    near: ColumnElement[bool] = Expense.rep_id.in_(reps) & Expense.on.between(first, last)
    same = select(Expense.receipt_id).where(near, Expense.receipt_id.is_not(None))
    query = select(*COLUMNS).where(entries.in_force(Expense), or_(near, Expense.receipt_id.in_(same)))
    return session.execute(query.order_by(Expense.id)).all()


def _alike(session: Session, rows: Sequence[Expense]) -> dict[int, Finding]:
    pairs = duplicates.resembling(_pictured(session, rows), {row.id for row in rows})
    if not pairs:
        return {}
    near = {each.receipt_id for pair in pairs for each in pair}
    query = select(Receipt.id, Receipt.shades).where(Receipt.id.in_(near))
    return duplicates.alike(pairs, {row.id: row.shades or "" for row in session.execute(query)})


def _pictured(session: Session, rows: Sequence[Expense]) -> Iterator[Pictured]:
    """The standing expenses of the same people with a picture, from some days before to some days after."""
    first, last = min(row.on for row in rows) - ALIKE_WITHIN, max(row.on for row in rows) + ALIKE_WITHIN
    # Without a picture among them there is nothing to compare the others with.
    reps = {row.rep_id for row in rows if row.receipt_id is not None}
    if not reps:
        return
    query = (
        select(Expense.id, Expense.rep_id, Expense.on, Expense.receipt_id, Receipt.likeness)
        .join(Receipt, Receipt.id == Expense.receipt_id)
        .where(Expense.rep_id.in_(reps), Expense.on.between(first, last), Receipt.likeness != "")
        .where(entries.in_force(Expense))
    )
    for row in session.execute(query):
        yield Pictured(row.id, row.rep_id, row.on, row.receipt_id, row.likeness)


def _of_day(beside: Sequence[Row[Any]]) -> dict[tuple[object, ...], int]:
    found: dict[tuple[object, ...], int] = defaultdict(int)
    for row in beside:
        found[_day(row)] += row.amount_minor
    return found


def _day(row: Any) -> tuple[object, ...]:
    return row.rep_id, row.on, row.category, row.currency


def _slip(row: Row[Any]) -> Slip:
    slip = Slip(
        row.id, row.rep_id, row.on, row.category, row.amount_minor, row.currency, row.merchant, row.receipt_id
    )
    if row.paid_minor is None:
        return slip
    return replace(slip, paid_minor=row.paid_minor, currency=row.paid_currency)
