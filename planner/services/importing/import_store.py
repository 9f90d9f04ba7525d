"""Uploaded lists between upload and import: kept in the instance folder, bound to the person who sent them.

A token is good for one person; its folder holds the file and ``about.json`` (name, checksum, mapping,
territory). What nobody finishes is removed after a day.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from planner.domain.errors import NotFound
from planner.domain.import_columns import Column

KEPT = timedelta(days=1)
TOKEN = re.compile(r"[A-Za-z0-9_-]{20,64}")
UPLOAD, ABOUT, NOTES = "upload", "about.json", "pins.json"
LONGEST_NAME = 240


@dataclass(frozen=True, slots=True)
class Kept:
    """An upload. ``mapping``: what headings or the person say; ``territory_id``: for rows without one."""

    token: str
    file_name: str
    sha256: str
    mapping: dict[Column, int]
    territory_id: int | None = None


def keep(
    folder: Path, person_id: int, now: datetime, file_name: str, content: bytes, mapping: Mapping[Column, int]
) -> Kept:
    """Store an upload and sweep what is older than a day."""
    _sweep(folder, now)
    kept = Kept(
        secrets.token_urlsafe(24),
        file_name[:LONGEST_NAME],
        hashlib.sha256(content).hexdigest(),
        dict(mapping),
    )
    home = _home(folder, person_id, kept.token)
    home.mkdir(parents=True, mode=0o700)
    (home / UPLOAD).write_bytes(content)
    _note(home, kept, now)
    return kept


def find(folder: Path, person_id: int, token: str) -> tuple[Kept, bytes]:
    """The upload and its bytes. Raises NotFound for a token that is none, or another person's."""
    home = _home(folder, person_id, token)
    try:
        about = json.loads((home / ABOUT).read_text(encoding="utf-8"))
        content = (home / UPLOAD).read_bytes()
    except OSError as error:
        raise NotFound("upload") from error
    mapping = {Column(name): int(index) for name, index in about["mapping"].items()}
    return Kept(token, about["file_name"], about["sha256"], mapping, about["territory_id"]), content


def remap(
    folder: Path,
    person_id: int,
    now: datetime,
    token: str,
    mapping: Mapping[Column, int],
    territory_id: int | None,
) -> Kept:
    """Keep what the person chose for the columns."""
    kept, _content = find(folder, person_id, token)
    changed = replace(kept, mapping=dict(mapping), territory_id=territory_id)
    _note(_home(folder, person_id, token), changed, now)
    return changed


def notes(folder: Path, person_id: int, token: str) -> str:
    """What was noted beside an upload; empty before the first time."""
    path = _home(folder, person_id, token) / NOTES
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def note(folder: Path, person_id: int, token: str, text: str) -> None:
    """Keep a note beside an upload that is still there."""
    home = _home(folder, person_id, token)
    aside = home / f".{NOTES}.{secrets.token_hex(4)}"
    aside.write_text(text, encoding="utf-8")
    aside.replace(home / NOTES)


def discard(folder: Path, person_id: int, token: str) -> None:
    shutil.rmtree(_home(folder, person_id, token), ignore_errors=True)


def _home(folder: Path, person_id: int, token: str) -> Path:
    if not TOKEN.fullmatch(token):
        raise NotFound("upload")
    return folder / f"{person_id}-{token}"


def _note(home: Path, kept: Kept, now: datetime) -> None:
    about = {
        "file_name": kept.file_name,
        "sha256": kept.sha256,
        "mapping": kept.mapping,
        "territory_id": kept.territory_id,
        "kept_at": now.isoformat(),
    }
    (home / ABOUT).write_text(json.dumps(about), encoding="utf-8")


def _sweep(folder: Path, now: datetime) -> None:
    """Folders without a readable note go too: they were left half-made."""
    if not folder.is_dir():
        return
    for home in folder.iterdir():
        try:
            about = json.loads((home / ABOUT).read_text(encoding="utf-8"))
            is_old = datetime.fromisoformat(about["kept_at"]) < now - KEPT
        except (OSError, ValueError, KeyError):
            is_old = True
        if is_old:
            shutil.rmtree(home, ignore_errors=True)
