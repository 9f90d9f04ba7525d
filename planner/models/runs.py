"""Planning runs: the table is the truth about background work, whatever carries it out."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from planner.database import Base, UtcDateTime
from planner.models.columns import enum_of


class RunState(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class RunKind(StrEnum):
    """What a run makes: a schedule version of many weeks, the day routes of visits that stand, or the answer
    to a question: what even days cost, what a rule of an account costs, who takes over a day."""

    SCHEDULE = "schedule"
    ROUTES = "routes"
    BALANCE = "balance"
    RULE = "rule"
    COVER = "cover"


class PlanningRun(Base):
    """One wish to plan for a rep. ``token`` fences off a worker whose lease was taken over.

    ``dedupe_key`` is unique among runs not yet ended: asking twice gives one run. ``progress`` is
    0 to 100. ``error_code`` and ``error_values`` make the sentence of a failed run. ``question`` is what a
    run is to answer, ``answer`` what it found, each as the service of its kind writes it.
    """

    __tablename__ = "planning_run"
    __table_args__ = (
        Index(
            "uq_planning_run_open",
            "dedupe_key",
            unique=True,
            sqlite_where=text("state IN ('queued', 'running')"),
            postgresql_where=text("state IN ('queued', 'running')"),
        ),
        Index(None, "state", "priority", "id"),
        CheckConstraint("progress BETWEEN 0 AND 100", name="progress"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    rep_id: Mapped[int] = mapped_column(ForeignKey("rep.person_id"), index=True)
    kind: Mapped[RunKind] = mapped_column(enum_of(RunKind, "run_kind"), default=RunKind.SCHEDULE)
    dedupe_key: Mapped[str] = mapped_column(String(80))
    state: Mapped[RunState] = mapped_column(enum_of(RunState, "run_state"), default=RunState.QUEUED)
    priority: Mapped[int] = mapped_column(default=0)
    from_on: Mapped[date]
    seed: Mapped[int]
    network_version: Mapped[str | None] = mapped_column(String(64))
    progress: Mapped[int] = mapped_column(default=0)
    phase: Mapped[str] = mapped_column(String(40), default="")
    cancel_requested: Mapped[bool] = mapped_column(default=False)
    token: Mapped[int] = mapped_column(default=0)
    attempt: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    requested_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    requested_at: Mapped[datetime] = mapped_column(UtcDateTime)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    error_code: Mapped[str | None] = mapped_column(String(40))
    error_values: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    question: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, server_default=text("'{}'"))
    answer: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
