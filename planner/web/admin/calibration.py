"""What driving and visits really took, and letting plans learn from it."""

from __future__ import annotations

from datetime import date

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from planner import clock
from planner.database import reading, transaction
from planner.domain.errors import Conflict, Invalid
from planner.services.days import calibration as calibration_service
from planner.web.admin.blueprint import admin
from planner.web.admin.rush_words import rush_words
from planner.web.errors import sentence
from planner.web.formats import zone
from planner.web.signin import actor


@admin.get("/calibration")
def calibration() -> ResponseReturnValue:
    found = calibration_service.look(reading(), _today())
    return render_template("admin/calibration.html", found=found, rush_hours=rush_words(found.rush_hours))


@admin.post("/calibration")
def calibrate() -> ResponseReturnValue:
    account_ids = frozenset(request.form.getlist("account", type=int))
    try:
        with transaction() as session:
            changed = calibration_service.apply(
                session, actor(), clock.now(), _today(), "speed" in request.form, account_ids
            )
        said = ngettext(
            "%(num)s change: plans from now on use it.",
            "%(num)s changes: plans from now on use them.",
            changed,
        )
        flash(said if changed else gettext("Nothing was chosen."), "good" if changed else "warn")
    except (Conflict, Invalid) as error:
        flash(sentence(error), "bad")
    return redirect(url_for("admin.calibration"))


@admin.post("/calibration/undo")
def uncalibrate() -> ResponseReturnValue:
    try:
        with transaction() as session:
            calibration_service.undo(session, actor(), clock.now(), _today())
        flash(gettext("Taken back."), "good")
    except (Conflict, Invalid) as error:
        flash(sentence(error), "bad")
    return redirect(url_for("admin.calibration"))


def _today() -> date:
    return clock.today(zone())
