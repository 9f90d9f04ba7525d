"""A planning run in the hands of a worker: claim, beat, finish.

A claim hands out a token; every later step of the worker holds only ``WHERE token = ? AND state =
'running'``, so that a worker whose lease ran out can neither report nor store anything any more.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from planner.domain.errors import Conflict
from planner.models.runs import PlanningRun, RunKind, RunState

LEASE = timedelta(seconds=20)
"""How long a worker may stay silent before another one takes the run over."""

MOST_ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class Claim:
    """A run in the hands of one worker. ``token`` is what the worker shows at each later step."""

    run_id: int
    token: int
    kind: RunKind
    rep_id: int
    from_on: date
    seed: int
    question: dict[str, Any] = field(default_factory=dict)


def claim(session: Session, now: datetime, run_id: int | None = None) -> Claim | None:
    """Take the most urgent queued run, or the given one; None when there is nothing to take."""
    wanted = select(PlanningRun.id).where(PlanningRun.state == RunState.QUEUED)
    if run_id is not None:
        wanted = wanted.where(PlanningRun.id == run_id)
    wanted = wanted.order_by(PlanningRun.priority.desc(), PlanningRun.id).limit(1)
    taken = session.execute(
        update(PlanningRun)
        .where(PlanningRun.id.in_(wanted.scalar_subquery()), PlanningRun.state == RunState.QUEUED)
        .values(
            state=RunState.RUNNING,
            token=PlanningRun.token + 1,
            attempt=PlanningRun.attempt + 1,
            started_at=now,
            lease_until=now + LEASE,
            progress=0,
            phase="",
        )
        .returning(PlanningRun.id, PlanningRun.token, PlanningRun.kind, PlanningRun.rep_id)
        .returning(PlanningRun.from_on, PlanningRun.seed, PlanningRun.question)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    session.expire_all()
    return Claim(*taken) if taken else None


def held(session: Session, run_id: int, token: int) -> Claim | None:
    """The claim behind a run id and token, for a worker that was handed both; None when it is void."""
    row = session.scalar(select(PlanningRun).where(_mine(run_id, token)))
    if row is None:
        return None
    return Claim(row.id, row.token, row.kind, row.rep_id, row.from_on, row.seed, row.question)


def beat(
    session: Session, now: datetime, claim: Claim, progress: int, phase: str, lease: timedelta = LEASE
) -> bool:
    """Report progress (0 to 100) and extend the lease. False: stop, the run is no longer yours."""
    return _step(session, claim, progress=progress, phase=phase, lease_until=now + lease)


def finish(
    session: Session,
    now: datetime,
    claim: Claim,
    network_version: str | None,
    answer: dict[str, Any] | None = None,
) -> None:
    """Done; call it in the transaction that stores the result. Raises Conflict("run_lost") when the
    lease was taken over or the run was cancelled: the result then goes back with the transaction."""
    values = {"state": RunState.DONE, "ended_at": now, "progress": 100, "lease_until": None}
    if not _step(session, claim, network_version=network_version, answer=answer, **values):
        raise Conflict("run_lost", id=claim.run_id)


def fail(session: Session, now: datetime, claim: Claim, code: str, values: Mapping[str, Any]) -> None:
    """Given up for a reason a person can mend: no further attempt. Nothing happens on a lost run."""
    texts = {name: value if isinstance(value, int) else str(value) for name, value in values.items()}
    ending = {"state": RunState.FAILED, "ended_at": now, "lease_until": None}
    _step(session, claim, error_code=code, error_values=texts, **ending)


def stopped(session: Session, now: datetime, run_id: int, token: int) -> None:
    """The worker is gone without finishing: cancelled if that was asked, tried again, or parked after
    three attempts. Nothing happens when the run ended or was claimed anew."""
    run = session.scalar(
        select(PlanningRun).where(
            PlanningRun.id == run_id, PlanningRun.token == token, PlanningRun.state == RunState.RUNNING
        )
    )
    if run is not None:
        _put_back(run, now)
        session.flush()


def sweep(session: Session, now: datetime) -> int:
    """Deal with running runs whose lease is over, as ``stopped`` does; returns how many there were."""
    rows = session.scalars(
        select(PlanningRun).where(PlanningRun.state == RunState.RUNNING, PlanningRun.lease_until < now)
    ).all()
    for run in rows:
        _put_back(run, now)
    session.flush()
    return len(rows)


def is_wanted(session: Session, run_id: int, token: int) -> bool:
    """Whether the worker with this token should go on."""
    return session.scalar(select(PlanningRun.id).where(_mine(run_id, token))) is not None


def _mine(run_id: int, token: int) -> ColumnElement[bool]:
    return (
        (PlanningRun.id == run_id)
        & (PlanningRun.token == token)
        & (PlanningRun.state == RunState.RUNNING)
        & PlanningRun.cancel_requested.is_(False)
    )


def _step(session: Session, claim: Claim, **values: Any) -> bool:
    done = session.execute(
        update(PlanningRun)
        .where(_mine(claim.run_id, claim.token))
        .values(**values)
        .returning(PlanningRun.id)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    session.expire_all()
    return done is not None


def _put_back(run: PlanningRun, now: datetime) -> None:
    run.lease_until = None
    if run.cancel_requested:
        run.state, run.ended_at = RunState.CANCELLED, now
    elif run.attempt >= MOST_ATTEMPTS:
        run.state, run.ended_at = RunState.FAILED, now
        run.error_code, run.error_values = "run_crashed", {"attempts": run.attempt}
    else:
        run.state = RunState.QUEUED
