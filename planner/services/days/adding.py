"""One more visit on the way: agreed, and put where it adds least driving; the order of the others stays.

Worked out before anything is written; noted so that one tap takes it back.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from sqlalchemy.orm import Session

from planner.domain.access import Actor
from planner.domain.errors import Conflict
from planner.models.visits import Visit
from planner.services import roads, scope
from planner.services.days import (
    best_places,
    day_changes,
    day_posing,
    day_routes,
    day_snapshots,
    kept_order,
    numbering,
    replanning,
    visit_facts,
)
from planner.services.days.as_wanted import as_wanted
from planner.services.days.day_changes import Step
from planner.services.days.day_facts import DayFacts
from planner.services.days.day_solve import SolvedDay
from planner.services.days.mended import NEW_VISIT
from planner.services.schedule import agreements
from planner.services.schedule.agreements import Wish
from routing.types import Place

KIND = "added"


@dataclass(frozen=True, slots=True)
class Addition:
    """The day with one more visit, before it is made. ``others_lack_place``: visits nobody has put in order
    yet, which stay so."""

    account_id: int
    account_name: str
    facts: DayFacts
    solved: SolvedDay
    others_lack_place: bool
    from_position: bool


def think(
    session: Session,
    actor: Actor,
    networks_folder: Path,
    now: datetime,
    today: date,
    on: date,
    account_id: int,
    position: Place | None = None,
) -> Addition:
    """Raises NotFound for an account outside the actor's scope, Conflict("account_has_visit"),
    Conflict("does_not_fit"), and as ``near_me.near`` does."""
    replanning.check_open(session, actor, today, on)
    account = scope.account(session, actor, account_id, today)
    facts = day_routes.gather(session, actor.user_id, on)
    facts = facts.with_visit(visit_facts.must_visit(session, account, on, NEW_VISIT))
    travel = roads.travel(networks_folder, facts.network_name, facts.driving, facts.engine)
    rest = day_posing.pose(facts, travel, facts.seconds_gone(now), position)
    present = kept_order.present(day_routes.row_of(session, actor.user_id, on))
    order = kept_order.indices(rest, present.order)
    new = kept_order.indices(rest, [NEW_VISIT])
    best = best_places.best_place(rest.problem, order, new[0], facts.goal) if new else None
    if best is None:
        raise Conflict("does_not_fit", account=account.name)
    found = as_wanted(rest.problem, [*order[: best.at], new[0], *order[best.at :]])
    solved = kept_order.solved(rest, found, present.left_out)
    others = set(kept_order.without_place(rest, present)) - {NEW_VISIT}
    return Addition(account.id, account.name, facts, solved, bool(others), position is not None)


def make(session: Session, actor: Actor, now: datetime, today: date, addition: Addition) -> int:
    """Returns the change's id. Raises Conflict("day_changed") where the day is not as it was, and as
    ``agreements.agree`` does."""
    on = addition.facts.on
    if agreements.is_visited(session, addition.account_id, on):
        raise Conflict("account_has_visit", account=addition.account_name, on=on.isoformat())
    route = day_snapshots.of_day(session, actor.user_id, on)
    visit_id = agreements.agree(session, actor, now, today, Wish(addition.account_id, on)).visit_id
    rev = session.get_one(Visit, visit_id).rev
    facts, solved = numbering.numbered(addition.facts, addition.solved, visit_id)
    replanning.store(session, now, facts, solved)
    if addition.others_lack_place:
        day_routes.mark_stale(session, actor.user_id, [on])
    told = {
        **{"name": addition.account_name, "home": solved.home, "left_out": len(solved.left_out)},
        "from_position": addition.from_position,
    }
    step = Step(KIND, told, route, {"made": [{"visit_id": visit_id, "rev": rev}]})
    return day_changes.keep(session, now, actor.user_id, on, step)
