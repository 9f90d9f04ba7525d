"""A version before it is published: what changes against the visits that stand, and whether it fits.

Feasibility compares, over the published weeks, the hours needed (visits and driving, and the visits
that found no room) with the hours the rep works.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from planner.domain.access import Actor
from planner.models.accounts import Account
from planner.models.people import Person
from planner.models.schedule import ScheduleVersion, UnplacedAccount, VersionState
from planner.models.visits import DayRoute
from planner.services.schedule import planning, version_changes
from planner.services.schedule.certificate import FULL, Certificate, certificate
from planner.services.schedule.horizon import DayLoad

MENDABLE = FULL | {"not_worth", "no_working_day", "never_open", "too_long"}
"""Reasons that lie in rules, not in the account's place or in a cadence that says nothing."""


@dataclass(frozen=True, slots=True)
class Line:
    """An account whose visit is moved (both dates), added (no ``from_on``) or dropped (no ``to_on``)."""

    account_id: int
    account_name: str
    account_class: str
    from_on: date | None
    to_on: date | None


@dataclass(frozen=True, slots=True)
class Missing:
    account_id: int
    account_name: str
    account_class: str
    due_until_on: date | None
    reason: str
    reason_values: dict[str, Any]

    @property
    def can_be_helped(self) -> bool:
        """Whether a day could be had by changing a rule, and not only by moving its pin."""
        return self.reason in MENDABLE


@dataclass(frozen=True, slots=True)
class Feasibility:
    """Seconds over the published weeks. ``short_seconds`` is what is lacking, 0 when it fits."""

    visit_seconds: int
    driving_seconds: int
    unplaced_seconds: int
    available_seconds: int

    @property
    def needed_seconds(self) -> int:
        return self.visit_seconds + self.driving_seconds + self.unplaced_seconds

    @property
    def short_seconds(self) -> int:
        return max(0, self.needed_seconds - self.available_seconds)


@dataclass(frozen=True, slots=True)
class Review:
    version: ScheduleVersion
    rep_name: str
    moved: tuple[Line, ...]
    added: tuple[Line, ...]
    dropped: tuple[Line, ...]
    kept: int
    missing: tuple[Missing, ...]
    feasibility: Feasibility
    certificate: Certificate | None
    driving_before: int
    can_publish: bool
    can_undo: bool

    @property
    def last_published_on(self) -> date:
        return self.version.published_until_on - timedelta(days=1)


def review(session: Session, actor: Actor, version_id: int, today: date) -> Review:
    """Raises NotFound for a version of a rep outside the actor's scope."""
    version = planning.version_of(session, actor, version_id, today)
    found = version_changes.changes(session, version, today)
    loads = [
        load
        for load in map(DayLoad.from_json, version.days)
        if max(version.from_on, today) <= load.on < version.published_until_on
    ]
    missing = _missing(session, version)
    fit = _feasibility(version, loads, missing)
    return Review(
        version=version,
        rep_name=session.get_one(Person, version.rep_id).name,
        moved=tuple(_line(visit.account, visit.on, proposal.on) for visit, proposal in found.moved),
        added=tuple(_line(proposal.account, None, proposal.on) for proposal in found.added),
        dropped=tuple(_line(visit.account, visit.on, None) for visit in found.dropped),
        kept=len(found.kept),
        missing=missing,
        feasibility=fit,
        certificate=certificate(session, version, loads, fit.short_seconds, today),
        driving_before=_driving_before(session, version, today),
        can_publish=version.state is VersionState.PROPOSED,
        can_undo=version.state is VersionState.PUBLISHED and version.before_publish is not None,
    )


def _line(account: Account, from_on: date | None, to_on: date | None) -> Line:
    return Line(account.id, account.name, account.account_class.value, from_on, to_on)


def _missing(session: Session, version: ScheduleVersion) -> tuple[Missing, ...]:
    rows = session.scalars(
        select(UnplacedAccount)
        .join(UnplacedAccount.account)
        .where(UnplacedAccount.version_id == version.id)
        .options(joinedload(UnplacedAccount.account))
        .order_by(Account.account_class, UnplacedAccount.due_until_on, Account.name)
    )
    return tuple(
        Missing(
            row.account_id,
            row.account.name,
            row.account.account_class.value,
            row.due_until_on,
            row.reason,
            row.reason_values,
        )
        for row in rows
    )


def _feasibility(version: ScheduleVersion, loads: list[DayLoad], missing: tuple[Missing, ...]) -> Feasibility:
    """An unplaced visit is counted with its length and the average drive to a visit of this version."""
    visits, driving = sum(load.visits for load in loads), sum(load.driving_seconds for load in loads)
    drive = driving // visits if visits else 0
    unplaced = [
        entry.reason_values.get("service_seconds", 0) + drive
        for entry in missing
        if entry.reason in FULL and entry.due_until_on and entry.due_until_on < version.published_until_on
    ]
    return Feasibility(
        visit_seconds=sum(load.service_seconds for load in loads),
        driving_seconds=driving,
        unplaced_seconds=sum(unplaced),
        available_seconds=sum(load.available_seconds for load in loads),
    )


def _driving_before(session: Session, version: ScheduleVersion, today: date) -> int:
    """Driving of the day routes that stand in the published weeks."""
    routes = session.scalars(
        select(DayRoute)
        .where(DayRoute.rep_id == version.rep_id, DayRoute.on >= max(version.from_on, today))
        .where(DayRoute.on < version.published_until_on)
        .options(selectinload(DayRoute.stops))
    )
    return sum(route.home_leg_seconds + sum(stop.leg_seconds for stop in route.stops) for route in routes)
