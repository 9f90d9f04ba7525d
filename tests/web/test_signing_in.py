"""Signing in and out through the browser's eyes: what is refused, and what a session survives."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from planner import clock
from planner.domain.access import Actor, Role
from planner.models.logins import LoginAttempt, LoginSession
from planner.models.people import Person
from planner.models.settings import Setting
from planner.services.company import passwords, tokens
from tests.world import World

PASSWORD = "correct horse battery"
CHROME = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36"


@pytest.fixture
def ana(session: Session) -> Person:
    world = World(session)
    world.ana.password_hash = passwords.hashed(PASSWORD)
    session.commit()
    return world.ana


def enter(client: FlaskClient, password: str = PASSWORD, email: str = "ana@example.org", **more: object):
    return client.post("/login", data={"email": email, "password": password}, **more)


def test_the_right_password_signs_in_and_names_the_device(app: Flask, session: Session, ana: Person) -> None:
    client = app.test_client()
    answer = enter(client, email=" Ana@Example.org ", headers={"User-Agent": CHROME})
    assert (answer.status_code, answer.location) == (302, "/")
    assert client.get("/profile").status_code == 200
    assert session.scalar(select(LoginSession.device)) == "Chrome on Android"


def test_unknown_mail_wrong_password_and_no_password_yet_get_the_same_answer(
    app: Flask, session: Session, ana: Person
) -> None:
    client = app.test_client()
    wrong = enter(client, password="wrong password")
    unknown = enter(client, email="nobody@example.org")
    invited = enter(client, email="bruno@example.org")
    texts = [re.sub(r"\S+@example.org", "", answer.text) for answer in (wrong, unknown, invited)]
    assert "do not belong together" in texts[0]
    assert texts[0] == texts[1] == texts[2]


def test_an_unknown_mail_takes_the_hashing_time_too(monkeypatch: pytest.MonkeyPatch) -> None:
    passwords.matches(None, "warm up")
    checked = []
    hasher = passwords._hasher

    class Counting:
        def verify(self, stored: str, password: str) -> bool:
            checked.append(stored)
            return hasher.verify(stored, password)

    monkeypatch.setattr(passwords, "_hasher", Counting())
    assert not passwords.matches(None, "anything")
    assert len(checked) == 1


def test_a_deactivated_person_is_refused_and_their_open_session_ends(
    app: Flask, session: Session, ana: Person, sign_in: Callable[[Person], FlaskClient]
) -> None:
    client = sign_in(ana)
    assert client.get("/profile").status_code == 200
    ana.is_active = False
    session.commit()
    assert client.get("/profile").status_code == 302
    assert "do not belong together" in enter(app.test_client()).text


def test_the_sixth_try_for_a_mail_waits_and_says_how_long(app: Flask, session: Session, ana: Person) -> None:
    client = app.test_client()
    for _ in range(5):
        enter(client, password="wrong password")
    answer = enter(client)
    assert "Too many tries. Wait 15 min" in answer.text
    past = clock.now() - timedelta(minutes=16)
    session.execute(update(LoginAttempt).values(attempted_at=past))
    session.commit()
    assert enter(client).status_code == 302


def test_twenty_failures_from_one_address_stop_it_for_every_mail(app: Flask, ana: Person) -> None:
    client = app.test_client()
    for number in range(20):
        enter(client, email=f"guess{number}@example.org")
    assert "Too many tries" in enter(client).text
    elsewhere = enter(app.test_client(), environ_base={"REMOTE_ADDR": "192.0.2.7"})
    assert elsewhere.status_code == 302


def test_success_forgets_the_failures_before_it(app: Flask, ana: Person) -> None:
    client = app.test_client()
    for _ in range(3):
        for _ in range(4):
            enter(client, password="wrong password")
        assert enter(client).status_code == 302
        client.post("/logout")


def test_a_planted_session_does_not_survive_signing_in(app: Flask, ana: Person) -> None:
    client = app.test_client()
    with client.session_transaction() as planted:
        planted["planted"] = "by a stranger"
    enter(client)
    with client.session_transaction() as cookie:
        assert "planted" not in cookie


def test_a_cookie_copied_before_signing_out_is_refused_after(app: Flask, ana: Person) -> None:
    client = app.test_client()
    enter(client)
    copied = client.get_cookie("session").value
    client.post("/logout")
    thief = app.test_client()
    thief.set_cookie("session", copied)
    assert thief.get("/profile").status_code == 302


@pytest.mark.parametrize(
    ("target", "goes_to"),
    [
        ("/accounts?page=2", "/accounts?page=2"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("/\\evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("/\t/evil.example", "/"),
        ("", "/"),
    ],
)
def test_the_way_back_never_leaves_the_site(app: Flask, ana: Person, target: str, goes_to: str) -> None:
    client = app.test_client()
    answer = client.post(
        "/login",
        query_string={"next": target},
        data={"email": "ana@example.org", "password": PASSWORD},
    )
    assert answer.location == goes_to


def test_changing_the_password_signs_the_other_devices_out(app: Flask, ana: Person) -> None:
    phone, laptop = app.test_client(), app.test_client()
    enter(phone)
    enter(laptop)
    new = "another fine sentence"
    wrong = laptop.post("/profile/password", data={"current": "x", "password": new, "again": new})
    assert "not your present password" in wrong.text
    laptop.post("/profile/password", data={"current": PASSWORD, "password": new, "again": new})
    assert laptop.get("/profile").status_code == 200
    assert phone.get("/profile").status_code == 302
    assert enter(app.test_client(), password=new).status_code == 302


def test_a_device_can_be_signed_out_by_its_owner_only(
    app: Flask, session: Session, ana: Person, sign_in: Callable[[Person], FlaskClient]
) -> None:
    phone = app.test_client()
    enter(phone)
    phones = session.scalar(select(LoginSession.id))
    bruno = session.scalar(select(Person).where(Person.email == "bruno@example.org"))
    assert bruno is not None
    assert sign_in(bruno).post(f"/profile/devices/{phones}/sign-out").status_code == 404
    assert phone.get("/profile").status_code == 200
    ana_again = app.test_client()
    enter(ana_again)
    ana_again.post(f"/profile/devices/{phones}/sign-out")
    assert phone.get("/profile").status_code == 302


def test_profile_keeps_name_and_unit(
    session: Session, ana: Person, sign_in: Callable[[Person], FlaskClient]
) -> None:
    client = sign_in(ana)
    client.post("/profile", data={"name": "Ana María", "locale": "", "distance_unit": "mi"})
    session.rollback()
    assert (ana.name, ana.distance_unit.value) == ("Ana María", "mi")
    assert "Fill this in." in client.post("/profile", data={"name": " ", "distance_unit": "mi"}).text


def test_an_invitation_works_once(app: Flask, session: Session, ana: Person) -> None:
    token = tokens.invite(session, Actor(0, Role.ADMIN), clock.now(), ana.id)
    session.commit()
    client, path, new = app.test_client(), f"/invitation/{token}", "my very own words"
    assert "Hello Ana" in client.get(path).text
    short = client.post(path, data={"password": "short", "again": "short"})
    assert "Between 10 and 200 characters." in short.text
    assert "not the same" in client.post(path, data={"password": new, "again": "other words here"}).text
    assert client.post(path, data={"password": new, "again": new}).status_code == 302
    assert client.get("/profile").status_code == 200
    assert app.test_client().get(path).status_code == 404
    assert enter(app.test_client(), password=new).status_code == 302


def test_a_newer_invitation_replaces_the_older_and_expires(session: Session, ana: Person, app: Flask) -> None:
    older = tokens.invite(session, Actor(0, Role.ADMIN), clock.now(), ana.id)
    newer = tokens.invite(session, Actor(0, Role.ADMIN), clock.now() - timedelta(days=8), ana.id)
    session.commit()
    assert app.test_client().get(f"/invitation/{older}").status_code == 404
    assert app.test_client().get(f"/invitation/{newer}").status_code == 404


def test_the_first_admin_is_made_once_by_the_link_of_the_console(app: Flask, session: Session) -> None:
    token = tokens.first_admin(session, clock.now())
    session.commit()
    client, path = app.test_client(), f"/first-admin/{token}"
    form = {"name": "Eva", "email": "eva@example.org", "password": PASSWORD, "again": PASSWORD}
    assert client.get(path).status_code == 200
    assert client.get("/first-admin/guess").status_code == 404
    assert client.post(path, data={**form, "email": "no address"}).status_code == 200
    assert client.post(path, data=form).status_code == 302
    assert client.get("/admin").status_code == 200
    assert app.test_client().post(path, data=form).status_code == 404
    assert app.test_cli_runner().invoke(args=["first-admin"]).exit_code == 1


def test_demo_logins_are_refused_from_another_machine_unless_allowed(
    app: Flask, session: Session, ana: Person
) -> None:
    session.merge(Setting(key="demo", value={"people": [ana.id]}))
    session.commit()
    away = {"environ_base": {"REMOTE_ADDR": "192.0.2.7"}}
    assert "Demo logins work only on the machine" in enter(app.test_client(), **away).text
    assert enter(app.test_client()).status_code == 302
    session.merge(Setting(key="demo_logins_anywhere", value=True))
    session.commit()
    assert enter(app.test_client(), **away).status_code == 302


def test_a_session_in_use_is_noted_every_ten_minutes_and_lasts_on(
    session: Session, ana: Person, sign_in: Callable[[Person], FlaskClient]
) -> None:
    client = sign_in(ana)
    row = session.scalars(select(LoginSession)).one()
    row.last_seen_at = long_ago = clock.now() - timedelta(hours=5)
    row.expires_at = clock.now() + timedelta(hours=1)
    session.commit()
    client.get("/profile")
    session.rollback()
    assert row.last_seen_at > long_ago
    assert row.expires_at > clock.now() + timedelta(days=29)
