"""Follow-ups without a network: ticked off at the customer's or in the list, taken back, and sent once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from planner.domain.follow_ups import FollowUpState
from planner.models.follow_ups import FollowUp
from planner.models.visits import Visit
from tests.browser.aeroplane import AGED, Phone
from tests.conftest import NOW, TODAY

pytestmark = pytest.mark.browser

Start = Callable[..., Phone]
SAMPLES, QUOTE = "Bring samples", "Send the quote"


@pytest.fixture
def phone(aeroplane: Start) -> Phone:
    """With two follow-ups at the first visit's account, off the network once the day is on it."""
    phone = aeroplane()
    account_id = phone.session.get_one(Visit, phone.visits[0]).account_id
    for number, text in enumerate((SAMPLES, QUOTE), start=1):
        uid = f"00000000-0000-4000-8000-{number:012d}"
        row = FollowUp(uid=uid, account_id=account_id, author_id=phone.person_id, text=text, made_at=NOW)
        phone.session.add(row)
    phone.session.commit()
    phone.packed()
    phone.off()
    return phone


def row(phone: Phone, text: str) -> Any:
    return phone.page.locator("[data-follow-up]", has_text=text)


def tap(phone: Phone, text: str, button: str) -> None:
    with phone.page.expect_navigation():
        row(phone, text).get_by_role("button", name=button).click()
    phone.ready()
    phone.page.get_by_text("Saved on this phone. It is sent").wait_for()


def state(phone: Phone, text: str) -> FollowUpState:
    phone.session.rollback()
    return phone.session.query(FollowUp).filter_by(text=text).one().state


def test_in_the_list_one_is_done_one_dropped_and_both_arrive(phone: Phone) -> None:
    phone.go("/follow-ups")
    tap(phone, SAMPLES, "Done")
    tap(phone, QUOTE, "Drop")
    assert "Done, saved on this phone" in row(phone, SAMPLES).inner_text()
    assert "Dropped, saved on this phone" in row(phone, QUOTE).inner_text()
    phone.says("2 waiting")
    assert state(phone, SAMPLES) is FollowUpState.OPEN
    phone.on()
    phone.says("All sent")
    assert [state(phone, text) for text in (SAMPLES, QUOTE)] == [FollowUpState.DONE, FollowUpState.DROPPED]


def test_at_the_customers_it_is_ticked_off_and_taken_back(phone: Phone) -> None:
    page = phone.go(f"/today/visits/{phone.visits[0]}")
    tap(phone, SAMPLES, "Done")
    assert page.url.endswith(f"/today/visits/{phone.visits[0]}")
    assert "Done, saved on this phone" in row(phone, SAMPLES).inner_text()
    phone.go(f"/today/visits/{phone.visits[0]}/report")
    assert "Done, saved on this phone" in row(phone, SAMPLES).inner_text()
    assert row(phone, SAMPLES).get_by_role("button").count() == 0, "a photo that was chosen would be lost"
    phone.go(f"/today/visits/{phone.visits[0]}")
    tap(phone, SAMPLES, "Undo")
    assert "saved on this phone" not in row(phone, SAMPLES).inner_text()
    assert row(phone, SAMPLES).get_by_role("button", name="Done").is_visible()
    phone.on()
    phone.says("All sent")
    assert state(phone, SAMPLES) is FollowUpState.OPEN


def test_what_was_ended_before_is_opened_again(phone: Phone) -> None:
    phone.on()
    page = phone.go("/follow-ups")
    with page.expect_navigation():
        row(phone, SAMPLES).get_by_role("button", name="Done").click()
    ended = page.get_by_text("Done or dropped: 1")
    ended.wait_for()
    phone.ready()
    phone.off()
    page = phone.go("/follow-ups")
    ended.click()
    tap(phone, SAMPLES, "Open again")
    ended.click()
    assert "Open again, saved on this phone" in row(phone, SAMPLES).inner_text()
    phone.on()
    phone.says("All sent")
    assert state(phone, SAMPLES) is FollowUpState.OPEN


def test_the_outbox_says_what_waits(phone: Phone) -> None:
    phone.go("/follow-ups")
    tap(phone, SAMPLES, "Done")
    waiting = phone.go("/outbox").locator("[data-items]")
    waiting.get_by_text(SAMPLES).wait_for()
    assert "Follow-up" in waiting.inner_text()


def test_one_is_put_off_without_a_network_and_it_says_so_with_the_way_back(phone: Phone) -> None:
    phone.go("/follow-ups")
    tap(phone, SAMPLES, "In a week")
    tap(phone, QUOTE, "Tomorrow")
    assert "Put off, saved on this phone" in row(phone, SAMPLES).inner_text()
    tap(phone, QUOTE, "Undo")
    assert "Put off" not in row(phone, QUOTE).inner_text()
    phone.on()
    phone.says("All sent")
    assert due(phone, SAMPLES) == TODAY + timedelta(days=7)
    assert due(phone, QUOTE) is None


def test_with_a_network_the_page_says_until_when_and_takes_it_back(phone: Phone) -> None:
    phone.on()
    page = phone.go("/follow-ups")
    with page.expect_navigation():
        row(phone, SAMPLES).get_by_role("button", name="In a week").click()
    phone.ready()
    said = page.locator(".snackbar")
    assert "Put off until Wed 11 Mar: Bring samples" in said.inner_text()
    with page.expect_navigation():
        said.get_by_role("button", name="Undo").click()
    phone.ready()
    assert due(phone, SAMPLES) is None


def due(phone: Phone, text: str) -> date | None:
    phone.session.rollback()
    return phone.session.query(FollowUp).filter_by(text=text).one().due_on


CHOICES = """[...document.querySelectorAll("[data-due] label")]
  .map((one) => one.innerText.trim().replace(/\\s+/g, " "))"""


def test_on_a_page_kept_since_yesterday_tomorrow_is_told_anew(phone: Phone) -> None:
    """On Friday, with a page of Wednesday: the day after is not worked on."""
    page, report = phone.page, f"/today/visits/{phone.visits[0]}/report"
    assert phone.go(report).evaluate(CHOICES)[1] == "Tomorrow Thu 5 Mar"
    page.evaluate(AGED, 2)
    phone.go(report)
    page.get_by_text("Next working day").wait_for()
    assert page.evaluate(CHOICES) == [
        "Today",
        *("Next working day Mon 9 Mar", "In a week Fri 13 Mar", "In two weeks Fri 20 Mar"),
        "In a month Mon 6 Apr",
    ]
    page.get_by_text("In a month").click()
    assert page.input_value("[name=next_by]") == "2026-04-06"
    page.fill("[name=next_by]", "2026-03-09")
    assert page.locator("[name=next_in]:checked").input_value() == "tomorrow"
    page.fill("[name=next_by]", "2026-03-10")
    assert page.locator("[name=next_in]:checked").count() == 0
