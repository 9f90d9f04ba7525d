"""What a rep's rotation is made from, read in one go and then held without the database.

Days are counted from ``from_on`` (day 0); ``from_on`` counts, ``until_on`` does not.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy.orm import Session, selectinload

from planner.domain.balance import Balance, in_force
from planner.domain.errors import Conflict
from planner.models.people import Absence, Rep
from planner.models.people import Shift as ShiftRow
from planner.services import calendars, roads, scope
from planner.services.days.day_facts import home_of, territory_of
from planner.services.installation import settings
from planner.services.roads import EngineChoice
from planner.services.schedule import night_facts
from planner.services.schedule.candidacy import Candidate
from planner.services.schedule.candidate_rows import Span, prospect_visits
from planner.services.schedule.candidates import gather as gather_candidates
from planner.services.schedule.night_facts import NO_NIGHTS, NightFacts
from planner.services.schedule.prospects import quotas
from routing.travel import Driving
from routing.types import Lunch, Place, Quota, Shift

HORIZON_DAYS = 13 * 7
PUBLISHED_DAYS = 4 * 7


@dataclass(frozen=True, slots=True)
class WorkDay:
    """A date of the horizon. ``shift`` None: nobody works; ``off`` then says why: ``day_off``,
    ``holiday`` or ``absence``, and ``off_name`` which."""

    on: date
    shift: Shift | None
    off: str = ""
    off_name: str = ""

    @property
    def available_seconds(self) -> int:
        """The shift without lunch."""
        return self.shift.working_seconds if self.shift is not None else 0

    def lasting(self, seconds: int) -> WorkDay:
        """The day with overtime, where it is worked at all."""
        if self.shift is None or not seconds:
            return self
        return replace(self, shift=replace(self.shift, ends=self.shift.ends + seconds))


@dataclass(frozen=True, slots=True)
class Horizon:
    rep_id: int
    from_on: date
    until_on: date
    published_until_on: date
    network_name: str
    driving: Driving
    engine: EngineChoice
    refuse_metres: int
    home: Place
    days: tuple[WorkDay, ...]
    candidates: tuple[Candidate, ...]
    quotas: tuple[Quota, ...] = ()
    balance: Balance = Balance.MODERATE
    nights: NightFacts = NO_NIGHTS

    def date_of(self, day: int) -> date:
        return self.from_on + timedelta(days=day)


@dataclass(frozen=True, slots=True)
class DayLoad:
    """How full a date of a version is; what ``ScheduleVersion.days`` holds, one per date."""

    on: date
    off: str
    off_name: str
    available_seconds: int
    visits: int = 0
    service_seconds: int = 0
    driving_seconds: int = 0

    @property
    def used_share(self) -> float | None:
        used = self.service_seconds + self.driving_seconds
        return used / self.available_seconds if self.available_seconds else None

    def to_json(self) -> dict[str, Any]:
        return asdict(self) | {"on": self.on.isoformat()}

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> DayLoad:
        return cls(**(values | {"on": date.fromisoformat(values["on"])}))


def gather(session: Session, rep_id: int, from_on: date, today: date) -> Horizon:
    """Everything a plan from ``from_on`` on depends on.

    Raises Conflict("rep_without_home"), Conflict("rep_without_shifts") or
    Conflict("rep_without_territory").
    """
    rep = session.get_one(
        Rep,
        rep_id,
        options=[selectinload(Rep.shifts), selectinload(Rep.absences), selectinload(Rep.person)],
    )
    home, territory = home_of(rep), territory_of(session, rep, from_on)
    if not rep.shifts:
        raise Conflict("rep_without_shifts", name=rep.person.name)
    until_on = from_on + timedelta(days=HORIZON_DAYS)
    days = days_of_rep(session, rep, from_on, until_on)
    chosen, span = settings.read(session), Span(from_on, until_on, today)
    return Horizon(
        rep_id=rep_id,
        from_on=from_on,
        until_on=until_on,
        published_until_on=from_on + timedelta(days=PUBLISHED_DAYS),
        network_name=territory.network_name,
        driving=roads.driving(chosen),
        engine=roads.engine(chosen),
        refuse_metres=chosen.snap_refuse_metres,
        home=home,
        days=days,
        candidates=gather_candidates(session, rep_id, span, chosen.prospects_per_week),
        quotas=quotas(span, chosen.prospects_per_week, prospect_visits(session, rep_id, span)),
        balance=in_force(rep.balance, Balance(chosen.balance)),
        nights=night_facts.gather(session, rep, from_on, until_on),
    )


def days_of_rep(session: Session, rep: Rep, from_on: date, until_on: date) -> tuple[WorkDay, ...]:
    """The dates of a range with the rep's shifts; without a territory no holiday is known."""
    territory = scope.home_territory(session, rep.person_id, from_on)
    holidays = (
        calendars.holidays_between(territory.country, territory.subdivision, from_on, until_on)
        if territory
        else {}
    )
    longer = {one.on: one.seconds for one in rep.overtimes}
    days = work_days(rep.shifts, rep.absences, holidays, from_on, until_on)
    return tuple(day.lasting(longer.get(day.on, 0)) for day in days)


def work_days(
    shifts: list[ShiftRow], absences: list[Absence], holidays: dict[date, str], from_on: date, until_on: date
) -> tuple[WorkDay, ...]:
    """One entry per date; an absence is named before a holiday, a holiday before a free weekday."""
    by_weekday = {shift.weekday: _shift(shift) for shift in shifts}
    days = []
    for number in range((until_on - from_on).days):
        on = from_on + timedelta(days=number)
        day = WorkDay(on, by_weekday.get(on.weekday()))
        if day.shift is None:
            day = replace(day, off="day_off")
        if on in holidays:
            day = WorkDay(on, None, "holiday", holidays[on])
        for absence in absences:
            if absence.from_on <= on < absence.until_on:
                day = WorkDay(on, None, "absence", absence.kind.value)
        days.append(day)
    return tuple(days)


def _shift(row: ShiftRow) -> Shift:
    lunch = Lunch(row.lunch_from_seconds, row.lunch_to_seconds, row.lunch_seconds)
    return Shift(row.starts_seconds, row.ends_seconds, lunch=lunch if row.lunch_seconds else None)
