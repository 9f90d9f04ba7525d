"""Why a visit is on its day, which day one more would cost least, and which few moves would save most."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from planner.database import reading
from planner.domain.errors import Conflict
from planner.services.schedule import account_cost, other_days
from planner.services.schedule import savings as rep_savings
from planner.services.schedule.other_days import DayChoice
from planner.services.schedule.standing import OFF_THE_ROADS
from planner.web.formats import day
from planner.web.installed import networks_folder
from planner.web.schedule.blueprint import chosen_rep, schedule, today
from planner.web.signin import actor

NEAR_SECONDS, FAR_SECONDS = 30 * 60, 90 * 60
"""A detour up to the first is green, up to the second amber, beyond red."""

BLOCKED = {
    "visited": lazy_gettext("Visited that day already"),
    "closed": lazy_gettext("Closed"),
    "too_early": lazy_gettext("Too early"),
    "full": lazy_gettext("Full: no order of the day leaves room"),
}


@schedule.get("/find/<int:account_id>")
def find(account_id: int) -> ResponseReturnValue:
    try:
        choices = other_days.for_account(reading(), actor(), networks_folder(), account_id, today())
    except Conflict as conflict:
        return off_the_roads(conflict, account_id)
    return render_template("schedule/other_days.html", choices=choices)


@schedule.get("/visits/<int:visit_id>/why")
def why(visit_id: int) -> ResponseReturnValue:
    choices = other_days.for_visit(reading(), actor(), networks_folder(), visit_id, today())
    return render_template("schedule/other_days.html", choices=choices)


@schedule.get("/cost/<int:account_id>")
def cost(account_id: int) -> ResponseReturnValue:
    try:
        found = account_cost.cost_of(reading(), actor(), networks_folder(), account_id, today())
    except Conflict as conflict:
        return off_the_roads(conflict, account_id)
    return render_template("schedule/cost.html", cost=found)


def off_the_roads(conflict: Conflict, account_id: int) -> str:
    """What to do about an account no road is near; any other conflict goes on."""
    if conflict.code != OFF_THE_ROADS:
        raise conflict
    name = conflict.values["account"]
    return render_template("schedule/off_roads.html", account_id=account_id, name=name)


@schedule.get("/savings")
def savings() -> ResponseReturnValue:
    chosen = chosen_rep()
    moves = rep_savings.savings_of(reading(), actor(), networks_folder(), chosen.rep_id, today())
    return render_template("schedule/savings.html", chosen=chosen, moves=moves)


@schedule.app_template_filter()
def tone(seconds: int) -> str:
    """The colour of a detour."""
    if seconds <= NEAR_SECONDS:
        return "good"
    return "warn" if seconds <= FAR_SECONDS else "bad"


@schedule.app_template_filter()
def rule_against(choice: DayChoice) -> str:
    """Why a day is blocked."""
    if choice.blocked == "too_near" and choice.nearest_on is not None:
        return gettext("Too near to the visit on %(day)s", day=day(choice.nearest_on))
    return str(BLOCKED[choice.blocked])
