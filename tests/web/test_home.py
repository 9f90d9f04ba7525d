"""Landing: who is sent where."""

from __future__ import annotations

from flask import Flask


def test_a_stranger_is_asked_to_sign_in_and_brought_back(app: Flask) -> None:
    answer = app.test_client().get("/today?x=1")
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/login?next=")


def test_the_sign_of_life_needs_no_sign_in(app: Flask) -> None:
    assert app.test_client().get("/health").text == "ok"


def test_a_bug_is_told_as_a_page_that_says_nothing_was_saved(app: Flask) -> None:
    def fail() -> str:
        raise ZeroDivisionError

    # The endpoint of the sign of life is open to everybody, so nothing stands before the bug.
    app.view_functions["health.alive"] = fail
    app.config["PROPAGATE_EXCEPTIONS"] = False
    answer = app.test_client().get("/health")
    assert answer.status_code == 500
    assert "Nothing was saved in this step" in answer.text
    assert "ZeroDivisionError" not in answer.text
