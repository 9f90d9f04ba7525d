"""The cycle calendar: weeks by days, the published weeks as visits, the later ones as proposed.

Weeks begin on Monday. How full a day is: service and driving against the shift without lunch.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from planner.domain.access import Actor
from planner.domain.visits import VisitState
from planner.models.people import Rep
from planner.models.schedule import ScheduleVersion, VersionState
from planner.models.visits import DayRoute, Stop
from planner.services import scope
from planner.services.days import nights
from planner.services.schedule import calendar_visits, night_facts, planning
from planner.services.schedule.calendar_visits import CalendarVisit
from planner.services.schedule.horizon import HORIZON_DAYS, PUBLISHED_DAYS, DayLoad, WorkDay, days_of_rep

WEEK = 7
LEAST_NEAR_WEEKS = PUBLISHED_DAYS // WEEK


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """A date. ``agreed``, ``pinned`` and ``movable`` add up to ``visits``; ``done`` is part of them.
    ``listed`` are the visits that stand, fewer than ``visits`` on a day that is only proposed. ``night_near``
    is the account near which the night after it is spent, "" for home."""

    on: date
    off: str
    off_name: str
    available_seconds: int
    is_published: bool
    is_stale: bool = False
    visits: int = 0
    agreed: int = 0
    pinned: int = 0
    done: int = 0
    service_seconds: int = 0
    driving_seconds: int = 0
    listed: tuple[CalendarVisit, ...] = ()
    night_near: str = ""

    @property
    def movable(self) -> int:
        return self.visits - self.agreed - self.pinned

    @property
    def used_share(self) -> float | None:
        used = self.service_seconds + self.driving_seconds
        return used / self.available_seconds if self.available_seconds else None


@dataclass(frozen=True, slots=True)
class Calendar:
    rep_id: int
    rep_name: str
    weeks: tuple[tuple[CalendarDay, ...], ...]
    published: ScheduleVersion | None
    proposed: ScheduleVersion | None

    @property
    def near_weeks(self) -> tuple[tuple[CalendarDay, ...], ...]:
        """The weeks published, and so many in any case as are published at once."""
        published = sum(any(day.is_published for day in week) for week in self.weeks)
        return self.weeks[: max(published, LEAST_NEAR_WEEKS)]

    @property
    def later_weeks(self) -> tuple[tuple[CalendarDay, ...], ...]:
        return self.weeks[len(self.near_weeks) :]


def calendar(session: Session, actor: Actor, rep_id: int, today: date) -> Calendar:
    """Thirteen weeks from this Monday on. Raises NotFound for a rep outside the actor's scope."""
    scope.rep(session, actor, rep_id, today)
    rep = session.scalars(
        select(Rep)
        .where(Rep.person_id == rep_id)
        .options(selectinload(Rep.shifts), selectinload(Rep.absences), selectinload(Rep.person))
    ).one()
    monday = today - timedelta(days=today.weekday())
    until_on = monday + timedelta(days=HORIZON_DAYS)
    published = planning.newest(session, rep_id, VersionState.PUBLISHED)
    proposed = planning.newest(session, rep_id, VersionState.PROPOSED)
    published_until = published.published_until_on if published else today
    visits = calendar_visits.by_day(session, rep_id, monday, until_on, today)
    driving = _driving(session, rep_id, monday, until_on)
    version = proposed or published
    loads = {load.on: load for load in map(DayLoad.from_json, version.days)} if version else {}
    near = _nights(session, rep_id, monday, until_on, published_until, version)
    days = [
        replace(
            _day(
                day, day.on < published_until, visits.get(day.on, []), driving.get(day.on), loads.get(day.on)
            ),
            night_near=near.get(day.on, ""),
        )
        for day in days_of_rep(session, rep, monday, until_on)
    ]
    weeks = tuple(tuple(days[at : at + WEEK]) for at in range(0, len(days), WEEK))
    return Calendar(rep_id, rep.person.name, weeks, published, proposed)


def _day(
    day: WorkDay,
    is_published: bool,
    visits: list[CalendarVisit],
    route: _RouteRow | None,
    load: DayLoad | None,
) -> CalendarDay:
    """A published day is its visits and its route; a later one is what the newest version proposes."""
    filled = CalendarDay(
        on=day.on,
        off=day.off,
        off_name=day.off_name,
        available_seconds=day.available_seconds,
        is_published=is_published,
        is_stale=route is None or route.is_stale,
        visits=len(visits),
        agreed=sum(visit.is_agreed for visit in visits),
        pinned=sum(visit.is_pinned and not visit.is_agreed for visit in visits),
        done=sum(visit.state is VisitState.DONE for visit in visits),
        service_seconds=sum(visit.service_seconds for visit in visits),
        driving_seconds=route.driving_seconds if route else 0,
        listed=tuple(visits),
    )
    if is_published or load is None or load.visits < filled.visits:
        return filled
    return replace(
        filled,
        visits=load.visits,
        service_seconds=load.service_seconds,
        driving_seconds=load.driving_seconds,
    )


def _nights(
    session: Session,
    rep_id: int,
    from_on: date,
    until_on: date,
    published_until_on: date,
    version: ScheduleVersion | None,
) -> dict[date, str]:
    """As published, later as the newest version proposes."""
    near = {on: night.name for on, night in nights.standing(session, rep_id, from_on, until_on).items()}
    if version is None:
        return near
    later = night_facts.forecast(session, version, max(from_on, published_until_on))
    return {night.on: night.name for night in later} | near


class _RouteRow(NamedTuple):
    on: date
    is_stale: bool
    driving_seconds: int


def _driving(session: Session, rep_id: int, from_on: date, until_on: date) -> dict[date, _RouteRow]:
    legs = func.coalesce(func.sum(Stop.leg_seconds), 0) + DayRoute.home_leg_seconds
    query = (
        select(DayRoute.on, DayRoute.is_stale, legs)
        .outerjoin(Stop, Stop.day_route_id == DayRoute.id)
        .where(DayRoute.rep_id == rep_id, DayRoute.on >= from_on, DayRoute.on < until_on)
        .group_by(DayRoute.id)
    )
    return {row[0]: _RouteRow(*row) for row in session.execute(query)}
