"""The ways to mend a broken day, each worked out in full: the rest solved, and what leaves it put into the
coming days. Ways that come to the same are one way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from planner.services.days import outlines
from planner.services.days.day_facts import DayFacts
from planner.services.days.mended import NEW_VISIT, GivenUp, LeftOver, Mended, Way
from planner.services.days.outlines import Outline
from planner.services.days.visit_facts import DayVisit
from planner.services.schedule import coming_back
from planner.services.schedule.coming_back import Back
from planner.services.schedule.overtime import LONGEST_SECONDS
from planner.services.schedule.standing import StandingPlan
from routing.types import Place

A_WHILE_SECONDS = 60 * 60
"""How much later one looks in again at somebody who is away."""

OVERTIME_STEP = 5 * 60
WORTH_SECONDS = 5 * 60
"""Coming home earlier by less is no way of its own."""

MOST_TRIED, MOST_PRICED = 5, 4
"""Of the visits that could move, those that free most time today are tried, and of those that would do the
ones that leave least driving are put into the coming days: somebody waits."""

LONGEST_TRIED = 16
"""In a day of more stops no single visit is looked for: each trial would take a second."""


class Tries(Protocol):
    def __call__(
        self, facts: DayFacts, position: Place | None = None, known: Sequence[int] = (), /
    ) -> Outline: ...


@dataclass(frozen=True, slots=True)
class Desk:
    """What all ways are worked out from. ``names`` and ``accounts`` by visit id; ``outline`` tries a day,
    from a position where one is given, beginning with an order that may be good; ``gone`` is how much of the
    day is past."""

    facts: DayFacts
    plan: StandingPlan
    names: dict[int, str]
    accounts: dict[int, int]
    outline: Tries
    gone: int
    home_planned: int | None


def when_too_much(desk: Desk) -> tuple[Mended, ...]:
    """Late, or with one visit more: all of it, the least dear given up, or one visit moved."""
    plain = desk.outline(desk.facts)
    kept = _keep_most(desk, plain)
    found = [] if kept is None else [kept]
    target = _home_target(desk, plain)
    if target is not None:
        short = outlines.shortened(plain, target, known=plain)
        is_fair = _gives_up_movable(plain, short)
        found += [_mended(desk, Way.FEWEST, short, short.movable_left_out)] if is_fair else []
        found += _one_moved(desk, plain, set(short.movable_left_out) if is_fair else set())
    if desk.facts.visit(NEW_VISIT) is not None:
        rest = desk.outline(desk.facts.without({NEW_VISIT}), None, plain.order)
        moved = _mended(desk, Way.MOVE, rest, [NEW_VISIT])
        found += [moved] if moved.given_up[0].back.on is not None else []
    return _different(found or [_mended(desk, Way.KEEP, plain, ())])


def _gives_up_movable(plain: Outline, short: Outline) -> bool:
    """Whether the shorter day is bought with visits that nobody has agreed on, and with no others."""
    lost = {visit.visit_id for visit in short.left_out} - {visit.visit_id for visit in plain.left_out}
    return bool(short.movable_left_out) and lost <= set(short.movable_left_out)


def while_away(desk: Desk, visit: DayVisit, at_door: bool) -> tuple[Mended, ...]:
    """Later that day, another day, or not before the account's next visit in the plan."""
    again = max(desk.gone, desk.facts.starts) + A_WHILE_SECONDS
    later = desk.outline(desk.facts.with_visit(visit.not_before(again)), visit.place if at_door else None)
    found = []
    # An agreed time is not put off by one side alone.
    if later.is_in(visit.visit_id) and not visit.is_appointment:
        found.append(replace(_mended(desk, Way.LATER, later, later.movable_left_out), later_than=again))
    without = _missed(desk, visit) if at_door else desk.facts.without({visit.visit_id})
    rest = desk.outline(without, None, later.order)
    (back,) = _backs(desk, [visit.visit_id])
    if back.on is not None:
        found.append(_mended(desk, Way.MOVE, rest, [visit.visit_id]))
    next_time = _mended(desk, Way.NEXT_TIME, rest, [visit.visit_id])
    gone = replace(next_time.given_up[0], back=replace(back, on=None, seconds=None, breaks_promise=False))
    return _different([*found, replace(next_time, given_up=(gone,))])


def _missed(desk: Desk, visit: DayVisit) -> DayFacts:
    """The day once somebody has been at the door in vain."""
    before = sum(one.held is not None for one in desk.facts.visits)
    return desk.facts.with_visit(replace(visit, held=before, arrived=desk.gone, left=desk.gone))


def _keep_most(desk: Desk, plain: Outline) -> Mended | None:
    """Overtime where the shift is too short, and no more than that takes; None where it would keep nobody
    more: those who are left out are closed by then."""
    if not plain.left_out:
        return _mended(desk, Way.KEEP, plain, ())
    endless = desk.outline(desk.facts.lasting(LONGEST_SECONDS), None, plain.order)
    overtime = -(-max(0, endless.home - desk.facts.ends) // OVERTIME_STEP) * OVERTIME_STEP
    longer = desk.outline(desk.facts.lasting(overtime), None, endless.order)
    if len(longer.left_out) >= len(plain.left_out):
        return None
    return replace(_mended(desk, Way.KEEP, longer, longer.movable_left_out), overtime_seconds=overtime)


def _home_target(desk: Desk, plain: Outline) -> int | None:
    """By when one would rather be home than keep everything; None where nothing is to be gained."""
    if plain.left_out:
        return desk.facts.ends
    planned = desk.home_planned
    return planned if planned is not None and plain.home - planned >= WORTH_SECONDS else None


def _one_moved(desk: Desk, plain: Outline, known: set[int]) -> list[Mended]:
    """The one visit whose move costs least driving on both days together, of those that bring the rest home
    within the shift and earlier; another than the one that is given up anyway."""
    ends = desk.facts.ends if plain.left_out else min(desk.facts.ends, plain.home - WORTH_SECONDS)
    tried: dict[int, Outline] = {}
    for visit_id in plain.freeing_most[:MOST_TRIED] if len(plain.movable) <= LONGEST_TRIED else ():
        if not outlines.may_hold_all(plain, ends, {visit_id}):
            continue
        without = outlines.shortened(plain, desk.facts.ends, {visit_id})
        if {visit_id} != known and not without.left_out and without.home <= ends:
            tried[visit_id] = without
    priced = []
    for visit_id in sorted(tried, key=lambda one: (tried[one].driving_seconds, one))[:MOST_PRICED]:
        (back,) = _backs(desk, [visit_id])
        if back.seconds is not None:
            priced.append((back.breaks_promise, tried[visit_id].driving_seconds + back.seconds, visit_id))
    if not priced:
        return []
    chosen = min(priced)[2]
    offered = outlines.shortened(plain, desk.facts.ends, {chosen}, tried[chosen])
    return [_mended(desk, Way.ONE, offered, [chosen])]


def _mended(desk: Desk, way: Way, day: Outline, gone: Sequence[int]) -> Mended:
    """``gone`` leave the day: to another one, or for good where no day takes them."""
    backs = _backs(desk, gone)
    solved = day.told(gone)
    return Mended(
        way=way,
        facts=day.facts.without({one for one in gone if not _was_held(day.facts, one)}),
        solved=solved,
        driving_seconds=day.driving_seconds,
        proof=day.proof,
        given_up=tuple(
            GivenUp(visit_id, desk.names[visit_id], back) for visit_id, back in zip(gone, backs, strict=True)
        ),
        left_over=tuple(LeftOver(desk.names[out.visit_id], out.reason) for out in solved.left_out),
    )


def _was_held(facts: DayFacts, visit_id: int) -> bool:
    visit = facts.visit(visit_id)
    return visit is not None and visit.held is not None


def _backs(desk: Desk, visit_ids: Sequence[int]) -> list[Back]:
    agreed = {desk.accounts[v.visit_id] for v in desk.facts.visits if v.price is None}
    accounts = [desk.accounts[one] for one in visit_ids]
    return coming_back.days_for(desk.plan, accounts, desk.facts.on, agreed)


def _different(found: Sequence[Mended]) -> tuple[Mended, ...]:
    """Each way once: the first of those that come to the same."""
    kept: dict[tuple[object, ...], Mended] = {}
    for way in found:
        kept.setdefault(way.does, way)
    return tuple(kept.values())
