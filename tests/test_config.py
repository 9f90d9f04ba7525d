"""What start-up reads and refuses, and what HTTPS and a proxy in front change."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask, request

from app import create_app
from planner import config
from planner.config import BadConfiguration
from planner.database import Base, db

CADDY = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https"}


def made(tmp_path: Path, **settings: object) -> Flask:
    app = create_app(
        {
            "TESTING": True,
            "INSTANCE_FOLDER": str(tmp_path),
            "SQLALCHEMY_DATABASE_URI": "sqlite://",
            **settings,
        }
    )
    with app.app_context():
        Base.metadata.create_all(db.engine)
    return app


def test_the_secret_key_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    first = config.secret_key(tmp_path)
    assert len(first) == 64
    assert config.secret_key(tmp_path) == first
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600


def test_a_short_secret_key_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadConfiguration, match="shorter than 32"):
        config.load(tmp_path, {"SECRET_KEY": "secret"})


def test_a_fixed_date_that_is_none_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROUNDS_TODAY", "Monday")
    with pytest.raises(BadConfiguration, match=r"ROUNDS_TODAY is 'Monday' .* it is a date such as"):
        config.load(tmp_path, {})


@pytest.mark.parametrize("text", ["-1", "many", "6", ""])
def test_a_number_of_proxies_is_a_number(text: str) -> None:
    with pytest.raises(BadConfiguration, match="number of proxies"):
        config.proxies(text)


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("postgres://u:p@h/d", "postgresql+psycopg://u:p@h/d"),
        ("postgresql://u:p@h/d", "postgresql+psycopg://u:p@h/d"),
        ("postgresql+psycopg://h/d", "postgresql+psycopg://h/d"),
        ("", "sqlite:////somewhere/rounds.sqlite"),
    ],
)
def test_a_database_address_gets_our_driver(given: str, used: str) -> None:
    assert config.database_url(given, Path("/somewhere")) == used


def test_over_https_the_cookie_is_bound_to_this_host(tmp_path: Path) -> None:
    answer = made(tmp_path, HTTPS=True).test_client().get("/login", base_url="https://rounds.example.org")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-session=")
    for part in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
        assert part in cookie
    assert "Domain" not in cookie
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"


def test_over_plain_http_a_first_try_works(tmp_path: Path) -> None:
    answer = made(tmp_path).test_client().get("/login")
    assert "Secure" not in answer.headers["Set-Cookie"]
    assert "Strict-Transport-Security" not in answer.headers


@pytest.mark.parametrize(("proxies", "address"), [(0, "127.0.0.1"), (1, "203.0.113.9")])
def test_who_asks_is_believed_only_from_a_known_proxy(tmp_path: Path, proxies: int, address: str) -> None:
    app = made(tmp_path, PROXIES=proxies)
    with app.test_client() as client:
        client.get("/health", headers=CADDY)
        assert request.remote_addr == address


def test_every_answer_carries_the_strict_content_policy(tmp_path: Path) -> None:
    client = made(tmp_path).test_client()
    for path in ("/login", "/health", "/nowhere"):
        headers = client.get(path).headers
        assert headers["Content-Security-Policy"].startswith("default-src 'none'; script-src 'self';")
        assert headers["X-Content-Type-Options"] == "nosniff"


def test_a_form_without_its_token_is_refused(tmp_path: Path) -> None:
    answer = made(tmp_path).test_client().post("/login", data={"email": "a@b.c", "password": "x"})
    assert answer.status_code == 400
