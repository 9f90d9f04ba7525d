"""What a rule of an account costs: asked for, worked out by a planning run, and shown."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from planner import clock
from planner.database import reading, transaction
from planner.services.schedule import rule_questions
from planner.web.bell import ring
from planner.web.schedule.blueprint import schedule, today
from planner.web.signin import actor


@schedule.get("/cost/<int:account_id>/<rule>")
def rule(account_id: int, rule: str) -> ResponseReturnValue:
    found = rule_questions.answered(reading(), actor(), today(), account_id, rule)
    return render_template("schedule/rule.html", found=found, price=found.price)


@schedule.post("/cost/<int:account_id>/<rule>")
def ask_rule(account_id: int, rule: str) -> ResponseReturnValue:
    with transaction() as session:
        run_id = rule_questions.ask(session, actor(), clock.now(), today(), account_id, rule)
    ring()
    return redirect(url_for("schedule.run", run_id=run_id))
