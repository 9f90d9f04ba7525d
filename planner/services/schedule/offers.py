"""What would help, as offers a person can take: one change each, with dates and names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from planner.models.visits import Visit
from planner.services.schedule.candidacy import Candidate
from planner.services.schedule.standing import StandingPlan

if TYPE_CHECKING:
    from routing.rotation.repairs import Help, Repair

HINTS = frozenset({"hours", "weekday"})
"""Kinds that only the people at the account can grant."""

ONCE = frozenset({"overrule", "later", "cadence"})
"""Kinds of which the first is enough: the next ones are further from what was promised."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A change that makes the visit fit on ``on``. ``seconds`` of driving more in all; ``amount`` as
    ``routing.rotation.repair_kinds`` has it; ``gap_days`` the new gap of the account, of less frequent visits
    the cadence it has. The other visit that moves, where one does, goes to ``to_on``. ``begins``: seconds
    after midnight, of hints. ``is_standing``: a visit stands there already, so none is agreed."""

    kind: str
    on: date
    seconds: int
    amount: int
    begins: int | None = None
    gap_days: int | None = None
    visit_id: int | None = None
    other_id: int | None = None
    other_name: str = ""
    to_on: date | None = None
    is_standing: bool = False

    @property
    def is_hint(self) -> bool:
        return self.kind in HINTS

    @property
    def code(self) -> str:
        """Names the offer among those of its account."""
        return "_".join([self.kind, self.on.isoformat(), str(self.visit_id or ""), str(self.to_on or "")])


def offers_of(
    plan: StandingPlan, found: Help, candidate: Candidate, movable: dict[tuple[int, int], Visit]
) -> tuple[Offer, ...]:
    kinds: Counter[str] = Counter()
    dates = {day for day, keys in plan.by_day.items() if candidate.account_id in keys}
    offers: list[Offer] = []
    for repair in found.repairs:
        is_gap = repair.kind.value in ("earliest_gap", "latest_gap")
        gap = _new_gap(plan, found, candidate, repair) if is_gap else None
        if repair.kind.value == "cadence":
            gap = candidate.cadence_days
        kinds[repair.kind.value] += 1
        if (is_gap and gap is None) or (repair.kind.value in ONCE and kinds[repair.kind.value] > 1):
            continue
        offers.append(_offer(plan, repair, gap, movable, dates))
    return tuple(offers)


def _offer(
    plan: StandingPlan,
    repair: Repair,
    gap: int | None,
    movable: dict[tuple[int, int], Visit],
    dates: Collection[int],
) -> Offer:
    """``dates``: days of the account's visits that stand."""
    offer = Offer(
        kind=repair.kind.value,
        on=plan.horizon.date_of(repair.day),
        seconds=repair.seconds,
        amount=repair.amount,
        begins=repair.begins,
        gap_days=gap,
        is_standing=repair.kind.value == "cadence" and repair.day in dates,
    )
    if repair.key is None or repair.from_day is None or repair.to_day is None:
        return offer
    return replace(
        offer,
        visit_id=movable[repair.from_day, repair.key].id,
        other_id=repair.key,
        other_name=plan.name_of(repair.key),
        to_on=plan.horizon.date_of(repair.to_day),
    )


def _new_gap(plan: StandingPlan, found: Help, candidate: Candidate, repair: Repair) -> int | None:
    """The account's gap with which the day keeps its rules. None where it counts from no visit, or from one
    that wished to be seen again at a time of its own."""
    after = found.span.after if found.span else None
    if after is None and (candidate.last_on is None or candidate.see_again_days is not None):
        return None
    if repair.kind.value == "earliest_gap":
        return candidate.earliest_gap - repair.amount
    if after is not None:
        return repair.day - after
    return (plan.horizon.date_of(repair.day) - candidate.last_on).days if candidate.last_on else None
