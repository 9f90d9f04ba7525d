"""The certificate of a version: every promise it breaks, weeks that are too short, and what would free time.

Promises (``promises``) are those of the accounts as they are today; the visits are the version's.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.relaxing import Group, Relaxation, needed, relaxations
from planner.models.schedule import Proposal, ScheduleVersion, UnplacedAccount, VersionState
from planner.services.schedule import candidates
from planner.services.schedule.candidacy import Candidate
from planner.services.schedule.candidate_rows import Span
from planner.services.schedule.horizon import DayLoad
from planner.services.schedule.promises import Broken, broken

IN_FORCE = (VersionState.PROPOSED, VersionState.PUBLISHED)

FULL = frozenset({"days_full", "gaps_clash"})
"""Reasons for a missing visit that more working time would mend."""


@dataclass(frozen=True, slots=True)
class Shortfall:
    """A promise that is broken: a visit by ``promised_on``. ``planned_on`` is the one that comes too late, or
    None where none comes; ``days_late`` then counts to the end of the weeks planned."""

    account_id: int
    account_name: str
    account_class: str
    promised_on: date
    planned_on: date | None
    days_late: int


@dataclass(frozen=True, slots=True)
class ShortWeek:
    """A week of the published ones with less time than its visits need; ``relaxed``: how many of the first
    relaxations free as much, None where all do not."""

    from_on: date
    short_seconds: int
    relaxed: int | None


@dataclass(frozen=True, slots=True)
class PlannedAccounts:
    """A rep's accounts as a span of dates sees them; read once for all that is said of a version."""

    span: Span
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class Certificate:
    """``relaxed``: how many of the first relaxations free what the published weeks lack."""

    shortfalls: tuple[Shortfall, ...]
    weeks: tuple[ShortWeek, ...]
    relaxations: tuple[Relaxation, ...]
    relaxed: int | None
    accounts: int


def accounts_of(session: Session, version: ScheduleVersion, today: date) -> PlannedAccounts | None:
    """What a version's promises are judged by. None for what is history."""
    if version.state not in IN_FORCE:
        return None
    span = Span(version.from_on, version.until_on, min(today, version.from_on))
    return PlannedAccounts(span, tuple(candidates.gather(session, version.rep_id, span, 0)))


def certificate(
    session: Session,
    version: ScheduleVersion,
    those: PlannedAccounts,
    loads: Sequence[DayLoad],
    short_seconds: int,
) -> Certificate:
    """``loads`` are the published days, ``short_seconds`` what they lack."""
    span = those.span
    found = [candidate for candidate in those.candidates if candidate.is_recurring and not candidate.trouble]
    proposals = session.scalars(select(Proposal).where(Proposal.version_id == version.id)).all()
    dates: dict[int, set[int]] = defaultdict(set)
    for proposal in proposals:
        dates[proposal.account_id].add(span.day(proposal.on))
    broken = [fall for candidate in found for fall in shortfalls(candidate, dates, version)]
    options = relaxations(_groups(found, proposals, len(span)))
    return Certificate(
        shortfalls=tuple(sorted(broken, key=lambda f: (f.account_class, f.account_name, f.promised_on))),
        weeks=tuple(_short_weeks(session, version, loads, options)),
        relaxations=options,
        relaxed=needed(options, short_seconds, len(loads)) if short_seconds else 0,
        accounts=len(found),
    )


def shortfalls(
    candidate: Candidate, dates: Mapping[int, set[int]], version: ScheduleVersion
) -> Iterator[Shortfall]:
    """``dates``: by account, the days of its visits in the version."""
    horizon = (version.until_on - version.from_on).days
    worked = {number for number, day in enumerate(version.days) if not day["off"]}
    pinned = {pin.day for pin in candidate.pinned} & worked
    driven = dates.get(candidate.account_id, set())
    found = broken(candidate, driven if candidate.fixed_days else driven | pinned, horizon)
    found += [Broken(day, None) for day in pinned - driven - set(candidate.fixed_days)]
    for promised, planned in found:
        yield Shortfall(
            account_id=candidate.account_id,
            account_name=candidate.name,
            account_class=candidate.account_class,
            promised_on=version.from_on + timedelta(days=promised),
            planned_on=None if planned is None else version.from_on + timedelta(days=planned),
            days_late=(horizon if planned is None else planned) - promised,
        )


def _groups(found: Sequence[Candidate], proposals: Sequence[Proposal], days: int) -> list[Group]:
    """Accounts with a rolling cadence by class and cadence, with the time their planned visits take."""
    visits: dict[int, list[Proposal]] = defaultdict(list)
    for proposal in proposals:
        visits[proposal.account_id].append(proposal)
    members: dict[tuple[str, int], list[Candidate]] = defaultdict(list)
    for candidate in found:
        if candidate.cadence_days and not candidate.fixed_days:
            members[candidate.account_class, candidate.cadence_days].append(candidate)
    groups = []
    for (letter, cadence), those in sorted(members.items()):
        planned = [proposal for candidate in those for proposal in visits[candidate.account_id]]
        groups.append(
            Group(
                account_class=letter,
                cadence_days=cadence,
                accounts=len(those),
                visits=len(planned),
                seconds=sum(p.service_seconds + p.detour_seconds for p in planned),
                days=days,
                price_seconds=those[0].price_seconds,
            )
        )
    return groups


def _short_weeks(
    session: Session, version: ScheduleVersion, loads: Sequence[DayLoad], options: Sequence[Relaxation]
) -> Iterator[ShortWeek]:
    """Weeks from Monday; visits without a day count in the week they are due by, without driving."""
    weeks: dict[date, int] = defaultdict(int)
    for load in loads:
        monday = load.on - timedelta(days=load.on.weekday())
        weeks[monday] += load.service_seconds + load.driving_seconds - load.available_seconds
    query = select(UnplacedAccount).where(UnplacedAccount.version_id == version.id)
    for missing in session.scalars(query.where(UnplacedAccount.due_until_on.is_not(None))):
        due = missing.due_until_on
        monday = due - timedelta(days=due.weekday()) if due else version.from_on
        if monday in weeks and missing.reason in FULL:
            weeks[monday] += missing.reason_values.get("service_seconds", 0)
    for monday, short in sorted(weeks.items()):
        if short > 0:
            yield ShortWeek(monday, short, needed(options, short, 7))
