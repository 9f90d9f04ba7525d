"""The order of the rest of a day by hand: a draft that says who would be late, kept only when it is saved.

Every button works without a script: the page that comes back holds the draft.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from planner import clock
from planner.database import reading, transaction
from planner.domain.day_goals import DayGoal
from planner.domain.errors import Invalid
from planner.services.days import reordering
from planner.services.days.wanted_order import Tried, Wish
from planner.web.errors import sentence
from planner.web.forms.ordering import asked_wish
from planner.web.installed import networks_folder
from planner.web.signin import actor
from planner.web.today import order_values
from planner.web.today.blueprint import today, today_on
from planner.web.today.mending import TROUBLES, said


@today.route("/<day:on>/stops", methods=["GET", "POST"])
def order(on: date) -> ResponseReturnValue:
    try:
        wish = _asked(on)
        tried, trouble = _looked(on, wish)
    except TROUBLES as error:
        return said(on, error)
    if trouble or "save" not in request.form:
        is_today = on == today_on()
        return render_template(
            "today/order.html",
            tried=tried,
            day_rev=tried.rev,
            is_today=is_today,
            trouble=trouble,
            goals=DayGoal,
            told=order_values.told(tried),
            drives=order_values.drives(tried.known, is_today),
            words=order_values.words(),
        )
    return _save(on, tried)


def _save(on: date, tried: Tried) -> ResponseReturnValue:
    try:
        with transaction() as session:
            change_id = reordering.keep(session, actor(), clock.now(), tried)
    except TROUBLES as error:
        return said(on, error)
    return redirect(url_for("today.day", on=on, changed=change_id))


def _looked(on: date, wish: Wish) -> tuple[Tried, str]:
    """The draft tried; without its times where one of them cannot be, and why."""
    try:
        return _look(on, wish), ""
    except Invalid as error:
        return _look(on, replace(wish, begin_at={})), sentence(error)


def _look(on: date, wish: Wish) -> Tried:
    return reordering.look(reading(), actor(), networks_folder(), clock.now(), today_on(), on, wish)


def _asked(on: date) -> Wish:
    """The draft of the form, after the button that moves a visit."""
    if request.method != "POST":
        return reordering.standing_wish(reading(), actor(), on)
    return asked_wish(request.form)
