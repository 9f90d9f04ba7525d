"""The day itself: today or any other date, adding a visit by hand, asking for a better order."""

from __future__ import annotations

from datetime import date

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from planner import clock
from planner.database import reading, transaction
from planner.domain.errors import Conflict, Invalid
from planner.services.days import extra_visits, night_choice, replanning
from planner.services.days import today as today_service
from planner.services.days.day_changes import Change
from planner.services.installation import settings
from planner.services.ledger import unsubmitted
from planner.web.bell import ring
from planner.web.errors import sentence
from planner.web.signin import actor
from planner.web.today.blueprint import today, today_on

MOST_LOOKS = 20
"""How often the page looks again for the order it asked for, every one and a half seconds."""


@today.get("")
def index() -> ResponseReturnValue:
    return _page(today_on())


@today.get("/<day:on>")
def day(on: date) -> ResponseReturnValue:
    return _page(on)


@today.post("/<day:on>/order")
def put_in_order(on: date) -> ResponseReturnValue:
    with transaction() as session:
        replanning.ask(session, actor(), clock.now(), today_on(), on)
    ring()
    return redirect(url_for("today.day", on=on, looks=1))


@today.route("/<day:on>/add", methods=["GET", "POST"])
def add(on: date) -> ResponseReturnValue:
    search, trouble = request.args.get("search", ""), ""
    if request.method == "POST":
        try:
            return _add(on, request.form.get("account_id", 0, type=int))
        except (Invalid, Conflict) as error:
            trouble = sentence(error)
    found = extra_visits.choices(reading(), actor(), on, search)
    is_today = on == today_on()
    page = render_template(
        "today/add.html", on=on, is_today=is_today, choices=found, search=search, trouble=trouble
    )
    return page, 409 if trouble else 200


def _add(on: date, account_id: int) -> ResponseReturnValue:
    with transaction() as session:
        visit_id = extra_visits.add(session, actor(), clock.now(), today_on(), account_id, on)
    return redirect(url_for("today.day", on=on, just=visit_id))


@today.post("/<day:on>/night/<any(home,away):where>")
def choose_night(on: date, where: str) -> ResponseReturnValue:
    choose = night_choice.sleep_at_home if where == "home" else night_choice.sleep_away
    with transaction() as session:
        choose(session, actor(), clock.now(), on)
    ring()
    return redirect(url_for("today.day", on=on, looks=1))


def _page(on: date) -> ResponseReturnValue:
    shown = today_service.day(reading(), actor(), clock.now(), today_on(), on)
    return render_template(
        "today/day.html",
        day=shown,
        title=gettext("Today") if shown.is_today else "",
        just=shown.visit(request.args.get("just", type=int)),
        changed=_changed(shown),
        looks=_looks(shown),
        unsubmitted=unsubmitted.of_rep(reading(), actor().user_id, today_on()) if shown.is_today else (),
        first_app=settings.read(reading()).navigation_app,
    )


def _changed(shown: today_service.Day) -> Change | None:
    """The change to offer taking back: a phone, which sends in its own time, knows it as the newest."""
    if request.args.get("changed") == "newest":
        return next(iter(shown.changes), None)
    return shown.change(request.args.get("changed", type=int))


def _looks(shown: today_service.Day) -> int:
    """How often the page has looked for a new order; 0 when it is not waiting for one (any more)."""
    looks = request.args.get("looks", 0, type=int)
    is_waiting = bool(shown.loose) if shown.way is None else shown.way.is_stale
    return looks if is_waiting and 0 < looks <= MOST_LOOKS else 0
