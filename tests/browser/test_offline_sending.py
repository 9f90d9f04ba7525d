"""When the phone sends: seen again, after a pause, in the background; what is unsent as a file."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from planner.domain.visits import VisitState
from planner.models.sync import SyncItem
from planner.models.visits import Note
from tests.browser.aeroplane import Phone
from tests.browser.test_offline_whole_day import photo
from tests.conftest import ticking

pytestmark = pytest.mark.browser

Start = Callable[..., Phone]
SEEN_AGAIN = "document.dispatchEvent(new Event('visibilitychange'))"


def _waits(phone: Phone) -> Any:
    """A report on a phone whose timers stand still, and a server that has come back."""
    phone.packed()
    phone.page.clock.install()
    phone.line.mode = "away"
    page = phone.report(phone.visits[0], "Sent by itself")
    phone.says("1 waiting")
    page.clock.pause_at(page.evaluate("Date.now() / 1000 + 1"))
    phone.line.mode = "up"
    page.wait_for_timeout(300)
    assert phone.count(of=Note) == 0
    return page


def test_it_sends_when_the_page_is_seen_again(aeroplane: Start) -> None:
    phone = aeroplane()
    page = _waits(phone)
    page.evaluate(SEEN_AGAIN)
    phone.says("All sent")
    assert phone.count(of=Note) == 1


def test_it_tries_again_after_a_pause(aeroplane: Start) -> None:
    phone = aeroplane()
    page = _waits(phone)
    page.clock.run_for(20_000)
    phone.says("All sent")
    assert phone.count(of=Note) == 1


def test_it_sends_in_the_background_when_the_page_is_long_closed(aeroplane: Start) -> None:
    phone = aeroplane()
    page = phone.packed()
    known: list[dict[str, Any]] = []
    tools = page.context.new_cdp_session(page)
    tools.on("ServiceWorker.workerRegistrationUpdated", lambda told: known.extend(told["registrations"]))
    tools.send("ServiceWorker.enable")
    phone.off()
    phone.report(phone.visits[0], "Sent in the background")
    page.goto("about:blank")
    phone.on()
    registration = next(
        one["registrationId"] for one in known if one["scopeURL"].startswith(phone.window.address)
    )
    asked = {
        "origin": phone.window.address,
        "registrationId": registration,
        "tag": "outbox",
        "lastChance": False,
    }
    tools.send("ServiceWorker.dispatchSyncEvent", asked)
    for _ in range(200):
        if phone.count(of=Note):
            break
        page.wait_for_timeout(50)
    assert phone.count(of=Note) == 1


def test_a_phone_whose_clock_is_a_day_slow_says_when_it_was(aeroplane: Start) -> None:
    phone = aeroplane()
    phone.packed()
    phone.page.context.clock.set_fixed_time(ticking() - timedelta(days=1))
    phone.off()
    phone.report(phone.visits[0], "A day slow")
    assert phone.page.locator(".so-far span").first.inner_text() == "1 of 3 done"
    phone.on()
    phone.says("All sent")
    assert phone.visit(phone.visits[0]).state is VisitState.DONE
    item = phone.session.scalars(select(SyncItem)).one()
    assert abs(item.skew_seconds - 24 * 3600) < 1800
    assert abs(item.captured_at - item.received_at) < timedelta(minutes=30)


def test_everything_unsent_can_be_saved_as_a_file(aeroplane: Start, tmp_path: Path) -> None:
    phone = aeroplane()
    phone.packed()
    phone.off()
    page = phone.go(f"/today/visits/{phone.visits[0]}/report")
    page.get_by_text("Order", exact=True).click()
    page.fill("[name=note]", "In a file")
    page.set_input_files("main [name=photos]", photo("teal"))
    page.get_by_role("button", name="Save").click()
    page.wait_for_url(lambda url: "/report" not in url)
    page = phone.go("/outbox")
    page.locator("[data-items] li").wait_for()
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save as a file").click()
    saved.value.save_as(tmp_path / "unsent.json")
    kept = json.loads((tmp_path / "unsent.json").read_text())
    assert [one["payload"]["note"] for one in kept["items"]] == ["In a file"]
    assert kept["photos"][kept["items"][0]["photos"][0]].startswith("data:image/jpeg;base64,")
    phone.says("1 waiting")
