"""Erasing and terms as an admin meets them, and what a phone hears that sends on."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.database import transaction
from planner.domain.retention import Kept
from planner.models.people import Person
from planner.models.sync import SyncItem
from planner.models.visits import Note
from planner.services.company import erasing
from planner.services.installation import retention_terms
from planner.web.api import sending
from tests.conftest import NOW
from tests.phones import Phone
from tests.world import World


@pytest.fixture
def world(session: Session) -> World:
    world = World(session)
    session.commit()
    return world


@pytest.fixture
def browser(world: World, sign_in: Callable[[Person], FlaskClient]) -> FlaskClient:
    return sign_in(world.admin)


def test_an_admin_asks_for_it_with_the_name_and_takes_it_back(
    browser: FlaskClient, world: World, session: Session
) -> None:
    page = f"/admin/people/{world.ana.id}/erasure"
    assert "Shut out, and erase after 7 days" in browser.get(page).text
    refused = browser.post(page, data={"name": "Anna"})
    assert ("Type the name as it stands: Ana" in refused.text, 'value="Anna"' in refused.text) == (True, True)
    assert (
        "Will be erased in the night of"
        in browser.post(page, data={"name": "Ana"}, follow_redirects=True).text
    )
    session.expire_all()
    assert (world.ana.is_active, world.ana.erase_on is not None) == (False, True)
    assert "Will not be erased" in browser.post(f"{page}/back", follow_redirects=True).text
    session.expire_all()
    assert (world.ana.is_active, world.ana.erase_on) == (False, None)


def test_everybody_sees_the_pseudonym_and_nobody_signs_in_with_it(
    browser: FlaskClient, world: World, session: Session
) -> None:
    browser.post(f"/admin/people/{world.ana.id}/erasure", data={"name": "Ana"})
    with transaction() as writing:
        erasing.erase(writing, NOW, world.ana.id, "Former rep 7")
    people = browser.get("/admin/people").text
    assert ("Former rep 7" in people, ">Ana<" in people) == (True, False)
    page = browser.get(f"/admin/people/{world.ana.id}").text
    assert ("nobody can sign in with it again" in page, "Let in again" in page) == (True, False)
    assert browser.post(f"/admin/people/{world.ana.id}/activate").status_code == 409
    assert browser.get(f"/admin/people/{world.ana.id}/erasure").status_code == 200


def test_a_phone_that_sends_while_its_person_is_erased_is_told_and_nothing_is_stored(
    world: World,
    session: Session,
    sign_in: Callable[[Person], FlaskClient],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    phone, ana_id, account_id = sign_in(world.ana), world.ana.id, world.account(world.ana).id
    session.commit()
    take = sending.transaction

    def erased_meanwhile() -> object:
        with take() as writing:
            person = writing.get_one(Person, ana_id)
            person.is_active, person.erase_on = False, NOW.date()
            erasing.erase(writing, NOW, ana_id, "Former rep 7")
        return take()

    monkeypatch.setattr(sending, "transaction", erased_meanwhile)
    item = Phone(phone).item("note", account=account_id, payload={"note": "hello"})
    answer = phone.post("/api/sync", json={"sent_at": NOW.isoformat(), "items": [item]})
    assert "has been erased" in answer.text
    assert [*session.scalars(select(SyncItem)), *session.scalars(select(Note))] == []
    again = phone.post("/api/sync", json={"sent_at": NOW.isoformat(), "items": [item]})
    assert (again.status_code, again.json["error"]) == (401, "signed_out")  # type: ignore[index]


def test_terms_are_shown_set_and_refused_at_their_field(browser: FlaskClient, session: Session) -> None:
    page = browser.get("/admin/retention").text
    assert all(text in page for text in ("Goes next night", "Trips, expenses, claims", "IRS Publication 463"))
    refused = browser.post("/admin/retention", data={"attempts": "0", "ways": "90"}).text
    assert ("Write days, from 1 to 400." in refused, 'value="90"' in refused) == (True, True)
    assert browser.post("/admin/retention", data={"ways": "90"}).status_code == 302
    session.expire_all()
    assert retention_terms.days(session)[Kept.WAYS] == 90
