"""The calendar in a browser: a visit is moved by the mouse, by the keyboard and by taps, and put back."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from planner.models.logins import LoginSession
from planner.models.people import Person
from planner.models.visits import Visit
from planner.services.schedule import other_days
from tests.browser.conftest import LAPTOP, PHONE, Window
from tests.conftest import NOW, TODAY
from tests.roads import install_into
from tests.schedules import published_schedule
from tests.world import World

pytestmark = pytest.mark.browser

Start = Callable[..., Window]
GOOD_FRIDAY = "2026-04-03"
FREE = ".cell.can:has(.drop:not(.now, :has(.rule)))"
"""A day without a rule against it."""


@pytest.fixture
def calendar(
    app: Flask,
    session: Session,
    sign_in: Callable[[Person], FlaskClient],
    serve: Callable[[Flask], str],
    open_window: Callable[..., Window],
) -> Start:
    """Ana's calendar with five accounts planned and published."""

    def start(size: tuple[int, int] = LAPTOP, colours: str = "light") -> Window:
        install_into(app.config["NETWORKS_FOLDER"])
        world = World(session)
        for letter in "AABBC":
            world.account(world.ana, letter=letter)
        published_schedule(world, world.ana, app.config["NETWORKS_FOLDER"])
        cookie = sign_in(world.ana).get_cookie("session")
        assert cookie is not None
        session.rollback()
        window = open_window(serve(app), size, colours)
        window.page.context.add_cookies([{"name": "session", "value": cookie.value, "url": window.address}])
        window.go("/schedule")
        return window

    return start


def standing(session: Session, visit_id: int) -> tuple[str, bool]:
    session.rollback()
    visit = session.scalars(select(Visit).where(Visit.id == visit_id)).one()
    found = visit.on.isoformat(), visit.is_pinned
    session.rollback()
    return found


def a_visit(page: Any) -> tuple[Any, int, str]:
    """The link of a movable visit, its id and its day."""
    link = page.locator(".call[data-hold=movable]").nth(2)
    visit_id = int(link.get_attribute("href").split("/")[-2])
    on = link.locator("xpath=ancestor::*[@data-on]").get_attribute("data-on")
    return page.locator(f'.call[href="/schedule/visits/{visit_id}/why"]:not(.ghost)'), visit_id, on


def drag(page: Any, link: Any, onto: str) -> None:
    """With the mouse, stopping where the minutes are to be seen."""
    box = link.bounding_box()
    page.mouse.move(box["x"] + 20, box["y"] + 8)
    page.mouse.down()
    page.mouse.move(box["x"] + 40, box["y"] + 20, steps=3)
    page.locator(".drop").first.wait_for()
    there = page.locator(onto).first
    there.scroll_into_view_if_needed()
    cell = there.bounding_box()
    page.mouse.move(cell["x"] + 40, cell["y"] + 20, steps=5)


def said(page: Any, part: str) -> None:
    page.locator(".hand .said", has_text=part).wait_for()


def test_a_visit_is_dragged_to_a_day_whose_minutes_are_shown_and_undone(
    calendar: Start, session: Session
) -> None:
    window = calendar()
    page = window.page
    link, visit_id, before = a_visit(page)
    link.scroll_into_view_if_needed()
    drag(page, link, FREE)
    on = page.locator(".cell.aimed").get_attribute("data-on")
    assert page.locator(".cell.aimed .drop b").inner_text().startswith("+")
    assert page.locator(".cell.aimed .drop").inner_text().split()[-1] in ("more", "less", "now")
    page.mouse.up()
    said(page, "moved to")
    assert standing(session, visit_id) == (on, True)
    assert (
        page.locator(f'.cell[data-on="{on}"] .call[href$="/{visit_id}/why"]').get_attribute("data-hold")
        == "pinned"
    )
    page.get_by_role("button", name="Undo").click()
    said(page, "is back on")
    assert standing(session, visit_id) == (before, False)
    assert page.locator(f'.cell[data-on="{before}"] .call[href$="/{visit_id}/why"]').count() == 1
    assert window.said == []
    assert window.strangers == []


def test_the_keyboard_picks_up_walks_drops_and_puts_back(calendar: Start, session: Session) -> None:
    window = calendar()
    page = window.page
    link, visit_id, before = a_visit(page)
    link.focus()
    page.keyboard.press("Space")
    page.locator(".drop.now:focus").wait_for()
    page.keyboard.press("Escape")
    said(page, "Put back")
    assert page.locator(".drop").count() == 0
    assert page.evaluate("document.activeElement.getAttribute('href')") == f"/schedule/visits/{visit_id}/why"
    page.keyboard.press("Enter")
    page.locator(".drop.now:focus").wait_for()
    page.keyboard.press("ArrowDown")
    week_on = page.evaluate("document.activeElement.closest('.cell').dataset.on")
    page.keyboard.press("ArrowUp")
    assert page.evaluate("document.activeElement.matches('.now')")
    assert (TODAY.fromisoformat(week_on) - TODAY.fromisoformat(before)).days == 7
    free = page.locator(f"{FREE} .drop").first.get_attribute("aria-label")
    label = ""
    for key in ["ArrowLeft"] * 10 + ["ArrowRight"] * 40:
        if label == free:
            break
        page.keyboard.press(key)
        label = page.evaluate("document.activeElement.getAttribute('aria-label')")
    on = page.evaluate("document.activeElement.closest('.cell').dataset.on")
    page.keyboard.press("Enter")
    said(page, "moved to")
    assert standing(session, visit_id) == (on, True)
    assert page.evaluate("document.activeElement.getAttribute('href')") == f"/schedule/visits/{visit_id}/why"
    assert window.said == []


def test_a_blocked_day_refuses_with_its_rule_and_a_pinned_visit_says_why_it_stays(
    calendar: Start, session: Session
) -> None:
    window = calendar()
    page = window.page
    link, visit_id, before = a_visit(page)
    link.click()
    page.locator(".drop").first.wait_for()
    blocked = page.locator(f'.cell[data-on="{GOOD_FRIDAY}"]')
    assert "Holiday" in blocked.locator(".drop").inner_text()
    blocked.locator(".drop").click(force=True)
    said(page, "Not possible: Friday 3 April, Holiday")
    assert standing(session, visit_id) == (before, False)
    session.execute(update(Visit).where(Visit.id == visit_id).values(is_pinned=True))
    session.commit()
    window.go("/schedule")
    link.click()
    said(page, "is pinned to this day")
    assert page.locator(".drop").count() == 0
    assert page.get_by_role("link", name="Why this day?").get_attribute("href").endswith(f"{visit_id}/why")


def test_a_day_against_an_own_rule_is_asked_about_once(calendar: Start, session: Session) -> None:
    page = calendar().page
    link, visit_id, before = a_visit(page)
    link.click()
    near = page.locator(".cell.can .drop:has(.rule)").first
    near.wait_for()
    on = near.evaluate("one => one.closest('.cell').dataset.on")
    near.click()
    page.get_by_role("button", name="Leave it").click()
    assert standing(session, visit_id) == (before, False)
    near.click()
    page.get_by_role("button", name="Move all the same").click()
    said(page, "moved to")
    assert standing(session, visit_id) == (on, True)


def test_taps_do_on_a_phone_what_the_mouse_does(calendar: Start, session: Session) -> None:
    page = calendar(PHONE).page
    day = page.locator(".cell:has(.call[data-hold=movable])").nth(1)
    day.locator("summary").click()
    link = day.locator(".call[data-hold=movable]").first
    visit_id = int(link.get_attribute("href").split("/")[-2])
    link.click()
    page.locator(".drop").first.wait_for()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    free = page.locator(FREE).first
    on = free.get_attribute("data-on")
    free.locator(".drop").click()
    said(page, "moved to")
    assert standing(session, visit_id) == (on, True)


def test_another_visit_picked_up_meanwhile_is_the_one_in_the_hand(
    calendar: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first answer takes a second; the bar of waiting shows, and its days are never painted."""
    window = calendar()
    page = window.page
    reckon, slow = other_days.for_visit, []

    def slowly(*given: Any) -> Any:
        if not slow:
            slow.append(given)
            time.sleep(1)
        return reckon(*given)

    monkeypatch.setattr(other_days, "for_visit", slowly)
    links = page.locator(".call[data-hold=movable]")
    links.nth(1).click()
    said(page, "Reckoning the driving on each day")
    page.locator(".hand progress:not([hidden])").wait_for()
    links.nth(4).click()
    page.locator(".drop").first.wait_for()
    assert page.locator(".call.held").count() == 1
    assert links.nth(4).get_attribute("title") in page.locator(".said").inner_text()
    page.wait_for_timeout(1200)
    assert page.locator(".drop.now").count() == 1
    assert links.nth(4).get_attribute("title") in page.locator(".said").inner_text()


@pytest.mark.parametrize("trouble", ["signed out", "broken"])
def test_trouble_is_a_sentence_and_moves_nothing(
    calendar: Start, session: Session, monkeypatch: pytest.MonkeyPatch, trouble: str
) -> None:
    page = calendar().page
    link, visit_id, before = a_visit(page)
    link.click()
    page.locator(".drop").first.wait_for()
    if trouble == "signed out":
        session.execute(update(LoginSession).values(revoked_at=NOW))
        session.commit()
    else:
        page.route("**/drop", lambda route: route.fulfill(status=500, content_type="text/plain", body="oh"))
    page.locator(f"{FREE} .drop").first.click()
    said(
        page,
        "You are signed out. Sign in, then try again. Nothing was moved."
        if trouble == "signed out"
        else "No answer came.",
    )
    assert page.locator(".drop").count() == 0
    assert standing(session, visit_id) == (before, False)


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_a_calendar_with_a_visit_in_the_hand_shuts_nobody_out(calendar: Start, colours: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page = calendar(colours=colours).page
    a_visit(page)[0].click()
    page.locator(".drop").first.wait_for()
    found = {
        rule["id"]: [node["target"] for node in rule["nodes"]][:3]
        for rule in axe.run(page).response["violations"]
    }
    assert found == {}
