"""Claiming what a closed day was worth by its times, as it was proposed."""

from __future__ import annotations

from datetime import date

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from planner import clock
from planner.database import transaction
from planner.services.ledger import per_diems
from planner.web.ledger.blueprint import ledger, today_on
from planner.web.signin import actor


@ledger.post("/per-diem/<day:on>")
def claim_per_diem(on: date) -> ResponseReturnValue:
    seen = request.form.getlist("rate", type=int)
    with transaction() as session:
        per_diems.claim(session, actor(), clock.now(), today_on(), on, request.form.get("uid", ""), seen)
    flash(gettext("Saved."), "good")
    return redirect(url_for("today.close", on=on))
