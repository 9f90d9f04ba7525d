"""A day of the schedule: its stops in order, or what is proposed for it while it is not published."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from planner.domain.access import Actor
from planner.domain.day_goals import Proof
from planner.domain.visits import VisitKind, VisitState
from planner.models.accounts import Account
from planner.models.people import Rep
from planner.models.schedule import Proposal, VersionState
from planner.models.visits import DayRoute, LeftOut, Stop, Visit
from planner.services import scope
from planner.services.days import day_routes, nights
from planner.services.days.nights import NIGHTS_AT_HOME, NightsOfDay
from planner.services.days.visit_facts import AGREED
from planner.services.schedule import night_facts, planning
from planner.services.schedule.horizon import WorkDay, days_of_rep


@dataclass(frozen=True, slots=True)
class DayRow:
    """A visit of the day. ``visit_id`` None: only proposed. Times are seconds after local midnight;
    ``begins`` and the leg are None for a visit that is not in the route."""

    visit_id: int | None
    account_id: int
    account_name: str
    account_class: str
    kind: VisitKind
    is_pinned: bool
    state: VisitState
    reason: str
    reason_values: Mapping[str, Any]
    service_seconds: int
    begins: int | None = None
    leg_seconds: int | None = None
    leg_metres: int | None = None
    left_out: str = ""
    detour_seconds: int | None = None

    @property
    def is_movable(self) -> bool:
        return self.visit_id is not None and self.state is VisitState.PLANNED

    @property
    def is_agreed(self) -> bool:
        return self.kind in AGREED


@dataclass(frozen=True, slots=True)
class ShownDay:
    on: date
    work_day: WorkDay
    rows: tuple[DayRow, ...]
    is_published: bool
    is_past: bool
    route: DayRoute | None
    driving_seconds: int
    driving_metres: int
    nights: NightsOfDay = NIGHTS_AT_HOME

    @property
    def has_times(self) -> bool:
        """Whether its visits to come stand in a route that is up to date; past days need none."""
        to_come = any(row.is_movable for row in self.rows) and not self.is_past
        return not to_come or (self.route is not None and not self.route.is_stale)

    @property
    def proof(self) -> Proof | None:
        """How good the order of a day to come is known to be."""
        return None if self.route is None or self.is_past else day_routes.proof_of(self.route)

    @property
    def before(self) -> date:
        return self.on - timedelta(days=1)

    @property
    def after(self) -> date:
        return self.on + timedelta(days=1)


def day(session: Session, actor: Actor, rep_id: int, on: date, today: date) -> ShownDay:
    """Raises NotFound for a rep outside the actor's scope."""
    scope.rep(session, actor, rep_id, today)
    rep = session.scalars(
        select(Rep)
        .where(Rep.person_id == rep_id)
        .options(selectinload(Rep.shifts), selectinload(Rep.absences))
    ).one()
    (work_day,) = days_of_rep(session, rep, on, on + timedelta(days=1))
    route = day_routes.row_of(session, rep_id, on)
    rows = _visit_rows(session, rep_id, on, route)
    legs = list(route.stops) if route else []
    around = nights.of_day(session, rep_id, on) if rows else _proposed_nights(session, rep_id, on)
    if route is not None:
        around = around.as_routed(route.bed_before_off_road, route.bed_after_off_road)
    return ShownDay(
        on=on,
        work_day=work_day,
        rows=rows or _proposed_rows(session, rep_id, on),
        is_published=bool(rows),
        is_past=on < today,
        route=route,
        driving_seconds=sum(s.leg_seconds for s in legs) + route.home_leg_seconds if route else 0,
        driving_metres=sum(s.leg_metres for s in legs) + route.home_leg_metres if route else 0,
        nights=around,
    )


def _visit_rows(session: Session, rep_id: int, on: date, route: DayRoute | None) -> tuple[DayRow, ...]:
    stops = {stop.visit_id: stop for stop in route.stops} if route else {}
    left_out = {out.visit_id: out for out in route.left_out} if route else {}
    visits = session.scalars(
        select(Visit)
        .where(Visit.rep_id == rep_id, Visit.on == on, Visit.state != VisitState.CANCELLED)
        .options(joinedload(Visit.account))
    )
    rows = []
    for visit in visits:
        row = _row(visit.account, visit, visit_id=visit.id, kind=visit.kind, state=visit.state)
        stop, out = stops.get(visit.id), left_out.get(visit.id)
        rows.append((stop.position if stop else len(stops), visit.id, _timed(row, stop, out)))
    return tuple(row for *_, row in sorted(rows, key=lambda entry: entry[:2]))


def _proposed_nights(session: Session, rep_id: int, on: date) -> NightsOfDay:
    """Those that stand, else those of the version whose visits the day shows."""
    standing = nights.of_day(session, rep_id, on)
    version = planning.newest(session, rep_id, VersionState.PROPOSED, VersionState.PUBLISHED)
    if version is None or standing.dropped:
        return standing
    found = {night.on: night for night in night_facts.forecast(session, version, on - timedelta(days=1))}
    before, after = found.get(on - timedelta(days=1)), found.get(on)
    return NightsOfDay(standing.before or before, standing.after or after)


def _proposed_rows(session: Session, rep_id: int, on: date) -> tuple[DayRow, ...]:
    version = planning.newest(session, rep_id, VersionState.PROPOSED, VersionState.PUBLISHED)
    if version is None:
        return ()
    proposals = session.scalars(
        select(Proposal)
        .where(Proposal.version_id == version.id, Proposal.on == on)
        .order_by(Proposal.position)
        .options(joinedload(Proposal.account))
    )
    return tuple(
        replace(
            _row(p.account, p, visit_id=None, kind=VisitKind(p.kind), state=VisitState.PLANNED),
            begins=p.begins_seconds,
        )
        for p in proposals
    )


def _row(
    account: Account, visit: Visit | Proposal, visit_id: int | None, kind: VisitKind, state: VisitState
) -> DayRow:
    return DayRow(
        visit_id=visit_id,
        account_id=account.id,
        account_name=account.name,
        account_class=account.account_class.value,
        kind=kind,
        is_pinned=visit.is_pinned,
        state=state,
        reason=visit.reason,
        reason_values=visit.reason_values,
        service_seconds=visit.service_seconds,
    )


def _timed(row: DayRow, stop: Stop | None, out: LeftOut | None) -> DayRow:
    if stop is not None:
        return replace(
            row, begins=stop.begins_seconds, leg_seconds=stop.leg_seconds, leg_metres=stop.leg_metres
        )
    if out is not None:
        return replace(row, left_out=out.reason, detour_seconds=out.detour_seconds)
    return row
