"""A day that broke, and two or three ways to mend it: each with what is given up and when that comes back.

What broke is one of: the day runs late; a customer is away; one more visit must happen.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from planner.domain.access import Actor
from planner.domain.errors import Conflict
from planner.domain.visits import VisitState
from planner.models.accounts import Account
from planner.models.visits import Visit
from planner.services import roads, scope
from planner.services.days import day_routes, outlines, replanning, visit_facts, visits, ways_to_mend
from planner.services.days.day_facts import DayFacts
from planner.services.days.mended import NEW_VISIT, BrokenDay, Trouble
from planner.services.days.ways_to_mend import Desk
from planner.services.schedule.standing import standing_plan
from routing.types import Place


def ways(
    session: Session,
    actor: Actor,
    networks_folder: Path,
    now: datetime,
    today: date,
    on: date,
    trouble: Trouble,
) -> BrokenDay:
    """Raises NotFound for a visit or account of somebody else, Conflict("visit_state") for a visit that has
    begun, Conflict("account_has_visit") for one more where there is one, Conflict("day_without_visits"),
    Conflict("day_not_today"), and as ``replanning.check_open`` and ``day_facts.gather`` do."""
    replanning.check_open(session, actor, today, on)
    if on != today:
        raise Conflict("day_not_today")
    facts = day_routes.gather(session, actor.user_id, on)
    known = _accounts(session, facts)
    name = "" if trouble.visit_id is None else _away(session, actor, on, trouble.visit_id)
    if trouble.account_id is not None:
        account = _addable(session, actor, today, trouble.account_id, on, known)
        facts = facts.with_visit(visit_facts.must_visit(session, account, on, NEW_VISIT))
        known[NEW_VISIT], name = account, account.name
    if not facts.visits:
        raise Conflict("day_without_visits")
    desk = _desk(session, actor, networks_folder, now, today, facts, known)
    visit = facts.visit(trouble.visit_id) if trouble.visit_id is not None else None
    found = (
        ways_to_mend.when_too_much(desk)
        if visit is None
        else ways_to_mend.while_away(desk, visit, trouble.at_door)
    )
    return BrokenDay(on, trouble, name, desk.home_planned, facts.ends, found)


def _accounts(session: Session, facts: DayFacts) -> dict[int, Account]:
    query = select(Visit).where(Visit.id.in_([visit.visit_id for visit in facts.visits]))
    return {row.id: row.account for row in session.scalars(query.options(joinedload(Visit.account)))}


def _desk(
    session: Session,
    actor: Actor,
    networks_folder: Path,
    now: datetime,
    today: date,
    facts: DayFacts,
    known: dict[int, Account],
) -> Desk:
    new = known.get(NEW_VISIT)
    plan = standing_plan(session, networks_folder, actor.user_id, today, new.id if new else None)
    travel = roads.travel(networks_folder, facts.network_name, facts.driving, facts.engine)
    route, gone = day_routes.row_of(session, actor.user_id, facts.on), facts.seconds_gone(now)

    def outline(
        tried: DayFacts, position: Place | None = None, known: Sequence[int] = ()
    ) -> outlines.Outline:
        return outlines.outline(tried, travel, gone, position, known)

    return Desk(
        facts=facts,
        plan=plan,
        names={key: account.name for key, account in known.items()},
        accounts={key: account.id for key, account in known.items()},
        outline=outline,
        gone=gone,
        home_planned=route.home_seconds if route else None,
    )


def _away(session: Session, actor: Actor, on: date, visit_id: int) -> str:
    row = visits.own(session, actor, visit_id)
    if row.state is not VisitState.PLANNED or row.on != on:
        raise Conflict("visit_state", state=row.state.value, action="away")
    return row.account.name


def _addable(
    session: Session,
    actor: Actor,
    today: date,
    account_id: int,
    on: date,
    known: dict[int, Account],
) -> Account:
    account = scope.account(session, actor, account_id, today)
    if account.id in {one.id for one in known.values()}:
        raise Conflict("account_has_visit", account=account.name, on=on.isoformat())
    return account
