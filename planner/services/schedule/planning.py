"""Schedule versions: storing what a run proposes, in one piece, and reading it back.

A version is written once and never changed; only its state moves on. The newest complete one counts.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from planner.domain.access import Actor
from planner.domain.errors import NotFound
from planner.models.schedule import (
    Proposal,
    ScheduleNight,
    ScheduleVersion,
    UnplacedAccount,
    VersionState,
)
from planner.services import roads, scope
from planner.services.schedule.horizon import Horizon
from planner.services.schedule.proposals import Proposed
from planner.services.schedule.rotation import Solution
from planner.services.schedule.rotation_problem import NotPlaced


def store(
    session: Session, now: datetime, horizon: Horizon, solution: Solution, run_id: int | None, seed: int
) -> int:
    """Write a solution as the rep's proposed version; an older proposal is superseded. Returns its id."""
    session.execute(
        update(ScheduleVersion)
        .where(ScheduleVersion.rep_id == horizon.rep_id, ScheduleVersion.state == VersionState.PROPOSED)
        .values(state=VersionState.SUPERSEDED)
    )
    version = ScheduleVersion(
        rep_id=horizon.rep_id,
        run_id=run_id,
        state=VersionState.PROPOSED,
        from_on=horizon.from_on,
        until_on=horizon.until_on,
        published_until_on=horizon.published_until_on,
        seed=seed,
        network_version=solution.network_version,
        driving=roads.assumptions(horizon.driving, horizon.engine),
        balance=horizon.balance,
        driving_seconds=solution.driving_seconds,
        driving_metres=solution.driving_metres,
        cost_seconds=solution.cost_seconds,
        days_driven=solution.days_driven,
        days_proven=solution.days_proven,
        days=[load.to_json() for load in solution.days],
        created_at=now,
        proposals=[_proposal(proposed) for proposed in solution.proposals],
        unplaced=[_unplaced(missing) for missing in solution.not_placed],
        nights=[
            ScheduleNight(on=night.on, account_id=night.account_id, saves_seconds=night.saves_seconds)
            for night in solution.nights
        ],
    )
    session.add(version)
    session.flush()
    return version.id


def _proposal(proposed: Proposed) -> Proposal:
    return Proposal(
        account_id=proposed.account_id,
        on=proposed.on,
        position=proposed.position,
        begins_seconds=proposed.begins,
        service_seconds=proposed.service_seconds,
        detour_seconds=proposed.detour_seconds,
        due_on=proposed.due_on,
        is_pinned=proposed.is_pinned,
        kind=proposed.kind.value,
        reason=proposed.reason,
        reason_values=proposed.reason_values,
    )


def _unplaced(missing: NotPlaced) -> UnplacedAccount:
    return UnplacedAccount(
        account_id=missing.account_id,
        due_from_on=missing.due_from_on,
        due_until_on=missing.due_until_on,
        reason=missing.reason,
        reason_values=missing.reason_values,
    )


def newest(session: Session, rep_id: int, *states: VersionState) -> ScheduleVersion | None:
    """The rep's newest version in one of ``states``."""
    return session.scalar(
        select(ScheduleVersion)
        .where(ScheduleVersion.rep_id == rep_id, ScheduleVersion.state.in_(states))
        .order_by(ScheduleVersion.created_at.desc(), ScheduleVersion.id.desc())
        .limit(1)
    )


def version_of(session: Session, actor: Actor, version_id: int, on: date) -> ScheduleVersion:
    """A version of a rep in the actor's scope. Raises NotFound."""
    version = session.get(ScheduleVersion, version_id)
    if version is None:
        raise NotFound("schedule_version", id=version_id)
    scope.rep(session, actor, version.rep_id, on)
    return version
