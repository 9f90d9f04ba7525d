"""The outbox page: what waits on this phone. The list is made there, from what only the phone knows."""

from __future__ import annotations

from flask import render_template

from planner.web.phone.blueprint import phone


@phone.get("/outbox")
def outbox() -> str:
    return render_template("phone/outbox.html")
