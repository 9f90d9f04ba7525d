"""Follow-ups without a network: ticked off at the customer's or in the list, taken back, and sent once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from planner.domain.follow_ups import FollowUpState
from planner.models.follow_ups import FollowUp
from planner.models.visits import Visit
from tests.browser.aeroplane import Phone
from tests.conftest import NOW

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
