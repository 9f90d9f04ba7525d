"""Visits fixed by hand: appointments, must-visits, pins, and moving a visit to another day.

A re-plan never touches what is agreed or pinned. Every change marks the days concerned for solving.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from planner.domain.access import Actor
from planner.domain.errors import Conflict, Invalid, NotFound
from planner.domain.visits import VisitAction, VisitKind, VisitState, next_state
from planner.models.accounts import Account
from planner.models.people import Rep
from planner.models.territories import Ownership
from planner.models.visits import Visit
from planner.services import calendars, revisions, scope
from planner.services.accounts import opening_hours
from planner.services.days import day_routes, visit_facts
from planner.services.days.visit_facts import AGREED
from planner.services.installation import audit

LONGEST_LEEWAY_SECONDS = 4 * 3600


@dataclass(frozen=True, slots=True)
class Wish:
    """An agreed visit: an appointment at ``begins`` (seconds after midnight), without it a must-visit."""

    account_id: int
    on: date
    begins: int | None = None
    leeway_seconds: int = 0


@dataclass(frozen=True, slots=True)
class Changed:
    """A visit after a change by hand; ``from_on`` is the first of the days concerned."""

    visit_id: int
    rep_id: int
    on: date
    from_on: date


def agree(session: Session, actor: Actor, now: datetime, today: date, wish: Wish) -> Changed:
    """Make an agreed visit, or turn the one that stands on that day into it.

    Raises Invalid for a day or time that cannot be, NotFound for an account outside the actor's
    scope, Conflict("account_without_rep") when nobody owns it on that day.
    """
    account = scope.account(session, actor, wish.account_id, today)
    rep_id = owner(session, account.id, wish.on)
    check_day(session, account, rep_id, wish.on, today, is_agreed=True)
    if wish.begins is not None and not 0 <= wish.begins < 24 * 3600:
        raise Invalid("begins", "time_of_day")
    if not 0 <= wish.leeway_seconds <= LONGEST_LEEWAY_SECONDS:
        raise Invalid("leeway", "leeway_range", hours=LONGEST_LEEWAY_SECONDS // 3600)
    visit = _standing_on(session, account.id, wish.on)
    if visit is None:
        visit = Visit(uid=str(uuid4()), account_id=account.id, rep_id=rep_id, on=wish.on)
        visit.state, visit.rev = VisitState.PLANNED, 0
        visit.service_seconds = visit_facts.visit_seconds(session, account)
        session.add(visit)
    elif visit.state is not VisitState.PLANNED:
        raise Conflict("visit_state", state=visit.state.value, action="agree")
    visit.kind = VisitKind.MUST_VISIT if wish.begins is None else VisitKind.APPOINTMENT
    visit.is_pinned, visit.reason, visit.reason_values = True, visit.kind.value, {}
    visit.appointment_seconds, visit.leeway_seconds = wish.begins, wish.leeway_seconds
    visit.rev += 1
    revisions.changed(visit, actor.user_id, now)
    session.flush()
    day_routes.mark_stale(session, rep_id, [wish.on])
    after = {"on": wish.on.isoformat(), "kind": visit.kind.value}
    audit.record(session, actor, now, "visit.agreed", "visit", visit.id, {}, after)
    return _changed(visit)


def pin(session: Session, actor: Actor, today: date, visit_id: int, is_pinned: bool) -> Changed:
    """Keep a visit on its day when the rest is planned again, or let it go.

    Raises Conflict("visit_agreed") for an appointment or must-visit: those always stay.
    """
    visit = to_come(session, actor, visit_id, today)
    if visit.kind in AGREED:
        raise Conflict("visit_agreed")
    visit.is_pinned = is_pinned
    visit.rev += 1
    revisions.changed(visit, actor.user_id, None)
    session.flush()
    return _changed(visit)


def move(session: Session, actor: Actor, now: datetime, today: date, visit_id: int, on: date) -> Changed:
    """Put a visit on another day and pin it there.

    Raises Invalid("on", …) with the rule that forbids the day, Conflict("account_has_visit") when the
    account is visited that day already.
    """
    visit = to_come(session, actor, visit_id, today)
    if on == visit.on:
        return _changed(visit)
    check_day(session, visit.account, visit.rep_id, on, today, is_agreed=visit.kind in AGREED)
    return put_on(session, actor, now, visit, on, is_pinned=True)


def put_on(session: Session, actor: Actor, now: datetime, visit: Visit, on: date, is_pinned: bool) -> Changed:
    """Put a visit on another day whatever that day's rules say; for who has asked them, or needs not.

    Raises Conflict("account_has_visit") when the account is visited that day already.
    """
    if _standing_on(session, visit.account_id, on) is not None:
        raise Conflict("account_has_visit", account=visit.account.name, on=on.isoformat())
    before = visit.on
    day_routes.withdraw(session, [visit.id])
    visit.on, visit.is_pinned = on, is_pinned
    visit_facts.forget_wishes(visit)
    visit.rev += 1
    revisions.changed(visit, actor.user_id, now)
    session.flush()
    day_routes.mark_stale(session, visit.rep_id, [before, on])
    moved = {"on": before.isoformat()}, {"on": on.isoformat()}
    audit.record(session, actor, now, "visit.moved", "visit", visit.id, *moved)
    return _changed(visit, before)


def call_off(session: Session, actor: Actor, now: datetime, today: date, visit_id: int) -> Changed:
    """Take a visit to come out of the plan."""
    visit = to_come(session, actor, visit_id, today)
    visit.state = next_state(visit.state, VisitAction.CANCEL)
    visit.rev += 1
    revisions.changed(visit, actor.user_id, now)
    day_routes.withdraw(session, [visit.id])
    session.flush()
    day_routes.mark_stale(session, visit.rep_id, [visit.on])
    audit.record(session, actor, now, "visit.called_off", "visit", visit.id, {"on": visit.on.isoformat()}, {})
    return _changed(visit)


def account_name(session: Session, actor: Actor, account_id: int, today: date) -> str:
    """Raises NotFound for an account outside the actor's scope."""
    return scope.account(session, actor, account_id, today).name


def visit_to_come(session: Session, actor: Actor, visit_id: int, today: date) -> Changed:
    """Where a visit stands that may be changed. Raises as ``to_come`` does."""
    return _changed(to_come(session, actor, visit_id, today))


def to_come(session: Session, actor: Actor, visit_id: int, today: date) -> Visit:
    """A planned visit of today or later in the actor's scope.

    Raises NotFound, or Conflict("visit_state") for one that was held, missed, skipped or called off.
    """
    visit = session.get(Visit, visit_id, options=[joinedload(Visit.account)])
    if visit is None:
        raise NotFound("visit", id=visit_id)
    scope.rep(session, actor, visit.rep_id, today)
    if visit.state is not VisitState.PLANNED:
        raise Conflict("visit_state", state=visit.state.value, action="move")
    if visit.on < today:
        raise Conflict("visit_past")
    return visit


def check_day(
    session: Session, account: Account, rep_id: int, on: date, today: date, is_agreed: bool
) -> None:
    """Raises Invalid("on", …) with the rule a visit on this day would break. What was agreed with the
    account may fall on one of its closing days, but never on a day the rep does not work."""
    if on < today:
        raise Invalid("on", "day_past")
    rep = session.get_one(Rep, rep_id)
    if any(absence.from_on <= on < absence.until_on for absence in rep.absences):
        raise Invalid("on", "rep_absent", name=rep.person.name)
    territory = scope.home_territory(session, rep_id, on)
    if territory is not None and calendars.holidays_on(territory.country, territory.subdivision, on):
        raise Invalid("on", "day_holiday")
    if is_agreed:
        return
    if all(shift.weekday != on.weekday() for shift in rep.shifts):
        raise Invalid("on", "rep_off", name=rep.person.name)
    if opening_hours.is_blocked(account, on):
        raise Invalid("on", "account_blocked", account=account.name)
    if opening_hours.is_closed_weekday(account, on):
        raise Invalid("on", "account_closed", account=account.name)


def _changed(visit: Visit, before: date | None = None) -> Changed:
    return Changed(visit.id, visit.rep_id, visit.on, min(visit.on, before or visit.on))


def owner(session: Session, account_id: int, on: date) -> int:
    """The rep who owns the account on a date. Raises Conflict("account_without_rep")."""
    query = select(Ownership.rep_id).where(Ownership.account_id == account_id, scope.held(Ownership, on))
    rep_id = session.scalar(query)
    if rep_id is None:
        raise Conflict("account_without_rep")
    return rep_id


def is_visited(session: Session, account_id: int, on: date) -> bool:
    """Whether the account has a visit that day, whoever's and whatever came of it."""
    return _standing_on(session, account_id, on) is not None


def _standing_on(session: Session, account_id: int, on: date) -> Visit | None:
    return session.scalar(
        select(Visit).where(
            Visit.account_id == account_id, Visit.on == on, Visit.state != VisitState.CANCELLED
        )
    )
