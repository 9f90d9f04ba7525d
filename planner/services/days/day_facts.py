"""What a rep's day route is made from, read in one go and then held without the database.

Two readings compare equal when nothing that matters to the route has changed in between.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager, selectinload

from planner.domain.day import lunch_behind
from planner.domain.day_goals import DayGoal
from planner.domain.errors import Conflict
from planner.domain.mileage import Held, order_driven
from planner.domain.visits import UNDECIDED, VisitState
from planner.models.accounts import Account, ClassRule
from planner.models.people import Rep
from planner.models.people import Shift as ShiftRow
from planner.models.territories import Territory
from planner.models.visits import Visit
from planner.services import roads, scope
from planner.services.days import nights
from planner.services.days.visit_facts import DayVisit, day_visit
from planner.services.installation import settings
from planner.services.roads import EngineChoice
from routing.travel import Driving
from routing.types import Lunch, Place

IN_ROUTE = (*UNDECIDED, VisitState.DONE, VisitState.MISSED)
"""States of visits that were or will be driven to; a skipped one was not."""

DEFAULT_HOURS = (8 * 3600, 18 * 3600)
"""For a rep who works on a day off although no weekday has a shift."""


@dataclass(frozen=True, slots=True)
class PresentRoute:
    """The route that stands: places and planned begins by visit id, in seconds after midnight."""

    positions: Mapping[int, int]
    begins: Mapping[int, int]
    lunch_begins: int | None

    @property
    def order(self) -> list[int]:
        """Visit ids as they are driven."""
        return sorted(self.positions, key=lambda visit_id: self.positions[visit_id])


@dataclass(frozen=True, slots=True)
class DayFacts:
    """``begins_at`` and ``ends_at`` are the ``home``, or where the nights before and after are spent.
    ``present`` is told beside the facts: another route of the same facts makes no other day."""

    rep_id: int
    on: date
    network_name: str
    driving: Driving
    engine: EngineChoice
    refuse_metres: int
    home: Place
    begins_at: Place
    ends_at: Place
    starts: int
    ends: int
    lunch: Lunch | None
    zone: str
    goal: DayGoal
    visits: tuple[DayVisit, ...]
    present: PresentRoute = field(compare=False)

    @property
    def ate_at(self) -> int | None:
        """When the lunch began that is over, in seconds after midnight; None while it is to come."""
        if self.lunch is None:
            return None
        held = [visit for visit in self.visits if visit.held is not None]
        planned = [(self.present.begins.get(visit.visit_id), visit.reached) for visit in held]
        reached = [(begins, begins if at is None else at) for begins, at in planned if begins is not None]
        return lunch_behind(self.present.lunch_begins, self.lunch.earliest, self.lunch.seconds, reached)

    def is_on(self, now: datetime) -> bool:
        """Whether it is this day where the rep works."""
        return now.astimezone(ZoneInfo(self.zone)).date() == self.on

    def seconds_gone(self, now: datetime) -> int:
        """How much of the day is past: seconds after local midnight, 0 when ``now`` is another day."""
        local = now.astimezone(ZoneInfo(self.zone))
        return local.hour * 3600 + local.minute * 60 + local.second if local.date() == self.on else 0

    def visit(self, visit_id: int) -> DayVisit | None:
        return next((visit for visit in self.visits if visit.visit_id == visit_id), None)

    def with_visit(self, visit: DayVisit) -> DayFacts:
        """The day as it would be with one more, or with another wish for one of its visits."""
        others = tuple(one for one in self.visits if one.visit_id != visit.visit_id)
        return replace(self, visits=tuple(sorted((*others, visit), key=lambda one: one.visit_id)))

    def without(self, visit_ids: Collection[int]) -> DayFacts:
        """The day as it would be without some of its visits."""
        return replace(self, visits=tuple(v for v in self.visits if v.visit_id not in visit_ids))

    def lasting(self, seconds: int) -> DayFacts:
        """The day with that much more overtime."""
        return replace(self, ends=self.ends + seconds)


def gather(session: Session, rep_id: int, on: date, present: PresentRoute) -> DayFacts:
    """The facts of one day. What is over without a time noted keeps its place in the present route.

    Raises Conflict("rep_without_home") and Conflict("rep_without_territory").
    """
    rep = session.get_one(Rep, rep_id, options=[selectinload(Rep.shifts), selectinload(Rep.person)])
    territory = territory_of(session, rep, on)
    starts, ends, lunch = _working_time(rep.shifts, on)
    ends += sum(overtime.seconds for overtime in rep.overtimes if overtime.on == on)
    rules = {rule.account_class: rule for rule in session.scalars(select(ClassRule))}
    zone = ZoneInfo(territory.zone)
    rows = _visits(session, rep_id, on)
    held = _held(rows, present.positions)
    chosen = settings.read(session)
    home, slept = home_of(rep), nights.of_day(session, rep_id, on)
    return DayFacts(
        rep_id=rep_id,
        on=on,
        network_name=territory.network_name,
        driving=roads.driving(chosen),
        engine=roads.engine(chosen),
        refuse_metres=chosen.snap_refuse_metres,
        home=home,
        begins_at=slept.before.place if slept.before else home,
        ends_at=slept.after.place if slept.after else home,
        starts=starts,
        ends=ends,
        lunch=lunch,
        zone=territory.zone,
        goal=rep.day_goal,
        visits=tuple(day_visit(visit, rules, zone, held.get(visit.id)) for visit in rows),
        present=present,
    )


def home_of(rep: Rep) -> Place:
    """Where the rep starts and ends. Raises Conflict("rep_without_home")."""
    if rep.home_lat is None or rep.home_lon is None:
        raise Conflict("rep_without_home", name=rep.person.name)
    return Place(rep.home_lon, rep.home_lat, rep.person.name)


def territory_of(session: Session, rep: Rep, on: date) -> Territory:
    """The rep's territory on a date. Raises Conflict("rep_without_territory")."""
    territory = scope.home_territory(session, rep.person_id, on)
    if territory is None:
        raise Conflict("rep_without_territory", name=rep.person.name)
    return territory


def zone_of(session: Session, rep_id: int, on: date) -> str:
    """The IANA zone of the rep's days; UTC for a rep without a territory."""
    territory = scope.home_territory(session, rep_id, on)
    return territory.zone if territory else "UTC"


def _visits(session: Session, rep_id: int, on: date) -> list[Visit]:
    query = (
        select(Visit)
        .join(Visit.account)
        .where(Visit.rep_id == rep_id, Visit.on == on, Visit.state.in_(IN_ROUTE))
        .options(
            contains_eager(Visit.account).options(selectinload(Account.windows), selectinload(Account.blocks))
        )
        .order_by(Visit.id)
        .execution_options(populate_existing=True)
    )
    return list(session.scalars(query))


def _held(visits: list[Visit], positions: Mapping[int, int]) -> dict[int, int]:
    """Places, from 0, of the visits that are over or under way, in the order driven."""
    begun = [
        Held(visit.id, visit.arrived_at or visit.left_at, positions.get(visit.id))
        for visit in visits
        if visit.state is not VisitState.PLANNED
    ]
    return {visit_id: place for place, visit_id in enumerate(order_driven(begun))}


def _working_time(shifts: list[ShiftRow], on: date) -> tuple[int, int, Lunch | None]:
    """The shift of the weekday; on a day off the widest hours of the week, for visits that stand there."""
    for shift in shifts:
        if shift.weekday == on.weekday():
            lunch = Lunch(shift.lunch_from_seconds, shift.lunch_to_seconds, shift.lunch_seconds)
            return shift.starts_seconds, shift.ends_seconds, lunch if shift.lunch_seconds else None
    if not shifts:
        return *DEFAULT_HOURS, None
    return min(s.starts_seconds for s in shifts), max(s.ends_seconds for s in shifts), None
