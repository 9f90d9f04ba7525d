"""Expenses that look like one another: the same picture of a receipt, or the same day, amount and merchant.

A toll paid there and back looks the same and is none: whoever looks decides.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from planner.domain.expenses import ExpenseCategory
from planner.domain.findings import Finding
from planner.domain.review import Flag


@dataclass(frozen=True, slots=True)
class Slip:
    """An expense as it is compared: the amount and currency are those paid."""

    expense_id: int
    rep_id: int
    on: date
    category: ExpenseCategory
    paid_minor: int
    currency: str
    merchant: str
    receipt_id: int | None = None

    @property
    def sameness(self) -> tuple[object, ...]:
        """Of one rep, by values. Where no merchant is named the category stands for it."""
        named = " ".join(self.merchant.casefold().split())
        return self.rep_id, self.on, self.paid_minor, self.currency, named or self.category


def twins(slips: Iterable[Slip]) -> dict[int, tuple[Finding, ...]]:
    """What is asked about each expense that has a double among ``slips``, by its id.

    A picture counts whoever handed it in; of somebody else's expense no day is told, ``other_on`` is None.
    """
    by_picture: dict[object, list[Slip]] = defaultdict(list)
    by_values: dict[object, list[Slip]] = defaultdict(list)
    for slip in slips:
        if slip.receipt_id is not None:
            by_picture[slip.receipt_id].append(slip)
        if slip.category is not ExpenseCategory.PER_DIEM:
            by_values[slip.sameness].append(slip)
    found: dict[int, tuple[Finding, ...]] = defaultdict(tuple)
    for flag, groups in ((Flag.SAME_RECEIPT, by_picture), (Flag.TWICE, by_values)):
        for same in groups.values():
            for slip in same if len(same) > 1 else ():
                found[slip.expense_id] += (Finding(flag, {"other_on": _other(slip, same)}),)
    return dict(found)


def _other(slip: Slip, same: list[Slip]) -> date | None:
    own = [each.on for each in same if each is not slip and each.rep_id == slip.rep_id]
    return min(own) if own else None
