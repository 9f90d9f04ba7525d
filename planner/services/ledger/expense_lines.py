"""What is written down of a new expense: in the claim's currency, with its tax and the policy of the day.

Rounding: the amount paid times the rate, rounded half up to minor units, once; the tax said in the receipt's
currency likewise for itself; a tax in per cent is worked out of the converted amount.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Session

from planner.domain import expenses as rules
from planner.domain.capture import Captured
from planner.domain.errors import Invalid
from planner.domain.expenses import ExpenseCategory
from planner.domain.money import checked, converted
from planner.models.expense_terms import ExchangeRate
from planner.models.ledger import Expense
from planner.services.ledger import exchange_rates, expense_policy
from planner.services.ledger.currencies import exponent


@dataclass(frozen=True, slots=True)
class NewExpense:
    """``uid`` is made with the form: the same uid of the same rep is the same expense.

    ``amount_minor`` and ``tax_minor`` are as on the receipt, in ``currency``. The tax is inside the amount:
    as an amount, or as ``tax_percent`` of the net. ``noted``: when a phone wrote it down that sends it; None
    as it is entered.
    """

    uid: str
    on: date
    category: ExpenseCategory
    amount_minor: int
    currency: str
    merchant: str = ""
    note: str = ""
    visit_id: int | None = None
    receipt_id: int | None = None
    account_id: int | None = None
    trip_id: int | None = None
    nights: int = 0
    tax_minor: int | None = None
    tax_percent: Decimal | None = None
    per_diem_id: int | None = None
    noted: Captured | None = None


SAID = (
    *("on", "category", "merchant", "note", "visit_id", "receipt_id", "account_id", "trip_id", "nights"),
    *("tax_percent", "per_diem_id"),
)
"""What a row keeps as it was said."""


LINKS = ("contra_of_id", "replaces_id")
RECKONED = ("paid_currency", "exchange_rate", "exchange_rate_id", "rule_id")
NEGATED = ("amount_minor", "tax_minor", "paid_minor", "paid_tax_minor")
"""What a contra entry has as it was reckoned, and what with the other sign."""


def said(row: Expense) -> NewExpense:
    """What was said when an entry was made."""
    kept = {name: getattr(row, name) for name in SAID}
    is_foreign = row.paid_minor is not None
    tax_minor = row.paid_tax_minor if is_foreign else row.tax_minor
    return NewExpense(
        uid=row.uid,
        amount_minor=row.amount_minor if row.paid_minor is None else row.paid_minor,
        currency=row.paid_currency or row.currency,
        tax_minor=None if row.tax_percent is not None else tax_minor,
        **kept,
    )


def is_same(row: Expense, new: NewExpense) -> bool:
    """Whether an entry says what somebody sends again; the rates may have changed since."""
    return _comparable(said(row)) == _comparable(new)


def made(session: Session, new: NewExpense, claimed_in: str) -> Expense:
    """The row of an expense in the currency of its claim, without whose it is, the claim and the times.

    Raises Invalid("currency", "exchange_missing") for a currency without a rate on that day, and what
    ``planner.domain.expenses.check_tax`` does.
    """
    tax = rules.check_tax(new.amount_minor, new.tax_minor, new.tax_percent)
    kept = {name: getattr(new, name) for name in SAID}
    rule = expense_policy.on_day(session, claimed_in, new.on).get(new.category)
    row = Expense(**kept, uid=new.uid, currency=claimed_in, rule_id=rule.id if rule else None)
    row.amount_minor, row.tax_minor = new.amount_minor, tax
    if new.currency != claimed_in:
        _convert(row, new, tax, _rate(session, new, claimed_in))
    return row


def reversal(old: Expense, uid: str, reason: str) -> Expense:
    """In place of ``old``, and it counts no more."""
    kept = {name: getattr(old, name) for name in (*SAID, "rep_id", "claim_id", "currency", *LINKS)}
    row = Expense(**kept, uid=uid, amount_minor=0, corrects_id=old.id)
    row.change_reason, row.is_void, row.is_late = reason, True, old.is_late
    return row


def contra(old: Expense, uid: str, reason: str) -> Expense:
    """The exact negative of an expense, its claim still to be said. It has no receipt and no nights."""
    kept = {name: getattr(old, name) for name in (*SAID, *RECKONED, "rep_id", "currency")}
    negated = {name: value and -value for name in NEGATED if (value := getattr(old, name)) is not None}
    row = Expense(**(kept | {"receipt_id": None, "nights": 0} | negated), uid=uid, contra_of_id=old.id)
    row.change_reason, row.is_void, row.is_late = reason, False, False
    return row


def _convert(row: Expense, new: NewExpense, tax: int | None, rate: ExchangeRate) -> None:
    def worth(minor: int) -> int:
        return converted(minor, exponent(new.currency), rate.rate, exponent(row.currency))

    row.paid_minor, row.paid_currency, row.paid_tax_minor = new.amount_minor, new.currency, tax
    row.exchange_rate, row.exchange_rate_id = rate.rate, rate.id
    row.amount_minor = checked(worth(new.amount_minor))
    if new.tax_percent is not None and new.tax_minor is None:
        row.tax_minor = rules.check_tax(row.amount_minor, None, new.tax_percent)
    else:
        row.tax_minor = None if tax is None else min(worth(tax), row.amount_minor)


def _rate(session: Session, new: NewExpense, claimed_in: str) -> ExchangeRate:
    found = exchange_rates.on_day(session, new.currency, claimed_in, new.on)
    if found is None:
        raise Invalid("currency", "exchange_missing", currency=new.currency, own=claimed_in)
    return found


def _comparable(new: NewExpense) -> tuple[object, ...]:
    return tuple(getattr(new, name) for name in NewExpense.__slots__ if name != "noted")
