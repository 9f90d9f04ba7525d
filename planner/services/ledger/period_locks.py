"""Closing a month for a team, and opening it again. A team is a territory and everything below it.

A closed month takes no new lines: what comes late goes into the next open month, whose claim marks it.
Months are named by their first day. ``today`` is the date whose scope counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, case, select
from sqlalchemy.orm import Session, aliased, joinedload

from planner.domain.access import Actor
from planner.domain.claims import EDITABLE
from planner.domain.errors import Conflict, Invalid, NotFound
from planner.domain.months import month
from planner.models.ledger import Claim
from planner.models.periods import PeriodLock
from planner.models.territories import Membership, Territory
from planner.services import scope
from planner.services.installation import audit
from planner.services.ledger import entries, repricing

IN_FORCE = PeriodLock.unlocked_at.is_(None)


@dataclass(frozen=True, slots=True)
class Team:
    territory_id: int
    name: str


@dataclass(frozen=True, slots=True)
class LockPage:
    """``closed`` are in force, newest month first; ``opened`` were. ``mine`` are the actor's teams,
    those that hold others first."""

    mine: tuple[Team, ...]
    closed: tuple[PeriodLock, ...]
    opened: tuple[PeriodLock, ...]
    last_month: date

    def may_open(self, lock: PeriodLock) -> bool:
        """Those set for a team above the actor's are only shown."""
        return any(team.territory_id == lock.territory_id for team in self.mine)


def page(session: Session, actor: Actor, today: date) -> LockPage:
    """The locks of the actor's teams, and of those above that hold for them too."""
    mine = scope.territory_ids(actor, today)
    is_below = case((Territory.parent_id.in_(mine), 1), else_=0)
    teams = session.execute(
        select(Territory.id, Territory.name).where(Territory.id.in_(mine)).order_by(is_below, Territory.name)
    )
    named = (joinedload(PeriodLock.territory), joinedload(PeriodLock.locker), joinedload(PeriodLock.unlocker))
    concerned = PeriodLock.territory_id.in_(mine) | PeriodLock.territory_id.in_(_above(mine))
    query = select(PeriodLock).where(concerned).options(*named)
    newest = query.order_by(PeriodLock.from_on.desc(), PeriodLock.id.desc())
    rows = session.scalars(newest).all()
    return LockPage(
        mine=tuple(Team(*row) for row in teams),
        closed=tuple(row for row in rows if row.unlocked_at is None),
        opened=tuple(row for row in rows if row.unlocked_at is not None),
        last_month=month(month(today)[0] - date.resolution)[0],
    )


def lock(
    session: Session, actor: Actor, now: datetime, today: date, territory_id: int, on: date, reason: str
) -> PeriodLock:
    """Close the month of ``on`` for a team of the actor's.

    Raises NotFound, Invalid("month", "period_not_over"), Invalid("reason") and
    Conflict("period_locked_already").
    """
    row = _team(session, actor, today, territory_id)
    from_on, until_on = month(on)
    if until_on > today:
        raise Invalid("month", "period_not_over")
    said = entries.reason_text(reason)
    taken = select(PeriodLock.id).where(PeriodLock.territory_id == row.id, PeriodLock.from_on == from_on)
    if session.scalar(taken.where(IN_FORCE)) is not None:
        raise Conflict("period_locked_already")
    made = PeriodLock(territory_id=row.id, from_on=from_on, until_on=until_on, lock_reason=said)
    made.locked_at, made.locked_by = now, actor.user_id
    session.add(made)
    session.flush()
    told = {"team": row.name, "month": f"{from_on:%Y-%m}", "reason": said}
    audit.record(session, actor, now, "period.locked", "period_lock", made.id, None, told)
    return made


def unlock(
    session: Session, actor: Actor, now: datetime, today: date, lock_id: int, reason: str
) -> PeriodLock:
    """Open a month again. Raises NotFound, Invalid("reason"), Conflict("period_open_already")."""
    mine = PeriodLock.territory_id.in_(scope.territory_ids(actor, today))
    row = session.scalar(select(PeriodLock).where(PeriodLock.id == lock_id, mine))
    if row is None:
        raise NotFound("period_lock", id=lock_id)
    if row.unlocked_at is not None:
        raise Conflict("period_open_already")
    row.unlock_reason = entries.reason_text(reason)
    row.unlocked_at, row.unlocked_by = now, actor.user_id
    session.flush()
    repricing.settle_claims(session, now, _open_claims(session, row))
    told = {"team": row.territory.name, "month": f"{row.from_on:%Y-%m}", "reason": row.unlock_reason}
    audit.record(session, actor, now, "period.unlocked", "period_lock", row.id, None, told)
    return row


def _open_claims(session: Session, lock: PeriodLock) -> Sequence[Claim]:
    """The claims of its month and team that take entries unless something else is closed."""
    tree = select(Territory.id).where(Territory.id == lock.territory_id).cte("team", recursive=True)
    below = select(Territory.id).join(tree, Territory.parent_id == tree.c.id)
    team = select(tree.union(below).c.id)
    members = select(Membership.person_id).where(Membership.territory_id.in_(team))
    query = select(Claim).where(Claim.from_on == lock.from_on, Claim.state.in_(EDITABLE))
    return session.scalars(query.where(Claim.rep_id.in_(members))).all()


def _above(mine: Select[tuple[int]]) -> Select[tuple[int]]:
    """The territories that lie above these."""
    over = aliased(Territory)
    up = select(Territory.parent_id.label("id")).where(Territory.id.in_(mine))
    tree = up.where(Territory.parent_id.is_not(None)).cte("over", recursive=True)
    further = select(over.parent_id).join(tree, over.id == tree.c.id).where(over.parent_id.is_not(None))
    return select(tree.union(further).c.id)


def _team(session: Session, actor: Actor, today: date, territory_id: int) -> Territory:
    mine = Territory.id.in_(scope.territory_ids(actor, today))
    row = session.scalar(select(Territory).where(Territory.id == territory_id, mine))
    if row is None:
        raise NotFound("territory", id=territory_id)
    return row
