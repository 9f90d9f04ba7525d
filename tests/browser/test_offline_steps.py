"""Steps of a visit without a network: left before the report is written; taken back, also what was sent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from planner.domain.visits import VisitState
from planner.models.ledger import ClosedDay
from tests.browser.aeroplane import Phone
from tests.conftest import TODAY

pytestmark = pytest.mark.browser

Start = Callable[..., Phone]


def next_stop(page: Any) -> str:
    return str(page.locator(".next-stop h2").inner_text())


def rows_ahead(page: Any) -> list[str]:
    return list(page.locator(".way [data-row]:not([hidden]) strong").all_inner_texts())


def to_write_up(page: Any) -> list[str]:
    return list(
        page.locator("[data-unwritten]:not([hidden]) [data-row]:not([hidden]) strong").all_inner_texts()
    )


def step(phone: Phone, button: str, leads_to: str) -> Any:
    page = phone.page
    with page.expect_navigation(url=leads_to):
        page.locator(".thumb").get_by_role("button", name=button).click()
    return phone.ready()


def arrived_and_left(phone: Phone) -> Any:
    step(phone, "Arrived", f"**/visits/{phone.visits[0]}")
    return step(phone, "Left", f"**/today/{TODAY}")


def test_who_leaves_drives_on_and_writes_the_report_later(aeroplane: Start) -> None:
    phone = aeroplane()
    phone.packed()
    phone.off()
    page = arrived_and_left(phone)
    assert (next_stop(page), rows_ahead(page)) == ("Almacén 2", ["Almacén 3"])
    assert to_write_up(page) == ["Almacén 1"]
    assert page.locator(".so-far span").first.inner_text() == "0 of 3 done"
    with page.expect_navigation(url="**/report"):
        page.locator("[data-unwritten]").get_by_role("link", name="Report: Almacén 1").click()
    phone.ready().get_by_text("Order", exact=True).click()
    with page.expect_navigation(url=f"**/today/{TODAY}"):
        page.get_by_role("button", name="Save").click()
    page = phone.ready()
    assert (to_write_up(page), page.locator(".so-far span").first.inner_text()) == ([], "1 of 3 done")
    phone.on()
    phone.says("All sent")
    visit = phone.visit(phone.visits[0])
    assert visit.state is VisitState.DONE
    assert visit.left_at is not None
    assert visit.left_at < visit.changed_at


@pytest.mark.parametrize("is_sent", [False, True])
def test_who_takes_back_that_they_left_is_there_still(aeroplane: Start, is_sent: bool) -> None:
    phone = aeroplane()
    phone.packed()
    if not is_sent:
        phone.off()
    page = arrived_and_left(phone)
    if is_sent:
        phone.says("All sent")
        phone.off()
        page = phone.go(f"/today/visits/{phone.visits[0]}")
        with page.expect_navigation(url=f"**/today/{TODAY}"):
            page.get_by_role("button", name="Undo").click()
    else:
        with page.expect_navigation(url=f"**/today/{TODAY}"):
            page.locator("[data-saved]").get_by_role("button", name="Undo").click()
    page = phone.ready()
    assert (next_stop(page), to_write_up(page)) == ("Almacén 1", [])
    assert page.locator(".thumb").get_by_role("button", name="Left").is_visible()
    phone.on()
    phone.says("All sent")
    visit = phone.visit(phone.visits[0])
    assert (visit.state, visit.arrived_at is None, visit.left_at) == (VisitState.ARRIVED, False, None)


LAID_AGAIN = """async () => {
  const own = document.querySelector("[src$='phone.js']").src;
  const { itemsOf, put } = await import(own.replace(/phone.js$/, "store.js"));
  const { lay } = await import(own.replace(/phone.js$/, "overlay.js"));
  const person = Number(document.body.dataset.person);
  const told = Date.parse(document.body.dataset.madeAt) + 1000;
  document.body.dataset.toldAt = new Date(told + 1000).toISOString();
  const items = (await itemsOf(person)).filter((item) => item.kind === "undo");
  await put(items.map((item) => ({ ...item, receivedAt: new Date(told).toISOString() })));
  const words = JSON.parse(document.getElementById("sync").dataset.words);
  await lay({ person, words, today: document.getElementById("main").dataset.today });
}"""


def test_what_was_taken_back_while_the_page_was_made_is_not_taken_back_twice(aeroplane: Start) -> None:
    """The page knows it already: who is there still has not to arrive again."""
    phone = aeroplane()
    phone.packed()
    arrived_and_left(phone)
    phone.says("All sent")
    page = phone.go(f"/today/visits/{phone.visits[0]}")
    with page.expect_navigation(url=f"**/today/{TODAY}**"):
        page.get_by_role("button", name="Undo").click()
    phone.ready()
    phone.says("All sent")
    page = phone.go(f"/today/{TODAY}")
    page.evaluate(LAID_AGAIN)
    assert page.locator(".thumb").get_by_role("button", name="Left").is_visible()


def test_a_report_taken_back_leaves_who_had_left_gone(aeroplane: Start) -> None:
    phone = aeroplane()
    phone.packed()
    arrived_and_left(phone)
    phone.says("All sent")
    went = phone.visit(phone.visits[0]).left_at
    phone.go("/today")
    phone.off()
    page = phone.report(phone.visits[0])
    assert to_write_up(page) == []
    with page.expect_navigation(url=f"**/today/{TODAY}"):
        page.locator("[data-saved]").get_by_role("button", name="Undo").click()
    page = phone.ready()
    assert (next_stop(page), to_write_up(page)) == ("Almacén 2", ["Almacén 1"])
    phone.on()
    phone.says("All sent")
    visit = phone.visit(phone.visits[0])
    assert (visit.state, visit.left_at) == (VisitState.LEFT, went)


def test_the_next_drive_begins_where_one_is_whenever_the_last_report_is_written(aeroplane: Start) -> None:
    phone = aeroplane()
    phone.packed()
    phone.off()
    arrived_and_left(phone)
    step(phone, "Arrived", f"**/visits/{phone.visits[1]}")
    phone.report(phone.visits[0])
    draft = phone.go(f"/today/{TODAY}/stops").locator("#draft[data-laid]")
    assert draft.get_attribute("data-reached") == str(phone.visits[1])
    assert draft.get_attribute("data-stays") == "1"


def test_where_one_has_been_it_is_not_said_that_one_did_not_go(aeroplane: Start) -> None:
    phone = aeroplane()
    phone.packed()
    phone.off()
    arrived_and_left(phone)
    rows = phone.go(f"/today/{TODAY}/close").locator(".undecided:not([hidden])")
    offered = [row.locator("a").all_inner_texts() for row in rows.all()]
    assert offered == [["Done", "Missed"], *[["Done", "Missed", "Skipped"]] * 2]
    phone.on()
    phone.go("/today")
    phone.says("All sent")
    rows = phone.go(f"/today/{TODAY}/close").locator(".undecided:not([hidden])")
    assert rows.first.locator("a").all_inner_texts() == ["Done", "Missed"]


def test_what_was_sent_and_is_taken_back_without_a_network_is_ahead_again(aeroplane: Start) -> None:
    phone = aeroplane()
    phone.report(phone.visits[0])
    phone.report(phone.visits[1])
    phone.says("All sent")
    page = phone.packed()
    assert next_stop(page) == "Almacén 3"
    phone.off()
    for name in ("Almacén 2", "Almacén 1"):
        page.locator("details.over > summary").first.click()
        with page.expect_navigation(url=f"**/today/{TODAY}"):
            page.locator("details.over").get_by_role("button", name=f"Undo: {name}").click()
        page = phone.ready()
    assert (next_stop(page), rows_ahead(page)) == ("Almacén 1", ["Almacén 2", "Almacén 3"])
    assert page.locator(".so-far span").first.inner_text() == "0 of 3 done"
    phone.on()
    phone.says("All sent")
    assert {phone.visit(visit_id).state for visit_id in phone.visits} == {VisitState.PLANNED}


def test_a_day_closed_without_a_network_takes_no_more_steps(aeroplane: Start) -> None:
    phone = aeroplane()
    phone.packed()
    phone.off()
    for visit_id in phone.visits:
        phone.report(visit_id)
    page = phone.go(f"/today/{TODAY}/close")
    with page.expect_navigation(url=f"**/today/{TODAY}/close"):
        page.get_by_role("button", name="Yes, close the day").click()
    for path in ("/today", f"/today/visits/{phone.visits[0]}"):
        page = phone.go(path)
        assert not page.get_by_role("button", name="Undo").count()
        assert not page.locator(".thumb").count()
        assert not page.get_by_role("link", name="Close the day").count()
    phone.on()
    phone.says("All sent")
    assert phone.count(of=ClosedDay) == 1
