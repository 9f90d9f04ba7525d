"""Where this installation keeps its things, and the settings checked at start.

The instance folder is ``ROUNDS_INSTANCE`` or ``instance/`` beside ``app.py``. Everything that
belongs to one installation lives there: database, secret key, networks, receipts, backups.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from planner import clock

SECRET_LENGTH = 64
SHORTEST_SECRET = 32


class BadConfiguration(Exception):
    """Start-up refuses: the sentence says which setting and what to do."""


def instance_folder(root: Path) -> Path:
    """The absolute instance folder, created when missing, readable by the owner only."""
    folder = Path(os.environ.get("ROUNDS_INSTANCE") or root / "instance").expanduser().resolve()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise BadConfiguration(f"The instance folder {folder} cannot be made: {error.strerror}.") from error
    return folder


def load(instance: Path, settings: Mapping[str, Any] | None) -> dict[str, Any]:
    """Flask's configuration for an instance folder; ``settings`` override it (tests)."""
    # Where the solvers' inner loops are kept once compiled; numba reads it when it is imported.
    os.environ.setdefault("NUMBA_CACHE_DIR", str(instance / "compiled"))
    values: dict[str, Any] = {
        "SQLALCHEMY_DATABASE_URI": database_url(os.environ.get("DATABASE_URL", ""), instance),
        "NETWORKS_FOLDER": instance / "networks",
        "RECEIPTS_FOLDER": instance / "receipts",
        "BACKUPS_FOLDER": instance / "backups",
        "IMPORTS_FOLDER": instance / "imports",
        "ONLINE_SEARCH_FILE": instance / "online-search.sqlite",
        "MAX_CONTENT_LENGTH": 16 * 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": 4 * 1024 * 1024,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "REMEMBER_COOKIE_HTTPONLY": True,
        "REMEMBER_COOKIE_SAMESITE": "Lax",
        "WTF_CSRF_TIME_LIMIT": None,
        "BABEL_DEFAULT_LOCALE": "en",
        "BABEL_TRANSLATION_DIRECTORIES": "planner/translations",
        "HTTPS": os.environ.get("ROUNDS_HTTPS", "") == "1",
        "PROXIES": proxies(os.environ.get("ROUNDS_PROXIES", "0")),
    }
    check_fixed_date()
    values.update(settings or {})
    values.setdefault("SECRET_KEY", secret_key(instance))
    if len(str(values["SECRET_KEY"])) < SHORTEST_SECRET:
        raise BadConfiguration(f"The secret key is shorter than {SHORTEST_SECRET} characters.")
    if values["HTTPS"]:
        values.update(SESSION_COOKIE_SECURE=True, SESSION_COOKIE_NAME="__Host-session")
    return values


def database_url(given: str, instance: Path) -> str:
    """``DATABASE_URL`` with our PostgreSQL driver in it, or the file in the instance folder."""
    scheme, separator, rest = given.partition("://")
    if scheme in ("postgres", "postgresql"):
        return f"postgresql+psycopg{separator}{rest}"
    return given or f"sqlite:///{instance / 'rounds.sqlite'}"


def check_fixed_date() -> None:
    """Raises BadConfiguration when ``ROUNDS_TODAY`` cannot be read."""
    try:
        clock.fixed_today()
    except ValueError as error:
        raise BadConfiguration(
            f"ROUNDS_TODAY is {os.environ['ROUNDS_TODAY']!r} ({error}); it is a date such as 2026-03-02, "
            "or a date and a time zone such as 2026-03-02 America/Santiago."
        ) from error


def proxies(text: str) -> int:
    """How many proxies stand in front and may say who asks. Believing them when there is none lets
    anybody claim any address. Raises BadConfiguration."""
    if not text.isdigit() or int(text) > 5:
        raise BadConfiguration(f"ROUNDS_PROXIES is {text}; it is the number of proxies in front, 0 to 5.")
    return int(text)


def secret_key(instance: Path) -> str:
    """The key that signs cookies: made at the first start, kept in a file only the owner may read."""
    given = os.environ.get("ROUNDS_SECRET_KEY")
    if given:
        return given
    path = instance / "secret_key"
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(SECRET_LENGTH // 2))
    return path.read_text(encoding="ascii").strip()
