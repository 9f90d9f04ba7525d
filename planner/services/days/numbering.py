"""A visit that was only thought of gets the number of the one that is made of it."""

from __future__ import annotations

from dataclasses import replace

from planner.services.days.day_facts import DayFacts
from planner.services.days.day_solve import SolvedDay
from planner.services.days.mended import NEW_VISIT


def numbered(facts: DayFacts, solved: SolvedDay, visit_id: int) -> tuple[DayFacts, SolvedDay]:
    """Raises ValueError where nothing was thought of."""
    visit = facts.visit(NEW_VISIT)
    if visit is None:
        raise ValueError("no visit was thought of")
    facts = facts.without({NEW_VISIT}).with_visit(replace(visit, visit_id=visit_id))
    stops = tuple(
        replace(stop, visit_id=visit_id) if stop.visit_id == NEW_VISIT else stop for stop in solved.stops
    )
    left_out = tuple(
        replace(out, visit_id=visit_id) if out.visit_id == NEW_VISIT else out for out in solved.left_out
    )
    return facts, replace(solved, stops=stops, left_out=left_out)
