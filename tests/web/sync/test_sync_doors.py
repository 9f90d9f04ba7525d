"""Everything below /api answers in JSON, errors too, with a code and a sentence."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError

from planner.models.people import Person
from planner.models.sync import SyncItem
from planner.models.visits import Visit
from tests.conftest import NOW
from tests.phones import Phone
from tests.world import World

SignIn = Callable[[Person], FlaskClient]
BODY = {"sent_at": NOW.isoformat(), "items": []}


def said(answer: Any, status: int, code: str) -> None:
    assert (answer.status_code, answer.json["error"], bool(answer.json["message"])) == (status, code, True)


def test_the_session_says_who_is_signed_in_with_a_token_to_send_with(world: World, phone: Phone) -> None:
    answer = phone.client.get("/api/session")
    assert answer.json is not None
    assert (answer.json["user"], answer.json["name"]) == (world.ana.id, "Ana")
    assert answer.json["csrf"]
    assert len(answer.json["version"]) == 12


def test_the_version_is_that_of_the_files_and_stays(phone: Phone) -> None:
    first, second = (phone.client.get("/api/session").json["version"] for _ in range(2))  # type: ignore[index]
    assert first == second


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/api/session"), ("POST", "/api/sync"), ("PUT", f"/api/photos/{'0' * 64}")]
)
def test_who_is_signed_out_hears_that_and_nothing_about_tokens(app: Flask, method: str, path: str) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    said(app.test_client().open(path, method=method, json=BODY), 401, "signed_out")


def test_a_session_that_was_revoked_is_signed_out(world: World, phone: Phone) -> None:
    phone.client.post("/logout")
    said(phone.client.post("/api/sync", json=BODY), 401, "signed_out")


def test_an_old_token_is_refused_and_a_fresh_one_is_taken(app: Flask, phone: Phone) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    for headers in ({}, {"X-CSRFToken": "old"}):
        said(phone.client.post("/api/sync", json=BODY, headers=headers), 400, "csrf")
        said(phone.client.put(f"/api/photos/{'0' * 64}", headers=headers), 400, "csrf")
    token = phone.client.get("/api/session").json["csrf"]  # type: ignore[index]
    answer = phone.client.post("/api/sync", json=BODY, headers={"X-CSRFToken": token})
    assert (answer.status_code, answer.json["answers"]) == (200, [])  # type: ignore[index]


def test_what_another_person_wrote_is_not_taken_as_theirs_who_signed_in(world: World, phone: Phone) -> None:
    bruno, ana = ({"X-Rounds-Person": str(one.id)} for one in (world.bruno, world.ana))
    said(phone.client.post("/api/sync", json=BODY, headers=bruno), 400, "csrf")
    said(phone.client.put(f"/api/photos/{'0' * 64}", headers=bruno), 400, "csrf")
    assert phone.client.post("/api/sync", json=BODY, headers=ana).status_code == 200


def test_a_manager_has_no_outbox(world: World, phone: Phone, sign_in: SignIn) -> None:
    said(sign_in(world.marta).post("/api/sync", json=BODY), 403, "not_allowed")


def test_an_address_that_is_none_and_a_method_that_is_none(phone: Phone) -> None:
    said(phone.client.get("/api/nothing"), 404, "not_found")
    said(phone.client.get("/api/sync"), 405, "method")


def test_what_goes_wrong_on_our_side_is_said_in_json(
    app: Flask, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    app.config["PROPAGATE_EXCEPTIONS"] = False
    monkeypatch.setattr("planner.domain.outbox.read_batch", broken)
    said(phone.client.post("/api/sync", json=BODY), 500, "server")


def test_a_full_disk_is_nobodys_fault_and_keeps_everything_on_the_phone(
    app: Flask, visit: Visit, phone: Phone, count: Callable[[type[Any]], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OperationalError("INSERT", {}, Exception("database or disk is full"))

    items = [phone.item("note", visit=visit, payload={"text": text}) for text in ("One", "Two")]
    with monkeypatch.context() as patch:
        patch.setattr("planner.services.days.notes.write", full)
        said(phone.client.post("/api/sync", json=BODY | {"items": items}), 503, "not_now")
    assert count(SyncItem) == 0
    assert [one["answer"] for one in phone.send(*items)] == ["created", "created"]
