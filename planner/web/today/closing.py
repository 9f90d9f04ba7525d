"""Closing the day: decide what is open, confirm the drives, done."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

from flask import current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from planner import clock
from planner.database import reading, transaction
from planner.domain.errors import Conflict, Invalid
from planner.services.ledger import day_closing, trips
from planner.services.ledger.day_closing import ClosingPage
from planner.services.ledger.trips import Closing
from planner.web.errors import sentence
from planner.web.forms.closing import ClosingForm
from planner.web.signin import actor, signed_in
from planner.web.today.blueprint import today, today_on


@today.route("/<day:on>/close", methods=["GET", "POST"])
def close(on: date) -> ResponseReturnValue:
    form = ClosingForm(signed_in().distance_unit, request.form)
    page, trouble = _page(on), ""
    if request.method == "POST" and page.draft is not None:
        try:
            _close(on, form.closing(page.draft.drives))
            return redirect(url_for("today.close", on=on))
        except (Invalid, Conflict) as error:
            trouble, page = sentence(error), _page(on)
    asked = {"page": page, "day": page.day, "form": form, "trouble": trouble}
    shown = render_template("today/close.html", **asked, uid=uuid4())
    return shown, 409 if trouble else 200


def _page(on: date) -> ClosingPage:
    folder = current_app.config["NETWORKS_FOLDER"]
    return day_closing.page(reading(), actor(), clock.now(), today_on(), folder, on)


def _close(on: date, closing: Closing) -> None:
    folder, rep_id = current_app.config["NETWORKS_FOLDER"], signed_in().person_id
    with transaction() as session:
        trips.close_day(session, actor(), clock.now(), today_on(), folder, rep_id, on, closing)
