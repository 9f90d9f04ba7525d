"""The visits of a rep's day as pages show them, and the planned day that forecasts are made from.

Times of day are seconds after local midnight of the territory.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager, selectinload

from planner.domain.day import WINDOWS, DayStop, Expected, PlannedDay, narrowed
from planner.domain.visits import NotHeldReason, Outcome, VisitKind, VisitState
from planner.models.accounts import Account
from planner.models.people import Shift as ShiftRow
from planner.models.visits import DayRoute, Stop, Visit
from planner.services.accounts.opening_hours import hours_on, is_closed_on


@dataclass(frozen=True, slots=True)
class DayVisit:
    """A visit of the day. ``number`` is its place in the route from 1, None when it has none (yet)."""

    visit_id: int
    uid: str
    account_id: int
    name: str
    address: str
    account_class: str
    lat: float | None
    lon: float | None
    kind: VisitKind
    state: VisitState
    outcome: Outcome | None
    not_held_reason: NotHeldReason | None
    reason: str
    reason_values: Mapping[str, Any]
    windows: WINDOWS
    is_closed_that_day: bool
    service_seconds: int
    last_note: str
    rev: int
    from_seconds: int | None = None
    until_seconds: int | None = None
    kept_place: int | None = None
    number: int | None = None
    leg_seconds: int | None = None
    leg_metres: int | None = None
    leg_path: str = ""
    planned_begins: int | None = None
    expected: Expected | None = None

    @property
    def closes(self) -> int | None:
        """Until when service may begin, in the window the rep is expected in; None: no limit."""
        at = self.expected.begins if self.expected else 0
        return next((closes for _, closes in self.windows if closes >= at), None)

    @property
    def overrun_seconds(self) -> int:
        """How much longer than planned a visit under way lasts already."""
        if self.state is not VisitState.ARRIVED or self.expected is None:
            return 0
        return max(0, self.expected.leaves - self.expected.begins - self.service_seconds)

    @property
    def begins(self) -> int | None:
        """When the visit is expected to begin, else when it was planned to."""
        return self.expected.begins if self.expected else self.planned_begins


def visits_of(session: Session, rep_id: int, on: date) -> list[Visit]:
    """All visits of a day but those called off, with their accounts' opening hours."""
    query = (
        select(Visit)
        .join(Visit.account)
        .where(Visit.rep_id == rep_id, Visit.on == on, Visit.state != VisitState.CANCELLED)
        .options(
            contains_eager(Visit.account).options(selectinload(Account.windows), selectinload(Account.blocks))
        )
        .order_by(Visit.id)
    )
    return list(session.scalars(query))


def windows_of(visit: Visit) -> WINDOWS:
    """When service may begin that day: the agreed time, or the account's opening hours, and what of them was
    kept for that day alone. Empty: any time."""
    if visit.appointment_seconds is not None:
        begins, leeway = visit.appointment_seconds, visit.leeway_seconds
        return ((begins - leeway, begins + leeway),)
    hours = hours_on(visit.account, visit.on)
    left = narrowed(hours, visit.from_seconds, visit.until_seconds)
    return hours if left is None else left


def day_visit(visit: Visit, last_note: str) -> DayVisit:
    account = visit.account
    return DayVisit(
        visit_id=visit.id,
        uid=visit.uid,
        account_id=account.id,
        name=account.name,
        address=account.address,
        account_class=account.account_class.value,
        lat=account.lat,
        lon=account.lon,
        kind=visit.kind,
        state=visit.state,
        outcome=visit.outcome,
        not_held_reason=visit.not_held_reason,
        reason=visit.reason,
        reason_values=visit.reason_values,
        windows=windows_of(visit),
        is_closed_that_day=visit.appointment_seconds is None and is_closed_on(account, visit.on),
        service_seconds=visit.service_seconds,
        last_note=last_note,
        rev=visit.rev,
        from_seconds=visit.from_seconds,
        until_seconds=visit.until_seconds,
        kept_place=visit.kept_place,
    )


def planned_day(route: DayRoute, shift: ShiftRow | None, zone: ZoneInfo) -> PlannedDay:
    """A stored route as the forecast reads it, with the times its visits really took."""
    return PlannedDay(
        stops=tuple(_planned_stop(stop, zone) for stop in route.stops),
        leaves=route.leaves_seconds,
        home=route.home_seconds,
        home_leg_seconds=route.home_leg_seconds,
        lunch_begins=route.lunch_seconds,
        lunch_seconds=shift.lunch_seconds if shift else 0,
        put_in_order=put_in_order(route.solved_at, route.on, zone),
    )


def put_in_order(solved_at: datetime, on: date, zone: ZoneInfo) -> int:
    """When on the day itself its route was, in seconds after midnight; 0 when it was before."""
    return (seconds_of_day(solved_at, zone) or 0) if solved_at.astimezone(zone).date() == on else 0


def _planned_stop(stop: Stop, zone: ZoneInfo) -> DayStop:
    return DayStop(
        state=stop.visit.state,
        arrives=stop.arrives_seconds,
        begins=stop.begins_seconds,
        leaves=stop.leaves_seconds,
        leg_seconds=stop.leg_seconds,
        service_seconds=stop.visit.service_seconds,
        windows=windows_of(stop.visit),
        arrived=seconds_of_day(stop.visit.arrived_at, zone),
        left=seconds_of_day(stop.visit.left_at, zone),
    )


def seconds_of_day(instant: datetime | None, zone: ZoneInfo) -> int | None:
    """The local time of day of an instant."""
    if instant is None:
        return None
    local = instant.astimezone(zone)
    return local.hour * 3600 + local.minute * 60 + local.second
