"""What planning runs found out: the newest answer to a question, as the service of its kind wrote it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.models.runs import PlanningRun, RunKind, RunState
from planner.services.schedule.runs import key_of


@dataclass(frozen=True, slots=True)
class Answer:
    """``read_at``: what it was worked out from is of then."""

    run_id: int
    values: dict[str, Any]
    read_at: datetime


def newest(
    session: Session, kind: RunKind, rep_id: int, question: Mapping[str, Any] | None = None
) -> Answer | None:
    key = key_of(kind, rep_id, question or {})
    return among(session, rep_id, [key]).get(key)


def among(session: Session, rep_id: int, keys: Collection[str]) -> dict[str, Answer]:
    """The newest answer to each of some questions about a rep, by ``runs.key_of``."""
    rows = session.scalars(
        select(PlanningRun)
        .where(PlanningRun.rep_id == rep_id, PlanningRun.dedupe_key.in_(keys))
        .where(PlanningRun.state == RunState.DONE, PlanningRun.answer.is_not(None))
        .order_by(PlanningRun.id)
    )
    return {
        row.dedupe_key: Answer(row.id, row.answer or {}, row.started_at or row.requested_at) for row in rows
    }
