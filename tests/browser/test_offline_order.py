"""The order changed without a network: the phone tells the times by itself, as the server would."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from planner import clock
from planner.domain.visits import VisitState
from planner.models.accounts import OpeningWindow
from tests.browser.aeroplane import Phone
from tests.conftest import NOW, TODAY

pytestmark = pytest.mark.browser

Start = Callable[..., Phone]
LOOK_AGAIN = (
    "document.querySelector('#draft .pin input').dispatchEvent(new Event('change', { bubbles: true }))"
)


def at_nine(phone: Phone) -> None:
    """The phone's clock, which stands still at nine in the morning in Chile."""
    phone.page.context.clock.set_fixed_time(NOW)


def later(page: Any, place: int) -> None:
    page.locator(".turn").nth(place).get_by_role("button", name="later").click()


def turns(page: Any) -> list[str]:
    return [" ".join(text.split()) for text in page.locator(".turn .grow").all_inner_texts()]


def test_the_phone_tells_the_times_the_server_tells(
    aeroplane: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = aeroplane(5)
    monkeypatch.setattr(clock, "now", lambda: NOW)
    account = phone.visit(phone.visits[4]).account
    account.windows = [OpeningWindow(weekday=2, opens_seconds=9 * 3600, closes_seconds=10 * 3600)]
    phone.session.commit()
    phone.packed()
    at_nine(phone)
    phone.off()
    page = phone.go(f"/today/{TODAY}/stops")
    later(page, 0)
    page.locator(".so-far", has_text="worked out on this phone").wait_for()
    alone, home = turns(page), page.locator(".so-far span").first.inner_text()
    assert any("too late: until 10:00" in turn for turn in alone)
    phone.on()
    page.evaluate(LOOK_AGAIN)
    page.locator(".so-far", has_text="of driving").wait_for()
    assert (turns(page), page.locator(".so-far span").first.inner_text()) == (alone, home)


def test_the_phone_tells_a_late_lunch_as_the_server_does(
    aeroplane: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = aeroplane(2)
    monkeypatch.setattr(clock, "now", lambda: NOW)
    visit = phone.visit(phone.visits[0])
    visit.service_seconds = 3 * 3600
    visit.account.windows = [OpeningWindow(weekday=2, opens_seconds=41_340, closes_seconds=41_400)]
    phone.session.commit()
    phone.packed()
    at_nine(phone)
    phone.off()
    page = phone.go(f"/today/{TODAY}/stops")
    later(page, 0)
    later(page, 0)
    page.locator(".so-far", has_text="worked out on this phone").wait_for()
    alone = page.locator(".so-far .late").first.inner_text()
    assert alone.startswith("lunch ")
    phone.on()
    page.evaluate(LOOK_AGAIN)
    page.locator(".so-far", has_text="of driving").wait_for()
    assert page.locator(".so-far .late").first.inner_text() == alone


def test_a_draft_outlives_a_server_that_is_away(aeroplane: Start) -> None:
    phone = aeroplane()
    phone.packed()
    at_nine(phone)
    page = phone.go(f"/today/{TODAY}/stops")
    phone.line.mode = "away"
    later(page, 0)
    page.locator(".so-far", has_text="worked out on this phone").wait_for()
    assert [turn.split()[1] for turn in turns(page)] == ["2", "1", "3"]
    page.get_by_role("button", name="Save").click()
    page.wait_for_url(lambda url: "/stops" not in url)
    phone.ready()
    phone.says("1 waiting")


def test_the_day_shows_the_new_order_with_its_times_and_drives(aeroplane: Start) -> None:
    phone = aeroplane()
    phone.packed()
    at_nine(phone)
    phone.off()
    page = phone.go(f"/today/{TODAY}/stops")
    later(page, 0)
    page.locator(".so-far", has_text="worked out on this phone").wait_for()
    times = [text.split()[0] for text in page.locator("[data-when]").all_inner_texts()]
    home = page.locator(".so-far span").first.inner_text()
    page.get_by_role("button", name="Save").click()
    page.wait_for_url(lambda url: "/stops" not in url)
    phone.ready()
    assert "Almacén 2" in page.locator(".next-stop h2").inner_text()
    assert page.locator(".next-stop [data-begins]").inner_text() == times[0]
    rows = page.locator(".way [data-row]:not([hidden])")
    assert rows.locator("strong").all_inner_texts() == ["Almacén 1", "Almacén 3"]
    assert rows.locator("[data-begins]").all_inner_texts() == times[1:]
    assert rows.locator("[data-number]").all_inner_texts() == ["2", "3"]
    assert page.locator("[data-back]").inner_text() == home
    drives = page.locator(".way .drive:not([data-lunch]):not([hidden])").all_inner_texts()
    assert len(drives) == 3
    assert all("min" in drive and "km" not in drive for drive in drives)
    assert page.locator("[data-as-ordered]").count() == 0
    page = phone.go(f"/today/{TODAY}/map")
    assert page.get_by_text("The map shows the one from before until there is a network.").is_visible()
    phone.on()
    phone.says("All sent")
    page = phone.go(f"/today/{TODAY}/map")
    assert not page.get_by_text("The map shows the one from before").is_visible()
    page = phone.go("/today")
    assert page.locator(".way [data-row]:not([hidden]) strong").all_inner_texts() == [
        "Almacén 1",
        "Almacén 3",
    ]


def test_in_the_middle_of_the_day_only_what_is_to_come_is_put_in_order(aeroplane: Start) -> None:
    phone = aeroplane(4)
    phone.packed()
    phone.off()
    phone.report(phone.visits[0], "Done before")
    page = phone.go(f"/today/{TODAY}/stops")
    page.locator("#draft[data-laid]").wait_for(state="attached")
    assert page.locator(".turn strong").all_inner_texts() == ["Almacén 2", "Almacén 3", "Almacén 4"]
    assert page.locator(".turn .stop-number").all_inner_texts() == ["2", "3", "4"]
    later(page, 0)
    page.locator(".so-far", has_text="worked out on this phone").wait_for()
    page.get_by_role("button", name="Save").click()
    page.wait_for_url(lambda url: "/stops" not in url)
    phone.ready()
    page = phone.go(f"/today/{TODAY}/stops")
    assert page.locator(".turn strong").all_inner_texts() == ["Almacén 3", "Almacén 2", "Almacén 4"]
    phone.on()
    phone.says("All sent")
    assert phone.visit(phone.visits[0]).state is VisitState.DONE
    page = phone.go("/today")
    assert "Almacén 3" in page.locator(".next-stop h2").inner_text()
