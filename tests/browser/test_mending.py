"""A day mended on the phone: re-planned from where one is, or told plainly that the phone does not say."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from planner import clock
from planner.models.accounts import Account
from planner.models.people import Person
from planner.models.territories import Membership, Ownership
from tests.browser.conftest import PHONE, Window
from tests.browser.test_today import SMALLEST_TARGET, TOO_SMALL, _so_far, phone  # noqa: F401
from tests.conftest import NOW, TODAY
from tests.world import LA_SERENA, LONG_AGO

pytestmark = pytest.mark.browser

Phone = Callable[..., tuple[Window, int]]
HERE = {"latitude": -29.92, "longitude": -71.26}


@pytest.fixture(autouse=True)
def two_hours_late(monkeypatch: pytest.MonkeyPatch) -> None:
    """The day of ``routed_day`` leaves at 9:30; it is half past eleven, and nobody has been visited."""
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(hours=2, minutes=30))


def tap(page: Any, name: str) -> None:
    page.get_by_role("button", name=name).first.click()


def test_one_tap_re_plans_and_one_takes_it_back(phone: Phone) -> None:  # noqa: F811
    window, _ = phone()
    page = window.go("/today")
    assert "You are 1 h 30 late." in page.inner_text(".banner")
    tap(page, "Re-plan the rest")
    page.locator(".snackbar", has_text="Re-planned").wait_for()
    assert page.locator(".banner").count() == 0
    page.locator(".snackbar").get_by_role("button", name="Undo").click()
    page.locator(".banner", has_text="You are 1 h 30 late.").wait_for()
    assert window.said == []


def test_the_position_is_asked_for_by_tap_only_and_the_rest_begins_there(phone: Phone) -> None:  # noqa: F811
    window, _ = phone()
    window.page.context.grant_permissions(["geolocation"])
    window.page.context.set_geolocation(HERE)
    page = window.go("/today")
    tap(page, "From here")
    page.locator(".snackbar", has_text="from where you were").wait_for()
    assert window.said == []


def test_a_phone_that_does_not_say_where_it_is_leaves_a_sentence(phone: Phone) -> None:  # noqa: F811
    window, _ = phone()
    page = window.go("/today")
    tap(page, "From here")
    page.get_by_text("The phone may not tell where you are").first.wait_for()
    assert page.url.endswith("/today")
    tap(page, "Re-plan the rest")
    page.locator(".snackbar", has_text="Re-planned: ").wait_for()


def test_a_broken_day_is_mended_one_of_several_ways_and_taken_back(
    phone: Phone,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(hours=3))
    window, _ = phone()
    page = window.go("/today")
    page.get_by_role("link", name="Other ways").first.click()
    page.locator(".ways h2").first.wait_for()
    ways = page.locator(".ways h2").all_inner_texts()
    assert len(ways) == len(set(ways)) >= 2
    page.get_by_role("region", name="Give up what is least dear").get_by_role("button").click()
    page.locator(".snackbar button").wait_for()
    assert _so_far(page).startswith("0 of ")
    assert _so_far(page) != "0 of 3 done"
    page.locator(".snackbar button").click()
    page.locator(".so-far", has_text="0 of 3 done").wait_for()
    assert window.said == []


@pytest.mark.parametrize("size", [(320, 640), PHONE])
def test_the_ways_fit_the_phone_and_the_thumb(phone: Phone, size: tuple[int, int]) -> None:  # noqa: F811
    window, key = phone(size)
    for path in (f"/today/{TODAY}/mend", f"/today/{TODAY}/mend?visit={key}&door=1", f"/today/{TODAY}/stops"):
        page = window.go(path)
        page.locator(".ways, .turns").wait_for()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        assert page.evaluate(TOO_SMALL, SMALLEST_TARGET) == [], path
    assert window.said == []


def test_who_lies_near_is_added_in_one_tap_and_taken_back_in_one(
    phone: Phone,  # noqa: F811
    session: Session,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    window, _ = phone((320, 640))
    world_account(session, "Botillería Beside")
    page = window.go(f"/today/{TODAY}/near")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate(TOO_SMALL, SMALLEST_TARGET) == []
    page.get_by_role("button", name="Add Botillería Beside").click()
    page.locator(".snackbar", has_text="Botillería Beside added").wait_for()
    assert _so_far(page) == "0 of 4 done"
    page.locator(".snackbar button").click()
    page.locator(".so-far", has_text="0 of 3 done").wait_for()
    assert window.said == []


def world_account(session: Session, name: str) -> None:
    """One more account of Ana's, never visited."""
    ana = session.scalars(select(Person).where(Person.name == "Ana")).one()
    lat, lon = LA_SERENA
    account = Account(name=name, lat=lat - 0.002, lon=lon, created_at=NOW, updated_at=NOW)
    territory_id = session.scalars(
        select(Membership.territory_id).where(Membership.person_id == ana.id)
    ).one()
    account.ownerships = [Ownership(territory_id=territory_id, rep_id=ana.id, from_on=LONG_AGO)]
    session.add(account)
    session.commit()


def _turns(page: Any) -> list[str]:
    return [str(one) for one in page.locator(".turn strong").all_inner_texts()]


def test_the_order_changes_by_button_key_and_drag_and_is_kept_by_one_tap(phone: Phone) -> None:  # noqa: F811
    window, _ = phone()
    page = window.go(f"/today/{TODAY}/stops")
    first, second, third = _turns(page)
    with a_new_draft(page):
        page.get_by_role("button", name=f"{first} later").click()
    assert page.evaluate("document.activeElement.ariaLabel") == f"{first} later"
    assert _turns(page) == [second, first, third]
    page.locator(".grip").nth(2).focus()
    with a_new_draft(page):
        page.keyboard.press("ArrowUp")
    assert page.evaluate("document.activeElement.matches('.turn:nth-child(2) .grip')")
    assert _turns(page) == [second, third, first]
    with a_new_draft(page):
        drag(page, 0, 2)
    assert _turns(page) == [third, first, second]
    page.locator(".turn").first.locator("summary").click()
    page.get_by_label("Stays in this place").first.check()
    page.locator(".chip", has_text="stays").wait_for()
    page.get_by_role("button", name="Save").click()
    page.locator(".snackbar", has_text="Order changed").wait_for()
    assert window.said == []


def test_an_answer_that_comes_late_leaves_the_focus_where_it_is_by_then(phone: Phone) -> None:  # noqa: F811
    window, _ = phone()
    page = window.go(f"/today/{TODAY}/stops")
    first, second, third = _turns(page)
    held: list[Any] = []
    page.route("**/stops", lambda route: held.append(route))
    with a_new_draft(page):
        with page.expect_request("**/stops"):
            page.get_by_role("button", name=f"{first} later").click()
        page.locator(".grip").nth(2).focus()
        held[0].continue_()
    assert page.evaluate("document.activeElement.matches('.turn:nth-child(3) .grip')")
    assert _turns(page) == [second, first, third]
    assert window.said == []


@contextmanager
def a_new_draft(page: Any) -> Iterator[None]:
    """What is done inside ends when the server's answer stands on the page."""
    page.evaluate("document.getElementById('draft').dataset.old = '1'")
    yield
    page.locator("#draft:not([data-old])").wait_for()


def drag(page: Any, start: int, goal: int) -> None:
    """By the grip, below the middle of another row."""
    grips = [one.bounding_box() for one in page.locator(".grip").all()]
    x = grips[start]["x"] + 10
    page.mouse.move(x, grips[start]["y"] + 10)
    page.mouse.down()
    page.mouse.move(x, grips[goal]["y"] + 60, steps=12)
    page.mouse.up()


def test_without_a_script_the_buttons_move_and_save_too(phone: Phone) -> None:  # noqa: F811
    window, _ = phone()
    window.page.route(
        "**/phone/order.js", lambda route: route.fulfill(body="", content_type="text/javascript")
    )
    page = window.go(f"/today/{TODAY}/stops")
    first, second, third = _turns(page)
    page.get_by_role("button", name=f"{first} later").click()
    page.wait_for_load_state()
    assert _turns(page) == [second, first, third]
    page.get_by_role("button", name="Save").click()
    page.locator(".snackbar", has_text="Order changed").wait_for()


def test_what_is_different_at_a_stop_is_taught_and_taken_back(phone: Phone) -> None:  # noqa: F811
    window, key = phone((320, 640))
    window.page.context.grant_permissions(["geolocation"])
    window.page.context.set_geolocation(HERE)
    page = window.go(f"/today/visits/{key}/teach")
    page.wait_for_load_state("networkidle")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate(TOO_SMALL, SMALLEST_TARGET) == []
    page.get_by_role("button", name="Where I stand").click()
    page.wait_for_function("(lat) => document.getElementById('lat').value === lat", arg="-29.920000")
    page.get_by_role("button", name="Move the pin here").click()
    page.locator(".snackbar", has_text="was moved").wait_for()
    page.locator(".snackbar button").click()
    page.locator("summary", has_text="Changed on the way").click()
    page.get_by_text("taken back").wait_for()
    page = window.go(f"/today/visits/{key}/teach")
    page.get_by_label("Minutes").fill("55")
    page.get_by_role("button", name="Remember this length").click()
    page.locator(".snackbar", has_text="takes 55 min").wait_for()
    assert window.said == []


def test_the_list_and_the_map_are_in_step(phone: Phone) -> None:  # noqa: F811
    window, _ = phone()
    page = window.go(f"/today/{TODAY}/map")
    page.wait_for_load_state("networkidle")
    row = page.locator("[data-stop]").nth(1)
    row.locator(".row-button").click()
    page.locator(".leaflet-popup", has_text=row.locator("strong").inner_text()).wait_for()
    assert "is-shown" in row.get_attribute("class")
    page.locator(".leaflet-popup-close-button").click()
    page.locator(".map-stop-next").click()
    page.wait_for_function("() => document.querySelectorAll('[data-stop]')[0].matches('.is-shown')")
    assert window.said == []
