"""What is saved without a network stays through reloads, and arrives once whatever becomes of the answers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import delete, select

from planner.domain.visits import Outcome, VisitState
from planner.models.follow_ups import FollowUp
from planner.models.logins import LoginSession
from planner.models.visits import Note, Visit
from tests.browser.aeroplane import Phone
from tests.conftest import TODAY

pytestmark = pytest.mark.browser

Start = Callable[..., Phone]


def test_a_report_without_a_network_stays_on_the_phone_and_arrives_once(aeroplane: Start) -> None:
    phone = aeroplane()
    phone.packed()
    phone.off()
    page = phone.report(phone.visits[0], "Two boxes more")
    phone.says("1 waiting")
    assert page.locator(".so-far span").first.inner_text() == "1 of 3 done"
    assert "Almacén 2" in page.locator(".next-stop h2").inner_text()
    assert "Visit done, saved on this phone" in page.locator("[data-saved]").inner_text()
    page.reload()
    phone.ready()
    phone.says("1 waiting")
    page = phone.reopen()
    phone.says("1 waiting")
    assert page.locator(".so-far span").first.inner_text() == "1 of 3 done"
    assert phone.count(of=Note) == 0
    phone.on()
    phone.says("All sent")
    assert phone.count(of=Note) == 1
    assert phone.visit(phone.visits[0]).state is VisitState.DONE


def test_a_report_changed_without_a_network_goes_on_from_the_one_given(aeroplane: Start) -> None:
    phone = aeroplane()
    phone.packed()
    phone.off()
    visit_id = phone.visits[0]
    page = phone.go(f"/today/visits/{visit_id}/report")
    page.get_by_text("Order", exact=True).click()
    page.fill("[name=note]", "Wants the new list")
    page.fill("[name=next_step]", "Send the list")
    page.fill("[name=next_by]", (TODAY + timedelta(days=9)).isoformat())
    page.get_by_role("button", name="Save").click()
    page.wait_for_url(f"**/today/{TODAY}")
    page = phone.go(f"/today/visits/{visit_id}/report")
    assert page.locator("[name=next_step]").input_value() == "Send the list"
    assert page.locator("[name=outcome]:checked").count() == 1
    assert page.locator("[name=note]").input_value() == ""
    page.get_by_text("Agreed", exact=True).click()
    page.get_by_role("button", name="Save").click()
    page.wait_for_url(f"**/today/{TODAY}")
    phone.ready()
    phone.on()
    phone.says("All sent")
    visit = phone.visit(visit_id)
    assert (visit.outcome, visit.next_step) == (Outcome.AGREED, "Send the list")
    assert phone.count(of=Note) == 1
    follow_up = phone.session.scalars(select(FollowUp)).one()
    assert follow_up.due_on == TODAY + timedelta(days=9)


def test_arriving_and_reporting_on_one_page_go_through_together(aeroplane: Start) -> None:
    phone = aeroplane()
    page = phone.packed()
    phone.off()
    page.get_by_role("button", name="Arrived").click()
    page.wait_for_url("**/visits/*")
    phone.ready().locator(".thumb").get_by_role("link", name="Done").click()
    page.wait_for_url("**/report")
    phone.ready().get_by_text("Order", exact=True).click()
    page.get_by_role("button", name="Save").click()
    page.wait_for_url(lambda url: "/report" not in url)
    phone.ready()
    phone.says("2 waiting")
    phone.on()
    phone.says("All sent")
    visit = phone.visit(phone.visits[0])
    assert (visit.state, visit.arrived_at is not None) == (VisitState.DONE, True)


def test_an_answer_lost_after_it_was_stored_leaves_one_row(aeroplane: Start) -> None:
    phone = aeroplane()
    phone.packed()
    phone.line.lost = 1
    phone.report(phone.visits[0], "Once")
    phone.says("All sent")
    assert phone.line.asked("/api/sync") == 2
    assert phone.count(of=Note) == 1


def test_a_server_that_is_away_while_the_browser_says_online(aeroplane: Start) -> None:
    phone = aeroplane()
    phone.packed()
    phone.line.mode = "away"
    page = phone.report(phone.visits[0], "Away")
    assert page.evaluate("navigator.onLine")
    phone.says("1 waiting")
    phone.line.mode = "up"
    phone.go("/today")
    phone.says("All sent")
    assert phone.count(of=Note) == 1


def test_a_network_that_never_answers_shows_the_kept_day(aeroplane: Start) -> None:
    phone = aeroplane()
    phone.packed()
    phone.line.mode = "silent"
    page = phone.report(phone.visits[0], "Nobody hears")
    assert page.locator(".so-far span").first.inner_text() == "1 of 3 done"
    phone.line.mode = "up"
    phone.line.released.set()
    phone.go("/today")
    phone.says("All sent")
    assert phone.count(of=Note) == 1


def test_two_tabs_send_once(aeroplane: Start) -> None:
    phone = aeroplane()
    phone.packed()
    phone.off()
    phone.report(phone.visits[0], "One of two tabs")
    other = phone.page.context.new_page()
    other.goto(phone.window.address + "/today")
    other.locator("html[data-phone=ready]").wait_for(state="attached")
    phone.on()
    phone.says("All sent")
    other.locator("#sync", has_text="All sent").wait_for()
    assert phone.line.asked("/api/sync") == 1
    assert phone.count(of=Note) == 1


def test_a_session_that_has_ended_pauses_until_one_signs_in(aeroplane: Start) -> None:
    phone = aeroplane()
    phone.packed()
    phone.off()
    phone.report(phone.visits[0], "Before signing in")
    phone.session.execute(delete(LoginSession))
    phone.session.commit()
    phone.on()
    phone.says("Sign in to send 1 item")
    assert phone.line.asked("/api/sync") == 0
    phone.sign_in()
    phone.go("/today")
    phone.says("All sent")
    assert phone.count(of=Note) == 1


def test_a_token_of_an_ended_session_is_renewed(aeroplane: Start) -> None:
    phone = aeroplane()
    phone.app.config["WTF_CSRF_ENABLED"] = True
    phone.packed()
    phone.page.route("**/api/session", _old_token, times=1)
    phone.report(phone.visits[0], "With a fresh token")
    phone.says("All sent")
    assert phone.line.asked("/api/sync") == 2
    assert phone.count(of=Note) == 1


def _old_token(route: object) -> None:
    answer = route.fetch()  # type: ignore[attr-defined]
    route.fulfill(response=answer, json=answer.json() | {"csrf": "old"})  # type: ignore[attr-defined]


def test_one_bad_item_does_not_hold_up_the_others(aeroplane: Start) -> None:
    phone = aeroplane()
    phone.packed()
    phone.off()
    phone.report(phone.visits[0])
    phone.report(phone.visits[1], "This one is fine")
    gone = phone.session.get_one(Visit, phone.visits[0])
    gone.state = VisitState.CANCELLED
    phone.session.commit()
    phone.on()
    phone.says("1 needs you")
    assert phone.visit(phone.visits[1]).state is VisitState.DONE
    page = phone.go("/outbox")
    assert page.locator("[data-items] li").count() == 1
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Throw away").click()
    phone.says("All sent")


def test_what_was_never_sent_is_undone_on_the_phone(aeroplane: Start) -> None:
    phone = aeroplane()
    phone.packed()
    phone.off()
    page = phone.report(phone.visits[0])
    page.locator(".snackbar").get_by_role("button", name="Undo").click()
    phone.says("All sent")
    phone.ready()
    assert page.locator(".so-far span").first.inner_text() == "0 of 3 done"
    phone.on()
    phone.go("/today")
    assert phone.line.asked("/api/sync") == 0
    assert phone.visit(phone.visits[0]).state is VisitState.PLANNED


def test_a_report_taken_back_leaves_its_note(aeroplane: Start) -> None:
    phone = aeroplane()
    phone.packed()
    phone.off()
    page = phone.report(phone.visits[0], "The gate is on the other side")
    page.locator(".snackbar").get_by_role("button", name="Undo").click()
    page.locator(".so-far span", has_text="0 of 3 done").wait_for()
    phone.ready()
    phone.says("1 waiting")
    phone.on()
    phone.says("All sent")
    assert phone.count(Note.text == "The gate is on the other side", of=Note) == 1
    assert phone.visit(phone.visits[0]).state is VisitState.PLANNED


def test_what_another_person_signed_in_meanwhile_is_not_sent_as_theirs(aeroplane: Start) -> None:
    phone = aeroplane()
    phone.packed()
    phone.off()
    phone.report(phone.visits[0], "Ana's own")
    ana_id = phone.person_id
    phone.sign_in(phone.world.bruno)
    # The phone heard that it is still Ana just before Bruno signed in.
    phone.page.route("**/api/session", lambda route: _still(route, ana_id), times=1)
    phone.on()
    phone.page.locator(f"body:not([data-person='{ana_id}'])").wait_for()
    assert [one[2][:3] for one in phone.line.answers if one[1] == "/api/sync"] == ["400"]
    assert phone.count(of=Note) == 0


def _still(route: object, person_id: int) -> None:
    answer = route.fetch()  # type: ignore[attr-defined]
    route.fulfill(response=answer, json=answer.json() | {"user": person_id})  # type: ignore[attr-defined]
