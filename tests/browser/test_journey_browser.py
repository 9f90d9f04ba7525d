"""The whole way on a phone: one account from its cadence to an approved claim, in Chromium at 390 px.

Planning runs in child processes of a real dispatcher, forms carry their CSRF tokens.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from planner import jobs
from planner.domain.claims import ClaimState
from planner.domain.visits import VisitState
from planner.models.accounts import Account
from planner.models.ledger import Claim, ClosedDay
from planner.models.people import Person
from planner.models.visits import Visit
from planner.services.company import passwords
from tests.browser.conftest import PHONE, Window
from tests.browser.patience import patient
from tests.conftest import TODAY
from tests.roads import install_into
from tests.world import World

pytestmark = pytest.mark.browser

NAME = "Panadería El Trigal"
PASSWORD = "quite-a-long-one"
PLANNING_MILLISECONDS = 90_000


@pytest.fixture
def company(app: Flask, session: Session) -> Iterator[World]:
    """Ana and Marta can sign in, forms are guarded, and runs are carried out."""
    app.config["WTF_CSRF_ENABLED"] = True
    install_into(app.config["NETWORKS_FOLDER"])
    world = World(session)
    for person in (world.ana, world.marta):
        person.password_hash = passwords.hashed(PASSWORD)
    session.commit()
    with jobs.dispatching(app):
        yield world


def sign_in(window: Window, person: Person) -> None:
    page = window.go("/login")
    page.fill("[name=email]", person.email)
    page.fill("[name=password]", PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def arrives(session: Session, page: Any, query: Select[tuple[int]]) -> None:
    """Wait until the server has stored it: the phone goes on after two seconds, and sends in its own time."""
    for _ in range(600):
        session.rollback()
        if session.scalar(query) is not None:
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"never arrived: {query}")


def test_one_account_from_its_cadence_to_an_approved_claim_on_a_phone(
    app: Flask,
    session: Session,
    company: World,
    serve: Callable[[Flask], str],
    open_window: Callable[..., Window],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    address = serve(patient(app))
    ana, marta = open_window(address, PHONE), open_window(address, PHONE)
    sign_in(ana, company.ana)
    sign_in(marta, company.marta)
    session.rollback()

    page = ana.go("/accounts/new")
    for field, text in {
        "name": NAME,
        "address": "Cordovez 210",
        "lat": "-29.9052",
        "lon": "-71.2501",
        "cadence_days": "2 weeks",
        "visit_seconds": "30",
    }.items():
        page.fill(f"[name={field}]", text)
    page.get_by_role("button", name="Save").click()
    page.get_by_role("heading", name=NAME).wait_for()

    page = ana.go("/schedule")
    page.fill("[name=from_on]", TODAY.isoformat())
    page.get_by_role("button", name=re.compile("^Plan")).click()
    page.get_by_role("link", name="Compare and publish").click(timeout=PLANNING_MILLISECONDS)
    page.get_by_role("button", name="Publish four weeks").click()
    page.get_by_role("progressbar").wait_for(state="detached", timeout=PLANNING_MILLISECONDS)

    account_id = session.scalars(select(Account.id).where(Account.name == NAME)).one()
    on = session.scalars(select(Visit.on).where(Visit.account_id == account_id).order_by(Visit.on)).first()
    assert on is not None
    monkeypatch.setenv("ROUNDS_TODAY", on.isoformat())

    page = ana.go("/today")
    page.get_by_role("heading", name=NAME).wait_for()
    page.get_by_role("button", name="Arrived").click()
    page.wait_for_url("**/visits/*")
    page.get_by_role("link", name="Done").first.click()
    page.get_by_text("Order", exact=True).click()
    page.fill("[name=note]", "Wants the new flour.")
    page.get_by_role("button", name="Save: visit done").click()
    page.locator(".snackbar").wait_for()
    arrives(session, page, select(Visit.id).where(Visit.state == VisitState.DONE))

    page = ana.go(f"/today/{on}/close")
    with page.expect_navigation():
        page.get_by_role("button", name="Yes, close the day").click()
    arrives(session, page, select(ClosedDay.id))
    page = ana.go(f"/today/{on}/close")
    page.get_by_role("heading", name="is closed").wait_for()
    session.rollback()
    claim_id = session.scalars(select(Claim.id)).one()
    page = ana.go(f"/log/claims/{claim_id}")
    page.get_by_role("button", name="Submit the claim").click()
    page.get_by_text("Submitted.").wait_for()

    page = marta.go(f"/review/claims/{claim_id}")
    page.get_by_role("button", name="Approve").first.click()
    page.get_by_text("1 claim approved.", exact=True).wait_for()
    session.rollback()
    assert session.get_one(Claim, claim_id).state is ClaimState.APPROVED
    assert ana.said == marta.said == []
    assert ana.strangers == marta.strangers == []
