"""The data check: what stands in the way of planning, with the way to put it right."""

from __future__ import annotations

from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext

from planner.database import reading
from planner.services.accounts import data_check
from planner.services.accounts.data_check import Trouble
from planner.web.accounts.blueprint import accounts, today
from planner.web.installed import networks_folder
from planner.web.signin import actor

_APART = lazy_gettext(
    "Plans drive to the nearest road of the rest, at the distance shown; where none is shown they cannot. "
    "Put the pin on the road one really comes by; if the map is wrong, correct it in OpenStreetMap and "
    "import the roads again."
)
ADVICE: dict[Trouble, Any] = {
    Trouble.NO_PIN: lazy_gettext("Without a pin they are in no plan. Find the address or click on the map."),
    Trouble.SWAPPED: lazy_gettext("Exchange the two numbers."),
    Trouble.OFF_ROAD: lazy_gettext(
        "They are in no plan. Move the pin, or import roads that reach as far as they do."
    ),
    Trouble.FAR: lazy_gettext("Put the pin where one parks."),
    Trouble.ISLAND: lazy_gettext(
        "Plans drive to the nearest road of the rest, at the distance shown, perhaps across the water; where "
        "none is shown they cannot. Put the pin where one parks before going over, or import roads together "
        "with the ferry."
    ),
    Trouble.NO_WAY_OUT: _APART,
    Trouble.NO_WAY_IN: _APART,
}
"""What to do, where the name of the trouble does not say it."""


@accounts.get("/check")
def check() -> ResponseReturnValue:
    checked = data_check.check(reading(), actor(), today(), networks_folder())
    return render_template("accounts/check.html", checked=checked, advice=ADVICE)
