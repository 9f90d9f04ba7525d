"""What was changed by somebody else meanwhile: the server keeps its own, and the person chooses."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select

from planner.domain.visits import VisitState
from planner.models.photos import VisitPhoto
from planner.models.visits import Note
from tests.browser.aeroplane import Phone
from tests.browser.test_outbox_page import shelf_photo
from tests.conftest import ticking

pytestmark = pytest.mark.browser

Start = Callable[..., Phone]


def _met(phone: Phone) -> None:
    """Ana skips a visit on her phone; meanwhile it is missed on another one of hers."""
    phone.packed()
    phone.off()
    page = phone.go(f"/today/visits/{phone.visits[0]}/skipped")
    page.get_by_text("No time").click()
    page.get_by_role("button", name="Save").click()
    page.wait_for_url(lambda url: "/skipped" not in url)
    phone.ready()
    _meanwhile(phone)


def _meanwhile(phone: Phone) -> None:
    """Marta changes the visit; the phone hears of it."""
    visit = phone.visit(phone.visits[0])
    visit.rev += 1
    visit.changed_rev, visit.changed_by_id, visit.changed_at = visit.rev, phone.world.marta.id, ticking()
    visit.own_since_rev = visit.rev
    visit.service_seconds += 600
    phone.session.commit()
    phone.on()
    phone.says("1 needs you")
    phone.go("/outbox").locator("[data-items]", has_text="Changed by Marta").wait_for()


def test_keep_mine_sends_it_again_on_what_stands_now(aeroplane: Start) -> None:
    phone = aeroplane()
    _met(phone)
    phone.page.get_by_role("button", name="Keep mine").click()
    phone.says("All sent")
    assert phone.visit(phone.visits[0]).state is VisitState.SKIPPED


def test_keep_theirs_drops_it(aeroplane: Start) -> None:
    phone = aeroplane()
    _met(phone)
    phone.page.get_by_role("button", name="Keep theirs").click()
    phone.says("All sent")
    assert phone.visit(phone.visits[0]).state is VisitState.PLANNED


def test_keep_theirs_keeps_what_was_written_and_photographed(aeroplane: Start) -> None:
    phone = aeroplane()
    phone.packed()
    phone.off()
    page = phone.go(f"/today/visits/{phone.visits[0]}/report")
    page.get_by_text("Order", exact=True).click()
    page.fill("[name=note]", "Key is at the kiosk")
    page.set_input_files("main [name=photos]", shelf_photo())
    page.get_by_role("button", name="Save").click()
    page.wait_for_url(lambda url: "/report" not in url)
    phone.ready()
    _meanwhile(phone)
    phone.page.locator("[data-items]", has_text="Key is at the kiosk").wait_for()
    phone.page.get_by_role("button", name="Keep theirs").click()
    phone.says("All sent")
    assert phone.visit(phone.visits[0]).state is VisitState.PLANNED
    assert [note.text for note in phone.session.scalars(select(Note))] == ["Key is at the kiosk"]
    assert phone.count(of=VisitPhoto) == 1
