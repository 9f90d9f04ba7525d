"""Which language a page speaks: the person's, the browser's, the company's; and how figures look in it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import force_locale
from sqlalchemy.orm import Session

from planner.domain.errors import Conflict, Invalid, Locked, RoundsError
from planner.models.people import Person
from planner.models.settings import Setting
from planner.web import formats
from planner.web.devices import in_words
from planner.web.errors import sentence
from planner.web.forms.numbers import read_number, typed
from tests.forms import settings_form
from tests.world import World

ENGLISH, SPANISH = "Sign in to Rounds", "Entrar a Rounds"


@pytest.fixture
def world(session: Session) -> World:
    world = World(session)
    session.commit()
    return world


def login_page(app: Flask, asked: str | None = None) -> str:
    headers = {} if asked is None else {"Accept-Language": asked}
    return app.test_client().get("/login", headers=headers).text


@pytest.mark.parametrize(
    ("asked", "sentence", "tag"),
    [
        (None, ENGLISH, "en"),
        ("de-DE,de;q=0.9", ENGLISH, "en"),
        ("es-CL,es;q=0.9,en;q=0.8", SPANISH, "es-CL"),
        ("es", SPANISH, "es"),
        ("ES-mx", SPANISH, "es-MX"),
        ("de-DE,de;q=0.9,es;q=0.5", SPANISH, "es"),
        ("en-US,en;q=0.9,es;q=0.8", ENGLISH, "en-US"),
        ("es-QQ", SPANISH, "es"),
        ("es-../../CL", SPANISH, "es"),
    ],
)
def test_before_anybody_signs_in_the_browser_chooses(
    app: Flask, session: Session, asked: str | None, sentence: str, tag: str
) -> None:
    page = login_page(app, asked)
    assert sentence in page
    assert f'<html lang="{tag}">' in page


def test_the_company_chooses_where_the_browser_asks_for_nothing_we_speak(
    app: Flask, world: World, sign_in: Callable[[Person], FlaskClient]
) -> None:
    chosen = settings_form(language="es")
    assert sign_in(world.admin).post("/admin/settings", data=chosen).status_code == 302
    assert SPANISH in login_page(app)
    assert SPANISH in login_page(app, "de-DE")
    assert ENGLISH in login_page(app, "en-GB")


def test_a_language_we_do_not_have_is_no_language_of_the_company(
    app: Flask, world: World, session: Session, sign_in: Callable[[Person], FlaskClient]
) -> None:
    page = sign_in(world.admin).post("/admin/settings", data=settings_form(language="xx"))
    assert page.status_code == 200
    session.merge(Setting(key="language", value="xx"))
    session.commit()
    assert ENGLISH in login_page(app)


def test_a_person_s_own_language_wins_over_the_browser_s(
    world: World, sign_in: Callable[[Person], FlaskClient]
) -> None:
    browser = sign_in(world.ana)
    profile = {"name": "Ana", "locale": "es", "distance_unit": "km"}
    asks_english = {"Accept-Language": "en-US"}
    answer = browser.post("/profile", data=profile, headers=asks_english, follow_redirects=True).text
    assert "Guardado." in answer
    assert "Perfil y dispositivos" in answer
    asks_spanish = {"Accept-Language": "es-CL"}
    browser.post("/profile", data={**profile, "locale": "en"}, headers=asks_spanish)
    assert "Profile and devices" in browser.get("/profile", headers=asks_spanish).text
    browser.post("/profile", data={**profile, "locale": ""}, headers=asks_spanish)
    assert "Perfil y dispositivos" in browser.get("/profile", headers=asks_spanish).text
    assert "Profile and devices" in browser.get("/profile", headers=asks_english).text


def test_a_language_we_do_not_have_is_not_stored_for_a_person(
    world: World, session: Session, sign_in: Callable[[Person], FlaskClient]
) -> None:
    profile = {"name": "Ana", "locale": "xx", "distance_unit": "km"}
    assert sign_in(world.ana).post("/profile", data=profile).status_code == 200
    session.expire_all()
    assert world.ana.locale is None


def test_the_profile_names_each_language_in_itself(
    world: World, sign_in: Callable[[Person], FlaskClient]
) -> None:
    page = sign_in(world.ana).get("/profile", headers={"Accept-Language": "es"}).text
    for name in ("English", "Español", "El del navegador"):
        assert f">{name}</option>" in page


def test_figures_follow_the_country_of_the_territory_whatever_country_the_browser_names(
    world: World, sign_in: Callable[[Person], FlaskClient]
) -> None:
    """Phones in Chile often ask for es-419, whose decimal sign is a point; Chile writes a comma."""
    page = sign_in(world.ana).get("/profile", headers={"Accept-Language": "es-419"}).text
    assert '<html lang="es-CL">' in page


def test_what_a_form_s_fields_say_by_themselves_is_in_the_page_s_language_in_inner_forms_too(
    world: World, sign_in: Callable[[Person], FlaskClient]
) -> None:
    form = {"home_address": "Plaza", "days-0-works": "y", "days-0-starts": "x", "days-0-ends": "18:00"}
    address, asked = f"/admin/people/{world.ana.id}/road", {"Accept-Language": "es"}
    page = sign_in(world.admin).post(address, data=form, headers=asked).text
    assert "No es un tiempo válido." in page
    assert "Not a valid time value." not in page


@pytest.mark.parametrize("factor", ["0.85", "0,85", " 0,85 "])
def test_a_decimal_comma_is_read_as_a_point_is(
    world: World, session: Session, sign_in: Callable[[Person], FlaskClient], factor: str
) -> None:
    browser = sign_in(world.admin)
    assert browser.post("/admin/settings", data=settings_form(speed_factor=factor)).status_code == 302
    assert 'value="0.85"' in browser.get("/admin/settings").text
    assert 'value="0,85"' in browser.get("/admin/settings", headers={"Accept-Language": "es-CL"}).text


@pytest.mark.parametrize("text", ["", "x", "1.2.3", "1,234.5", "nan", "inf", "1e3", "0x1", "--1"])
def test_what_is_no_number_is_read_as_none(text: str) -> None:
    assert read_number(text) is None


def test_a_wrong_number_is_said_at_its_field_and_kept(
    world: World, sign_in: Callable[[Person], FlaskClient]
) -> None:
    page = sign_in(world.admin).post("/admin/settings", data=settings_form(speed_factor="fast")).text
    assert "A number is needed." in page
    assert 'value="fast"' in page


def test_figures_and_dates_in_chilean_spanish(app: Flask) -> None:
    on, at = date(2026, 3, 4), datetime(2026, 3, 4, 12, 5, tzinfo=UTC)
    with app.test_request_context(), force_locale("es_CL"):
        assert formats.distance(12_400) == "12,4 km"
        assert formats.money(12_500, "CLP") == "$12.500"
        assert formats.day(on) == "mié 4 mar"
        assert formats.day(on, "EEEE d MMMM y") == "miércoles 4 de marzo de 2026"
        assert formats.day(on, "MMMM y") == "marzo de 2026"
        assert formats.day(on, "d MMM y") == "4 mar 2026"
        assert formats.instant(at, "d MMM HH:mm") == "4 mar 12:05"
        assert formats.number(0.85) == "0,85"
        assert formats.every(28) == "cada 4 semanas"
        assert formats.every(1) == "cada día"
        assert formats.duration(2 * 3600 + 5 * 60) == "2 h 05"
        assert typed(Decimal("1234.50")) == "1234,5"
        assert in_words("Firefox on Android") == "Firefox en Android"


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (Conflict("visit_state", state="done", action="arrive"), "Esta visita está hecha; "),
        (Conflict("claim_state", state="paid", action="submit"), "Esta rendición está pagada; "),
        (Locked("entry_locked", state="approved"), "La rendición a la que pertenece está aprobada, "),
        (Locked("day_closed", on="2026-03-04"), "El día mié 4 mar 2026 está cerrado: "),
        (Invalid("hours", "hours_overlap", day="We"), "Dos horarios se topan (miércoles)."),
    ],
)
def test_what_an_error_carries_is_said_in_words_too(app: Flask, error: RoundsError, said: str) -> None:
    with app.test_request_context(), force_locale("es_CL"):
        assert sentence(error).startswith(said)


def test_figures_and_dates_in_english(app: Flask) -> None:
    on = date(2026, 3, 4)
    with app.test_request_context(), force_locale("en"):
        assert formats.distance(12_400) == "12.4 km"
        assert formats.day(on, "EEEE d MMMM y") == "Wednesday 4 March 2026"
        assert formats.number(Decimal("0.850")) == "0.85"
        assert formats.duration(3600) == "1 h"
        assert typed(Decimal("1234.50")) == "1234.5"
        assert in_words("Firefox") == "Firefox"
        assert in_words("") == ""
