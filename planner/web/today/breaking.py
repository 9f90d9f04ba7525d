"""The day broke: ways to mend it side by side, and taking one of them."""

from __future__ import annotations

from datetime import date, datetime

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from planner import clock
from planner.database import reading, transaction
from planner.domain.errors import Conflict
from planner.services.days import broken_day, mending
from planner.services.days.mended import BrokenDay, Mended, Trouble
from planner.web.bell import ring
from planner.web.errors import sentence
from planner.web.installed import networks_folder
from planner.web.signin import actor
from planner.web.today.blueprint import today, today_on
from planner.web.today.mending import TROUBLES, said, solve_days_after


@today.get("/<day:on>/mend")
def mend(on: date) -> ResponseReturnValue:
    now = clock.now()
    try:
        day = broken_day.ways(reading(), actor(), networks_folder(), now, today_on(), on, asked_trouble())
    except TROUBLES as error:
        return said(on, error)
    return render_template("today/mend.html", day=day)


@today.post("/<day:on>/mend")
def take_way(on: date) -> ResponseReturnValue:
    """What was offered is worked out again before it is done; a day that has changed since offers anew."""
    now, trouble = clock.now(), asked_trouble()
    try:
        day = broken_day.ways(reading(), actor(), networks_folder(), now, today_on(), on, trouble)
        change_id = _take(now, day, day.chosen(request.form.get("way", "")))
    except Conflict as error:
        flash(sentence(error), "bad")
        return redirect(url_for("today.mend", on=on, **asked(trouble)))
    except TROUBLES as error:
        return said(on, error)
    return redirect(url_for("today.day", on=on, changed=change_id))


def _take(now: datetime, day: BrokenDay, way: Mended) -> int:
    with transaction() as session:
        change_id = mending.apply(session, actor(), now, today_on(), day, way)
        solve_days_after(session, day.on)
    ring()
    return change_id


def asked_trouble() -> Trouble:
    return Trouble(
        visit_id=request.args.get("visit", type=int),
        account_id=request.args.get("account", type=int),
        at_door="door" in request.args,
    )


def asked(trouble: Trouble) -> dict[str, int]:
    """The query that asks for it again."""
    names = {"visit": trouble.visit_id, "account": trouble.account_id, "door": 1 if trouble.at_door else None}
    return {name: value for name, value in names.items() if value is not None}
