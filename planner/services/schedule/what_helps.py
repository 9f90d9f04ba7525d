"""Why an account got no day, and what would help: single changes tried on the plan that stands."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from planner.domain.access import Actor
from planner.models.schedule import VersionState
from planner.models.visits import Visit
from planner.services import scope
from planner.services.schedule import agreements, planning
from planner.services.schedule.candidacy import Candidate
from planner.services.schedule.standing import (
    StandingPlan,
    closed_weekdays,
    movable_visits,
    standing_plan,
)

if TYPE_CHECKING:
    from routing.rotation.repairs import Help, Repair

HINTS = frozenset({"hours", "weekday"})
"""Kinds that only the people at the account can grant."""

ONCE = frozenset({"overrule", "later"})
"""Kinds of which the first is enough: the next ones are further from what was promised."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A change that makes the visit fit on ``on``. ``seconds`` of driving more in all; ``amount`` as
    ``routing.rotation.repair_kinds`` has it; ``gap_days`` the new gap of the account. The other visit that
    moves, where one does, goes to ``to_on``. ``begins``: seconds after midnight, of hints."""

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

    @property
    def is_hint(self) -> bool:
        return self.kind in HINTS

    @property
    def code(self) -> str:
        """Names the offer among those of its account."""
        return "_".join([self.kind, self.on.isoformat(), str(self.visit_id or ""), str(self.to_on or "")])


@dataclass(frozen=True, slots=True)
class WhatHelps:
    """``promised_from``..``promised_to``: when the missing visit was promised, None where none is missing;
    ``next_on``: the visit after those days, where one stands;
    ``rules``: which rule keeps it out on how many of those days. ``is_certain``: what is not offered cannot
    be. ``has_plan``: something stands that it is tried on; ``proposal_id``: a plan not published yet."""

    account_id: int
    account_name: str
    rep_id: int
    promised_from: date | None
    promised_to: date | None
    next_on: date | None
    rules: tuple[tuple[str, int], ...]
    offers: tuple[Offer, ...]
    tried: tuple[str, ...]
    is_certain: bool
    has_plan: bool
    proposal_id: int | None

    @property
    def at_once(self) -> tuple[Offer, ...]:
        return tuple(offer for offer in self.offers if not offer.is_hint)

    @property
    def hints(self) -> tuple[Offer, ...]:
        return tuple(offer for offer in self.offers if offer.is_hint)


def what_helps(
    session: Session, actor: Actor, networks_folder: Path, account_id: int, today: date
) -> WhatHelps:
    """Raises NotFound for an account outside the actor's scope, Conflict("account_without_rep"), and as
    ``standing_plan`` does."""
    # The compiler behind this takes half a second to import.
    from routing.rotation.repairs import repairs

    account = scope.account(session, actor, account_id, today)
    rep_id = agreements.owner(session, account.id, today)
    plan = standing_plan(session, networks_folder, rep_id, today, account.id)
    movable = movable_visits(session, plan)
    may_open = closed_weekdays(session, account, plan)
    found = repairs(plan.posed.problem, plan.by_day, account.id, movable.keys(), may_open, first_day=1)
    proposal = planning.newest(session, rep_id, VersionState.PROPOSED)
    return WhatHelps(
        account_id=account.id,
        account_name=account.name,
        rep_id=rep_id,
        promised_from=plan.horizon.date_of(found.span.first) if found.span else None,
        promised_to=plan.horizon.date_of(found.span.last) if found.span else None,
        next_on=None
        if not found.span or found.span.before is None
        else plan.horizon.date_of(found.span.before),
        rules=tuple((rule.value, days) for rule, days in found.rules),
        offers=_offers(plan, found, plan.posed.candidates[account.id], movable),
        tried=tuple(kind.value for kind in found.tried),
        is_certain=found.is_certain,
        has_plan=bool(plan.by_day),
        proposal_id=proposal.id if proposal else None,
    )


def _offers(
    plan: StandingPlan, found: Help, candidate: Candidate, movable: dict[tuple[int, int], Visit]
) -> tuple[Offer, ...]:
    kinds: Counter[str] = Counter()
    offers = []
    for repair in found.repairs:
        is_gap = repair.kind.value in ("earliest_gap", "latest_gap")
        gap = _new_gap(plan, found, candidate, repair) if is_gap else None
        kinds[repair.kind.value] += 1
        if (is_gap and gap is None) or (repair.kind.value in ONCE and kinds[repair.kind.value] > 1):
            continue
        offers.append(_offer(plan, repair, gap, movable))
    return tuple(offers)


def _offer(
    plan: StandingPlan, repair: Repair, gap: int | None, movable: dict[tuple[int, int], Visit]
) -> Offer:
    offer = Offer(
        kind=repair.kind.value,
        on=plan.horizon.date_of(repair.day),
        seconds=repair.seconds,
        amount=repair.amount,
        begins=repair.begins,
        gap_days=gap,
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
