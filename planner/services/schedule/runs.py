"""Planning runs as those see them who ask: request, look, call off.

The row is the truth, whoever carries the work out; ``leases`` is the side of those who do.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from planner.domain.access import Actor
from planner.domain.errors import Conflict, NotFound
from planner.models.runs import PlanningRun, RunKind, RunState
from planner.services import scope

PRIORITIES = {
    RunKind.COVER: 12,
    RunKind.ROUTES: 10,
    RunKind.RULE: 5,
    RunKind.BALANCE: 5,
    RunKind.SCHEDULE: 0,
}
"""Somebody waits for routes or an answer; a schedule may take its time."""

OPEN = (RunState.QUEUED, RunState.RUNNING)
SEED = 1


def request(
    session: Session,
    actor: Actor,
    now: datetime,
    rep_id: int,
    kind: RunKind,
    from_on: date,
    question: Mapping[str, Any] = MappingProxyType({}),
) -> int:
    """Ask for a plan from ``from_on`` on, or for an answer; returns the run's id. Asking the same again while
    one is open gives that one. Raises NotFound for a rep outside the actor's scope."""
    scope.rep(session, actor, rep_id, now.date())
    return open_run(session, now, rep_id, kind, from_on, actor.user_id, question)


def key_of(kind: RunKind, rep_id: int, question: Mapping[str, Any] = MappingProxyType({})) -> str:
    """What two wishes have in common that are one."""
    return ":".join(str(part) for part in (kind, rep_id, *question.values()))


def open_run(
    session: Session,
    now: datetime,
    rep_id: int,
    kind: RunKind,
    from_on: date,
    requested_by: int | None,
    question: Mapping[str, Any] = MappingProxyType({}),
) -> int:
    """The open run of this rep, kind and question, made when there is none."""
    key = key_of(kind, rep_id, question)
    standing = _open(session, key)
    if standing is None:
        run = PlanningRun(
            rep_id=rep_id,
            kind=kind,
            dedupe_key=key,
            state=RunState.QUEUED,
            priority=PRIORITIES[kind],
            from_on=from_on,
            seed=SEED,
            requested_by=requested_by,
            requested_at=now,
            question=dict(question),
        )
        try:
            with session.begin_nested():
                session.add(run)
            return run.id
        except IntegrityError:
            # Somebody asked in the same moment; on PostgreSQL their row is visible only now.
            standing = _open(session, key)
            if standing is None:
                raise
    standing.from_on = min(standing.from_on, from_on)
    session.flush()
    return standing.id


def cancel(session: Session, actor: Actor, now: datetime, run_id: int) -> None:
    """Call a run off. A queued one ends at once, a running one as soon as its worker is stopped.
    Raises Conflict("run_over") when it has ended already."""
    run = _visible(session, actor, run_id, now.date())
    if run.state not in OPEN:
        raise Conflict("run_over")
    run.cancel_requested = True
    if run.state is RunState.QUEUED:
        run.state, run.ended_at = RunState.CANCELLED, now
    session.flush()


def is_waiting(session: Session, now: datetime) -> bool:
    """Whether a run is queued, or running with its lease over."""
    expired = (PlanningRun.state == RunState.RUNNING) & (PlanningRun.lease_until < now)
    query = select(PlanningRun.id).where(or_(PlanningRun.state == RunState.QUEUED, expired)).limit(1)
    return session.scalar(query) is not None


def is_done_or_under_way(session: Session, run_id: int) -> bool:
    """Whether nothing went wrong with a run so far."""
    state = session.get_one(PlanningRun, run_id, populate_existing=True).state
    return state is RunState.DONE or state in OPEN


def error_of(session: Session, run_id: int) -> tuple[str, dict[str, Any]]:
    """Why a run was not done: the code and values of its error; ``run_stopped`` when there is none."""
    run = session.get_one(PlanningRun, run_id, populate_existing=True)
    return run.error_code or "run_stopped", run.error_values


def _open(session: Session, key: str) -> PlanningRun | None:
    return session.scalar(
        select(PlanningRun).where(
            PlanningRun.dedupe_key == key,
            or_(*(PlanningRun.state == state for state in OPEN)),
        )
    )


def _visible(session: Session, actor: Actor, run_id: int, on: date) -> PlanningRun:
    run = session.get(PlanningRun, run_id)
    if run is None:
        raise NotFound("run", id=run_id)
    scope.rep(session, actor, run.rep_id, on)
    return run
