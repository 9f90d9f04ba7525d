"""The manager's review of the demo's month at 1280 px: few clicks, or keys alone, and nobody shut out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import select

from planner.database import db
from planner.domain.claims import ClaimState
from planner.models.ledger import Claim
from planner.models.people import Person
from tests.browser.conftest import LAPTOP, PHONE, Window
from tests.browser.test_crawl import sign_in
from tests.demo.small import Demo

pytestmark = pytest.mark.browser

MOST_CLICKS = 12
MONTH = "2026-02"


@dataclass
class Hand:
    """Clicks for a manager, and counts them."""

    page: Any
    clicks: int = 0

    def click(self, found: Any) -> None:
        found.click()
        self.clicks += 1


def states(demo: Demo, state: ClaimState) -> list[str]:
    """Whose claims of the demo's month are in a state."""
    with demo.app.app_context():
        rows = db.session.execute(
            select(Person.email, Claim.from_on)
            .join(Claim, Claim.rep_id == Person.id)
            .where(Claim.state == state)
            .order_by(Person.email)
        ).all()
    return [address.split("@")[0] for address, from_on in rows if f"{from_on:%Y-%m}" == MONTH]


@pytest.fixture
def marcela(demo: Demo, serve: Callable[..., str], open_window: Callable[..., Window]) -> Window:
    window = open_window(serve(demo.app), LAPTOP)
    sign_in(window, demo, "marcela")
    return window


def open_lines(page: Any) -> Any:
    return page.locator("tr[data-line]:not(.is-looked)")


def with_keys(page: Any) -> Any:
    """The page, once it listens to keys: before that its button for them is hidden."""
    page.get_by_role("button", name="Keys").wait_for()
    return page


def opened(page: Any) -> None:
    """A claim's page has come, and listens."""
    page.wait_for_url("**/review/claims/*")
    with_keys(page)


def panel_map(page: Any) -> Any:
    """The map in the panel, once something is drawn on it."""
    found = page.locator("#panel .leaflet-marker-icon").first
    found.wait_for()
    return found


def test_the_demo_month_is_reviewed_in_a_few_clicks(demo: Demo, marcela: Window) -> None:
    page = marcela.go("/team")
    hand = Hand(page)
    hand.click(page.get_by_role("link", name="Review", exact=True))
    hand.click(
        page.get_by_role("button", name="Approve", exact=False).and_(page.locator(".bar button.primary"))
    )
    page.locator(".snackbar").wait_for()
    hand.click(page.get_by_role("link", name="Diego Araya").first)
    opened(page)
    page.get_by_text("the road takes").wait_for()  # two visits with no time between them …
    page.get_by_text("Forgot to tap").wait_for()  # … and what the rep said, who was asked first
    lines = open_lines(page).count()
    assert lines > 0
    for _ in range(lines):
        hand.click(open_lines(page).first.locator("[data-open]"))
        panel_map(page)
        hand.click(page.locator("#panel [data-key=a]"))
        page.locator(".snackbar").wait_for()
    assert open_lines(page).count() == 0
    hand.click(page.get_by_role("button", name="Approve", exact=True))
    page.get_by_role("heading", name="Claims to decide").wait_for()
    assert states(demo, ClaimState.SUBMITTED) == []
    assert states(demo, ClaimState.APPROVED) == ["camila", "diego"]
    assert hand.clicks <= MOST_CLICKS
    assert marcela.said == []
    assert marcela.strangers == []


def test_by_keys_alone_a_claim_is_looked_through_approved_and_taken_back(demo: Demo, marcela: Window) -> None:
    page = with_keys(marcela.go("/review"))
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.textContent") == "Diego Araya"
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    opened(page)
    page.keyboard.press("j")
    panel_map(page)
    while open_lines(page).count():
        left = open_lines(page).count()
        with page.expect_navigation():
            page.keyboard.press("a")
        with_keys(page)
        assert open_lines(page).count() == left - 1
    with page.expect_navigation():
        page.keyboard.press("u")
    with_keys(page)
    assert open_lines(page).count() == 1
    with page.expect_navigation():
        page.keyboard.press("A")
    with_keys(page)
    assert states(demo, ClaimState.APPROVED) == ["diego"]
    with page.expect_navigation():
        page.keyboard.press("u")
    assert states(demo, ClaimState.APPROVED) == []


def test_hold_and_return_ask_why_by_key(demo: Demo, marcela: Window) -> None:
    page = with_keys(marcela.go("/review"))
    page.keyboard.press("j")
    page.keyboard.press("h")
    page.locator("#hold input[name=text]").wait_for()
    page.keyboard.type("Asking payroll: j k a")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="On hold").wait_for()
    with_keys(page)
    assert page.get_by_text("Asking payroll: j k a").count() == 1
    with page.expect_navigation():
        page.keyboard.press("u")
    with_keys(page)
    page.keyboard.press("j")
    page.keyboard.press("r")
    page.locator("#reason").wait_for()
    page.keyboard.type("Which detour?")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Claims to decide").wait_for()
    assert states(demo, ClaimState.RETURNED) == ["diego", "valentina"]


def test_the_keys_are_shown_by_a_key_and_by_a_button(marcela: Window) -> None:
    page = with_keys(marcela.go("/review"))
    page.keyboard.press("?")
    page.get_by_role("dialog", name="Keys").wait_for()
    page.keyboard.press("Escape")
    page.get_by_role("dialog", name="Keys").wait_for(state="hidden")
    page.get_by_role("button", name="Keys").click()
    page.get_by_role("dialog", name="Keys").wait_for()


def test_a_question_goes_to_the_phone_and_comes_back_answered(
    demo: Demo, marcela: Window, open_window: Callable[..., Window]
) -> None:
    page = marcela.go("/review")
    page.get_by_role("link", name="Diego Araya").first.click()
    opened(page)
    page.keyboard.press("j")
    panel_map(page)
    page.keyboard.press("q")
    page.keyboard.type("Why so late?")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    claim = page.url.split("?")[0].rsplit("/", 1)[1]
    diego = open_window(marcela.address, PHONE)
    sign_in(diego, demo, "diego")
    phone = diego.go("/log")
    phone.get_by_role("link", name="Somebody asks about").first.click()
    phone.get_by_text("Why so late?").wait_for()
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    assert found(axe, phone) == []
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
    phone.get_by_label("How was it?").first.fill("The car was at the garage.")
    phone.get_by_role("button", name="Answer").first.click()
    phone.get_by_text("Answered.").wait_for()
    page = marcela.go(f"/review/claims/{claim}")
    page.get_by_text("The car was at the garage.").wait_for()
    assert diego.said == marcela.said == []


def test_a_receipt_is_enlarged_and_a_click_shows_it_in_its_own_size(demo: Demo, marcela: Window) -> None:
    page = marcela.go("/review")
    page.get_by_role("link", name="Camila Rojas").first.click()
    opened(page)
    page.locator("[data-zoom]").first.click()
    picture = page.locator("dialog.zoom img")
    picture.wait_for()
    fitted = picture.evaluate("async (image) => { await image.decode(); return image.clientHeight; }")
    picture.click()
    assert picture.evaluate("image => image.clientHeight === image.naturalHeight")
    assert fitted <= LAPTOP[1]
    page.keyboard.press("Escape")
    picture.wait_for(state="detached")


def test_without_scripts_lines_are_pages_and_every_step_a_form(
    demo: Demo, chromium: Any, marcela: Window
) -> None:
    cookies = marcela.page.context.cookies()
    context = chromium.new_context(java_script_enabled=False)
    context.add_cookies(cookies)
    page = context.new_page()
    page.goto(marcela.address + "/review")
    page.get_by_role("link", name="Diego Araya").first.click()
    page.locator("tr[data-line] [data-open]").first.click()
    assert "/lines/" in page.url
    page.get_by_role("button", name="Fine").click()
    page.locator(".snackbar").get_by_role("button", name="Undo").wait_for()
    page.locator("#hold summary").click()
    page.get_by_role("button", name="Put it on hold").click()
    page.get_by_role("heading", name="On hold").wait_for()
    context.close()


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_the_review_shuts_nobody_out(
    demo: Demo, serve: Callable[..., str], open_window: Callable[..., Window], colours: str
) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    window = open_window(serve(demo.app), LAPTOP, colours)
    sign_in(window, demo, "marcela")
    page = window.go("/review")
    troubles = {"queue": found(axe, page)}
    page.get_by_role("link", name="Diego Araya").first.click()
    opened(page)
    page.keyboard.press("j")
    panel_map(page)
    troubles["panel"] = found(axe, page)
    page.keyboard.press("r")
    troubles["return"] = found(axe, page)
    page.goto(page.locator("tr[data-line] [data-open]").first.evaluate("link => link.href"))
    panel_map(page)
    troubles["line"] = found(axe, page)
    assert troubles == {where: [] for where in troubles}
    assert window.said == []


def found(axe: Any, page: Any) -> list[tuple[str, Any]]:
    rules = axe.run(page).response["violations"]
    return [(rule["id"], rule["nodes"][0]["target"]) for rule in rules]
