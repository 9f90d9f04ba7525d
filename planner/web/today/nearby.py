"""Near me: who could be called at beside the rest of the day, and adding one in one tap."""

from __future__ import annotations

from datetime import date

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from planner import clock
from planner.database import reading, transaction
from planner.services.days import adding, near_me
from planner.web.installed import networks_folder
from planner.web.signin import actor
from planner.web.today.blueprint import today, today_on
from planner.web.today.mending import TROUBLES, asked_position, said


@today.route("/<day:on>/near", methods=["GET", "POST"])
def near(on: date) -> ResponseReturnValue:
    """POST brings the phone's position, which belongs into no address."""
    try:
        position = asked_position()
        found = near_me.near(reading(), actor(), networks_folder(), clock.now(), today_on(), on, position)
    except TROUBLES as error:
        return said(on, error)
    return render_template("today/near.html", near=found, position=position, is_today=on == today_on())


@today.post("/<day:on>/near/add")
def add_near(on: date) -> ResponseReturnValue:
    now, account_id = clock.now(), request.form.get("account_id", 0, type=int)
    try:
        addition = adding.think(
            reading(), actor(), networks_folder(), now, today_on(), on, account_id, asked_position()
        )
        with transaction() as session:
            change_id = adding.make(session, actor(), now, today_on(), addition)
    except TROUBLES as error:
        return said(on, error)
    return redirect(url_for("today.day", on=on, changed=change_id))
