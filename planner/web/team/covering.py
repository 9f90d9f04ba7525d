"""Sharing out the day of a rep who cannot come: who takes what, one tap to do it, one to take it back."""

from __future__ import annotations

from datetime import date

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext

from planner import clock
from planner.database import reading, transaction
from planner.domain.errors import Conflict
from planner.services.cover import applying, questions
from planner.services.cover.colleagues import CannotHelp
from planner.web.bell import ring
from planner.web.errors import sentence
from planner.web.signin import actor, signed_in
from planner.web.team.blueprint import team

CANNOT_HELP = {
    CannotHelp.OTHER_ROADS: lazy_gettext("works on another road network"),
    CannotHelp.ABSENT: lazy_gettext("is absent"),
    CannotHelp.OFF: lazy_gettext("does not work on that weekday"),
    CannotHelp.HOLIDAY: lazy_gettext("has a public holiday"),
    CannotHelp.NO_HOME: lazy_gettext("has no home on the map yet"),
    CannotHelp.DAY_CLOSED: lazy_gettext("has closed that day"),
    CannotHelp.FURTHER_AWAY: lazy_gettext("lives further away than those who are asked"),
}


@team.get("/<day:on>/cover/<int:rep_id>")
def cover(on: date, rep_id: int) -> ResponseReturnValue:
    found = questions.answered(reading(), actor(), _today(), rep_id, on)
    return render_template(
        "team/cover.html",
        cover=found,
        shared=found.shared if found.is_current else None,
        done=applying.of_day(reading(), actor(), _today(), rep_id, on),
        trouble=sentence(Conflict(found.trouble, name=found.name)) if found.trouble else "",
        cannot_help=CANNOT_HELP,
    )


@team.post("/<day:on>/cover/<int:rep_id>")
def ask_cover(on: date, rep_id: int) -> ResponseReturnValue:
    try:
        with transaction() as session:
            run_id = questions.ask(session, actor(), clock.now(), _today(), rep_id, on)
    except Conflict as error:
        return _said(on, rep_id, error)
    ring()
    return redirect(url_for("schedule.run", run_id=run_id))


@team.post("/<day:on>/cover/<int:rep_id>/apply")
def apply_cover(on: date, rep_id: int) -> ResponseReturnValue:
    try:
        with transaction() as session:
            applying.apply(session, actor(), clock.now(), _today(), rep_id, on)
    except Conflict as error:
        return _said(on, rep_id, error)
    ring()
    return redirect(url_for("team.cover", on=on, rep_id=rep_id))


@team.post("/cover/<int:share_id>/undo")
def undo_cover(share_id: int) -> ResponseReturnValue:
    with transaction() as session:
        done = applying.undo(session, actor(), clock.now(), _today(), share_id)
    ring()
    return redirect(url_for("team.cover", on=done.on, rep_id=done.rep_id))


def _today() -> date:
    return clock.today(signed_in().zone)


def _said(on: date, rep_id: int, error: Conflict) -> ResponseReturnValue:
    """Back to the page, with the sentence of what went wrong."""
    flash(sentence(error), "bad")
    return redirect(url_for("team.cover", on=on, rep_id=rep_id))
