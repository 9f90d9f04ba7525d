"""The state of an installation in a few figures, for the admin's first page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy.orm import Session

from planner.services.company import people, territories
from planner.services.company.people import PersonLine
from planner.services.installation import audit
from routing.network import StoredNetwork, list_networks


@dataclass(frozen=True, slots=True)
class Overview:
    """``last_backup_at`` None: there is none in the backups folder. ``in_trouble`` cannot be planned."""

    active_people: int
    in_trouble: list[PersonLine]
    territories: int
    networks: list[StoredNetwork]
    database: str
    database_bytes: int | None
    last_backup_at: datetime | None
    audit: audit.Chain


def read(session: Session, on: date, networks_folder: Path, backups_folder: Path) -> Overview:
    everybody = [line for line in people.lines(session, on) if line.is_active]
    url = session.get_bind().engine.url
    is_file = url.get_backend_name() == "sqlite" and url.database
    return Overview(
        active_people=len(everybody),
        in_trouble=[line for line in everybody if line.troubles],
        territories=len(territories.tree(session, on)),
        networks=list_networks(networks_folder),
        database="SQLite" if is_file else url.get_backend_name(),
        database_bytes=Path(str(url.database)).stat().st_size if is_file else None,
        last_backup_at=_newest(backups_folder),
        audit=audit.verify(session),
    )


def _newest(folder: Path) -> datetime | None:
    times = [path.stat().st_mtime for path in folder.glob("*.tar.gz")] if folder.is_dir() else []
    return datetime.fromtimestamp(max(times), UTC) if times else None
