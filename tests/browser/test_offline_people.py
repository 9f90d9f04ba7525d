"""Several people, one phone: nobody sees another's pages or outbox, and nothing unsent is lost on the way."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from planner import clock
from planner.domain.access import Actor, Role
from planner.models.visits import Note
from planner.services.company import tokens
from tests.browser.aeroplane import Phone

pytestmark = pytest.mark.browser

Start = Callable[..., Phone]
SHELVES = "caches.keys().then((names) => names.filter((name) => name.startsWith('pages-')))"


def test_another_person_finds_neither_pages_nor_outbox(aeroplane: Start) -> None:
    phone = aeroplane()
    phone.packed()
    phone.off()
    phone.report(phone.visits[0], "Ana's own")
    phone.sign_in(phone.world.bruno)
    bruno_id = phone.world.bruno.id
    phone.session.rollback()
    phone.on()
    page = phone.page
    # The page finds out by itself that it is another person's now.
    page.locator(f"body[data-person='{bruno_id}']").wait_for()
    phone.ready()
    phone.says("All sent")
    assert phone.page.locator("#sync").inner_text() == "All sent"
    assert f"pages-{phone.person_id}" not in page.evaluate(SHELVES)
    assert phone.go("/outbox").locator("[data-items] li").count() == 0
    assert phone.count(of=Note) == 0
    phone.packed()
    phone.off()
    page.goto(phone.window.address + f"/today/visits/{phone.visits[0]}")
    assert "Almacén" not in phone.ready().locator("main").inner_text()
    phone.sign_in()
    phone.on()
    phone.go("/today")
    phone.says("All sent")
    assert phone.count(Note.author_id == phone.person_id, of=Note) == 1


def test_a_manager_who_signs_in_leaves_no_kept_page_of_the_rep(aeroplane: Start) -> None:
    phone = aeroplane()
    page = phone.packed()
    phone.sign_in(phone.world.marta)
    phone.session.rollback()
    phone.window.go("/team")
    page.wait_for_load_state("networkidle")
    assert page.evaluate(SHELVES) == []


def test_nobody_is_shown_a_kept_page_while_somebody_signs_in(aeroplane: Start) -> None:
    phone = aeroplane()
    page = phone.packed()
    page.context.clear_cookies()
    phone.window.go("/login")
    page.fill("[name=email]", "bruno@example.org")
    page.fill("[name=password]", "not the right one")
    page.locator("main form button").click()
    page.get_by_role("alert").wait_for()
    phone.off()
    with pytest.raises(Exception, match="ERR_"):
        phone.window.go("/today")


def test_signing_out_with_unsent_items_is_asked_about(aeroplane: Start) -> None:
    phone = aeroplane()
    phone.packed()
    phone.off()
    page = phone.report(phone.visits[0], "Not sent yet")
    phone.line.mode = "away"
    phone.page.context.set_offline(False)
    asked: list[str] = []
    page.once("dialog", lambda dialog: _answer(dialog, asked, False))
    page.locator(".me summary").click()
    page.get_by_role("button", name="Sign out").click()
    page.locator("body").click(position={"x": 5, "y": 300})
    assert asked
    assert asked[0].startswith("1 item is not sent yet.")
    assert page.evaluate(SHELVES) == [f"pages-{phone.person_id}"]


def test_signing_out_takes_the_pages_along_and_leaves_what_is_unsent(aeroplane: Start) -> None:
    phone = aeroplane()
    phone.packed()
    phone.off()
    page = phone.report(phone.visits[0], "Sent after signing in again")
    page.route("**/api/sync", lambda route: route.abort())
    phone.page.context.set_offline(False)
    page.once("dialog", lambda dialog: dialog.accept())
    page.locator(".me summary").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/login")
    assert page.evaluate(SHELVES) == []
    page.unroute("**/api/sync")
    phone.sign_in()
    phone.go("/today")
    phone.says("All sent")
    assert phone.count(of=Note) == 1


def test_without_a_network_nobody_is_signed_out_and_it_says_why(aeroplane: Start) -> None:
    phone = aeroplane()
    page = phone.packed()
    phone.off()
    page.locator(".me summary").click()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("status").get_by_text("There is no network, so you cannot sign out just now.").wait_for()
    assert page.evaluate(SHELVES) == [f"pages-{phone.person_id}"]
    assert "Almacén" in phone.go("/today").locator("main").inner_text()


def test_an_invitation_opened_on_another_s_phone_leaves_nothing_of_theirs(aeroplane: Start) -> None:
    phone = aeroplane()
    page = phone.packed()
    admin = Actor(phone.world.admin.id, Role.ADMIN)
    token = tokens.invite(phone.session, admin, clock.now(), phone.world.bruno.id)
    phone.session.commit()
    phone.window.go(f"/invitation/{token}")
    assert page.get_by_role("heading", name="Hello Bruno").count() == 1
    for name in ("password", "again"):
        page.fill(f"[name={name}]", "four words in a row")
    page.get_by_role("button", name="Keep it and sign in").click()
    page.locator(f"body[data-person='{phone.world.bruno.id}']").wait_for()
    phone.ready()
    assert f"pages-{phone.person_id}" not in page.evaluate(SHELVES)
    assert "Almacén" not in page.locator("main").inner_text()


def test_the_door_opens_though_the_phone_s_store_does_not_answer_and_sends_once(aeroplane: Start) -> None:
    phone = aeroplane()
    page = phone.page
    page.context.clear_cookies()
    page.add_init_script("IDBFactory.prototype.open = () => ({});")
    phone.window.go("/login")
    page.fill("[name=email]", "bruno@example.org")
    page.fill("[name=password]", "not the right one")
    page.evaluate("for (let i = 0; i < 3; i += 1) document.querySelector('main form').requestSubmit()")
    page.get_by_role("alert").wait_for()
    assert sum(one[:2] == ("POST", "/login") for one in phone.line.answers) == 1


def _answer(dialog: Any, asked: list[str], is_yes: bool) -> None:
    asked.append(dialog.message)
    if is_yes:
        dialog.accept()
    else:
        dialog.dismiss()
