"""The demo's logins: random for each installation, kept in a file only its owner may read.

The database holds hashes as for everybody; the file exists so that they can be printed again.
"""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from planner.demo.staff import ADMIN, MANAGER, REPS, email

FILE_NAME = "demo-logins.txt"
RANDOM_BYTES = 9


@dataclass(frozen=True, slots=True)
class DemoLogin:
    login: str
    name: str
    what: str
    password: str

    @property
    def email(self) -> str:
        return email(self.login)


def people() -> list[tuple[str, str, str]]:
    """Login, name and what they are, in the order they are printed."""
    reps = [(rep.login, rep.name, f"rep, {rep.territory}") for rep in REPS]
    return [*reps, (MANAGER.login, MANAGER.name, "manager"), (ADMIN.login, ADMIN.name, "admin")]


def fresh() -> list[DemoLogin]:
    """New logins with random passwords."""
    return [DemoLogin(*person, password=secrets.token_urlsafe(RANDOM_BYTES)) for person in people()]


def save(instance: Path, logins: list[DemoLogin]) -> None:
    """Write the file with mode 0600, replacing an older one whole."""
    path, aside = instance / FILE_NAME, instance / f"{FILE_NAME}.new"
    aside.unlink(missing_ok=True)
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.writelines(f"{login.login} {login.password}\n" for login in logins)
    aside.replace(path)


def saved(instance: Path) -> list[DemoLogin]:
    """The logins of the file; none when it is gone or was edited beyond recognition."""
    try:
        lines = (instance / FILE_NAME).read_text(encoding="utf-8").splitlines()
    except OSError:
        return []
    passwords = dict(line.split() for line in lines if len(line.split()) == 2)
    return [
        DemoLogin(login, name, what, passwords[login]) for login, name, what in people() if login in passwords
    ]
