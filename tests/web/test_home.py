"""Landing: who is sent where."""

from __future__ import annotations

from flask import Flask


def test_a_stranger_is_asked_to_sign_in_and_brought_back(app: Flask) -> None:
    answer = app.test_client().get("/today?x=1")
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/login?next=")


def test_the_sign_of_life_needs_no_sign_in(app: Flask) -> None:
    assert app.test_client().get("/health").text == "ok"
