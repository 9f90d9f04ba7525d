"""An import that was made: what it did, and the way back."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from planner import clock
from planner.database import reading, transaction
from planner.domain.errors import Conflict
from planner.services.importing import imports as imports_service
from planner.web.errors import sentence
from planner.web.imports.blueprint import imports, today
from planner.web.signin import actor


@imports.get("/runs/<int:run_id>")
def run(run_id: int) -> ResponseReturnValue:
    return render_template(
        "imports/run.html",
        run=imports_service.run_of(reading(), actor(), run_id),
        edited=imports_service.edited_since(reading(), run_id),
    )


@imports.post("/runs/<int:run_id>/undo")
def undo(run_id: int) -> ResponseReturnValue:
    try:
        with transaction() as session:
            imports_service.undo(session, actor(), clock.now(), today(), run_id)
        flash(gettext("Undone: the accounts are as they were before."), "good")
    except Conflict as error:
        flash(sentence(error), "bad")
    return redirect(url_for("imports.run", run_id=run_id))
