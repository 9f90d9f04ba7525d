"""The change budget of a rep: the few moves that save most, agreed and pinned visits never among them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy.orm import Session

from planner.domain.access import Actor
from planner.services import scope
from planner.services.schedule.standing import movable_visits, standing_plan

MOST_MOVES = 8


@dataclass(frozen=True, slots=True)
class Move:
    """``seconds`` of driving saved by this move, ``so_far`` by it and those before it."""

    visit_id: int
    account_id: int
    account_name: str
    from_on: date
    to_on: date
    seconds: int
    so_far: int


def savings_of(
    session: Session, actor: Actor, networks_folder: Path, rep_id: int, today: date
) -> tuple[Move, ...]:
    """The best moves one after the other, from tomorrow on. Raises NotFound for a rep outside the actor's
    scope, and as ``horizon.gather`` does."""
    # The compiler behind this takes half a second to import.
    from routing.rotation.savings import savings

    scope.rep(session, actor, rep_id, today)
    plan = standing_plan(session, networks_folder, rep_id, today)
    horizon, standing = plan.horizon, plan.by_day
    visits = movable_visits(session, plan)
    moves: list[Move] = []
    for found in savings(plan.posed.problem, standing, visits.keys(), MOST_MOVES, first_day=1):
        visit = visits[found.from_day, found.key]
        moves.append(
            Move(
                visit_id=visit.id,
                account_id=found.key,
                account_name=plan.name_of(found.key),
                from_on=visit.on,
                to_on=horizon.date_of(found.to_day),
                seconds=found.seconds,
                so_far=found.seconds + (moves[-1].so_far if moves else 0),
            )
        )
    return tuple(moves)
