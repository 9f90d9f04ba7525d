"""The demo's main pages in Chromium: silent console, no other hosts, nothing that shuts anybody out."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from planner.demo.logins import saved
from planner.demo.staff import email
from tests.browser.conftest import LAPTOP, PHONE, Window
from tests.demo.crawl import walk
from tests.demo.small import TODAY, Demo

pytestmark = pytest.mark.browser

SIZES = (PHONE, (320, 640), LAPTOP)

ASKED = {
    "light": {"resultTypes": ["violations"]},
    "dark": {
        "resultTypes": ["violations"],
        "runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]},
    },
}
"""What axe is asked in each theme: the dark one differs in nothing but colours."""

SETTLED = "2026-01"
"""A month whose claims were approved."""

OPEN_ALL = "document.querySelectorAll('main details').forEach((one) => { one.open = true; })"
A_FEW = 40
"""Pages that everybody finds more than by links."""

REP_PAGES = (
    "/today",
    f"/today/{TODAY}/map",
    f"/today/{TODAY}/close",
    f"/today/{TODAY}/mend",
    f"/today/{TODAY}/near",
    f"/today/{TODAY}/stops",
    f"/today/{TODAY}/add",
    "/schedule",
    "/schedule/due",
    "/schedule/settings",
    "/accounts",
    "/accounts/1",
    "/log",
    "/log/expenses/new",
    "/log/trips/new",
    "/log/odometer",
    "/outbox",
    "/follow-ups",
    "/follow-ups/account/1",
    "/profile",
)
MANAGER_PAGES = (
    "/team",
    "/team/coverage",
    "/team/notes",
    "/review",
    "/schedule",
    "/schedule/settings",
    "/accounts",
    "/accounts/map",
    "/review/claims/1",
)
ADMIN_PAGES = (
    "/admin",
    "/admin/people",
    "/admin/territories",
    "/admin/settings",
    "/admin/calibration",
    "/rules",
    "/accounts/new",
)


def sign_in(window: Window, demo: Demo, login: str) -> None:
    """By the form, with the password that was printed."""
    passwords = {known.login: known.password for known in saved(demo.folder)}
    page = window.go("/login")
    page.fill("[name=email]", email(login))
    page.fill("[name=password]", passwords[login])
    page.locator("main form button").click()
    page.wait_for_url(lambda url: "/login" not in url)


def of_a_visit(window: Window) -> tuple[str, ...]:
    """The pages of the first visit of the day."""
    stop = window.go("/today").locator("main a[href^='/today/visits/']").first.get_attribute("href")
    assert stop is not None
    return stop, f"{stop}/report", f"{stop}/missed", f"{stop}/skipped", f"{stop}/teach"


def of_claims(window: Window, page: str, link: str) -> tuple[str, ...]:
    """A line of a claim that was approved, where what is wrong is taken back."""
    found = window.go(page).locator(f"main a[href^='{link}']").first.get_attribute("href")
    assert found is not None
    return (found,)


@pytest.mark.parametrize(
    ("login", "size"),
    [("camila", PHONE), ("marcela", LAPTOP), ("admin", LAPTOP)],
    ids=lambda value: str(value),
)
def test_every_kind_of_page_is_silent_and_asks_no_other_host(
    demo: Demo,
    serve: Callable[..., str],
    open_window: Callable[..., Window],
    login: str,
    size: tuple[int, int],
) -> None:
    window = open_window(serve(demo.app), size)
    sign_in(window, demo, login)
    troubles, looked_at = {}, 0
    for path in walk(demo.app, window.links, window.address):
        looked_at += 1
        if window.said:
            troubles[path] = list(window.said)
        window.said.clear()
    assert troubles == {}
    assert window.strangers == []
    assert looked_at > A_FEW


@pytest.mark.parametrize("colours", ASKED)
@pytest.mark.parametrize(
    ("login", "paths"),
    [("camila", REP_PAGES), ("marcela", MANAGER_PAGES), ("admin", ADMIN_PAGES)],
    ids=["rep", "manager", "admin"],
)
def test_nothing_shuts_anybody_out(
    demo: Demo,
    serve: Callable[..., str],
    open_window: Callable[..., Window],
    login: str,
    paths: tuple[str, ...],
    colours: str,
) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    window = open_window(serve(demo.app), PHONE, colours)
    sign_in(window, demo, login)
    troubles = {}
    more: tuple[str, ...] = ()
    if login == "camila":
        more = (*of_a_visit(window), *of_claims(window, f"/log?month={SETTLED}", "/log/trips/"))
    elif login == "marcela":
        more = of_claims(window, "/review/claims/1", "/review/claims/1/lines/")
    for path in (*paths, *more):
        page = window.go(path)
        page.evaluate(OPEN_ALL)
        for width, height in SIZES:
            page.set_viewport_size({"width": width, "height": height})
            for rule in axe.run(page, options=ASKED[colours]).response["violations"]:
                troubles[path, width, rule["id"]] = [node["target"] for node in rule["nodes"]][:3]
    assert troubles == {}


def test_a_phone_page_is_no_wider_than_the_phone(
    demo: Demo, serve: Callable[..., str], open_window: Callable[..., Window]
) -> None:
    window = open_window(serve(demo.app), PHONE)
    sign_in(window, demo, "camila")
    widths = {path: window.go(path).evaluate("document.documentElement.scrollWidth") for path in REP_PAGES}
    assert {path: width for path, width in widths.items() if width > PHONE[0]} == {}
