"""What a firm's policy says of an expense: a cap, and from what amount a receipt is needed.

Amounts are minor units of the claim's currency. A finding is a question with its figures, never a refusal.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from planner.domain.expenses import ExpenseCategory
from planner.domain.findings import Finding, Value
from planner.domain.review import Flag


class Basis(StrEnum):
    """What a cap is for."""

    ITEM = "item"
    DAY = "day"
    """All expenses of the category on one day together."""
    NIGHT = "night"


@dataclass(frozen=True, slots=True)
class Rule:
    """``cap_minor`` None: no cap. ``receipt_from_minor``: from this amount on a receipt is needed, 0 always,
    None never."""

    cap_minor: int | None = None
    basis: Basis = Basis.ITEM
    receipt_from_minor: int | None = 0


UNRULED = Rule()
"""Where no policy holds, every expense needs a receipt."""

ALLOWANCE = Rule(receipt_from_minor=None)
"""A per diem is in place of receipts."""


@dataclass(frozen=True, slots=True)
class Spent:
    """``day_minor`` is what its category comes to on its day, this expense included, in ``currency``."""

    amount_minor: int
    day_minor: int
    nights: int
    has_receipt: bool
    currency: str


def findings(spent: Spent, rule: Rule) -> tuple[Finding, ...]:
    """What the rule asks about an expense; nothing when it is within policy. At the cap is within it."""
    found = []
    from_minor = rule.receipt_from_minor
    if from_minor is not None and spent.amount_minor >= from_minor and not spent.has_receipt:
        found.append(Finding(Flag.NO_RECEIPT, {"from_minor": from_minor, "currency": spent.currency}))
    if rule.cap_minor is not None:
        found += _over_cap(spent, rule.cap_minor, rule.basis)
    return tuple(found)


def _over_cap(spent: Spent, cap_minor: int, basis: Basis) -> list[Finding]:
    nights = max(spent.nights, 1) if basis is Basis.NIGHT else 1
    claimed = spent.day_minor if basis is Basis.DAY else spent.amount_minor
    over = claimed - cap_minor * nights
    if over <= 0:
        return []
    figures: dict[str, Value] = {"cap_minor": cap_minor, "claimed_minor": claimed, "over_minor": over}
    said = {"basis": basis.value, "nights": nights, "currency": spent.currency}
    return [Finding(Flag.OVER_CAP, {**figures, **said})]


def without_rule(category: ExpenseCategory) -> Rule:
    return ALLOWANCE if category is ExpenseCategory.PER_DIEM else UNRULED
