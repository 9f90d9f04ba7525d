"""Nights away as they stand: near which account a rep sleeps after a day, and woke before it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from planner.models.nights import PlannedNight
from routing.types import Place

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Night:
    """The night after ``on`` near an account; ``is_dropped``: slept at home instead."""

    on: date
    account_id: int
    name: str
    lat: float
    lon: float
    is_dropped: bool = False

    @property
    def place(self) -> Place:
        return Place(self.lon, self.lat, self.name)


@dataclass(frozen=True, slots=True)
class NightsOfDay:
    """The nights before and after a day that are spent away, and the one after it that was dropped.
    ``*_off_road``: those whose place is not on the roads, so that the day is planned from or to home."""

    before: Night | None = None
    after: Night | None = None
    dropped: Night | None = None
    before_off_road: Night | None = None
    after_off_road: Night | None = None

    @property
    def offered(self) -> Night | None:
        """The one after the day that was published, spent away or dropped."""
        return self.after or self.dropped or self.after_off_road

    def as_routed(self, is_before_off_road: bool, is_after_off_road: bool) -> NightsOfDay:
        """As the day's route has them."""
        return replace(
            self,
            before=None if is_before_off_road else self.before,
            after=None if is_after_off_road else self.after,
            before_off_road=self.before if is_before_off_road else None,
            after_off_road=self.after if is_after_off_road else None,
        )


NIGHTS_AT_HOME = NightsOfDay()


def standing(session: Session, rep_id: int, from_on: date, until_on: date) -> dict[date, Night]:
    """The nights spent away, by the date of their evening."""
    return {night.on: night for night in planned(session, rep_id, from_on, until_on) if not night.is_dropped}


def planned(session: Session, rep_id: int, from_on: date, until_on: date) -> list[Night]:
    """All that were published, those the rep dropped among them, in order."""
    query = (
        select(PlannedNight)
        .where(PlannedNight.rep_id == rep_id, PlannedNight.on >= from_on, PlannedNight.on < until_on)
        .order_by(PlannedNight.on)
        .execution_options(populate_existing=True)
    )
    return [night_of(row) for row in session.scalars(query)]


def of_day(session: Session, rep_id: int, on: date) -> NightsOfDay:
    nights = {night.on: night for night in planned(session, rep_id, on - ONE_DAY, on + ONE_DAY)}
    before, after = nights.get(on - ONE_DAY), nights.get(on)
    return NightsOfDay(
        before=None if before is None or before.is_dropped else before,
        after=None if after is None or after.is_dropped else after,
        dropped=after if after is not None and after.is_dropped else None,
    )


def forget(session: Session, rep_id: int, evenings: set[date]) -> set[date]:
    """Give up what was published for these evenings; returns the days that change by it."""
    query = select(PlannedNight.on).where(PlannedNight.rep_id == rep_id, PlannedNight.on.in_(evenings))
    gone = set(session.scalars(query))
    session.execute(delete(PlannedNight).where(PlannedNight.rep_id == rep_id, PlannedNight.on.in_(gone)))
    return days_beside(gone)


def days_beside(evenings: set[date]) -> set[date]:
    """The days that end or begin with these nights."""
    return evenings | {on + ONE_DAY for on in evenings}


def night_of(row: PlannedNight) -> Night:
    return Night(row.on, row.account_id, row.name, row.lat, row.lon, row.is_dropped)
