"""What the calendar's script asks: the days for a visit picked up, its drop, and putting it back."""

from __future__ import annotations

from datetime import date

from flask import jsonify, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session

from planner import clock
from planner.database import reading, transaction
from planner.services.schedule import dropping, other_days, runs
from planner.services.schedule.dropping import Dropped
from planner.services.schedule.runs import RunKind
from planner.web.bell import ring
from planner.web.formats import day
from planner.web.installed import networks_folder
from planner.web.schedule import day_answers
from planner.web.schedule.blueprint import schedule, today
from planner.web.signin import actor

NO_REV = -1
NO_DAY = date.min
"""Where a form names none: refused as changed, and as over."""


@schedule.get("/visits/<int:visit_id>/choices")
def choices(visit_id: int) -> ResponseReturnValue:
    found = other_days.for_visit(reading(), actor(), networks_folder(), visit_id, today())
    return jsonify(day_answers.answer(found))


@schedule.post("/visits/<int:visit_id>/drop")
def drop(visit_id: int) -> ResponseReturnValue:
    with transaction() as session:
        dropped = dropping.drop(
            session, actor(), networks_folder(), clock.now(), today(), visit_id, asked_rev(), asked_day()
        )
        run_id = to_be_solved(session, dropped)
    return told(dropped, run_id, gettext("%(name)s moved to %(day)s and pinned there.", **named(dropped)))


@schedule.post("/visits/<int:visit_id>/back")
def put_back(visit_id: int) -> ResponseReturnValue:
    with transaction() as session:
        dropped = dropping.put_back(session, actor(), clock.now(), today(), visit_id, asked_rev())
        run_id = to_be_solved(session, dropped)
    return told(dropped, run_id, gettext("%(name)s is back on %(day)s.", **named(dropped)))


def to_be_solved(session: Session, dropped: Dropped) -> int:
    """In the move's own transaction: an answer that says nothing was moved is then true."""
    changed = dropped.changed
    return runs.request(session, actor(), clock.now(), changed.rep_id, RunKind.ROUTES, changed.from_on)


def told(dropped: Dropped, run_id: int, says: str) -> ResponseReturnValue:
    ring()
    return jsonify(
        says=says,
        on=dropped.changed.on.isoformat(),
        rev=dropped.rev,
        run=url_for("schedule.run_state", run_id=run_id),
    )


def named(dropped: Dropped) -> dict[str, str]:
    return {"name": dropped.account_name, "day": day(dropped.changed.on)}


def asked_rev() -> int:
    return request.form.get("rev", NO_REV, type=int)


def asked_day() -> date:
    return request.form.get("on", NO_DAY, type=date.fromisoformat)
