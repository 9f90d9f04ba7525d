"""Planning runs: ask, claim, beat, finish. The row is the truth, whoever carries the work out.

A claim hands out a token; every later step of the worker holds only ``WHERE token = ? AND state =
'running'``, so that a worker whose lease ran out can neither report nor store anything any more.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from planner.domain.access import Actor
from planner.domain.errors import Conflict, NotFound
from planner.models.runs import PlanningRun, RunKind, RunState
from planner.services import scope

LEASE = timedelta(seconds=20)
"""How long a worker may stay silent before another one takes the run over."""

MOST_ATTEMPTS = 3
PRIORITIES = {RunKind.ROUTES: 10, RunKind.SCHEDULE: 0}
"""Somebody waits for routes; a schedule may take its time."""

OPEN = (RunState.QUEUED, RunState.RUNNING)
SEED = 1


@dataclass(frozen=True, slots=True)
class Claim:
    """A run in the hands of one worker. ``token`` is what the worker shows at each later step."""

    run_id: int
    token: int
    kind: RunKind
    rep_id: int
    from_on: date
    seed: int


def request(session: Session, actor: Actor, now: datetime, rep_id: int, kind: RunKind, from_on: date) -> int:
    """Ask for a plan from ``from_on`` on; returns the run's id. Asking again while one is open gives
    that one. Raises NotFound for a rep outside the actor's scope."""
    scope.rep(session, actor, rep_id, now.date())
    return open_run(session, now, rep_id, kind, from_on, actor.user_id)


def open_run(
    session: Session, now: datetime, rep_id: int, kind: RunKind, from_on: date, requested_by: int | None
) -> int:
    """The open run of this rep and kind, made when there is none."""
    key = f"{kind}:{rep_id}"
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
        .returning(PlanningRun.from_on, PlanningRun.seed)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    session.expire_all()
    return Claim(*taken) if taken else None


def held(session: Session, run_id: int, token: int) -> Claim | None:
    """The claim behind a run id and token, for a worker that was handed both; None when it is void."""
    row = session.scalar(select(PlanningRun).where(_mine(run_id, token)))
    return Claim(row.id, row.token, row.kind, row.rep_id, row.from_on, row.seed) if row else None


def beat(
    session: Session, now: datetime, claim: Claim, progress: int, phase: str, lease: timedelta = LEASE
) -> bool:
    """Report progress (0 to 100) and extend the lease. False: stop, the run is no longer yours."""
    return _step(session, claim, progress=progress, phase=phase, lease_until=now + lease)


def finish(session: Session, now: datetime, claim: Claim, network_version: str | None) -> None:
    """Done; call it in the transaction that stores the result. Raises Conflict("run_lost") when the
    lease was taken over or the run was cancelled: the result then goes back with the transaction."""
    values = {"state": RunState.DONE, "ended_at": now, "progress": 100, "lease_until": None}
    if not _step(session, claim, network_version=network_version, **values):
        raise Conflict("run_lost", id=claim.run_id)


def fail(session: Session, now: datetime, claim: Claim, code: str, values: Mapping[str, Any]) -> None:
    """Given up for a reason a person can mend: no further attempt. Nothing happens on a lost run."""
    texts = {name: value if isinstance(value, int) else str(value) for name, value in values.items()}
    ending = {"state": RunState.FAILED, "ended_at": now, "lease_until": None}
    _step(session, claim, error_code=code, error_values=texts, **ending)


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


def is_waiting(session: Session, now: datetime) -> bool:
    """Whether a run is queued, or running with its lease over."""
    expired = (PlanningRun.state == RunState.RUNNING) & (PlanningRun.lease_until < now)
    query = select(PlanningRun.id).where(or_(PlanningRun.state == RunState.QUEUED, expired)).limit(1)
    return session.scalar(query) is not None


def is_wanted(session: Session, run_id: int, token: int) -> bool:
    """Whether the worker with this token should go on."""
    return session.scalar(select(PlanningRun.id).where(_mine(run_id, token))) is not None


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
