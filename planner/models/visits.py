"""Visits, their notes, and the day routes they are stops of.

``*_seconds`` on routes and stops are seconds after local midnight but for ``leg_seconds`` and
``service_seconds``, which are durations. ``leg_path`` is a polyline, precision 5, of (lat, lon).
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from planner.database import Base, UtcDateTime
from planner.domain.day_goals import DayGoal
from planner.domain.visits import NotHeldReason, Outcome, VisitKind, VisitState
from planner.models.accounts import Account
from planner.models.columns import Revised, enum_of
from planner.models.ledger import ClosedDay


class Visit(Revised, Base):
    """One meeting at one account on one date, planned or held. ``uid`` is made where the visit is made.

    ``from_seconds`` and ``until_seconds`` narrow when it may begin on that date alone; ``kept_place`` is the
    place in the route, counted from 1, at which the rep wants it.
    """

    __tablename__ = "visit"
    __table_args__ = (
        Index(
            "uq_visit_account_day",
            "account_id",
            "on",
            unique=True,
            sqlite_where=text("state <> 'cancelled'"),
            postgresql_where=text("state <> 'cancelled'"),
        ),
        Index(None, "rep_id", "on"),
        CheckConstraint("service_seconds > 0", name="service_positive"),
        CheckConstraint("see_again_days > 0", name="see_again_positive"),
        CheckConstraint("kept_place > 0", name="kept_place_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(String(36), unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    rep_id: Mapped[int] = mapped_column(ForeignKey("rep.person_id"))
    on: Mapped[date]
    kind: Mapped[VisitKind] = mapped_column(enum_of(VisitKind, "visit_kind"), default=VisitKind.CADENCE)
    state: Mapped[VisitState] = mapped_column(enum_of(VisitState, "visit_state"), default=VisitState.PLANNED)
    is_pinned: Mapped[bool] = mapped_column(default=False)
    appointment_seconds: Mapped[int | None]
    leeway_seconds: Mapped[int] = mapped_column(default=0)
    from_seconds: Mapped[int | None]
    until_seconds: Mapped[int | None]
    kept_place: Mapped[int | None]
    service_seconds: Mapped[int]
    due_on: Mapped[date | None]
    reason: Mapped[str] = mapped_column(String(40), default="")
    reason_values: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    version_id: Mapped[int | None] = mapped_column(ForeignKey("schedule_version.id"))
    arrived_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    left_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    outcome: Mapped[Outcome | None] = mapped_column(enum_of(Outcome, "outcome"))
    next_step: Mapped[str] = mapped_column(String(400), default="")
    see_again_days: Mapped[int | None]
    not_held_reason: Mapped[NotHeldReason | None] = mapped_column(enum_of(NotHeldReason, "not_held_reason"))

    account: Mapped[Account] = relationship()
    notes: Mapped[list[Note]] = relationship(back_populates="visit", order_by="Note.captured_at")
    closed_day: Mapped[ClosedDay | None] = relationship(
        primaryjoin="and_(foreign(Visit.rep_id) == ClosedDay.rep_id, foreign(Visit.on) == ClosedDay.on)",
        viewonly=True,
    )


class Note(Base):
    """What somebody wrote about an account, usually on a visit. Never changed, only added to."""

    __tablename__ = "note"
    __table_args__ = (Index(None, "account_id", "captured_at"), UniqueConstraint("author_id", "uid"))

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(String(36))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    visit_id: Mapped[int | None] = mapped_column(ForeignKey("visit.id"), index=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    text: Mapped[str] = mapped_column(Text)
    captured_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)

    account: Mapped[Account] = relationship()
    visit: Mapped[Visit | None] = relationship(back_populates="notes")


class DayRoute(Revised, Base):
    """One rep's route on one date, put in order for a ``goal``. ``is_stale``: its visits, or what its rep
    wants, changed since it was solved. ``within_percent``: how far above the best it is at most.
    ``bed_*_off_road``: it begins or ends at home because the night's place is not on the roads."""

    __tablename__ = "day_route"
    __table_args__ = (UniqueConstraint("rep_id", "on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    rep_id: Mapped[int] = mapped_column(ForeignKey("rep.person_id"))
    on: Mapped[date]
    leaves_seconds: Mapped[int]
    home_seconds: Mapped[int]
    home_leg_seconds: Mapped[int]
    home_leg_metres: Mapped[int]
    home_leg_path: Mapped[str] = mapped_column(Text, default="")
    lunch_seconds: Mapped[int | None]
    network_name: Mapped[str] = mapped_column(String(80))
    network_version: Mapped[str] = mapped_column(String(64))
    driving: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, server_default=text("'{}'"))
    """How one drove, as ``planner.services.roads.assumptions`` writes it; empty where that is not known."""
    goal: Mapped[DayGoal] = mapped_column(
        enum_of(DayGoal, "goal"), default=DayGoal.LEAST_DRIVING, server_default=text("'least_driving'")
    )
    is_proven: Mapped[bool] = mapped_column(default=False)
    within_percent: Mapped[float | None]
    is_stale: Mapped[bool] = mapped_column(default=False)
    bed_before_off_road: Mapped[bool] = mapped_column(default=False, server_default=false())
    bed_after_off_road: Mapped[bool] = mapped_column(default=False, server_default=false())
    solved_at: Mapped[datetime] = mapped_column(UtcDateTime)

    stops: Mapped[list[Stop]] = relationship(order_by="Stop.position", cascade="all, delete-orphan")
    left_out: Mapped[list[LeftOut]] = relationship(cascade="all, delete-orphan")


class Stop(Base):
    """A visit's place in a day route, with the drive to it. ``leg_class_seconds``: how many of its seconds
    are driven on main, middle and small roads, where that is known."""

    __tablename__ = "stop"
    __table_args__ = (UniqueConstraint("day_route_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    day_route_id: Mapped[int] = mapped_column(ForeignKey("day_route.id", ondelete="CASCADE"))
    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id", ondelete="CASCADE"), unique=True)
    position: Mapped[int]
    arrives_seconds: Mapped[int]
    begins_seconds: Mapped[int]
    leaves_seconds: Mapped[int]
    leg_seconds: Mapped[int]
    leg_metres: Mapped[int]
    leg_path: Mapped[str] = mapped_column(Text, default="")
    leg_class_seconds: Mapped[list[int] | None] = mapped_column(JSON(none_as_null=True))

    visit: Mapped[Visit] = relationship()


class LeftOut(Base):
    """A visit of that date that is not in the route, and why (a ``routing.types.LeftOut`` value)."""

    __tablename__ = "left_out"

    day_route_id: Mapped[int] = mapped_column(
        ForeignKey("day_route.id", ondelete="CASCADE"), primary_key=True
    )
    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id", ondelete="CASCADE"), primary_key=True)
    reason: Mapped[str] = mapped_column(String(40))
    detour_seconds: Mapped[int | None]

    visit: Mapped[Visit] = relationship()


class DayChange(Base):
    """What a rep did to the rest of a day in one tap. ``before`` is what undo puts back; ``route_rev`` is the
    route's revision afterwards, so that a later change is never overwritten."""

    __tablename__ = "day_change"
    __table_args__ = (Index(None, "rep_id", "on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    rep_id: Mapped[int] = mapped_column(ForeignKey("rep.person_id", ondelete="CASCADE"))
    on: Mapped[date]
    kind: Mapped[str] = mapped_column(String(24))
    told: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    before: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    route_rev: Mapped[int | None]
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
