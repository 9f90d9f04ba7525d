"""A version before it is published: what changes against the visits that stand, and whether it fits.

Feasibility compares, over the published weeks, the hours needed (visits and driving, and the visits
that found no room) with the hours the rep works.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from planner.domain.access import Actor
from planner.domain.balance import Balance
from planner.models.accounts import Account
from planner.models.people import Person
from planner.models.schedule import ScheduleVersion, VersionState
from planner.models.visits import DayRoute
from planner.services.schedule import evenness, night_changes, planning, version_changes
from planner.services.schedule.certificate import FULL, Certificate, PlannedAccounts, accounts_of, certificate
from planner.services.schedule.horizon import DayLoad
from planner.services.schedule.night_changes import NightChange
from planner.services.schedule.owed import Missing, Owed, missing, owed


@dataclass(frozen=True, slots=True)
class Line:
    """An account whose visit is moved (both dates), added (no ``from_on``) or dropped (no ``to_on``)."""

    account_id: int
    account_name: str
    account_class: str
    from_on: date | None
    to_on: date | None


@dataclass(frozen=True, slots=True)
class NightLine:
    """A night away of the weeks for publishing; ``saves_seconds`` of driving against coming home."""

    on: date
    account_id: int
    account_name: str
    saves_seconds: int


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
    owed: tuple[Owed, ...]
    feasibility: Feasibility
    certificate: Certificate | None
    accounts: PlannedAccounts | None
    driving_before: int
    can_publish: bool
    can_undo: bool
    other_balance: Balance | None = None
    """How even the next plan is to be, where this one, not history yet, was made for another choice."""
    nights: tuple[NightLine, ...] = ()
    changed_nights: tuple[NightChange, ...] = ()

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
    without_day = missing(session, version)
    fit = _feasibility(version, loads, without_day)
    accounts = accounts_of(session, version, today)
    proof = certificate(session, version, accounts, loads, fit.short_seconds) if accounts else None
    return Review(
        version=version,
        rep_name=session.get_one(Person, version.rep_id).name,
        moved=tuple(_line(visit.account, visit.on, proposal.on) for visit, proposal in found.moved),
        added=tuple(_line(proposal.account, None, proposal.on) for proposal in found.added),
        dropped=tuple(_line(visit.account, visit.on, None) for visit in found.dropped),
        kept=len(found.kept),
        owed=owed(proof.shortfalls if proof else (), without_day),
        feasibility=fit,
        certificate=proof,
        accounts=accounts,
        driving_before=_driving_before(session, version, today),
        can_publish=version.state is VersionState.PROPOSED,
        can_undo=version.state is VersionState.PUBLISHED and version.before_publish is not None,
        other_balance=_other_balance(session, version),
        nights=tuple(
            NightLine(row.on, row.account_id, row.account.name, row.saves_seconds)
            for row in night_changes.rows(session, version)
        ),
        changed_nights=night_changes.changes(session, version, today).lines,
    )


def _other_balance(session: Session, version: ScheduleVersion) -> Balance | None:
    is_new = version.state in (VersionState.PROPOSED, VersionState.PUBLISHED)
    now = evenness.of_rep(session, version.rep_id).in_force
    return now if is_new and version.balance is not None and version.balance is not now else None


def _line(account: Account, from_on: date | None, to_on: date | None) -> Line:
    return Line(account.id, account.name, account.account_class.value, from_on, to_on)


def _feasibility(
    version: ScheduleVersion, loads: list[DayLoad], without_day: tuple[Missing, ...]
) -> Feasibility:
    """An unplaced visit is counted with its length and the average drive to a visit of this version."""
    visits, driving = sum(load.visits for load in loads), sum(load.driving_seconds for load in loads)
    drive = driving // visits if visits else 0
    unplaced = [
        entry.reason_values.get("service_seconds", 0) + drive
        for entry in without_day
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
