"""The rep's day in a browser: silent under the content policy, big enough for a thumb, undone in time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from planner.domain.visits import VisitState
from planner.models.people import Person
from planner.models.visits import Visit
from routing.network import install, load
from tests.browser.conftest import PHONE, Window
from tests.browser.patience import PATIENT, patient
from tests.conftest import TODAY
from tests.days import routed_day
from tests.world import World

pytestmark = pytest.mark.browser

DEMO = Path("planner/demo/la-serena-coquimbo.npz")
NASTY = "Ñandú <b>${alert(1)}</b></script><script>alert(2)</script>"
SMALLEST_TARGET = 44

TOO_SMALL = """(least) => [...document.querySelectorAll(":is(a, button, summary, input, textarea, select)")]
  .filter((one) => !one.closest(".leaflet-control-attribution"))
  .map((one) => [one, (one.closest("label") || one).getBoundingClientRect()])
  .filter(([one, box]) => box.width > 0 && (box.width < least || box.height < least))
  .map(([one, box]) => `${one.tagName} ${one.textContent.trim()} ${box.width}x${box.height}`)"""


@pytest.fixture
def phone(
    app: Flask,
    session: Session,
    sign_in: Callable[[Person], FlaskClient],
    serve: Callable[[Flask], str],
    open_window: Callable[..., Window],
) -> Callable[..., tuple[Window, int]]:
    """Ana's phone with three visits today; gives the window and the id of the first visit."""

    def start(size: tuple[int, int] = PHONE, colours: str = "light") -> tuple[Window, int]:
        install(app.config["NETWORKS_FOLDER"], load(DEMO))
        world = World(session)
        visit = routed_day(world, world.ana, 3)[0]
        visit.account.name, key = NASTY, visit.id
        session.commit()
        cookie = sign_in(world.ana).get_cookie("session")
        assert cookie is not None
        session.rollback()
        window = open_window(serve(patient(app)), size, colours)
        window.page.context.add_cookies([{"name": "session", "value": cookie.value, "url": window.address}])
        window.page.add_init_script(PATIENT)
        return window, key

    return start


@pytest.mark.parametrize(("size", "colours"), [((320, 640), "light"), (PHONE, "dark")])
def test_every_page_of_the_day_is_silent_fits_and_can_be_tapped(
    phone: Callable[..., tuple[Window, int]], size: tuple[int, int], colours: str
) -> None:
    window, key = phone(size, colours)
    stop = f"/today/visits/{key}"
    for path in (
        *("/today", f"/today/{TODAY}/map", f"/today/{TODAY}/add", f"/today/{TODAY}/close", "/outbox"),
        *(
            stop,
            f"{stop}/report",
            f"{stop}/missed",
            f"{stop}/skipped",
            f"{stop}/teach",
            f"/today/{TODAY}/stops",
        ),
        *("/accounts", "/accounts/1", "/follow-ups", "/schedule", "/schedule/due", "/profile"),
        *("/log", f"/log/expenses/new?on={TODAY}", "/log/trips/new", "/log/odometer"),
    ):
        page = window.go(path)
        page.wait_for_load_state("networkidle")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        assert page.evaluate(TOO_SMALL, SMALLEST_TARGET) == [], path
    assert window.said == []
    assert window.strangers == []


def test_a_report_takes_three_taps_and_can_be_undone(phone: Callable[..., tuple[Window, int]]) -> None:
    window, key = phone()
    page = window.go(f"/today/visits/{key}")
    page.get_by_role("link", name="Done").click()
    page.get_by_text("Order", exact=True).click()
    page.get_by_role("button", name="Save").click()
    page.locator(".snackbar").wait_for()
    assert _so_far(page) == "1 of 3 done"
    # The script takes the mark out of the address, so that a reload does not offer the undo again.
    page.wait_for_url(lambda url: "just" not in url)
    page.locator(".snackbar").get_by_role("button", name="Undo").click()
    page.locator(".so-far", has_text="0 of 3 done").wait_for()


def test_the_way_to_undo_leaves_by_itself(phone: Callable[..., tuple[Window, int]]) -> None:
    window, key = phone()
    window.page.clock.install()
    page = window.go(f"/today/visits/{key}/skipped")
    page.get_by_text("No time").click()
    page.get_by_role("button", name="Save").click()
    page.locator(".snackbar").wait_for()
    page.wait_for_url(lambda url: "just" not in url)
    assert page.locator(".snackbar").count() == 1
    page.clock.run_for(9000)
    page.locator(".snackbar").wait_for(state="detached")


def test_another_day_of_an_expense_brings_its_own_visits(
    phone: Callable[..., tuple[Window, int]], session: Session
) -> None:
    window, key = phone()
    session.get_one(Visit, key).state = VisitState.ARRIVED
    session.commit()
    yesterday = (TODAY - timedelta(days=1)).isoformat()
    page = window.go(f"/log/expenses/new?on={yesterday}")
    visits = page.locator("[name=visit] option")
    assert visits.all_inner_texts() == ["None"]
    page.locator("[name=on]").fill(TODAY.isoformat())
    page.locator("[name=on]").dispatch_event("change")
    page.locator("[name=visit] option", has_text=NASTY).wait_for(state="attached")
    page.locator("[name=visit]").select_option(str(key))
    page.locator("[name=on]").fill(yesterday)
    page.locator("[name=on]").dispatch_event("change")
    page.locator("[name=visit] option", has_text=NASTY).wait_for(state="detached")
    assert page.locator("[name=visit]").input_value() == "0"
    assert window.said == []


def _so_far(page: Any) -> str:
    return str(page.locator(".so-far span").first.inner_text())
