"""The browser is closed and started anew without a network, and a day is worked without a script."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from planner.domain.visits import VisitState
from planner.models.ledger import ClosedDay, Expense
from planner.models.visits import Note
from tests.browser.aeroplane import PATIENCE, Phone, cookie
from tests.browser.conftest import PHONE, PROGRAMS
from tests.conftest import TODAY

pytestmark = pytest.mark.browser

Start = Callable[..., Phone]
YEARS = 4_000_000_000
"""Of a cookie that outlives the browser, as a login's does."""


def _browser(chromium: Any, folder: Path) -> Any:
    """With all that it keeps in a folder, as a browser of a person's own."""
    program = next(filter(None, map(shutil.which, PROGRAMS)))
    size = {"width": PHONE[0], "height": PHONE[1]}
    return chromium.browser_type.launch_persistent_context(
        str(folder), executable_path=program, args=["--no-sandbox"], viewport=size, locale="en-US"
    )


def test_the_day_is_there_when_the_browser_is_started_without_a_network(
    aeroplane: Start, chromium: Any, tmp_path: Path
) -> None:
    phone = aeroplane()
    (login,) = phone.page.context.cookies()
    first = _browser(chromium, tmp_path)
    first.add_cookies([{**login, "expires": YEARS}])
    phone.window.page = first.new_page()
    phone.page.set_default_timeout(PATIENCE)
    phone.packed()
    phone.off()
    phone.report(phone.visits[0], "Before the battery was empty")
    # The browser may wake the worker when it starts, before it can be told that it is offline.
    phone.line.mode = "away"
    first.close()
    second = _browser(chromium, tmp_path)
    second.set_offline(True)
    phone.window.page = second.new_page()
    phone.page.set_default_timeout(PATIENCE)
    page = phone.go("/")
    assert page.locator(".so-far").get_by_text("1 of 3 done").count()
    phone.says("1 waiting")
    phone.report(phone.visits[1], "After it")
    phone.line.mode = "up"
    phone.on()
    phone.says("All sent")
    second.close()
    phone.session.rollback()
    texts = phone.session.scalars(select(Note.text).order_by(Note.id)).all()
    assert texts == ["Before the battery was empty", "After it"]


def test_a_day_is_worked_without_a_script(aeroplane: Start, chromium: Any) -> None:
    phone = aeroplane()
    login, *_ = phone.page.context.cookies()
    context = chromium.new_context(java_script_enabled=False, locale="en-US")
    cookie(context, phone.window.address, login["value"])
    page = phone.window.page = context.new_page()
    page.set_default_timeout(PATIENCE)
    first, second, third = phone.visits
    phone.window.go(f"/today/visits/{first}").get_by_role("button", name="Arrived").click()
    assert phone.visit(first).state is VisitState.ARRIVED
    page = phone.window.go(f"/today/visits/{first}/report")
    page.get_by_text("Order", exact=True).click()
    page.fill("[name=note]", "Without a script")
    page.get_by_role("button", name="Save").click()
    for visit_id, how in ((second, "missed"), (third, "skipped")):
        page = phone.window.go(f"/today/visits/{visit_id}/{how}")
        page.locator("main .choices label").first.click()
        page.get_by_role("button", name="Save").click()
    page = phone.window.go(f"/log/expenses/new?on={TODAY}")
    page.fill("[name=amount]", "4500")
    page.locator("main .choices label").first.click()
    page.get_by_role("button", name="Save").click()
    page = phone.window.go(f"/today/{TODAY}/close")
    page.get_by_role("button", name="Yes, close the day").click()
    page.get_by_text("is closed").first.wait_for()
    context.close()
    states = [phone.visit(visit_id).state for visit_id in phone.visits]
    assert states == [VisitState.DONE, VisitState.MISSED, VisitState.SKIPPED]
    assert [phone.count(of=of) for of in (Note, Expense, ClosedDay)] == [1, 1, 1]
