"""A proposed version against what stands, as facts that page words are made of.

The visits are those of the weeks to be published, from the version's first day or today on. Nothing is
claimed that the rows do not show: driving is compared only where every standing day has an up-to-date route
on the same roads, and what is said of a visit's old day holds now.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.plan_difference import Reach, WeekChange, reach, week_changes
from planner.domain.visits import VisitState
from planner.models.schedule import ScheduleVersion, VersionState
from planner.models.visits import DayRoute, LeftOut, Visit
from planner.services.schedule import first_class, plan_inputs, promises
from planner.services.schedule.calendar_visits import NOT_COUNTED
from planner.services.schedule.candidacy import Candidate
from planner.services.schedule.candidate_rows import Span
from planner.services.schedule.candidates import gather
from planner.services.schedule.first_class import FirstClassLine
from planner.services.schedule.night_changes import NightChange
from planner.services.schedule.plan_inputs import Inputs
from planner.services.schedule.promises import Promises
from planner.services.schedule.version_review import Review


@dataclass(frozen=True, slots=True)
class Driving:
    """Seconds of driving. ``is_rough``: rush hours are in one of both figures, their mean in the other."""

    before: int
    after: int
    is_rough: bool


@dataclass(frozen=True, slots=True)
class Difference:
    """``driving`` None: not comparable. ``former`` None: nothing was ever published for this rep."""

    kept: int
    moved: int
    added: int
    dropped: int
    reach: Reach
    driving: Driving | None
    weeks: tuple[WeekChange, ...]
    first_class: tuple[FirstClassLine, ...]
    promises: Promises
    former: ScheduleVersion | None
    inputs: Inputs | None
    nights: tuple[NightChange, ...] = ()

    @property
    def is_none(self) -> bool:
        return not (self.moved or self.added or self.dropped or self.nights)

    @property
    def has_standing(self) -> bool:
        return bool(self.kept or self.moved or self.dropped)


def difference(session: Session, review: Review, today: date) -> Difference:
    """What a review's moved, added and dropped lines come to."""
    version = review.version
    former = former_of(session, version)
    span = Span(max(version.from_on, today), version.until_on, today)
    candidates = {candidate.account_id: candidate for candidate in _candidates(session, review, span)}
    return Difference(
        kept=review.kept,
        moved=len(review.moved),
        added=len(review.added),
        dropped=len(review.dropped),
        reach=reach([(_date(line.to_on) - _date(line.from_on)).days for line in review.moved]),
        driving=_driving(session, review, span.from_on),
        weeks=week_changes(
            [line.from_on for line in (*review.moved, *review.dropped) if line.from_on],
            [line.to_on for line in (*review.moved, *review.added) if line.to_on],
        ),
        first_class=first_class.lines(session, review, span, candidates),
        promises=promises.changed(session, version, former, span, list(candidates.values())),
        former=former,
        inputs=plan_inputs.changed_inputs(session, version, former) if former else None,
        nights=review.changed_nights,
    )


def _candidates(session: Session, review: Review, span: Span) -> Sequence[Candidate]:
    """Those the review has read, but for a version whose first days are past by now."""
    known = review.accounts
    if known is not None and known.span == span:
        return known.candidates
    return gather(session, review.version.rep_id, span, prospects_per_week=0)


def former_of(session: Session, version: ScheduleVersion) -> ScheduleVersion | None:
    """The version published last before this one was made."""
    return session.scalar(
        select(ScheduleVersion)
        .where(ScheduleVersion.rep_id == version.rep_id, ScheduleVersion.id < version.id)
        .where(ScheduleVersion.state.in_([VersionState.PUBLISHED, VersionState.SUPERSEDED]))
        .where(ScheduleVersion.published_at <= version.created_at)
        .order_by(ScheduleVersion.published_at.desc(), ScheduleVersion.id.desc())
        .limit(1)
    )


def _driving(session: Session, review: Review, from_on: date) -> Driving | None:
    version = review.version
    if not review.driving_before or not _is_comparable(session, version, from_on):
        return None
    after = review.feasibility.driving_seconds
    return Driving(review.driving_before, after, bool(version.driving.get("rush_hours")))


def _is_comparable(session: Session, version: ScheduleVersion, from_on: date) -> bool:
    """Every visit that stands is still to come and in an up-to-date route, driven as the version drives."""
    until_on = version.published_until_on
    visits = session.execute(
        select(Visit.on, Visit.state)
        .where(Visit.rep_id == version.rep_id, Visit.on >= from_on, Visit.on < until_on)
        .where(Visit.state.not_in(NOT_COUNTED))
    ).all()
    left_out = select(LeftOut.visit_id).where(LeftOut.day_route_id == DayRoute.id).exists()
    routes = session.execute(
        select(DayRoute.on, DayRoute.driving)
        .where(DayRoute.rep_id == version.rep_id, DayRoute.on >= from_on, DayRoute.on < until_on)
        .where(DayRoute.is_stale.is_(False), DayRoute.network_version == version.network_version)
        .where(~left_out)
    ).all()
    good = {on for on, driving in routes if driving == version.driving}
    return all(state is VisitState.PLANNED and on in good for on, state in visits)


def _date(on: date | None) -> date:
    """Of a line that has both dates, as a moved one does."""
    assert on is not None
    return on
