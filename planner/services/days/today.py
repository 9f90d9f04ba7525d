"""A rep's day as the phone shows it: the next stop, the rest of the way, what is over, what was left out.

A fixed number of queries whatever the number of visits. Times of day are seconds after local midnight.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from planner.domain.access import Actor
from planner.domain.day import LATE_SECONDS, Forecast, Progress, forecast, progress
from planner.domain.day_goals import DayGoal, Proof
from planner.domain.errors import Conflict
from planner.domain.visits import AHEAD, UNDECIDED, VisitState
from planner.models.people import Absence, Rep
from planner.models.people import Shift as ShiftRow
from planner.models.territories import Territory
from planner.models.visits import DayRoute, Visit
from planner.services import calendars, scope
from planner.services.days import day_changes, day_routes, goal_choice, night_choice, nights, notes, visits
from planner.services.days.day_changes import Change
from planner.services.days.day_visits import DayVisit, day_visit, planned_day, seconds_of_day, visits_of
from planner.services.days.nights import NIGHTS_AT_HOME, NightsOfDay


@dataclass(frozen=True, slots=True)
class LeftOutVisit:
    visit: DayVisit
    reason: str
    detour_seconds: int | None


@dataclass(frozen=True, slots=True)
class Way:
    """The day's route; ``visits`` are in driving order. ``home`` is (lat, lon); ``home_leg_*`` and the
    forecast's ``home`` are of the way to the night's place where the day ends there."""

    visits: tuple[DayVisit, ...]
    left_out: tuple[LeftOutVisit, ...]
    forecast: Forecast
    metres: int
    home_leg_seconds: int
    home_leg_metres: int
    home_leg_path: str
    home: tuple[float, float] | None
    network_name: str
    is_stale: bool
    proof: Proof | None
    rev: int


@dataclass(frozen=True, slots=True)
class DayOff:
    """Why nobody works on a date: ``absence``, ``holiday`` or ``day_off``, and which one."""

    on: date
    off: str
    off_name: str = ""


@dataclass(frozen=True, slots=True)
class Day:
    """``way`` None: no route yet. ``loose`` visits have no place in it. ``unwritten`` were held, and how
    they went is still to be said. ``next_on`` is the next date with
    visits, looked for only when this one has none. ``can_choose_night``: whether a night after it may still
    be spent elsewhere. ``changes`` are the newest first. ``goal``: what the rep wants of the days to come."""

    on: date
    today: date
    progress: Progress
    way: Way | None
    loose: tuple[DayVisit, ...]
    unwritten: tuple[DayVisit, ...]
    over: tuple[DayVisit, ...]
    is_closed: bool
    off: DayOff | None
    next_on: date | None
    changes: tuple[Change, ...]
    goal: DayGoal
    nights: NightsOfDay = NIGHTS_AT_HOME
    can_choose_night: bool = False

    @property
    def visits(self) -> tuple[DayVisit, ...]:
        """All of the day: along the way, then left out, then without a place in the route."""
        placed = (*self.way.visits, *(out.visit for out in self.way.left_out)) if self.way else ()
        known = {visit.visit_id for visit in (*placed, *self.loose)}
        others = (*self.unwritten, *self.over)
        return (*placed, *self.loose, *(visit for visit in others if visit.visit_id not in known))

    def visit(self, visit_id: int | None) -> DayVisit | None:
        return next((visit for visit in self.visits if visit.visit_id == visit_id), None)

    @property
    def rev(self) -> int | None:
        """The revision of the day's route."""
        return self.way.rev if self.way else None

    @property
    def before_on(self) -> date:
        return self.on - timedelta(days=1)

    @property
    def after_on(self) -> date:
        return self.on + timedelta(days=1)

    @property
    def is_today(self) -> bool:
        return self.on == self.today

    @property
    def ahead(self) -> tuple[DayVisit, ...]:
        """What is still to come, the visit under way first."""
        visits = self.way.visits if self.way else ()
        return tuple(
            sorted((v for v in visits if v.state in AHEAD), key=lambda v: v.state is not VisitState.ARRIVED)
        )

    @property
    def onward(self) -> tuple[DayVisit, ...]:
        """What is still to come, and among it what would be again if it were taken back."""
        if not self.can_be_mended or self.way is None:
            return self.ahead
        return tuple(sorted(self.way.visits, key=lambda visit: visit.state is not VisitState.ARRIVED))

    @property
    def left_out(self) -> tuple[LeftOutVisit, ...]:
        """What has no place in the route, and nobody has decided otherwise."""
        return tuple(out for out in self.way.left_out if out.visit.state in AHEAD) if self.way else ()

    @property
    def too_late(self) -> tuple[DayVisit, ...]:
        """Visits to come whose last window will have closed."""
        return tuple(v for v in self.ahead if v.expected is not None and v.expected.is_too_late)

    @property
    def is_past(self) -> bool:
        return self.on < self.today

    @property
    def can_be_mended(self) -> bool:
        """Whether its rest may still be put in order."""
        return not self.is_past and not self.is_closed

    @property
    def is_running_late(self) -> bool:
        """Whether it is worth offering to put the rest in order; never done without being asked."""
        is_late = self.way is not None and self.way.forecast.is_late
        return is_late and self.is_today and self.can_be_mended and bool(self.ahead)

    @property
    def overrunning(self) -> DayVisit | None:
        """The visit under way, where the rest would be in time but for how long it lasts."""
        first = self.next_visit
        if self.way is None or first is None or not self.is_running_late:
            return None
        is_late_anyway = self.way.forecast.late_seconds - first.overrun_seconds >= LATE_SECONDS
        return first if first.overrun_seconds and not is_late_anyway else None

    def change(self, change_id: int | None) -> Change | None:
        return next((change for change in self.changes if change.change_id == change_id), None)

    @property
    def next_visit(self) -> DayVisit | None:
        return next(iter(self.ahead), None)

    @property
    def is_empty(self) -> bool:
        return self.progress.total == 0


def day(session: Session, actor: Actor, now: datetime, today: date, on: date) -> Day:
    """The actor's own day. Raises Conflict("rep_without_territory") when they belong to none."""
    territory = territory_of(session, actor, on)
    # Held, for a session forgets a row that nobody holds, and it is asked for again below.
    rep = scope.rep(session, actor, actor.user_id, on)
    # The route comes first: reading it afresh forgets the opening hours read with the visits.
    route = day_routes.row_of(session, actor.user_id, on)
    rows = visits_of(session, actor.user_id, on)
    texts = notes.latest_by_account(session, [row.account_id for row in rows])
    shown = {row.id: day_visit(row, texts.get(row.account_id, "")) for row in rows}
    shift = session.get(ShiftRow, (actor.user_id, on.weekday()))
    zone = ZoneInfo(territory.zone)
    clock = seconds_of_day(now, zone) if on == today else None
    way = None if route is None else _way(rep, route, shown, forecast(planned_day(route, shift, zone), clock))
    placed = [*way.visits, *(out.visit for out in way.left_out)] if way else []
    is_closed, slept = visits.is_closed(session, actor.user_id, on), nights.of_day(session, actor.user_id, on)
    if route is not None:
        slept = slept.as_routed(route.bed_before_off_road, route.bed_after_off_road)
    loose = [shown[key] for key in sorted(shown.keys() - {visit.visit_id for visit in placed})]
    return Day(
        on=on,
        today=today,
        progress=progress(row.state for row in rows),
        way=way,
        loose=tuple(visit for visit in loose if visit.state in AHEAD),
        unwritten=tuple(visit for visit in (*placed, *loose) if visit.state is VisitState.LEFT),
        over=tuple(visit for visit in (*placed, *loose) if visit.state not in UNDECIDED),
        is_closed=is_closed,
        off=_off(session, actor.user_id, territory, shift, on),
        next_on=None if rows else _next_on(session, actor.user_id, max(on, today)),
        nights=slept,
        can_choose_night=slept.offered is not None and night_choice.is_open(session, actor.user_id, on),
        changes=tuple(day_changes.of_day(session, actor.user_id, on, on >= today and not is_closed)),
        goal=goal_choice.in_force(session, actor),
    )


def territory_of(session: Session, actor: Actor, on: date) -> Territory:
    territory = scope.home_territory(session, actor.user_id, on)
    if territory is None:
        raise Conflict("rep_without_territory", name="")
    return territory


def _way(rep: Rep, route: DayRoute, shown: Mapping[int, DayVisit], coming: Forecast) -> Way:
    stops = [
        replace(
            shown[stop.visit_id],
            number=number,
            leg_seconds=stop.leg_seconds,
            leg_metres=stop.leg_metres,
            leg_path=stop.leg_path,
            planned_begins=stop.begins_seconds,
            expected=expected,
        )
        for number, (stop, expected) in enumerate(zip(route.stops, coming.stops, strict=True), start=1)
        if stop.visit_id in shown
    ]
    left_out = (
        LeftOutVisit(shown[out.visit_id], out.reason, out.detour_seconds)
        for out in route.left_out
        if out.visit_id in shown
    )
    return Way(
        visits=tuple(stops),
        left_out=tuple(left_out),
        forecast=coming,
        metres=sum(stop.leg_metres for stop in route.stops) + route.home_leg_metres,
        home_leg_seconds=route.home_leg_seconds,
        home_leg_metres=route.home_leg_metres,
        home_leg_path=route.home_leg_path,
        home=_home(rep),
        network_name=route.network_name,
        is_stale=route.is_stale,
        proof=day_routes.proof_of(route),
        rev=route.rev,
    )


def _home(rep: Rep) -> tuple[float, float] | None:
    if rep.home_lat is None or rep.home_lon is None:
        return None
    return rep.home_lat, rep.home_lon


def _off(
    session: Session, rep_id: int, territory: Territory, shift: ShiftRow | None, on: date
) -> DayOff | None:
    absence = session.scalar(
        select(Absence.kind).where(Absence.rep_id == rep_id, Absence.from_on <= on, Absence.until_on > on)
    )
    if absence is not None:
        return DayOff(on, "absence", absence.value)
    holidays = calendars.holidays_between(
        territory.country, territory.subdivision, on, on + timedelta(days=1)
    )
    if on in holidays:
        return DayOff(on, "holiday", holidays[on])
    return DayOff(on, "day_off") if shift is None else None


def _next_on(session: Session, rep_id: int, after: date) -> date | None:
    query = select(func.min(Visit.on)).where(
        Visit.rep_id == rep_id, Visit.on > after, Visit.state == VisitState.PLANNED
    )
    return session.scalar(query)
