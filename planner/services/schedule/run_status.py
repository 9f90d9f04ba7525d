"""A planning run as its page shows it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.access import Actor
from planner.domain.errors import NotFound
from planner.models.people import Person
from planner.models.runs import PlanningRun, RunKind, RunState
from planner.models.schedule import ScheduleVersion
from planner.services import scope
from planner.services.schedule.runs import OPEN

PLANS = (RunKind.SCHEDULE, RunKind.ROUTES)
QUESTIONS = (RunKind.BALANCE, RunKind.RULE, RunKind.COVER)


@dataclass(frozen=True, slots=True)
class RunStatus:
    """``version_id`` is what the run made, ``question`` what it answers, ``error_code`` why it failed."""

    run_id: int
    rep_id: int
    rep_name: str
    kind: RunKind
    state: RunState
    progress: int
    phase: str
    from_on: date
    requested_at: datetime
    is_cancelling: bool
    error_code: str | None
    error_values: dict[str, Any]
    version_id: int | None
    question: dict[str, Any]

    @property
    def is_over(self) -> bool:
        return self.state not in OPEN

    @property
    def is_answered(self) -> bool:
        return self.kind in QUESTIONS and self.state is RunState.DONE


def status(session: Session, actor: Actor, run_id: int, on: date) -> RunStatus:
    """Raises NotFound for a run of a rep outside the actor's scope."""
    row = session.execute(
        select(PlanningRun, Person.name, ScheduleVersion.id)
        .join(Person, Person.id == PlanningRun.rep_id)
        .outerjoin(ScheduleVersion, ScheduleVersion.run_id == PlanningRun.id)
        .where(PlanningRun.id == run_id, PlanningRun.rep_id.in_(scope.rep_ids(actor, on)))
    ).one_or_none()
    if row is None:
        raise NotFound("run", id=run_id)
    run, rep_name, version_id = row
    return RunStatus(
        run_id=run.id,
        rep_id=run.rep_id,
        rep_name=rep_name,
        kind=run.kind,
        state=run.state,
        progress=run.progress,
        phase=run.phase,
        from_on=run.from_on,
        requested_at=run.requested_at,
        is_cancelling=run.cancel_requested,
        error_code=run.error_code,
        error_values=run.error_values,
        version_id=version_id,
        question=run.question,
    )


def open_run_of(session: Session, rep_id: int, kinds: Collection[RunKind] = PLANS) -> int | None:
    """The run under way for a rep, the most urgent first; questions only where they are asked for."""
    return session.scalar(
        select(PlanningRun.id)
        .where(PlanningRun.rep_id == rep_id, PlanningRun.state.in_(OPEN), PlanningRun.kind.in_(kinds))
        .order_by(PlanningRun.priority.desc(), PlanningRun.id)
        .limit(1)
    )
