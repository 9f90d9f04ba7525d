"""A PostgreSQL server for tests: the one of ``ROUNDS_TEST_POSTGRES``, or a throw-away cluster.

The cluster listens on a socket in its own folder only and goes away with the test run. PostgreSQL refuses
to run as root; then it runs as ``postgres`` or ``nobody``. Every database is three hundred files: the cluster
lives in memory where there is room, as making one took ten times as long on a disk.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import uuid4

from sqlalchemy import URL, create_engine, make_url, text

GIVEN = "ROUNDS_TEST_POSTGRES"
DRIVER = "postgresql+psycopg"
MEMORY = Path("/dev/shm")
ROOM = 1 << 30
"""Bytes a cluster may need: its log of changes, and the database of the moment."""

UNSAFE_BUT_QUICK = "-c fsync=off -c full_page_writes=off -c synchronous_commit=off"


class Absent(Exception):
    """No PostgreSQL here; the sentence says what was looked for."""


@contextmanager
def server(home: Path | None = None) -> Iterator[URL]:
    """The address of a server on which databases may be made; a throw-away one lies in ``home``, else in
    memory where there is room. Raises Absent."""
    if given := os.environ.get(GIVEN):
        yield make_url(given).set(drivername=DRIVER)
        return
    programs = _programs()
    folder = Path(tempfile.mkdtemp(prefix="rounds-pg-", dir=home or _memory()))
    owner = _owner()
    if owner:
        shutil.chown(folder, owner)
    try:
        _run(
            owner,
            programs / "initdb",
            "-D",
            folder / "data",
            "-U",
            "rounds",
            "-A",
            "trust",
            "-N",
            "-E",
            "UTF8",
        )
        options = f"-c listen_addresses='' -c unix_socket_directories={folder} {UNSAFE_BUT_QUICK}"
        log = folder / "log"
        _run(owner, programs / "pg_ctl", "-D", folder / "data", "-l", log, "-o", options, "-w", "start")
        try:
            yield URL.create(DRIVER, username="rounds", database="postgres", query={"host": str(folder)})
        finally:
            _run(owner, programs / "pg_ctl", "-D", folder / "data", "-m", "immediate", "stop")
    finally:
        with suppress(OSError):
            shutil.rmtree(folder)


@contextmanager
def database(server_url: URL) -> Iterator[str]:
    """A fresh database on the server; dropped afterwards."""
    name = f"rounds_{uuid4().hex[:12]}"
    engine = create_engine(server_url, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        yield server_url.set(database=name).render_as_string(hide_password=False)
        with engine.connect() as connection:
            connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
    finally:
        engine.dispose()


def make_after(server_url: URL, template: str, name: str) -> None:
    """Make the database anew, with all that ``template`` holds. Nobody may be connected to either."""
    engine = create_engine(server_url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name}"))
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
    engine.dispose()


def _memory() -> Path | None:
    """The folder that is kept in memory, when there is one with room; None: where temporary files go."""
    roomy = os.access(MEMORY, os.W_OK | os.X_OK) and shutil.disk_usage(MEMORY).free > ROOM
    return MEMORY if roomy else None


def _programs() -> Path:
    """The folder with ``initdb``, the newest version first."""
    installed = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]), reverse=True
    )
    on_path = shutil.which("initdb")
    found = [*installed, *([Path(on_path)] if on_path else [])]
    if not found:
        raise Absent(f"no PostgreSQL: no initdb on this machine, and {GIVEN} is not set")
    return found[0].parent


def _owner() -> str | None:
    """Whom to run as; None: as ourselves. Raises Absent when root finds nobody else."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with suppress(KeyError):
            return pwd.getpwnam(name).pw_name
    raise Absent("no PostgreSQL: it refuses to run as root, and there is no other account")


def _run(owner: str | None, *command: object) -> None:
    # Not captured by pipes: the server inherits them and would keep them open.
    with tempfile.TemporaryFile() as said:
        done = subprocess.run(
            [str(part) for part in command], user=owner, cwd="/", stdout=said, stderr=said, check=False
        )
        said.seek(0)
        if done.returncode != 0:
            raise Absent(f"no PostgreSQL: {command[0]} said {said.read().decode(errors='replace')[-400:]}")
