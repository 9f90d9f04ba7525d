"""What publishing a version does to the nights away that stand: kept, moved to another place, added, dropped.

A night the rep dropped stays dropped: no version brings it back. Nor does one come back beside a day that is
no longer worked.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from planner.domain.errors import Conflict
from planner.models.nights import PlannedNight
from planner.models.people import Rep
from planner.models.schedule import ScheduleNight, ScheduleVersion
from planner.services.days import nights
from planner.services.days.nights import Night
from planner.services.schedule import night_facts
from planner.services.schedule.horizon import DayLoad, days_of_rep


@dataclass(frozen=True, slots=True)
class NightChange:
    """The evening of a night, near whom it was and near whom it will be: empty where there is none."""

    on: date
    from_name: str
    to_name: str


@dataclass(frozen=True, slots=True)
class NightChanges:
    """The nights that stand in the weeks to be published, and those the version wants, by evening."""

    standing: dict[date, Night]
    wanted: dict[date, Night]

    @property
    def lines(self) -> tuple[NightChange, ...]:
        """Where one sleeps elsewhere than before, in order of date."""
        return tuple(
            NightChange(on, _name(self.standing.get(on)), _name(self.wanted.get(on)))
            for on in sorted({*self.standing, *self.wanted})
            if _account(self.standing.get(on)) != _account(self.wanted.get(on))
        )

    @property
    def days(self) -> set[date]:
        """Days that begin or end at another point of the map."""
        evenings = {*self.standing, *self.wanted}
        return nights.days_beside({on for on in evenings if self.standing.get(on) != self.wanted.get(on)})


def changes(session: Session, version: ScheduleVersion, today: date) -> NightChanges:
    """Evenings from the version's first day or today on; what stands later than it publishes goes too."""
    from_on = max(version.from_on, today)
    planned = nights.planned(session, version.rep_id, from_on, version.until_on)
    forecast = night_facts.forecast(session, version, from_on)
    gone = _no_longer_worked(session, version) if forecast else set()
    dropped = {night.on for night in planned if night.is_dropped}
    return NightChanges(
        standing={night.on: night for night in planned if not night.is_dropped},
        wanted={
            night.on: night
            for night in forecast
            if night.on < version.published_until_on and night.on not in dropped and not _beside(night, gone)
        },
    )


def publish(session: Session, version: ScheduleVersion, found: NightChanges) -> None:
    """Put the version's nights in the place of those that stand, which are kept for undo."""
    version.nights_before = [_to_json(night) for night in found.standing.values()]
    _replace(session, version, set(found.standing), list(found.wanted.values()), version.id)


def put_back(session: Session, version: ScheduleVersion) -> set[date]:
    """The nights as they stood before publishing, but for those beside days off; returns the days changed.

    Raises Conflict("publish_changed_night") where the rep has dropped one of the version's since.
    """
    query = select(PlannedNight).where(PlannedNight.version_id == version.id)
    mine = {row.on: nights.night_of(row) for row in session.scalars(query)}
    for night in mine.values():
        if night.is_dropped:
            raise Conflict("publish_changed_night", on=night.on.isoformat())
    off = set(_days_off(session, version))
    found = (_from_json(values) for values in version.nights_before or ())
    before = [night for night in found if not _beside(night, off)]
    _replace(session, version, set(mine), before, None)
    version.nights_before = None
    return NightChanges(mine, {night.on: night for night in before}).days


def rows(session: Session, version: ScheduleVersion) -> list[ScheduleNight]:
    """The nights of a version's published weeks."""
    found = night_facts.rows_of(session, version, version.from_on)
    return [row for row in found if row.on < version.published_until_on]


def _replace(
    session: Session,
    version: ScheduleVersion,
    gone: set[date],
    wanted: list[Night],
    version_id: int | None,
) -> None:
    mine = PlannedNight.rep_id == version.rep_id
    session.execute(delete(PlannedNight).where(mine, PlannedNight.on.in_(gone)))
    session.add_all(
        PlannedNight(
            rep_id=version.rep_id,
            on=night.on,
            account_id=night.account_id,
            name=night.name,
            lat=night.lat,
            lon=night.lon,
            version_id=version_id,
        )
        for night in wanted
    )
    session.flush()


def _days_off(session: Session, version: ScheduleVersion) -> list[date]:
    """The days nobody works as the rep's week, absences and holidays are now."""
    rep = session.get_one(Rep, version.rep_id, populate_existing=True)
    days = days_of_rep(session, rep, version.from_on, version.until_on)
    return [day.on for day in days if day.shift is None]


def _no_longer_worked(session: Session, version: ScheduleVersion) -> set[date]:
    """Days off that the version found worked."""
    worked = {load.on for load in map(DayLoad.from_json, version.days) if not load.off}
    return worked.intersection(_days_off(session, version))


def _beside(night: Night, days: set[date]) -> bool:
    return not days.isdisjoint(nights.days_beside({night.on}))


def _name(night: Night | None) -> str:
    return night.name if night is not None else ""


def _account(night: Night | None) -> int | None:
    return night.account_id if night is not None else None


def _to_json(night: Night) -> dict[str, Any]:
    return {
        "on": night.on.isoformat(),
        "account_id": night.account_id,
        "name": night.name,
        "lat": night.lat,
        "lon": night.lon,
    }


def _from_json(values: dict[str, Any]) -> Night:
    return Night(**(values | {"on": date.fromisoformat(values["on"])}))
