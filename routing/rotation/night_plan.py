"""The nights of a whole plan: those it begins with, those that pay as the visits stand, those in the end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from routing.rotation import tables as t
from routing.rotation.nights import is_away, nights_in_a_row, spend_night
from routing.rotation.setting import Setting
from routing.rotation.tables import Plan, Tables
from routing.types import NightAway


def spend_published_nights(tables: Tables, plan: Plan) -> None:
    """Begin with the nights that were announced, as far as they may still be spent away."""
    for evening in tables.open_evenings.tolist():
        row = tables.evenings[evening]
        where = int(tables.route[row[t.EVENING], t.NIGHT_WAS])
        if where >= 0 and nights_in_a_row(tables, plan, evening) <= row[t.MOST_NIGHTS]:
            spend_night(tables, plan, evening, where)


def settle_nights(tables: Tables, plan: Plan) -> None:
    """Come home instead, or sleep near the last visit before or the first one after, wherever that is cheaper
    and the visits stay in their order. A night that saves nothing is spent at home."""
    for evening in tables.open_evenings.tolist():
        if is_away(tables, plan, evening):
            now = int(plan.figures[tables.evenings[evening, t.EVENING], t.ENDS_AT])
            home = int(tables.route[tables.evenings[evening, t.EVENING], t.HOME])
            costs = {where: _cost(tables, plan, evening, where) for where in _beds(tables, plan, evening)}
            best = min(costs, key=lambda where: (costs[where], where != home, where != now))
            spend_night(tables, plan, evening, best)


def nights_away(setting: Setting, tables: Tables, plan: Plan, places: Sequence[int]) -> Iterator[NightAway]:
    """The nights spent away that could be spent at home; ``places`` of the travel matrix by node."""
    for evening in tables.open_evenings.tolist():
        if is_away(tables, plan, evening):
            before, _, day, whose, _ = tables.evenings[evening].tolist()
            at = places[int(plan.figures[before, t.ENDS_AT])]
            yield NightAway(day, at, setting.problem.nights[whose].rep)


def _beds(tables: Tables, plan: Plan, evening: int) -> list[int]:
    """Where it is spent now, home, and near the visits on both sides."""
    before, after, _, whose, _ = tables.evenings[evening].tolist()
    stops = int(plan.figures[before, t.STOPS])
    near = [
        *plan.order[before, max(0, stops - 1) : stops],
        *plan.order[after, : plan.figures[after, t.STOPS]][:1],
    ]
    now, home = int(plan.figures[before, t.ENDS_AT]), int(tables.route[before, t.HOME])
    return [now, home, *tables.sleeps[whose, near].tolist()]


def _cost(tables: Tables, plan: Plan, evening: int, where: int) -> int:
    """What both routes cost with the night spent there; TOO_DEAR where one ends too late."""
    spend_night(tables, plan, evening, where)
    both = tables.evenings[evening, [t.EVENING, t.MORNING]]
    if (plan.figures[both, t.OVER_TIME] > 0).any():
        return t.TOO_DEAR
    return int(plan.figures[both, t.COST].sum())
