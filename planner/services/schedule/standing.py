"""A rep's weeks from today, posed, and the plan as it stands: what questions about one plan start from."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.errors import Conflict
from planner.domain.visits import VisitState
from planner.models.accounts import Account
from planner.models.schedule import VersionState
from planner.models.visits import Visit
from planner.services import roads
from planner.services.days.nights import Night
from planner.services.days.visit_facts import AGREED
from planner.services.schedule import night_facts, planning
from planner.services.schedule.candidate_rows import Span, ownerships
from planner.services.schedule.horizon import Horizon, gather
from planner.services.schedule.night_facts import NightFacts
from planner.services.schedule.opening import closed_by_weekday
from planner.services.schedule.rotation_problem import Posed, pose
from planner.services.schedule.standing_dates import standing_dates

OFF_THE_ROADS = "account_off_road"
"""The code of the conflict for an account no road is near, or without a pin: nothing can be said of any day.
"""


@dataclass(frozen=True, slots=True)
class StandingPlan:
    """``by_day``: account ids by day of the horizon."""

    horizon: Horizon
    posed: Posed
    by_day: dict[int, list[int]]

    def name_of(self, account_id: int) -> str:
        candidate = self.posed.candidates.get(account_id)
        return candidate.name if candidate else ""


def standing_plan(
    session: Session, networks_folder: Path, rep_id: int, today: date, account_id: int | None = None
) -> StandingPlan:
    """``account_id``: the account the question is about, which then takes part whatever its cadence.

    Raises Conflict(OFF_THE_ROADS) for that account, and as ``horizon.gather`` does.
    """
    horizon = _with_account(gather(session, rep_id, today, today), account_id)
    horizon = replace(horizon, nights=_settled_nights(session, rep_id, horizon))
    travel = roads.travel(networks_folder, horizon.network_name, horizon.driving, horizon.engine)
    posed = pose(horizon, travel)
    plan = StandingPlan(horizon, posed, _by_day(session, rep_id, horizon, posed))
    if account_id is not None and account_id not in {account.key for account in posed.problem.accounts}:
        raise Conflict(OFF_THE_ROADS, account=plan.name_of(account_id))
    return plan


def movable_visits(session: Session, plan: StandingPlan) -> dict[tuple[int, int], Visit]:
    """By day and account, from tomorrow on: published visits that are neither agreed nor pinned."""
    horizon = plan.horizon
    rows = session.scalars(
        select(Visit).where(
            Visit.rep_id == horizon.rep_id,
            Visit.on > horizon.from_on,
            Visit.on < horizon.until_on,
            Visit.state == VisitState.PLANNED,
            Visit.is_pinned.is_(False),
            Visit.kind.not_in(AGREED),
        )
    )
    found = {((visit.on - horizon.from_on).days, visit.account_id): visit for visit in rows}
    return {pair: visit for pair, visit in found.items() if pair[1] in plan.by_day.get(pair[0], ())}


def closed_weekdays(session: Session, account: Account, plan: StandingPlan) -> set[int]:
    """Days the account is closed on by nothing but their weekday."""
    horizon = plan.horizon
    span = Span(horizon.from_on, horizon.until_on, horizon.from_on)
    owned = ownerships(session, horizon.rep_id, span).get(account.id, [])
    return closed_by_weekday(account, owned, span)


def _with_account(horizon: Horizon, account_id: int | None) -> Horizon:
    """A day is looked for also where the cadence is missing or contradicts itself."""
    return replace(
        horizon,
        candidates=tuple(
            replace(one, trouble="") if one.account_id == account_id else one for one in horizon.candidates
        ),
    )


def _settled_nights(session: Session, rep_id: int, horizon: Horizon) -> NightFacts:
    """Nights to come, then those of the last published plan's forecast: its days begin and end there."""
    version = planning.newest(session, rep_id, VersionState.PUBLISHED)
    later: tuple[Night, ...] = ()
    if version is not None:
        later = night_facts.forecast(session, version, max(version.published_until_on, horizon.from_on))
    return night_facts.all_settled(horizon.nights, later)


def _by_day(session: Session, rep_id: int, horizon: Horizon, posed: Posed) -> dict[int, list[int]]:
    """Visits to come, then what the last published plan proposes: of posed accounts, on days that are
    worked."""
    known = {account.key for account in posed.problem.accounts}
    version = planning.newest(session, rep_id, VersionState.PUBLISHED)
    found: dict[int, list[int]] = defaultdict(list)
    for one in standing_dates(session, rep_id, horizon.from_on, horizon.until_on, version):
        day, account_id = (one.on - horizon.from_on).days, one.account_id
        if account_id in known and account_id not in found[day] and horizon.days[day].shift is not None:
            found[day].append(account_id)
    return dict(found)
