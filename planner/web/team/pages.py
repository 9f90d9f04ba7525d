"""The manager's pages on how it goes: the team's day, coverage and cadence."""

from __future__ import annotations

from datetime import date, timedelta

from flask import render_template, request
from flask.typing import ResponseReturnValue

from planner import clock
from planner.database import reading
from planner.services.oversight import coverage as coverage_service
from planner.services.oversight import team as team_service
from planner.web.signin import actor, signed_in
from planner.web.team.blueprint import team


@team.get("")
def today() -> ResponseReturnValue:
    return _day_page(clock.today(signed_in().zone))


@team.get("/<day:on>")
def day(on: date) -> ResponseReturnValue:
    return _day_page(on)


@team.get("/coverage")
def coverage() -> ResponseReturnValue:
    on = clock.today(signed_in().zone)
    weeks = min(max(request.args.get("weeks", 8, type=int), 1), 52)
    table = coverage_service.table(reading(), actor(), on, weeks)
    return render_template("team/coverage.html", table=table, weeks=weeks, on=on)


def _day_page(on: date) -> ResponseReturnValue:
    today_on = clock.today(signed_in().zone)
    return render_template(
        "team/today.html",
        days=team_service.day(reading(), actor(), clock.now(), today_on, on, signed_in().zone),
        on=on,
        today_on=today_on,
        before=on - timedelta(days=1),
        after=on + timedelta(days=1),
    )
