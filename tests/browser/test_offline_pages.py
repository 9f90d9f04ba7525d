"""The day on the phone: what opens without a network, drafts, photos, a full phone, a new version."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta

import pytest
from PIL import Image
from sqlalchemy import select

from planner import clock
from planner.domain.visits import VisitState
from planner.models.ledger import Expense, Receipt
from planner.models.visits import DayRoute, Note
from planner.web import assets
from tests.browser.aeroplane import AGED, Phone
from tests.conftest import NOW, TODAY
from tests.days import routed_day

pytestmark = pytest.mark.browser

Start = Callable[..., Phone]
TOMORROW = TODAY + timedelta(days=1)

HEARD = """window.heard = new Promise((done) => navigator.serviceWorker.addEventListener("message", done));"""
WEIGHED = """heard
  .then(() => import(document.querySelector("[src$='phone.js']").src.replace(/phone.js$/, "newer.js")))
  .then(() => new Promise((done) => setTimeout(done, 200)))"""
TODAY_BY = """([zone, moment]) => import(
    document.querySelector("[src$='phone.js']").src.replace(/phone.js$/, "whose.js")
  )
  .then(({ todayBy }) => {
    const pack = { today: "2026-03-04", at: Date.parse("2026-03-04T09:00Z"), zone };
    return todayBy(pack, new Date(moment));
  })"""
NO_ROOM = """const room = { value: async () => ({ quota: 9e6, usage: 8e6 }) };
Object.defineProperty(navigator.storage, "estimate", room);
IDBObjectStore.prototype.add = () => { throw new DOMException("full", "QuotaExceededError"); };"""


def test_every_page_of_the_day_opens_without_a_network(aeroplane: Start) -> None:
    phone = aeroplane()
    routed_day(phone.world, phone.world.ana, 1, TOMORROW)
    phone.session.commit()
    phone.packed()
    phone.off()
    stop = f"/today/visits/{phone.visits[2]}"
    for path in (
        *("/today", "/", f"/today/{TODAY}", f"/today/{TOMORROW}", f"/today/{TODAY}/close"),
        *(stop, f"{stop}/report", f"{stop}/missed", f"{stop}/skipped?then=close", "/outbox"),
        f"/log/expenses/new?on={TODAY}&visit={phone.visits[2]}",
    ):
        page = phone.go(path)
        assert "away" not in page.url, path
    phone.go(f"/today/{TODAY}/map").locator(".map-stop-next").wait_for()


def test_a_page_that_is_not_kept_leads_to_the_day(aeroplane: Start) -> None:
    phone = aeroplane()
    phone.packed()
    phone.off()
    page = phone.go("/schedule")
    assert "Today" in page.locator("h1").inner_text()
    assert "not on this phone" in page.locator(".snackbar").inner_text()


@pytest.mark.parametrize(("days_ago", "shown"), [(1, 3), (2, 3), (9, 3)])
def test_a_day_that_was_not_packed_leads_to_the_nearest_that_was(
    aeroplane: Start, days_ago: int, shown: int
) -> None:
    """Packed on a Friday with Monday: on Saturday that is Monday, long after it the last there is."""
    phone = aeroplane()
    routed_day(phone.world, phone.world.ana, 1, TODAY + timedelta(days=shown))
    phone.session.commit()
    phone.packed()
    phone.page.evaluate(AGED, days_ago)
    phone.off()
    for path in ("/", "/today", "/schedule"):
        page = phone.go(path)
        assert page.url.endswith(f"/today/{TODAY + timedelta(days=shown)}"), path
        page.locator(".snackbar").get_by_text("no network").wait_for()
    phone.go("/outbox")


def test_a_form_that_waits_for_an_answer_says_that_there_is_no_network(aeroplane: Start) -> None:
    phone = aeroplane()
    phone.packed()
    phone.off()
    for _ in range(2):
        with phone.page.expect_navigation():
            phone.page.get_by_role("button", name="Re-plan from now").click()
        page = phone.ready()
        page.get_by_text("That needs a network, and no answer came.").wait_for()
    assert "away" not in page.url
    page.reload()
    assert not phone.ready().get_by_text("That needs a network").count()
    phone.on()
    with page.expect_navigation():
        page.get_by_role("button", name="Re-plan from now").click()
    phone.ready().locator(".snackbar").get_by_role("button", name="Undo").wait_for()


@pytest.mark.parametrize(
    ("zone", "moment", "day"),
    [
        ("America/Santiago", "2026-03-05T02:00:00Z", "2026-03-04"),
        ("America/Santiago", "2026-03-05T03:30:00Z", "2026-03-05"),
        ("Pacific/Auckland", "2026-03-04T12:30:00Z", "2026-03-05"),
    ],
)
def test_midnight_is_where_the_rep_works(aeroplane: Start, zone: str, moment: str, day: str) -> None:
    phone = aeroplane()
    found = phone.go("/today").evaluate(TODAY_BY, [zone, moment])
    assert found == day


def test_a_slow_network_shows_what_is_kept_and_offers_what_came_after_all(aeroplane: Start) -> None:
    phone = aeroplane()
    phone.packed()
    phone.visit(phone.visits[0]).account.name = "Renamed meanwhile"
    phone.session.commit()
    phone.line.held.add("/today")
    page = phone.go("/today")
    assert not page.get_by_text("Renamed meanwhile").count()
    phone.line.released.set()
    page.get_by_text("There are changes.").wait_for()
    with page.expect_navigation():
        page.get_by_role("button", name="Show them").click()
    page.get_by_text("Renamed meanwhile").first.wait_for()


@pytest.mark.parametrize("is_changed", [False, True])
def test_a_slow_network_offers_what_others_did_and_not_what_one_has_done_oneself(
    aeroplane: Start, is_changed: bool
) -> None:
    """One's own lies over the kept page already."""
    phone = aeroplane()
    phone.packed()
    phone.off()
    phone.report(phone.visits[0])
    phone.on()
    phone.says("All sent")
    if is_changed:
        phone.visit(phone.visits[2]).state = VisitState.CANCELLED
        phone.session.commit()
    phone.page.add_init_script(HEARD)
    phone.line.held.add("/today")
    page = phone.go("/today")
    assert page.locator(".so-far").get_by_text("1 of 3 done").count()
    phone.line.released.set()
    page.evaluate(WEIGHED)
    assert page.get_by_role("button", name="Show them").count() == is_changed


@pytest.mark.parametrize("path", ["/today", f"/today/{TODAY}/stops", "/outbox"])
def test_a_slow_network_is_not_spoken_of_where_nothing_has_changed(
    aeroplane: Start, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    phone = aeroplane()
    phone.packed()
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(minutes=12))
    phone.page.add_init_script(HEARD)
    phone.line.held.add(path)
    page = phone.go(path)
    phone.line.released.set()
    page.evaluate(WEIGHED)
    assert not page.get_by_role("button", name="Show them").count()


def test_a_slow_network_offers_the_order_that_was_saved_elsewhere_meanwhile(aeroplane: Start) -> None:
    phone = aeroplane()
    phone.packed()
    phone.session.scalars(select(DayRoute)).one().rev += 1
    phone.session.commit()
    phone.line.held.add(f"/today/{TODAY}/stops")
    page = phone.go(f"/today/{TODAY}/stops")
    phone.line.released.set()
    page.get_by_text("There are changes.").wait_for()


def test_a_kept_page_of_a_day_being_put_in_order_is_not_looked_at_again_and_again(aeroplane: Start) -> None:
    phone = aeroplane()
    phone.packed()
    phone.session.delete(phone.session.scalars(select(DayRoute)).one())
    phone.session.commit()
    phone.go(f"/today/{TODAY}?looks=1").get_by_text("is being put in order").wait_for()
    phone.off()
    page = phone.go("/today")
    page.get_by_text("is being put in order").wait_for()
    page.evaluate("window.isTheSame = true")
    page.wait_for_timeout(2500)
    assert page.evaluate("window.isTheSame")


def test_an_expense_with_its_receipt_waits_and_arrives_once(aeroplane: Start) -> None:
    phone = aeroplane()
    phone.packed()
    phone.off()
    page = phone.go(f"/log/expenses/new?on={TODAY}")
    page.fill("[name=amount]", "4500")
    page.locator("main .choices label").first.click()
    page.set_input_files(
        "[type=file]", {"name": "receipt.jpg", "mimeType": "image/jpeg", "buffer": _photo(3000, 1000)}
    )
    page.get_by_role("button", name="Save").click()
    page.wait_for_url(f"**/today/{TODAY}")
    phone.ready()
    phone.says("1 waiting")
    phone.on()
    phone.says("All sent")
    assert phone.count(of=Expense) == phone.count(of=Receipt) == 1
    expense = phone.session.scalars(select(Expense)).one()
    receipt = phone.session.get_one(Receipt, expense.receipt_id)
    assert expense.amount_minor == 4500
    path = next(phone.app.config["RECEIPTS_FOLDER"].rglob(f"{receipt.sha256}.jpg"))
    with Image.open(path) as picture:
        assert max(picture.size) <= 2048


def _photo(width: int, height: int) -> bytes:
    out = io.BytesIO()
    Image.linear_gradient("L").resize((width, height)).convert("RGB").save(out, "JPEG")
    return out.getvalue()


def test_a_draft_comes_back_and_goes_when_it_is_saved(aeroplane: Start) -> None:
    phone = aeroplane()
    page = phone.go(f"/today/visits/{phone.visits[0]}/report")
    page.get_by_text("Order", exact=True).click()
    page.fill("[name=note]", "Half a sent")
    page.reload()
    phone.ready()
    page.get_by_text("What you had typed is back.").wait_for()
    assert page.locator("[name=note]").input_value() == "Half a sent"
    page.get_by_role("button", name="Save").click()
    page.wait_for_url(lambda url: "/report" not in url)
    phone.ready()
    page = phone.go(f"/today/visits/{phone.visits[0]}/report")
    assert page.locator("[name=note]").input_value() == ""
    assert phone.count(of=Note) == 1


def test_each_expense_that_is_begun_has_a_draft_of_its_own(aeroplane: Start) -> None:
    phone = aeroplane()
    for visit_id in phone.visits[:2]:
        phone.report(visit_id)
    phone.packed()
    phone.off()
    first, second = (f"/log/expenses/new?on={TODAY}&visit={visit_id}" for visit_id in phone.visits[:2])
    phone.go(first).fill("[name=merchant]", "Parking at the first")
    page = phone.go(second)
    assert page.locator("[name=merchant]").input_value() == ""
    page.fill("[name=merchant]", "Lunch at the second")
    for address, typed in ((first, "Parking at the first"), (second, "Lunch at the second")):
        page = phone.go(address)
        page.get_by_text("What you had typed is back.").wait_for()
        assert page.locator("[name=merchant]").input_value() == typed


def test_a_full_phone_says_so_before_one_types_on_and_loses_nothing(aeroplane: Start) -> None:
    phone = aeroplane()
    phone.page.add_init_script(NO_ROOM)
    page = phone.go(f"/today/visits/{phone.visits[0]}/report")
    page.get_by_text("hardly any room left").wait_for()
    page.get_by_text("Order", exact=True).click()
    page.fill("[name=note]", "Written on a full phone")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("no room left").wait_for()
    assert page.locator("[name=note]").input_value() == "Written on a full phone"
    page.get_by_role("button", name="Save").click()
    page.wait_for_url(lambda url: "/report" not in url)
    assert phone.count(of=Note) == 1


def test_a_new_version_waits_for_the_tap_and_keeps_what_is_typed(
    aeroplane: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = aeroplane()
    phone.packed()
    page = phone.go(f"/today/visits/{phone.visits[0]}/report")
    page.fill("[name=note]", "In the middle of a word")
    monkeypatch.setattr(assets, "version", lambda: "newer")
    page.evaluate("navigator.serviceWorker.getRegistration().then((one) => one.update().then(() => null))")
    page.get_by_role("button", name="New version: reload").click()
    page.get_by_text("What you had typed is back.").wait_for()
    assert page.locator("[name=note]").input_value() == "In the middle of a word"
    assert page.evaluate("caches.keys().then((names) => names.includes('assets-newer'))")
