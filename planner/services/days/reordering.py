"""The rest of a day in the order its rep wants, with wishes for single visits: a place, a time to begin.

An order is looked at first, with the minutes everybody would be late, and kept only when the rep says so.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

from sqlalchemy.orm import Session

from planner.domain.access import Actor
from planner.domain.day import DAY_SECONDS
from planner.domain.errors import Invalid
from planner.models.visits import Visit
from planner.services import revisions, roads
from planner.services.days import (
    day_changes,
    day_posing,
    day_routes,
    day_snapshots,
    kept_order,
    known_drives,
    replanning,
    taking_back,
    visit_facts,
)
from planner.services.days.as_wanted import AsWanted
from planner.services.days.day_changes import Step
from planner.services.days.day_facts import DayFacts
from planner.services.days.day_posing import RestOfDay
from planner.services.days.visit_facts import DayVisit
from planner.services.days.wanted_order import Tried, Turn, Wish

KIND = "ordered"


def standing_wish(session: Session, actor: Actor, on: date) -> Wish:
    """The order and the wishes that stand."""
    row = day_routes.row_of(session, actor.user_id, on)
    stops = [stop.visit for stop in row.stops] if row else []
    return Wish(
        order=tuple(visit.id for visit in stops),
        keep=frozenset(visit.id for visit in stops if visit.kept_place is not None),
        begin_at={v.id: v.until_seconds for v in stops if v.until_seconds is not None},
    )


def look(
    session: Session,
    actor: Actor,
    networks_folder: Path,
    now: datetime,
    today: date,
    on: date,
    wish: Wish,
) -> Tried:
    """Nothing is written. Raises Invalid("begin_at", …) for a time at which an account is closed,
    Conflict("day_without_visits"), and as ``replanning.read`` does."""
    facts = replanning.read(session, actor, today, on)
    row = day_routes.row_of(session, actor.user_id, on)
    present = kept_order.present(row)
    facts = _wished(session, facts, wish, {out.visit_id for out in present.left_out} - {*wish.order})
    travel = roads.travel(networks_folder, facts.network_name, facts.driving, facts.engine)
    rest = day_posing.pose(facts, travel, facts.seconds_gone(now))
    order = list(dict.fromkeys((*wish.order, *present.order, *kept_order.without_place(rest, present))))
    found = kept_order.wanted(rest, order)
    now_seconds = kept_order.wanted(rest, present.order).route.driving_seconds if row else None
    facts = _numbered(facts, rest, found, wish)
    solved = kept_order.solved(replace(rest, facts=facts), found, present.left_out)
    return Tried(
        on=on,
        facts=facts,
        solved=solved,
        turns=_turns(rest, found, wish),
        wish=wish,
        home=found.route.home_at,
        lunch_late_seconds=found.lunch_late_seconds,
        overtime_seconds=found.overtime_seconds,
        driving_seconds=found.route.driving_seconds,
        now_seconds=now_seconds,
        rev=row.rev if row else None,
        known=known_drives.of(rest),
    )


def keep(session: Session, actor: Actor, now: datetime, tried: Tried) -> int:
    """Store the order and its wishes; returns the change's id. Raises Conflict("day_changed")."""
    route = day_snapshots.of_day(session, actor.user_id, tried.on)
    shown = {turn.visit_id for turn in tried.turns}
    kept = [_note(session, now, visit, tried.wish) for visit in tried.facts.visits if visit.visit_id in shown]
    replanning.store(session, now, tried.facts, tried.solved)
    told = {"home": tried.home, "late": len(tried.late), "left_out": len(tried.solved.left_out)}
    rows = {"kept": [one for one in kept if one]}
    return day_changes.keep(session, now, actor.user_id, tried.on, Step(KIND, told, route, rows))


def _note(session: Session, now: datetime, visit: DayVisit, wish: Wish) -> dict[str, object] | None:
    """The wishes before, where they change; a time to begin goes, a time from which on stays."""
    row = session.get_one(Visit, visit.visit_id)
    before, at = taking_back.wishes_of(row), wish.begin_at.get(row.id)
    row.kept_place = visit.kept_place
    if at is not None or row.until_seconds is not None:
        row.from_seconds = row.until_seconds = at
    if before == taking_back.wishes_of(row):
        return None
    row.rev += 1
    revisions.changed(row, row.rep_id, now)
    session.flush()
    return before | {"rev": row.rev}


def _wished(session: Session, facts: DayFacts, wish: Wish, hidden: Collection[int]) -> DayFacts:
    """The facts as they would be read with these times to begin, before places are known. Of ``hidden``
    visits the draft says nothing: their wishes stand."""
    for visit in facts.visits:
        if visit.held is not None or visit.visit_id in hidden:
            continue
        row, at = session.get_one(Visit, visit.visit_id), wish.begin_at.get(visit.visit_id)
        is_kept = visit.visit_id in wish.keep and visit.is_open and visit.place is not None
        if at is not None and not 0 <= at < DAY_SECONDS:
            raise Invalid("begin_at", "time_of_day")
        before = row.from_seconds if row.until_seconds is None else None
        found = visit_facts.wished(session, row, before if at is None else at, at, is_kept)
        if at is not None and not found.is_open:
            raise Invalid("begin_at", "closed_then", account=row.account.name)
        facts = facts.with_visit(found)
    return facts


def _numbered(facts: DayFacts, rest: RestOfDay, found: AsWanted, wish: Wish) -> DayFacts:
    """With the place of those in the draft that keep it, counted along the whole day from 1."""
    places = {
        rest.visit(stop.key).visit_id: number
        for number, stop in enumerate(found.route.stops, start=1 + len(rest.driven))
    }
    for visit in facts.visits:
        if visit.visit_id in places:
            place = places[visit.visit_id] if visit.visit_id in wish.keep else None
            facts = facts.with_visit(replace(visit, kept_place=place))
    return facts


def _turns(rest: RestOfDay, found: AsWanted, wish: Wish) -> tuple[Turn, ...]:
    turns = []
    for number, stop in enumerate(found.route.stops, start=1 + len(rest.driven)):
        visit = rest.visit(stop.key)
        turns.append(
            Turn(
                visit_id=visit.visit_id,
                number=number,
                name=visit.place.label if visit.place else "",
                windows=tuple((window.opens, window.closes) for window in visit.windows),
                begins=stop.begins,
                leg_seconds=stop.leg_seconds,
                late_seconds=found.late.get(stop.key, 0),
                is_kept=visit.visit_id in wish.keep,
                begin_at=wish.begin_at.get(visit.visit_id),
                is_appointment=visit.is_appointment,
            )
        )
    return tuple(turns)
