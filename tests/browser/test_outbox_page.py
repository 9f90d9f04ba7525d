"""The outbox with something of every kind in it: nobody is shut out, and a thumb finds every button."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import select

from planner.models.ledger import ClosedDay, Expense
from tests.browser.aeroplane import Phone
from tests.browser.conftest import LAPTOP, PHONE
from tests.browser.test_today import SMALLEST_TARGET, TOO_SMALL
from tests.conftest import TODAY

pytestmark = pytest.mark.browser

Start = Callable[..., Phone]
SMALL = (320, 640)
SIZES = (SMALL, PHONE, LAPTOP)
PRIMARY = 48

OF_EVERY_KIND = """() => new Promise((done) => {
  const asked = indexedDB.open("rounds", 1);
  asked.onsuccess = () => {
    const step = asked.result.transaction(["items", "photos"], "readwrite");
    const change = (name, act) => {
      step.objectStore(name).getAll().onsuccess = (event) => event.target.result.forEach((one, place) => {
        step.objectStore(name).put({ ...one, ...act(place) });
      });
    };
    const says = "Changed by Marta at 14:10: the visit was held, an order was placed, and more follows";
    change("items", (place) => [
      { state: "waiting" }, { state: "rejected", message: "This visit is no longer there." },
      { state: "conflict", theirs: { says }, rev: 9 },
    ][place % 3]);
    change("photos", () => ({ refused: "This is no picture we can read." }));
    step.oncomplete = () => { asked.result.close(); done(); };
  };
})"""
SMALLEST_PRIMARY = """() => [...document.querySelectorAll("main .primary")]
  .map((one) => one.getBoundingClientRect()).filter((box) => box.width)
  .reduce((least, box) => Math.min(least, box.width, box.height), Infinity)"""
WIDER = "document.documentElement.scrollWidth > innerWidth"
OUT_OF_SIGHT = """() => [...document.querySelectorAll("main :is(a, button, summary, input, label), nav a")]
  .filter((one) => !one.closest(".leaflet-container, details:not([open]) > :not(summary), .hidden-label"))
  .map((one) => [one, one.getBoundingClientRect()])
  .filter(([one, box]) => box.width && (box.left < -1 || box.right > innerWidth + 1))
  .map(([one, box]) => `${one.tagName} ${one.textContent.trim()} ${Math.round(box.right)}`)"""
TWICE = {"fontSizes": {"standard": 32, "fixed": 26}}


def shelf_photo() -> dict[str, Any]:
    out = io.BytesIO()
    Image.new("RGB", (400, 300), "teal").save(out, "JPEG")
    return {"name": "shelf.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def full(phone: Phone) -> Any:
    """The page with an item that waits, one sent back, one that stands against another, and a photo."""
    phone.packed()
    phone.off()
    for visit_id in phone.visits:
        page = phone.go(f"/today/visits/{visit_id}/report")
        page.get_by_text("Order", exact=True).click()
        page.set_input_files("main [name=photos]", shelf_photo())
        page.get_by_role("button", name="Save").click()
        page.wait_for_url(lambda url: "/report" not in url)
    page.evaluate(OF_EVERY_KIND)
    page = phone.go("/outbox")
    page.locator("[data-items] [data-photo]").wait_for()
    assert page.locator("[data-items] li").count() == 4
    return page


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_nobody_is_shut_out_of_a_full_outbox(aeroplane: Start, colours: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    phone = aeroplane()
    page = full(phone)
    page.emulate_media(color_scheme=colours)
    troubles = {}
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        for rule in axe.run(page).response["violations"]:
            troubles[width, rule["id"]] = [node["target"] for node in rule["nodes"]][:3]
        assert page.evaluate(TOO_SMALL, SMALLEST_TARGET) == [], width
        assert page.evaluate(SMALLEST_PRIMARY) >= PRIMARY, width
        assert not page.evaluate(WIDER), width
    assert troubles == {}


def test_text_of_twice_the_size_fits_a_small_phone(aeroplane: Start) -> None:
    phone = aeroplane(size=SMALL)
    page = full(phone)
    stop = f"/today/visits/{phone.visits[0]}"
    phone.page.context.new_cdp_session(page).send("Page.setFontSizes", TWICE)
    troubles = {}
    for path in (
        *("/outbox", "/today", f"/today/{TODAY}/stops", f"/today/{TODAY}/close", f"/today/{TODAY}/map"),
        *(stop, f"{stop}/report", f"{stop}/missed", f"/log/expenses/new?on={TODAY}"),
    ):
        page = phone.go(path)
        assert page.evaluate("getComputedStyle(document.body).fontSize") == "32px"
        lost = page.evaluate(OUT_OF_SIGHT)
        if lost or page.evaluate(WIDER):
            troubles[path] = lost
    assert troubles == {}


def test_a_photo_that_waits_is_seen_and_can_be_saved(aeroplane: Start) -> None:
    phone = aeroplane()
    phone.packed()
    phone.line.failing.add("/api/photos/*")
    page = phone.go(f"/today/visits/{phone.visits[0]}/report")
    page.get_by_text("Order", exact=True).click()
    page.set_input_files("main [name=photos]", shelf_photo())
    page.get_by_role("button", name="Save").click()
    page.wait_for_url(lambda url: "/report" not in url)
    phone.ready()
    phone.says("1 waiting")
    page = phone.go("/outbox")
    page.locator("[data-items] li", has_text="its photo waits").wait_for()
    assert not page.get_by_text("Everything is sent").is_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Save as a file").click()
    kept = json.loads(Path(download.value.path()).read_text())
    assert [item["state"] for item in kept["items"]] == ["sent"]
    assert next(iter(kept["photos"].values())).startswith("data:image/jpeg;base64,")
    phone.line.failing.clear()
    page.get_by_role("button", name="Send now").click()
    page.get_by_text("Everything is sent").wait_for()


def test_what_no_page_of_the_day_takes_back_is_thrown_away_before_it_is_sent(aeroplane: Start) -> None:
    phone = aeroplane()
    phone.packed()
    phone.off()
    page = phone.go(f"/log/expenses/new?on={TODAY}")
    page.fill("[name=amount]", "45000")
    page.locator("main .choices label").first.click()
    page.get_by_role("button", name="Save").click()
    page.wait_for_url(f"**/today/{TODAY}")
    phone.ready()
    phone.report(phone.visits[0])
    page = phone.go("/outbox")
    page.on("dialog", lambda dialog: dialog.accept())
    rows = page.locator("[data-items] li")
    # A visit is opened again on its own page, where its steps stand.
    assert not rows.filter(has_text="Visit done").get_by_role("button", name="Throw away").count()
    rows.filter(has_text="Expense").get_by_role("button", name="Throw away").click()
    rows.filter(has_text="Expense").wait_for(state="detached")
    phone.on()
    phone.says("All sent")
    assert phone.count(of=Expense) == 0


def test_a_day_that_could_not_be_closed_is_mended_from_the_outbox(aeroplane: Start) -> None:
    """What was typed for it is there again, and what was sent back goes."""
    phone = aeroplane()
    for visit_id in phone.visits:
        phone.report(visit_id)
    phone.packed()
    phone.off()
    page = phone.go(f"/today/{TODAY}/close")
    page.fill("[name=odometer]", "much")
    with page.expect_navigation():
        page.get_by_role("button", name="Yes, close the day").click()
    phone.ready()
    phone.on()
    phone.says("1 needs you")
    page = phone.go("/outbox")
    page.locator("[data-items]").get_by_role("button", name="Edit").click()
    page = phone.ready()
    assert page.locator("[name=odometer]").input_value() == "much"
    page.fill("[name=odometer]", "123456")
    with page.expect_navigation():
        page.get_by_role("button", name="Yes, close the day").click()
    phone.ready()
    phone.says("All sent")
    phone.session.rollback()
    assert phone.session.scalars(select(ClosedDay.odometer_metres)).one() == 123_456_000
