"""What somebody does who owns the database or a backup: triggers are taken away, rows and files changed."""

from __future__ import annotations

import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.orm import Session

from planner.models import guards


@contextmanager
def unguarded(session: Session) -> Iterator[None]:
    """Within it every raw statement passes."""
    session.flush()
    guards.lift(session.connection())
    yield
    session.flush()
    guards.put(session.connection())


def rewritten(archive: Path, tmp_path: Path, name: str, change: bytes | None) -> Path:
    """The archive with one file replaced, or left out."""
    folder, target = tmp_path / "unpacked", tmp_path / "altered.tar.gz"
    with tarfile.open(archive) as tar:
        tar.extractall(folder, filter="data")
    if change is None:
        (folder / name).unlink()
    else:
        (folder / name).write_bytes(change)
    with tarfile.open(target, "w:gz") as tar:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                tar.add(path, path.relative_to(folder).as_posix())
    return target
