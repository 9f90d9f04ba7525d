"""Backups: what is in them, what proves them, and coming back from one."""

from __future__ import annotations

import json
import sqlite3
import tarfile
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from planner.cli.data import backup_before_migration
from planner.database import db
from planner.models.people import Person
from planner.services.installation import audit
from tests.conftest import NOW
from tests.tampering import rewritten, unguarded
from tests.world import World


@pytest.fixture
def world(session: Session) -> World:
    world = World(session)
    audit.record(session, None, NOW, "person.created", "person", world.ana.id)
    session.commit()
    return world


@pytest.fixture
def runner(app: Flask, world: World) -> FlaskCliRunner:
    receipts = Path(app.config["RECEIPTS_FOLDER"]) / "ab"
    receipts.mkdir(parents=True)
    (receipts / "abcd.jpg").write_bytes(b"a picture")
    return app.test_cli_runner()


@pytest.fixture
def archive(runner: FlaskCliRunner, tmp_path: Path) -> Path:
    target = tmp_path / "kept" / "one.tar.gz"
    done = runner.invoke(args=["backup", str(target)])
    assert done.exit_code == 0, done.output
    return target


def test_a_backup_holds_database_receipts_and_manifest_but_no_secret(archive: Path) -> None:
    with tarfile.open(archive) as tar:
        assert set(tar.getnames()) == {"manifest.json", "rounds.sqlite", "receipts/ab/abcd.jpg"}
    assert archive.stat().st_mode & 0o777 == 0o600
    assert list(archive.parent.iterdir()) == [archive]


def test_a_backup_is_never_written_over(runner: FlaskCliRunner, archive: Path) -> None:
    before = archive.read_bytes()
    again = runner.invoke(args=["backup", str(archive)])
    assert again.exit_code == 1
    assert "nothing was written over it" in again.output
    assert archive.read_bytes() == before


def test_without_a_name_it_goes_into_the_backups_folder(app: Flask, runner: FlaskCliRunner) -> None:
    assert runner.invoke(args=["backup"]).exit_code == 0
    (made,) = Path(app.config["BACKUPS_FOLDER"]).iterdir()
    assert made.name.startswith("rounds-20260304-")


def test_check_proves_a_backup_and_changes_nothing(
    runner: FlaskCliRunner, archive: Path, session: Session, world: World
) -> None:
    world.ana.name = "Changed after the backup"
    session.commit()
    done = runner.invoke(args=["restore", "--check", str(archive)])
    assert done.exit_code == 0, done.output
    for what in ("checksums", "integrity", "foreign keys", "audit chain, 1 entries", "ledger", "claims"):
        assert what in done.output
    assert "FAILS" not in done.output
    session.rollback()
    assert world.ana.name == "Changed after the backup"


def test_restore_brings_the_data_back_and_keeps_the_former_database(
    app: Flask, runner: FlaskCliRunner, archive: Path, session: Session, world: World
) -> None:
    ana_id = world.ana.id
    world.ana.name = "Changed after the backup"
    session.commit()
    picture = Path(app.config["RECEIPTS_FOLDER"]) / "ab" / "abcd.jpg"
    picture.unlink()
    session.remove()  # type: ignore[attr-defined]
    done = runner.invoke(args=["restore", "--yes", str(archive)])
    assert done.exit_code == 0, done.output
    session.rollback()
    assert session.scalar(select(Person.name).where(Person.id == ana_id)) == "Ana"
    assert picture.read_bytes() == b"a picture"
    assert audit.verify(session).holds
    (former,) = Path(app.instance_path).glob("test-before-restore-*.sqlite")
    with sqlite3.connect(former) as connection:
        names = connection.execute("SELECT name FROM person WHERE id = ?", (ana_id,)).fetchall()
    connection.close()
    assert names == [("Changed after the backup",)]


def test_restoring_asks_first(runner: FlaskCliRunner, archive: Path) -> None:
    asked = runner.invoke(args=["restore", str(archive)], input="n\n")
    assert asked.exit_code == 1
    assert "Has Rounds been stopped?" in asked.output


@pytest.mark.parametrize("change", [None, b"another picture"])
def test_an_altered_or_missing_picture_is_named_and_left_out(
    app: Flask, runner: FlaskCliRunner, archive: Path, tmp_path: Path, change: bytes | None
) -> None:
    altered = rewritten(archive, tmp_path, "receipts/ab/abcd.jpg", change)
    done = runner.invoke(args=["restore", "--check", str(altered)])
    assert done.exit_code == 1
    assert "receipts/ab/abcd.jpg in the backup is not what was stored." in done.output
    done = runner.invoke(args=["restore", "--yes", str(altered)])
    assert done.exit_code == 0, done.output
    assert (
        "WARNING  receipts/ab/abcd.jpg in the backup is not what was stored, and was left out" in done.output
    )
    assert (Path(app.config["RECEIPTS_FOLDER"]) / "ab" / "abcd.jpg").read_bytes() == b"a picture"


@pytest.mark.parametrize("change", [None, b"another database"])
def test_with_an_altered_or_missing_database_nothing_is_restored(
    app: Flask, runner: FlaskCliRunner, archive: Path, tmp_path: Path, change: bytes | None
) -> None:
    altered = rewritten(archive, tmp_path, "rounds.sqlite", change)
    for arguments in (["--check"], ["--yes"]):
        done = runner.invoke(args=["restore", *arguments, str(altered)])
        assert done.exit_code == 1
        assert "rounds.sqlite in the backup is not what was stored." in done.output
    assert list(Path(app.instance_path).glob("test-before-restore-*.sqlite")) == []


@pytest.mark.parametrize("content", [b"", b"no archive at all", b"\x1f\x8b\x08\x00 cut short"])
def test_what_is_no_backup_is_refused_in_a_sentence(
    runner: FlaskCliRunner, tmp_path: Path, content: bytes
) -> None:
    file = tmp_path / "some.tar.gz"
    file.write_bytes(content)
    done = runner.invoke(args=["restore", "--check", str(file)])
    assert done.exit_code == 1
    assert "is not a whole backup" in done.output


def test_an_archive_cannot_write_outside_of_its_folder(runner: FlaskCliRunner, tmp_path: Path) -> None:
    evil, payload = tmp_path / "evil.tar.gz", tmp_path / "payload"
    payload.write_text("planted")
    with tarfile.open(evil, "w:gz") as tar:
        tar.add(payload, "../../planted")
    assert runner.invoke(args=["restore", "--check", str(evil)]).exit_code == 1
    assert not (tmp_path.parent / "planted").exists()


def test_a_manifest_cannot_remove_outside_of_its_folder(
    runner: FlaskCliRunner, archive: Path, tmp_path: Path
) -> None:
    bystander = tmp_path / "bystander.txt"
    bystander.write_text("mine")
    with tarfile.open(archive) as tar:
        written = tar.extractfile("manifest.json")
        assert written is not None
        manifest = json.loads(written.read())
    manifest["files"]["receipts/" + "../" * 20 + str(bystander)[1:]] = "0" * 64
    evil = rewritten(archive, tmp_path, "manifest.json", json.dumps(manifest).encode())
    runner.invoke(args=["restore", "--yes", str(evil)])
    assert bystander.read_text() == "mine"


def test_tampering_before_the_backup_is_found_by_its_check(
    runner: FlaskCliRunner, session: Session, tmp_path: Path
) -> None:
    with unguarded(session):
        session.execute(text("UPDATE audit_entry SET action = 'nothing'"))
    session.commit()
    target = tmp_path / "tampered.tar.gz"
    runner.invoke(args=["backup", str(target)])
    done = runner.invoke(args=["restore", "--check", str(target)])
    assert done.exit_code == 1
    assert "FAILS  audit chain" in done.output


def test_rows_that_point_nowhere_are_found(
    runner: FlaskCliRunner, session: Session, world: World, tmp_path: Path
) -> None:
    account = world.account(world.ana)
    account_id = account.id
    session.commit()
    session.remove()  # type: ignore[attr-defined]
    raw = db.engine.raw_connection()
    connection = raw.driver_connection
    assert connection is not None
    connection.execute("PRAGMA foreign_keys=OFF")
    connection.execute("DELETE FROM account WHERE id = ?", (account_id,))
    connection.execute("PRAGMA foreign_keys=ON")
    raw.close()
    target = tmp_path / "torn.tar.gz"
    runner.invoke(args=["backup", str(target)])
    done = runner.invoke(args=["restore", "--check", str(target)])
    assert "FAILS  foreign keys  1 rows point nowhere" in done.output


def test_a_database_of_older_tables_is_backed_up_before_they_change(app: Flask, session: Session) -> None:
    session.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32))"))
    session.execute(text("INSERT INTO alembic_version VALUES ('0000')"))
    session.commit()
    made = backup_before_migration()
    assert made is not None
    assert made.exists()
    newest = ScriptDirectory.from_config(app.extensions["migrate"].migrate.get_config()).get_current_head()
    session.execute(text(f"UPDATE alembic_version SET version_num = '{newest}'"))
    session.commit()
    assert backup_before_migration() is None
