"""Expenses that look like one another: the same picture of a receipt, one that looks like it, or the same
day, amount and merchant.

A toll paid there and back looks the same and is none: whoever looks decides.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from planner.domain import likeness
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


@dataclass(frozen=True, slots=True)
class Pictured:
    """An expense with the picture of its receipt; ``bits`` are what that looks like from far."""

    expense_id: int
    rep_id: int
    on: date
    receipt_id: int
    bits: str


def resembling(pictured: Iterable[Pictured], asked: Container[int]) -> list[tuple[Pictured, Pictured]]:
    """Every two expenses of one rep, one of them ``asked`` about, whose pictures are the same from far. The
    very same picture is none: ``twins`` asks about it."""
    of_rep: dict[int, dict[int, Pictured]] = defaultdict(dict)
    for each in pictured:
        of_rep[each.rep_id][each.expense_id] = each
    return [
        (own[one], own[other])
        for own in of_rep.values()
        for one, other in likeness.same_from_far({key: each.bits for key, each in own.items()})
        if (one in asked or other in asked) and own[one].receipt_id != own[other].receipt_id
    ]


def alike(pairs: Iterable[tuple[Pictured, Pictured]], shades: Mapping[int, str]) -> dict[int, Finding]:
    """What is asked about each expense whose picture looks like that of another one, by its id; of several
    the earliest is told. ``shades`` by receipt."""
    others: dict[int, date] = {}
    near = {receipt_id: likeness.fields(each) for receipt_id, each in shades.items()}
    for one, other in pairs:
        if not likeness.same_from_near(near[one.receipt_id], near[other.receipt_id]):
            continue
        for mine, its in ((one, other), (other, one)):
            others[mine.expense_id] = min(its.on, others.get(mine.expense_id, its.on))
    return {expense_id: Finding(Flag.ALIKE_RECEIPT, {"other_on": on}) for expense_id, on in others.items()}


def _other(slip: Slip, same: list[Slip]) -> date | None:
    own = [each.on for each in same if each is not slip and each.rep_id == slip.rep_id]
    return min(own) if own else None
