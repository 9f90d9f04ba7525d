"""What publishing a version does to the visits that stand: kept, moved, added, dropped.

An account keeps its visit: a proposal on another day moves the visit that stands. Pinned and agreed
visits and those that were begun are never touched.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from planner.domain.visits import VisitState
from planner.models.accounts import Account
from planner.models.schedule import Proposal, ScheduleVersion
from planner.models.visits import Visit
from planner.services.days.visit_facts import AGREED


@dataclass(frozen=True, slots=True)
class Changes:
    """What publishing does to the visits that stand."""

    kept: tuple[tuple[Visit, Proposal], ...]
    moved: tuple[tuple[Visit, Proposal], ...]
    added: tuple[Proposal, ...]
    dropped: tuple[Visit, ...]

    @property
    def days(self) -> set[date]:
        """Dates that gain or lose a visit."""
        lost = [visit.on for visit in self.dropped] + [visit.on for visit, _ in self.moved]
        gained = [proposal.on for proposal in self.added] + [proposal.on for _, proposal in self.moved]
        return {*lost, *gained}


def changes(session: Session, version: ScheduleVersion, today: date) -> Changes:
    """Compare a version's published weeks, from ``today`` on, with the visits that stand."""
    from_on = max(version.from_on, today)
    standing = _standing(session, version, from_on)
    movable = [visit for visit in standing if is_movable(visit)]
    taken = {(visit.account_id, visit.on) for visit in standing if not is_movable(visit)}
    taken |= _made_by_others(session, version, from_on)
    wanted = [
        proposal
        for proposal in _proposals(session, version, from_on)
        if (proposal.account_id, proposal.on) not in taken
    ]
    return _paired(movable, wanted)


def _standing(session: Session, version: ScheduleVersion, from_on: date) -> list[Visit]:
    query = (
        select(Visit)
        .where(Visit.rep_id == version.rep_id, Visit.on >= from_on, Visit.on < version.until_on)
        .where(Visit.state != VisitState.CANCELLED)
        .options(joinedload(Visit.account))
        .order_by(Visit.on, Visit.id)
    )
    return list(session.scalars(query))


def _made_by_others(session: Session, version: ScheduleVersion, from_on: date) -> set[tuple[int, date]]:
    """Accounts and dates of visits that are other reps': an account is visited once a day."""
    proposed = select(Proposal.account_id).where(Proposal.version_id == version.id)
    query = (
        select(Visit.account_id, Visit.on)
        .where(Visit.rep_id != version.rep_id, Visit.account_id.in_(proposed))
        .where(Visit.on >= from_on, Visit.on < version.until_on, Visit.state != VisitState.CANCELLED)
    )
    return {(account_id, on) for account_id, on in session.execute(query)}


def is_movable(visit: Visit) -> bool:
    """Whether publishing may move it: neither begun nor pinned nor agreed."""
    return visit.state is VisitState.PLANNED and not visit.is_pinned and visit.kind not in AGREED


def _proposals(session: Session, version: ScheduleVersion, from_on: date) -> list[Proposal]:
    query = (
        select(Proposal)
        .join(Proposal.account)
        .where(Proposal.version_id == version.id, Proposal.is_pinned.is_(False))
        .where(Proposal.on >= from_on, Proposal.on < version.published_until_on)
        .where(Account.archived_at.is_(None))
        .options(joinedload(Proposal.account))
        .order_by(Proposal.on, Proposal.position)
    )
    return list(session.scalars(query))


def _paired(visits: Iterable[Visit], proposals: Iterable[Proposal]) -> Changes:
    """Same account and day: kept. What is left of an account is paired in order of date: moved."""
    wanted = {(proposal.account_id, proposal.on): proposal for proposal in proposals}
    kept, spare = [], defaultdict(list)
    for visit in visits:
        same = wanted.pop((visit.account_id, visit.on), None)
        if same is not None:
            kept.append((visit, same))
        else:
            spare[visit.account_id].append(visit)
    moved, added = [], []
    for proposal in sorted(wanted.values(), key=lambda p: (p.on, p.position)):
        mine = spare[proposal.account_id]
        if mine:
            moved.append((mine.pop(0), proposal))
        else:
            added.append(proposal)
    dropped = tuple(visit for rest in spare.values() for visit in rest)
    return Changes(tuple(kept), tuple(moved), tuple(added), dropped)
