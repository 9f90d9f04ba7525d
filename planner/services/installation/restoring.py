"""Proving a backup, and putting it in place of what is there.

``check`` changes nothing. ``restore`` is for an installation that is not being served: it moves the
present database aside, never over.
"""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from planner.database import configure
from planner.domain.errors import Invalid
from planner.services.installation import backups
from planner.services.installation.backups import DATABASE, FOLDERS, Manifest, Places
from planner.services.installation.findings import Finding
from planner.services.ledger import proof


def check(archive: Path) -> list[Finding]:
    """What a backup proves when unpacked aside. Raises Invalid for an archive that cannot be read."""
    with backups.opened(archive) as (folder, manifest):
        files = Finding(f"checksums of {len(manifest.files)} files, made at {manifest.made_at}")
        return [files, *_database_findings(folder, manifest)]


def restore(archive: Path, engine: Engine, places: Places, now: datetime) -> Path | None:
    """Put a proven backup in place; returns where the former database lies now.

    Networks and receipts are added: what is there under the same name is the same, for the names are
    checksums. Raises Invalid("file", "backup_broken") and changes nothing when the proof fails.
    """
    target = backups.database_file(engine)
    with backups.opened(archive) as (folder, manifest):
        for finding in _database_findings(folder, manifest):
            if finding.trouble:
                raise Invalid("file", "backup_broken", what=finding.what, why=finding.trouble)
        for name in FOLDERS:
            if (folder / name).is_dir():
                shutil.copytree(folder / name, places.of(name), dirs_exist_ok=True)
        engine.dispose()
        former = _move_aside(target, now)
        shutil.copyfile(folder / DATABASE, target)
        target.chmod(0o600)
    return former


def _move_aside(target: Path, now: datetime) -> Path | None:
    """The database with its write-ahead log, under a new name; None when there is none."""
    if not target.exists():
        return None
    former = target.with_name(f"{target.stem}-before-restore-{now:%Y%m%d-%H%M%S}{target.suffix}")
    for ending in ("", "-wal", "-shm"):
        part = target.with_name(target.name + ending)
        if part.exists():
            part.replace(former.with_name(former.name + ending))
    return former


def _database_findings(folder: Path, manifest: Manifest) -> list[Finding]:
    engine = create_engine(f"sqlite:///{folder / DATABASE}", poolclass=NullPool)
    configure(engine)
    try:
        with Session(engine) as session:
            found = [_integrity(session), _foreign_keys(session)]
            if not any(finding.trouble for finding in found):
                found += [
                    proof.audit_chain(session, manifest.audit_entries),
                    *proof.books(session, folder / "receipts"),
                ]
            return found
    except DatabaseError as error:
        return [Finding("database", f"{error.orig} (tables of revision {manifest.revision or 'none'})")]
    finally:
        engine.dispose()


def _integrity(session: Session) -> Finding:
    found = session.scalars(text("PRAGMA integrity_check")).all()
    return Finding("database integrity", "" if found == ["ok"] else str(found[0]))


def _foreign_keys(session: Session) -> Finding:
    broken = session.execute(text("PRAGMA foreign_key_check")).all()
    return Finding("foreign keys", f"{len(broken)} rows point nowhere" if broken else "")
