"""Why an account got no day, and what would help: single changes tried on the plan that stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.access import Actor
from planner.domain.cadence import Wishes, inherited
from planner.domain.relaxing import slowed, slower_cadences
from planner.models.accounts import Account, ClassRule
from planner.models.schedule import VersionState
from planner.services import scope
from planner.services.schedule import agreements, planning
from planner.services.schedule.due_windows import wishes, with_cadence
from planner.services.schedule.offers import Offer, offers_of
from planner.services.schedule.rotation_problem import account_of
from planner.services.schedule.standing import (
    StandingPlan,
    closed_weekdays,
    movable_visits,
    standing_plan,
)
from routing.types import RotationAccount


@dataclass(frozen=True, slots=True)
class WhatHelps:
    """``promised_from``..``promised_to``: when the missing visit was promised, None where none is missing;
    ``next_on``: the visit after those days, where one stands;
    ``rules``: which rule keeps it out on how many of those days. ``is_certain``: what is not offered cannot
    be. ``has_plan``: something stands that it is tried on, published at ``published_at`` where that is known;
    ``proposal_id``: a plan not published yet."""

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
    published_at: datetime | None
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
    found = repairs(
        plan.posed.problem,
        plan.by_day,
        account.id,
        movable.keys(),
        may_open,
        first_day=1,
        slower=_slower(session, plan, account),
    )
    proposal = planning.newest(session, rep_id, VersionState.PROPOSED)
    published = planning.newest(session, rep_id, VersionState.PUBLISHED)
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
        offers=offers_of(plan, found, plan.posed.candidates[account.id], movable),
        tried=tuple(kind.value for kind in found.tried),
        is_certain=found.is_certain,
        has_plan=bool(plan.by_day),
        published_at=published.published_at if published else None,
        proposal_id=proposal.id if proposal else None,
    )


def _slower(session: Session, plan: StandingPlan, account: Account) -> list[RotationAccount]:
    """The account as it would be planned with each longer cadence one would think of."""
    candidate = plan.posed.candidates[account.id]
    if candidate.cadence_days is None or candidate.fixed_days:
        return []
    posed = next(one for one in plan.posed.problem.accounts if one.key == account.id)
    rule = session.scalar(select(ClassRule).where(ClassRule.account_class == account.account_class))
    of_class = wishes(rule) if rule else Wishes()
    return [
        account_of(with_cadence(candidate, cadence), posed.pinned_days, posed.at)
        for days in slower_cadences(candidate.cadence_days)
        if (cadence := inherited(slowed(wishes(account), candidate.cadence_days, days), of_class)) is not None
    ]
