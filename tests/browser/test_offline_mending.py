"""What the server sends back is mended with its photos; a photo that is refused waits by itself."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image
from sqlalchemy.exc import OperationalError

from planner.domain.visits import VisitState
from planner.models.ledger import Expense
from planner.models.photos import VisitPhoto
from planner.models.visits import Note
from tests.browser.aeroplane import Phone
from tests.conftest import TODAY

pytestmark = pytest.mark.browser

Start = Callable[..., Phone]
HOURS_AGO = """() => new Promise((done) => {
  const asked = indexedDB.open("rounds", 1);
  asked.onsuccess = () => {
    const step = asked.result.transaction(["items"], "readwrite");
    const items = step.objectStore("items");
    items.getAll().onsuccess = (event) => {
      for (const item of event.target.result) items.put({ ...item, sentAt: Date.now() - 20 * 3600 * 1000 });
    };
    step.oncomplete = () => { asked.result.close(); done(); };
  };
})"""


def _photo(colour: str = "teal") -> dict[str, Any]:
    out = io.BytesIO()
    Image.new("RGB", (80, 60), colour).save(out, "JPEG")
    return {"name": f"{colour}.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def _report(phone: Phone, visit_id: int, note: str) -> Any:
    """Written up with a photo."""
    page = phone.go(f"/today/visits/{visit_id}/report")
    page.get_by_text("Order", exact=True).click()
    page.fill("[name=note]", note)
    page.set_input_files("main [name=photos]", _photo())
    page.get_by_role("button", name="Save").click()
    page.wait_for_url(lambda url: "/report" not in url)
    return phone.ready()


def _sent_back(phone: Phone, visit_id: int) -> Any:
    """A report with a photo that the server has sent back."""
    phone.page.route("**/api/sync", _rejecting, times=1)
    phone.packed()
    phone.off()
    _report(phone, visit_id, "Half right")
    phone.on()
    phone.says("1 needs you")
    return phone.page


def _rejecting(route: Any) -> None:
    asked = route.request.post_data_json["items"]
    answers = [{"uid": one["uid"], "answer": "rejected", "message": "Not like this."} for one in asked]
    route.fulfill(json={"received_at": "2026-03-04T12:00:00Z", "answers": answers})


def test_what_is_mended_takes_the_place_of_what_was_sent_back_with_its_photo(aeroplane: Start) -> None:
    phone = aeroplane()
    _sent_back(phone, phone.visits[0])
    page = phone.go("/outbox")
    page.get_by_role("button", name="Edit").click()
    page.wait_for_url("**/report#mend=*")
    phone.ready()
    page.fill("[name=note]", "All right")
    page.get_by_role("button", name="Save").click()
    page.wait_for_url(lambda url: "/report" not in url)
    phone.ready()
    phone.says("All sent")
    assert (phone.count(of=Note), phone.count(of=VisitPhoto)) == (1, 1)
    assert phone.visit(phone.visits[0]).state is VisitState.DONE


def test_another_form_saved_meanwhile_leaves_what_was_sent_back(aeroplane: Start) -> None:
    phone = aeroplane()
    _sent_back(phone, phone.visits[0])
    page = phone.go("/outbox")
    page.get_by_role("button", name="Edit").click()
    page.wait_for_url("**/report#mend=*")
    phone.report(phone.visits[1], "Another one")
    phone.says("1 needs you")
    assert phone.go("/outbox").locator("[data-items] li").count() == 1


def test_what_is_mended_leaves_the_draft_of_a_new_one_as_it_is(aeroplane: Start) -> None:
    phone = aeroplane()
    phone.page.route("**/api/sync", _rejecting, times=1)
    phone.packed()
    phone.off()
    address = f"/log/expenses/new?on={TODAY}"
    page = phone.go(address)
    page.fill("[name=merchant]", "Sent back")
    page.fill("[name=amount]", "4500")
    page.locator("main .choices label").first.click()
    page.get_by_role("button", name="Save").click()
    page.wait_for_url(f"**/today/{TODAY}")
    phone.ready()
    phone.on()
    phone.says("1 needs you")
    page = phone.go(address)
    page.fill("[name=merchant]", "Half typed")
    page = phone.go("/outbox")
    page.get_by_role("button", name="Edit").click()
    page.wait_for_url("**#mend=*")
    page = phone.ready()
    page.get_by_text("What you had typed is back.").wait_for()
    assert page.locator("[name=merchant]").input_value() == "Sent back"
    page.fill("[name=merchant]", "Mended")
    page.get_by_role("button", name="Save").click()
    page.wait_for_url(lambda url: "/expenses/new" not in url)
    phone.ready()
    phone.says("All sent")
    assert phone.count(of=Expense) == phone.count(Expense.merchant == "Mended", of=Expense) == 1
    page = phone.go(address)
    page.get_by_text("What you had typed is back.").wait_for()
    assert page.locator("[name=merchant]").input_value() == "Half typed"


def test_what_is_typed_after_it_was_sent_back_at_once_is_there_when_it_is_mended_later(
    aeroplane: Start,
) -> None:
    phone = aeroplane()
    phone.packed()
    phone.page.route("**/api/sync", _rejecting, times=1)
    page = phone.go(f"/today/visits/{phone.visits[0]}/report")
    page.get_by_text("Order", exact=True).click()
    page.set_input_files("main [name=photos]", _photo())
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Not like this.").wait_for()
    page.fill("[name=note]", "Better like this")
    page = phone.go("/outbox")
    page.get_by_role("button", name="Edit").click()
    page.wait_for_url("**/report#mend=*")
    page = phone.ready()
    page.get_by_text("What you had typed is back.").wait_for()
    assert page.locator("[name=note]").input_value() == "Better like this"


def test_what_a_proxy_takes_for_too_large_is_not_sent_for_ever(aeroplane: Start) -> None:
    phone = aeroplane()
    phone.packed()
    html = {"status": 413, "content_type": "text/html", "body": "<h1>413 Request Entity Too Large</h1>"}
    phone.page.route("**/api/photos/*", lambda route: route.fulfill(**html), times=1)
    _report(phone, phone.visits[0], "With a large photo")
    phone.says("1 needs you")
    row = phone.go("/outbox").locator("[data-items] li")
    row.get_by_text("lets through").wait_for()
    assert row.get_by_role("button", name="Save as a file").count() == 1
    phone.page.route("**/api/sync", lambda route: route.fulfill(**html), times=3)
    phone.off()
    for visit_id in phone.visits[1:]:
        phone.report(visit_id)
    phone.on()
    phone.says("3 need you")


def test_a_photo_that_is_refused_waits_by_itself_and_its_item_stays_sent(aeroplane: Start) -> None:
    phone = aeroplane()
    phone.packed()
    refusal = {"status": 422, "json": {"error": "receipt_format", "message": "This is no picture."}}
    phone.page.route("**/api/photos/*", lambda route: route.fulfill(**refusal), times=1)
    _report(phone, phone.visits[0], "With a bad photo")
    phone.says("1 needs you")
    row = phone.go("/outbox").locator("[data-items] li")
    row.get_by_text("This is no picture.").wait_for()
    with phone.page.expect_download() as saved:
        row.get_by_role("button", name="Save as a file").click()
    assert saved.value.suggested_filename.endswith(".jpg")
    phone.page.once("dialog", lambda dialog: dialog.accept())
    row.get_by_role("button", name="Throw away").click()
    phone.says("All sent")
    assert phone.count(of=Note) == 1


def test_a_photo_that_fails_holds_up_none_behind_it(aeroplane: Start) -> None:
    phone = aeroplane()
    phone.packed()
    phone.page.route(
        "**/api/photos/*", lambda route: route.fulfill(status=500, json={"error": "server"}), times=1
    )
    page = phone.go(f"/today/visits/{phone.visits[0]}/report")
    page.get_by_text("Order", exact=True).click()
    page.set_input_files("main [name=photos]", [_photo("red"), _photo("blue")])
    page.get_by_role("button", name="Save").click()
    page.wait_for_url(lambda url: "/report" not in url)
    phone.says("All sent")
    assert sorted(one[2][:3] for one in phone.line.answers if "/api/photos/" in one[1]) == ["201", "201"]


def test_a_photo_that_is_still_here_keeps_its_item(aeroplane: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OperationalError("INSERT", {}, Exception("database or disk is full"))

    phone = aeroplane()
    phone.packed()
    with monkeypatch.context() as patch:
        patch.setattr("planner.web.api.photos._checked", full)
        page = _report(phone, phone.visits[0], "The photo comes tomorrow")
        phone.says("1 waiting")
        page.evaluate(HOURS_AGO)
        phone.go("/today")
        phone.says("1 waiting")
    phone.go("/today")
    phone.says("All sent")
    assert "201" in [one[2][:3] for one in phone.line.answers if "/api/photos/" in one[1]]


def test_more_photos_than_an_item_may_have_are_said_before(aeroplane: Start) -> None:
    phone = aeroplane()
    page = phone.go(f"/today/visits/{phone.visits[0]}/report")
    page.get_by_text("Order", exact=True).click()
    page.set_input_files("main [name=photos]", [_photo()] * 13)
    page.get_by_role("button", name="Save").click()
    page.get_by_text("At most 12 photos at once.").wait_for()
    assert phone.line.asked("/api/sync") == 0
