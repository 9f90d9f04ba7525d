"""Backups: one archive with the database, the receipts, the road networks and a manifest of checksums.

SQLite only: PostgreSQL has ``pg_dump``. The database is copied by ``VACUUM INTO`` on the raw connection
(a copy of the live file may be malformed). The secret key stays out: whoever holds a backup must not be
able to sign cookies.
"""

from __future__ import annotations

import hashlib
import json
import os
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from planner.domain.errors import Conflict, Invalid
from planner.services.installation import audit

FORMAT = 1
DATABASE = "rounds.sqlite"
MANIFEST = "manifest.json"
FOLDERS = ("receipts", "networks")
PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class Places:
    """Where an installation keeps what a backup holds. The database file is the engine's own."""

    receipts: Path
    networks: Path

    def of(self, folder: str) -> Path:
        return {"receipts": self.receipts, "networks": self.networks}[folder]


@dataclass(frozen=True, slots=True)
class Manifest:
    """``files`` maps a path in the archive to its SHA-256; ``audit_head`` shows a log cut short later."""

    made_at: str
    revision: str
    audit_entries: int
    audit_head: str
    files: dict[str, str]


def make(engine: Engine, places: Places, target: Path, now: datetime) -> Manifest:
    """Write the archive; it appears whole, readable by its owner only, or not at all.

    Raises Conflict("backup_not_sqlite"), Conflict("backup_exists").
    """
    database_file(engine)
    if target.exists():
        raise Conflict("backup_exists", path=target.name)
    target.parent.mkdir(parents=True, exist_ok=True)
    aside = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".backup-") as folder:
            copy = Path(folder) / DATABASE
            _copy_database(engine, copy)
            files = {DATABASE: copy, **_kept_files(places)}
            manifest = _manifest(engine, copy, files, now)
            _write_archive(aside, files, manifest)
        aside.replace(target)
    finally:
        aside.unlink(missing_ok=True)
    return manifest


@contextmanager
def opened(archive: Path, spared: str = "") -> Iterator[tuple[Path, Manifest, list[str]]]:
    """Unpack an archive into a folder that goes away again, every file compared with the manifest. In the
    folder ``spared`` what is not as it was stored is left out, and told by its path.

    Raises Invalid("file", "backup_unreadable") or Invalid("file", "backup_altered").
    """
    with tempfile.TemporaryDirectory(prefix="rounds-restore-") as name:
        folder = Path(name)
        try:
            with tarfile.open(archive, "r:gz") as tar:
                tar.extractall(folder, filter="data")
            manifest = Manifest(**_read_manifest(folder))
        except (OSError, EOFError, tarfile.TarError, ValueError, KeyError, TypeError) as error:
            raise Invalid("file", "backup_unreadable", path=archive.name, why=str(error)) from error
        yield folder, manifest, _check_files(folder, manifest, spared)


def database_file(engine: Engine) -> Path:
    """The SQLite file. Raises Conflict("backup_not_sqlite") for another database."""
    if engine.dialect.name != "sqlite" or not engine.url.database:
        raise Conflict("backup_not_sqlite", database=engine.dialect.name)
    return Path(engine.url.database)


def revision(session: Session) -> str:
    """Alembic's revision of the tables; empty before the first migration."""
    try:
        return session.scalar(text("SELECT version_num FROM alembic_version")) or ""
    except DatabaseError:
        session.rollback()
        return ""


def _copy_database(engine: Engine, target: Path) -> None:
    """Not in a transaction: VACUUM refuses to run inside one, so the engine's begin hook must not fire."""
    raw = engine.raw_connection()
    try:
        connection: Any = raw.driver_connection
        connection.execute("VACUUM INTO ?", (str(target),))
    finally:
        raw.close()
    target.chmod(0o600)


def _kept_files(places: Places) -> dict[str, Path]:
    """Receipts and networks never change once written, so that copying them after the database is safe."""
    return {
        f"{folder}/{path.relative_to(places.of(folder)).as_posix()}": path
        for folder in FOLDERS
        if places.of(folder).is_dir()
        for path in sorted(places.of(folder).rglob("*"))
        if path.is_file() and not path.name.startswith(".") and ".cache" not in path.parts
    }


def _manifest(engine: Engine, copy: Path, files: dict[str, Path], now: datetime) -> Manifest:
    with Session(engine) as session:
        chain, at = audit.verify(session), revision(session)
    hashes = {name: digest(path) for name, path in files.items()}
    return Manifest(now.isoformat(timespec="seconds"), at, chain.entries, chain.head_sha256, hashes)


def _write_archive(target: Path, files: dict[str, Path], manifest: Manifest) -> None:
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as raw:
        with tarfile.open(fileobj=raw, mode="w:gz", compresslevel=6) as tar:
            with tempfile.NamedTemporaryFile("w", encoding="utf-8", suffix=".json") as note:
                json.dump({"format": FORMAT, **_plain(manifest)}, note, indent=1)
                note.flush()
                tar.add(note.name, MANIFEST)
            for name, path in files.items():
                tar.add(path, name)
        raw.flush()
        os.fsync(raw.fileno())


def _plain(manifest: Manifest) -> dict[str, Any]:
    return {name: getattr(manifest, name) for name in Manifest.__slots__}


def _read_manifest(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    if found.pop("format") != FORMAT:
        raise ValueError(f"its format is not {FORMAT}")
    return found


def _check_files(folder: Path, manifest: Manifest, spared: str) -> list[str]:
    """Remove and name what is altered, added or missing in the spared folder."""
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} - {MANIFEST}
    altered = sorted(found ^ manifest.files.keys())
    altered += [name for name in sorted(found & manifest.files.keys()) if _differs(folder, manifest, name)]
    for name in altered:
        if not spared or not name.startswith(f"{spared}/"):
            raise Invalid("file", "backup_altered", path=name)
        if name in found:  # what else a manifest names may lie anywhere
            (folder / name).unlink()
    return altered


def _differs(folder: Path, manifest: Manifest, name: str) -> bool:
    return digest(folder / name) != manifest.files[name]


def digest(path: Path) -> str:
    """SHA-256 of a file, read in pieces."""
    found = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            found.update(piece)
    return found.hexdigest()
