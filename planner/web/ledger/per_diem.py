"""Claiming what a closed day was worth by its times, as it was proposed."""

from __future__ import annotations

from datetime import date

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from planner import clock
from planner.database import transaction
from planner.services.ledger import per_diems
from planner.web.formats import day
from planner.web.ledger.blueprint import ledger, today_on
from planner.web.signin import actor


@ledger.post("/per-diem/<day:on>")
def claim_per_diem(on: date) -> ResponseReturnValue:
    seen, uid = request.form.getlist("rate", type=int), request.form.get("uid", "")
    with transaction() as session:
        made = per_diems.claim(session, actor(), clock.now(), today_on(), on, uid, seen)
        counts_on = made[0].on
    elsewhere = gettext("Saved for %(day)s, which has more of the hours.", day=day(counts_on))
    flash(gettext("Saved.") if counts_on == on else elsewhere, "good")
    return redirect(url_for("today.close", on=on))
