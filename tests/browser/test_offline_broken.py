"""What a browser can get wrong: a store that fails, a kept page that cannot be read, a pack in pieces."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from planner.domain.visits import VisitState
from planner.models.visits import Note
from tests.browser.aeroplane import Phone
from tests.conftest import TODAY

pytestmark = pytest.mark.browser

Start = Callable[..., Phone]

CANNOT_LOOK = """() => {
  const get = IDBObjectStore.prototype.get;
  IDBObjectStore.prototype.get = function (...asked) {
    if (this.name === "items") throw new TypeError("broken");
    return get.apply(this, asked);
  };
}"""
CANNOT_KEEP = """() => {
  IDBObjectStore.prototype.add = () => { throw new DOMException("broken", "UnknownError"); };
}"""
LOST_ONCE = """() => {
  const begin = IDBDatabase.prototype.transaction;
  let isLost = true;
  IDBDatabase.prototype.transaction = function (...asked) {
    if (!isLost) return begin.apply(this, asked);
    isLost = false;
    throw new DOMException("The database connection is closing.", "InvalidStateError");
  };
}"""
NO_SHELVES = "() => { caches.open = async () => { throw new DOMException('broken', 'UnknownError'); }; }"


def _typed(phone: Phone, note: str) -> None:
    page = phone.go(f"/today/visits/{phone.visits[0]}/report")
    page.get_by_text("Order", exact=True).click()
    page.fill("[name=note]", note)


def _save(phone: Phone) -> None:
    phone.page.get_by_role("button", name="Save").click()
    phone.page.wait_for_url(lambda url: "/report" not in url)
    phone.ready()


def test_what_goes_wrong_after_an_item_was_kept_makes_no_second_one(aeroplane: Start) -> None:
    phone = aeroplane()
    phone.packed()
    phone.off()
    _typed(phone, "Kept once")
    phone.page.evaluate(CANNOT_LOOK)
    _save(phone)
    phone.says("1 waiting")
    phone.on()
    phone.says("All sent")
    assert phone.count(of=Note) == 1
    assert phone.visit(phone.visits[0]).state is VisitState.DONE


def test_a_connection_the_browser_has_lost_is_opened_anew(aeroplane: Start) -> None:
    phone = aeroplane()
    phone.packed()
    phone.off()
    _typed(phone, "After a long time in the background")
    phone.page.evaluate(LOST_ONCE)
    _save(phone)
    phone.says("1 waiting")
    phone.on()
    phone.says("All sent")
    assert phone.count(Note.text == "After a long time in the background", of=Note) == 1


def test_what_cannot_be_kept_stays_on_the_page_and_the_next_tap_sends_it(aeroplane: Start) -> None:
    phone = aeroplane()
    phone.packed()
    _typed(phone, "Sent as a plain form")
    phone.page.evaluate(CANNOT_KEEP)
    phone.page.get_by_role("button", name="Save").click()
    phone.page.get_by_role("alert").get_by_text("could not be kept on this phone").wait_for()
    assert phone.page.locator("[name=note]").input_value() == "Sent as a plain form"
    assert phone.count(of=Note) == 0
    _save(phone)
    assert phone.count(of=Note) == 1
    assert phone.line.asked("/api/sync") == 0


def test_a_kept_page_that_cannot_be_read_is_waited_for(aeroplane: Start) -> None:
    phone = aeroplane()
    phone.packed()
    phone.page.context.service_workers[0].evaluate(NO_SHELVES)
    phone.line.mode = "silent"

    def answer() -> None:
        phone.line.mode = "up"
        phone.line.released.set()

    late = threading.Timer(4, answer)
    late.start()
    page = phone.go("/today")
    late.join()
    assert page.locator(".next-stop").count() == 1
    phone.off()
    with pytest.raises(Exception, match="ERR_"):
        phone.window.go("/today")


def test_a_day_is_ready_only_once_all_of_it_is_there(aeroplane: Start) -> None:
    phone = aeroplane()
    phone.line.failing.add(f"/today/{TODAY}/close")
    page = phone.go("/today")
    while f"/today/{TODAY}/close" not in phone.line.failed:
        page.wait_for_timeout(50)
    assert page.locator("[data-ready]").inner_text() == ""
    phone.line.failing.clear()
    page.locator("[data-ready]", has_text="Ready offline, ").wait_for()
    phone.off()
    assert "Close" in phone.go(f"/today/{TODAY}/close").locator("h1").inner_text()
