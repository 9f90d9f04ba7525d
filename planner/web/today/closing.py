"""Closing the day (to be built on trips)."""
from flask import render_template
from planner.web.today.blueprint import today
@today.get("/<day:on>/close")
def close(on):
    return render_template("page.html", title="x")
