"""The admin pages in the browser: what they show, what a form keeps when something in it is wrong."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from markupsafe import escape
from sqlalchemy import event, select, text
from sqlalchemy.orm import Session

from planner.database import db
from planner.models.people import Person
from planner.services.company import working_weeks
from planner.services.installation import audit
from routing.network import install, load
from tests.conftest import NOW
from tests.forms import settings_form
from tests.routing.osrm_by_hand import serving
from tests.routing.roads_by_hand import DEMO_NETWORK
from tests.tampering import unguarded
from tests.world import World

NASTY = "<script>alert(1)</script>"
PERSON = {"name": "Eva", "email": "eva@example.org", "role": "rep", "distance_unit": "km"}


@pytest.fixture
def world(session: Session) -> World:
    world = World(session)
    session.commit()
    return world


@pytest.fixture
def browser(world: World, sign_in: Callable[[Person], FlaskClient]) -> FlaskClient:
    return sign_in(world.admin)


def week(**changes: str) -> dict[str, str]:
    """Ana's road side as the form sends it: Monday to Friday, with changes."""
    form = {"home_address": "Plaza", "home_lat": "-29.9045", "home_lon": "-71.2489", "vehicle": "KX-41"}
    for day in range(5):
        form |= {
            f"days-{day}-works": "y",
            f"days-{day}-starts": "08:00",
            f"days-{day}-ends": "18:00",
            f"days-{day}-lunch_minutes": "60",
            f"days-{day}-lunch_from": "12:00",
            f"days-{day}-lunch_to": "14:00",
        }
    return {**form, **changes}


def test_every_page_opens(browser: FlaskClient, world: World) -> None:
    ana, norte = world.ana.id, world.norte.id
    for path in (
        "/admin",
        "/admin/people",
        "/admin/people/new",
        f"/admin/people/{ana}",
        f"/admin/people/{ana}/road",
        f"/admin/people/{ana}/home-map.js",
        "/admin/territories",
        "/admin/territories/new",
        f"/admin/territories/{norte}",
        "/admin/roads",
        "/admin/settings",
        "/admin/audit",
    ):
        assert browser.get(path).status_code == 200, path
    assert browser.get("/admin/people/999").status_code == 404
    assert browser.get(f"/admin/people/{world.marta.id}/road").status_code == 404


def test_a_new_person_gets_a_link_that_lets_them_in(
    app: Flask, browser: FlaskClient, session: Session
) -> None:
    page = browser.post("/admin/people/new", data=PERSON).location
    shown = browser.post(f"{page}/invitation").text
    path = shown.split("http://localhost")[1].split("<")[0].strip()
    word = {"password": "my very own words", "again": "my very own words"}
    assert app.test_client().post(path, data=word).status_code == 302
    login = {"email": "eva@example.org", "password": "my very own words"}
    assert app.test_client().post("/login", data=login).location == "/"
    assert audit.verify(session).holds


def test_what_is_wrong_is_said_at_the_field_and_nothing_is_lost(browser: FlaskClient) -> None:
    answer = browser.post("/admin/people/new", data={**PERSON, "email": "ana@example.org"})
    assert "Somebody signs in with this address already." in answer.text
    assert 'value="Eva"' in answer.text


def test_fields_the_form_does_not_have_change_nothing(
    browser: FlaskClient, world: World, session: Session
) -> None:
    sent = {**PERSON, "email": "ana@example.org", "is_active": "", "password_hash": "x", "id": "1"}
    browser.post(f"/admin/people/{world.ana.id}", data=sent)
    session.rollback()
    assert (world.ana.name, world.ana.is_active, world.ana.password_hash) == ("Eva", True, None)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"days-0-ends": "07:00"}, "The day ends before it begins."),
        ({"days-1-starts": ""}, "A time is missing."),
        ({"days-2-lunch_to": "17:30"}, "Lunch does not fit into the working hours."),
        ({"home_lat": "99", "home_lon": "170"}, "Latitude"),
        ({"home_lat": "south"}, "A number is needed."),
        ({"home_lon": ""}, "KX-41"),
    ],
)
def test_a_week_that_cannot_be_is_refused_and_kept_on_the_page(
    browser: FlaskClient, world: World, session: Session, changes: dict[str, str], sentence: str
) -> None:
    path = f"/admin/people/{world.ana.id}/road"
    answer = browser.post(path, data=week(**changes))
    assert answer.status_code == 200
    assert sentence in answer.text
    assert "KX-41" in answer.text
    session.rollback()
    assert working_weeks.read(session, world.ana.id).vehicle == ""


def test_a_week_is_saved_and_a_day_off_goes(browser: FlaskClient, world: World, session: Session) -> None:
    form = week()
    del form["days-4-works"]
    assert browser.post(f"/admin/people/{world.ana.id}/road", data=form).status_code == 302
    session.rollback()
    side = working_weeks.read(session, world.ana.id)
    assert (side.vehicle, [day.weekday for day in side.week]) == ("KX-41", [0, 1, 2, 3])


def test_a_home_in_the_sea_is_refused_with_its_distance(
    app: Flask, browser: FlaskClient, world: World
) -> None:
    install(Path(app.config["NETWORKS_FOLDER"]), load(DEMO_NETWORK))
    answer = browser.post(f"/admin/people/{world.ana.id}/road", data=week(home_lon="-71.45"))
    assert "m from the nearest road; the limit is 2000 m" in answer.text
    assert 'value="-71.45"' in answer.text


def test_names_of_people_are_text_everywhere(browser: FlaskClient, world: World, session: Session) -> None:
    world.ana.name = world.norte.name = NASTY
    audit.record(session, None, NOW, NASTY, "person", world.ana.id, {NASTY: NASTY}, {NASTY: 1})
    session.commit()
    for path in ("", "/people", f"/people/{world.ana.id}", "/territories", "/audit"):
        assert NASTY not in browser.get(f"/admin{path}").text


def test_a_broken_chain_is_shown(browser: FlaskClient, session: Session) -> None:
    audit.record(session, None, NOW, "setting.changed", "setting", None)
    with unguarded(session):
        session.execute(text("UPDATE audit_entry SET action = 'nothing'"))
    session.commit()
    assert "chain broken" in browser.get("/admin").text
    assert "Somebody changed or removed an entry" in browser.get("/admin/audit").text


def test_the_audit_log_filters_and_pages(browser: FlaskClient, session: Session) -> None:
    for number in range(60):
        audit.record(session, None, NOW, "setting.changed", "setting", number)
    audit.record(session, None, NOW, "person.changed", "person", 1)
    session.commit()
    assert "Page 1 of 2" in browser.get("/admin/audit?kind=setting").text
    assert "person.changed" not in browser.get("/admin/audit?kind=setting&page=2").text
    assert "Page 2 of 2" in browser.get("/admin/audit?kind=setting&page=99").text


def test_the_list_of_people_takes_a_fixed_number_of_queries(
    browser: FlaskClient, world: World, session: Session
) -> None:
    def queries() -> int:
        counted: list[str] = []

        def count(*args: object) -> None:
            counted.append(str(args[2]))

        event.listen(db.engine, "before_cursor_execute", count)
        browser.get("/admin/people")
        event.remove(db.engine, "before_cursor_execute", count)
        return sum(statement.startswith("SELECT") for statement in counted)

    few = queries()
    for number in range(10):
        world.rep(f"rep{number}", world.norte)
    session.commit()
    assert queries() == few
    assert session.scalar(select(Person.id).where(Person.email == "rep9@example.org"))


def test_the_page_of_roads_says_which_engine_is_in_use_and_whether_it_answers(browser: FlaskClient) -> None:
    assert "from our own engine" in browser.get("/admin/roads").text
    with serving() as osrm:
        chosen = settings_form(travel_engine="osrm", osrm_url=f"{osrm.url}/")
        assert browser.post("/admin/settings", data=chosen).status_code == 302
        assert f"from the OSRM server at {osrm.url}." in browser.get("/admin/roads").text
    page = browser.get("/admin/roads")
    assert page.status_code == 200
    assert f"OSRM at {osrm.url} does not answer" in page.text


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("127.0.0.1:5000", "is no address of a server"),
        ("", "Enter the address of the OSRM server"),
        (NASTY, "is no address of a server"),
    ],
)
def test_a_wrong_address_of_a_server_is_said_at_its_field_and_kept(
    browser: FlaskClient, url: str, sentence: str
) -> None:
    page = browser.post("/admin/settings", data=settings_form(travel_engine="osrm", osrm_url=url))
    assert page.status_code == 200
    assert sentence in page.text
    assert NASTY not in page.text
    assert f'value="{escape(url)}"' in page.text
    assert "from our own engine" in browser.get("/admin/roads").text
