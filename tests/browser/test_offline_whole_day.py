"""A whole day in aeroplane mode, from the first look to the last: all of it arrives, and once."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import select

from planner.domain.visits import VisitState
from planner.models.ledger import ClosedDay, Expense, Receipt, Trip
from planner.models.photos import VisitPhoto
from planner.models.sync import SyncItem
from planner.models.visits import DayRoute, Note
from tests.browser.aeroplane import Phone
from tests.conftest import TODAY

pytestmark = pytest.mark.browser

Start = Callable[..., Phone]


def photo(colour: str) -> dict[str, Any]:
    out = io.BytesIO()
    Image.new("RGB", (320, 240), colour).save(out, "JPEG")
    return {"name": f"{colour}.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def saved(phone: Phone, page: Any, name: str = "Save") -> Any:
    before = page.url
    page.get_by_role("button", name=name).first.click()
    page.wait_for_url(lambda url: url != before)
    return phone.ready()


def reported(phone: Phone, visit_id: int, note: str, colour: str = "") -> Any:
    page = phone.go(f"/today/visits/{visit_id}/report")
    page.get_by_text("Order", exact=True).click()
    page.fill("[name=note]", note)
    if colour:
        page.set_input_files("main [name=photos]", photo(colour))
    return saved(phone, page)


def spent(phone: Phone, visit_id: int) -> None:
    page = phone.go(f"/log/expenses/new?on={TODAY}&visit={visit_id}")
    assert page.locator("[name=visit]").input_value() == str(visit_id)
    page.fill("[name=amount]", "1200")
    page.locator("main .choices label").first.click()
    saved(phone, page)


def reordered(phone: Phone, visit_id: int) -> None:
    """One turn later."""
    page = phone.go(f"/today/{TODAY}/stops")
    page.locator(f"button[name=move][value='{visit_id}:1']").click()
    page.locator(".so-far", has_text="worked out on this phone").wait_for()
    saved(phone, page)


def undecided(phone: Phone, count: int) -> None:
    page = phone.go(f"/today/{TODAY}/close")
    page.get_by_role("button", name=f"{count} still to decide").wait_for()
    assert page.locator(".undecided:not([hidden])").count() == count


def closed(phone: Phone) -> None:
    page = phone.go(f"/today/{TODAY}/close")
    page.get_by_text("measured along the roads when this is sent").wait_for()
    page.get_by_role("button", name="Yes, close the day").click()
    page.locator("#here", has_text="Day closed, saved on this phone").wait_for()


def test_a_whole_day_in_aeroplane_mode_arrives_exactly_once(aeroplane: Start) -> None:
    phone = aeroplane(8)
    phone.packed()
    phone.off()
    phone.reopen()
    first, second, third, fourth, *rest = phone.visits
    reported(phone, first, "Visit 0", "teal")
    reported(phone, second, "Visit 1")
    undecided(phone, 6)
    reordered(phone, third)
    order = [fourth, third, *rest]
    for number, visit_id in enumerate(order, start=2):
        assert f"/visits/{visit_id}" in phone.page.locator(".next-stop h2 a").get_attribute("href")
        reported(phone, visit_id, f"Visit {number}", "navy" if visit_id == third else "")
    spent(phone, first)
    closed(phone)
    page = phone.reopen()
    phone.says("11 waiting")
    assert page.locator(".so-far span").first.inner_text() == "8 of 8 done"
    phone.on()
    phone.says("All sent")
    arrived_once(phone, [first, second, *order])


def arrived_once(phone: Phone, order: list[int]) -> None:
    """Exactly the rows of the day, by kind, and the day driven in the order wanted."""
    phone.session.rollback()
    kinds = sorted(one.kind.value for one in phone.session.scalars(select(SyncItem)))
    assert kinds == sorted(["done"] * 8 + ["order", "expense", "close"])
    assert {phone.visit(visit_id).state for visit_id in order} == {VisitState.DONE}
    notes = phone.session.scalars(select(Note).order_by(Note.id))
    assert [note.text for note in notes] == [f"Visit {number}" for number in range(8)]
    pictures = phone.session.scalars(select(VisitPhoto).order_by(VisitPhoto.id)).all()
    assert [picture.visit_id for picture in pictures] == [order[0], order[3]]
    assert phone.count(Receipt.byte_count > 0, of=Receipt) == 2
    assert phone.session.scalars(select(Expense)).one().amount_minor == 1200
    route = phone.session.scalars(select(DayRoute).where(DayRoute.on == TODAY)).one()
    assert [stop.visit_id for stop in route.stops] == order
    assert phone.count(of=ClosedDay) == 1
    assert phone.count(of=Trip) == 9
