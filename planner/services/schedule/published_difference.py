"""A published version against the one before it: what publishing did to the visits that stood then.

The visits are those publishing found and made, as it kept them; driving is what both plans reckoned for the
same days. Why a visit moved is not said: what held of its old day then is not kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.plan_difference import Reach, WeekChange, reach, week_changes
from planner.models.accounts import Account, AccountClass
from planner.models.schedule import ScheduleVersion, VersionState
from planner.models.visits import Visit
from planner.services.schedule import plan_inputs
from planner.services.schedule.horizon import DayLoad
from planner.services.schedule.plan_inputs import Inputs
from planner.services.schedule.version_difference import Driving, former_of


@dataclass(frozen=True, slots=True)
class Step:
    """What publishing did to a visit. ``from_on`` None: it was made; ``to_on`` None: it was dropped."""

    name: str
    is_first_class: bool
    from_on: date | None
    to_on: date | None


@dataclass(frozen=True, slots=True)
class Reckoned:
    """Seconds of driving both plans reckoned for the same ``days`` days, and by how many visits the newer one
    has more on them."""

    driving: Driving
    days: int
    more_visits: int


@dataclass(frozen=True, slots=True)
class PublishedDifference:
    """``former`` None: nothing was published before. ``steps`` None: they are not kept. ``reckoned`` None:
    the driving of both cannot be compared."""

    former: ScheduleVersion | None
    steps: tuple[Step, ...] | None
    reckoned: Reckoned | None
    inputs: Inputs | None

    @property
    def moved(self) -> tuple[Step, ...]:
        return tuple(s for s in self.steps or () if s.from_on and s.to_on and s.from_on != s.to_on)

    @property
    def added(self) -> tuple[Step, ...]:
        return tuple(step for step in self.steps or () if not step.from_on)

    @property
    def dropped(self) -> tuple[Step, ...]:
        return tuple(step for step in self.steps or () if not step.to_on)

    @property
    def kept(self) -> int:
        return len(self.steps or ()) - len(self.moved) - len(self.added) - len(self.dropped)

    @property
    def reach(self) -> Reach:
        return reach([(s.to_on - s.from_on).days for s in self.moved if s.to_on and s.from_on])

    @property
    def weeks(self) -> tuple[WeekChange, ...]:
        return week_changes(
            [step.from_on for step in self.steps or () if step.from_on],
            [step.to_on for step in self.steps or () if step.to_on],
        )


def difference(session: Session, version: ScheduleVersion) -> PublishedDifference | None:
    """None for a version that was never published, or was taken back."""
    is_history = version.state in (VersionState.PUBLISHED, VersionState.SUPERSEDED)
    if version.published_at is None or not is_history:
        return None
    former = former_of(session, version)
    if former is None:
        return PublishedDifference(None, (), None, None)
    return PublishedDifference(
        former=former,
        steps=_steps(session, version),
        reckoned=_reckoned(version, former),
        inputs=plan_inputs.changed_inputs(session, version, former),
    )


def _steps(session: Session, version: ScheduleVersion) -> tuple[Step, ...] | None:
    """By the date they begin from. None where they are not kept, or not where publishing put them."""
    entries = version.before_publish
    if entries is None or any("on" not in entry for entry in entries):
        return None
    rows = session.execute(
        select(Visit.id, Account.name, Account.account_class)
        .join(Account, Account.id == Visit.account_id)
        .where(Visit.id.in_([entry["visit_id"] for entry in entries]))
    )
    of_visit = {visit_id: (name, letter is AccountClass.A) for visit_id, name, letter in rows}
    steps = (
        Step(*of_visit[entry["visit_id"]], _date((entry["before"] or {}).get("on")), _date(entry["on"]))
        for entry in entries
        if entry["visit_id"] in of_visit
    )
    return tuple(sorted(steps, key=lambda step: (step.from_on or date.max, step.name)))


def _reckoned(version: ScheduleVersion, former: ScheduleVersion) -> Reckoned | None:
    """Only on the same roads, driven alike: else a difference would not be the plan's."""
    alike = (version.network_version, version.driving) == (former.network_version, former.driving)
    before, after = _loads(former), _loads(version)
    days = [on for on in after if on in before and on < version.published_until_on]
    if not alike or not days or not _driving(before, days):
        return None
    more = sum(after[on].visits - before[on].visits for on in days)
    driving = Driving(_driving(before, days), _driving(after, days), is_rough=False)
    return Reckoned(driving, len(days), more)


def _loads(version: ScheduleVersion) -> dict[date, DayLoad]:
    return {load.on: load for load in map(DayLoad.from_json, version.days)}


def _driving(loads: dict[date, DayLoad], days: Sequence[date]) -> int:
    return sum(loads[on].driving_seconds for on in days)


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
