"""Proving a backup, and putting it in place of what is there.

``check`` changes nothing. ``restore`` is for an installation that is not being served: it moves the
present database aside, never over. A backup whose database does not hold is refused. One whose pictures do
not is all there is after a disaster: the rest comes back, and what is wrong with the pictures is told.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
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
from planner.services.ledger import picture_proof, proof, receipt_files
from planner.services.ledger.picture_proof import Harmed, Read

PICTURES = "receipts"


@dataclass(frozen=True, slots=True)
class Restored:
    """``former`` is where the former database lies now, None where there was none. ``harmed`` are pictures
    that are not as they were stored, ``left_out`` files of the backup that were not put back."""

    former: Path | None
    harmed: tuple[Harmed, ...] = ()
    left_out: tuple[str, ...] = ()


def check(archive: Path) -> list[Finding]:
    """What a backup proves when unpacked aside. Raises Invalid for an archive that cannot be read."""
    with backups.opened(archive) as (folder, manifest, _):
        files = Finding(f"checksums of {len(manifest.files)} files, made at {manifest.made_at}")
        found, pictures = _proven(folder, manifest)
        return [files, *found, *([picture_proof.told_of(pictures)] if pictures else [])]


def restore(archive: Path, engine: Engine, places: Places, now: datetime) -> Restored:
    """Put a backup with a proven database in place.

    Networks and receipts are added: what is there under the same name is the same, for the names are
    checksums, or those of what a phone had; a picture that is harmed in the backup does not take the place of
    one that is there. Raises Invalid("file", "backup_altered"), Invalid("file", "backup_broken") and changes
    nothing when the proof of the database fails.
    """
    target = backups.database_file(engine)
    with backups.opened(archive, spared=PICTURES) as (folder, manifest, left_out):
        found, pictures = _proven(folder, manifest)
        for finding in found:
            if finding.trouble:
                raise Invalid("file", "backup_broken", what=finding.what, why=finding.trouble)
        _check_noted(pictures or Read(), folder / PICTURES, places.receipts)
        with _unpacked(folder) as session:
            for name in FOLDERS:
                if (folder / name).is_dir():
                    shutil.copytree(folder / name, places.of(name), dirs_exist_ok=True)
            harmed = picture_proof.read(session, places.receipts).harmed
        engine.dispose()
        former = _move_aside(target, now)
        shutil.copyfile(folder / DATABASE, target)
        target.chmod(0o600)
    return Restored(former, tuple(harmed), tuple(left_out))


def _check_noted(found: Read, pictures: Path, present: Path) -> None:
    """What the database says of pictures must hold. Files that do not are taken out of the backup where
    one is there already."""
    for each in found.harmed:
        if not each.is_file:
            raise Invalid("file", "backup_broken", what=each.whose, why=each.trouble)
        if receipt_files.picture(present, each.sha256).is_file():
            receipt_files.picture(pictures, each.sha256).unlink(missing_ok=True)


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


@contextmanager
def _unpacked(folder: Path) -> Iterator[Session]:
    engine = create_engine(f"sqlite:///{folder / DATABASE}", poolclass=NullPool)
    configure(engine)
    try:
        with Session(engine) as session:
            yield session
    finally:
        engine.dispose()


def _proven(folder: Path, manifest: Manifest) -> tuple[list[Finding], Read | None]:
    """What the database proves, and its pictures where it can be read."""
    try:
        with _unpacked(folder) as session:
            found = [_integrity(session), _foreign_keys(session)]
            if any(finding.trouble for finding in found):
                return found, None
            found += [proof.audit_chain(session, manifest.audit_entries), *proof.entries(session)]
            return found, picture_proof.read(session, folder / PICTURES)
    except DatabaseError as error:
        why = f"{error.orig} (tables of revision {manifest.revision or 'none'})"
        return [Finding("database", why)], None


def _integrity(session: Session) -> Finding:
    found = session.scalars(text("PRAGMA integrity_check")).all()
    return Finding("database integrity", "" if found == ["ok"] else str(found[0]))


def _foreign_keys(session: Session) -> Finding:
    broken = session.execute(text("PRAGMA foreign_key_check")).all()
    return Finding("foreign keys", f"{len(broken)} rows point nowhere" if broken else "")
