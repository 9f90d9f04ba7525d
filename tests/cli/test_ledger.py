"""``flask ledger verify``: it says that the books hold, and where they do not."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from planner.domain.claims import ClaimAction
from planner.models.ledger import LedgerEntry, Receipt
from planner.models.people import Person
from planner.services.ledger import receipt_files, receipts
from tests.conftest import NOW
from tests.services.ledger_world import LedgerWorld, rep
from tests.tampering import rewritten, unguarded


@pytest.fixture
def world(session: Session) -> LedgerWorld:
    made = LedgerWorld(session)
    made.expense(1500)
    made.step(made.ana, ClaimAction.SUBMIT)
    session.commit()
    return made


def test_books_that_hold(app: Flask, world: LedgerWorld) -> None:
    done = app.test_cli_runner().invoke(args=["ledger", "verify"])
    assert done.exit_code == 0, done.output
    for what in ("audit chain, 2 entries", "ledger chain, 1 entries", "sums of 1 claims", "0 export batches"):
        assert f"holds  {what}" in done.output or what in done.output
    assert "The books hold." in done.output


@pytest.mark.parametrize(
    ("tampering", "told"),
    [
        ("UPDATE expense SET amount_minor = 1", "FAILS  ledger chain"),
        ("UPDATE claim SET expenses_minor = 1", "FAILS  sums of 1 claims"),
        ("UPDATE claim SET state = 'approved'", "is approved, its steps lead to submitted"),
        ("UPDATE claim_event SET action = 'approve'", "its steps contradict themselves"),
        ("UPDATE audit_entry SET action = 'x'", "FAILS  audit chain"),
        ("DELETE FROM expense", "FAILS  ledger chain"),
    ],
)
def test_books_that_do_not(app: Flask, world: LedgerWorld, tampering: str, told: str) -> None:
    with unguarded(world.session):
        world.session.execute(text(tampering))
    world.session.commit()
    done = app.test_cli_runner().invoke(args=["ledger", "verify"])
    assert done.exit_code == 1
    assert told in done.output
    assert "do not hold" in done.output


def test_a_link_from_a_printed_log_is_found_however_it_is_typed(app: Flask, world: LedgerWorld) -> None:
    kept = world.session.scalars(select(LedgerEntry.entry_sha256)).one()
    for typed in (kept, f" {kept.upper()} "):
        done = app.test_cli_runner().invoke(args=["ledger", "verify", "--link", typed])
        assert (done.exit_code, "up to link 1" in done.output) == (0, True), done.output
    other = app.test_cli_runner().invoke(args=["ledger", "verify", "--link", "0" * 64])
    assert (other.exit_code, "copied wrongly" in other.output) == (1, True)


@pytest.mark.parametrize("typed", ["", "85e2ee", "z" * 64])
def test_what_is_no_link_says_nothing_against_the_books(app: Flask, world: LedgerWorld, typed: str) -> None:
    done = app.test_cli_runner().invoke(args=["ledger", "verify", "--link", typed])
    assert (done.exit_code, "write the 64 digits" in done.output) == (2, True)
    assert "do not hold" not in done.output


@pytest.fixture
def receipt(app: Flask, world: LedgerWorld) -> Path:
    """The file of a picture that an expense of Ana names, stored by a program that noted nothing of it."""
    out, folder = io.BytesIO(), Path(app.config["RECEIPTS_FOLDER"])
    Image.new("RGB", (60, 30), "teal").save(out, "PNG")
    prepared, sha256 = receipts.prepare(out.getvalue()), hashlib.sha256(out.getvalue()).hexdigest()
    receipts.write(folder, sha256, prepared)
    receipt_id = receipts.expected(world.session, rep(world.ana), NOW, sha256)
    world.session.get_one(Receipt, receipt_id).byte_count = len(prepared.picture)
    world.expense(2500, receipt_id=receipt_id)
    world.session.commit()
    return receipt_files.picture(folder, sha256)


@pytest.mark.parametrize("command", [["ledger", "note-pictures"], ["nightly"]])
def test_a_picture_that_was_swapped_is_told_once_its_bytes_are_noted(
    app: Flask, receipt: Path, command: list[str]
) -> None:
    runner = app.test_cli_runner()
    before = runner.invoke(args=["ledger", "verify"])
    assert (
        before.exit_code,
        "of 1 older ones only that the file is there is known: run" in before.output,
    ) == (0, True), before.output
    runner.invoke(args=command)
    after = runner.invoke(args=["ledger", "verify"])
    assert "holds  files of 1 pictures\n" in after.output
    assert "Pictures noted: 0, looked at: 0." in runner.invoke(args=["ledger", "note-pictures"]).output
    receipt.write_bytes(b"another")
    done = runner.invoke(args=["ledger", "verify"])
    assert done.exit_code == 1
    assert "(Ana, 2026-03-04, parking): its picture is not the one that was stored" in done.output


def test_a_backup_is_checked_by_the_pictures_in_it(app: Flask, receipt: Path, tmp_path: Path) -> None:
    runner, target = app.test_cli_runner(), tmp_path / "kept.tar.gz"
    runner.invoke(args=["ledger", "note-pictures"])
    receipt.write_bytes(b"another")
    runner.invoke(args=["backup", str(target)])
    receipt.unlink()
    done = runner.invoke(args=["restore", "--check", str(target)])
    assert done.exit_code == 1
    assert "FAILS  files of 1 pictures  expense" in done.output
    assert "is not the one that was stored" in done.output


@pytest.mark.parametrize("harm", ["before", "within", "missing"])
def test_a_backup_with_a_harmed_picture_brings_back_all_else_and_says_whose_it_is(
    app: Flask, world: LedgerWorld, receipt: Path, tmp_path: Path, harm: str
) -> None:
    runner, target = app.test_cli_runner(), tmp_path / "kept.tar.gz"
    runner.invoke(args=["ledger", "note-pictures"])
    if harm == "before":
        receipt.write_bytes(b"another")
    runner.invoke(args=["backup", str(target)])
    if harm != "before":
        name = f"receipts/{receipt.relative_to(app.config['RECEIPTS_FOLDER']).as_posix()}"
        target = rewritten(target, tmp_path, name, b"cut" if harm == "within" else None)
    world.session.execute(update(Person).values(name="Somebody"))
    world.session.commit()
    receipt.unlink()
    done = runner.invoke(args=["restore", "--yes", str(target)])
    assert done.exit_code == 0, done.output
    told = "is not the one that was stored" if harm == "before" else "is missing"
    assert f"(Ana, 2026-03-04, parking): its picture {told}" in done.output
    assert "Pictures that are not as they were stored: 1. All else is." in done.output
    world.session.rollback()
    assert "Ana" in world.session.scalars(select(Person.name)).all()


def test_a_harmed_picture_of_a_backup_does_not_replace_a_good_one(
    app: Flask, receipt: Path, tmp_path: Path
) -> None:
    runner, target, good = app.test_cli_runner(), tmp_path / "kept.tar.gz", receipt.read_bytes()
    runner.invoke(args=["ledger", "note-pictures"])
    receipt.write_bytes(b"another")
    runner.invoke(args=["backup", str(target)])
    receipt.write_bytes(good)
    done = runner.invoke(args=["restore", "--yes", str(target)])
    assert (done.exit_code, "WARNING" in done.output) == (0, False), done.output
    assert receipt.read_bytes() == good


def test_a_harmed_picture_here_is_replaced_by_that_of_the_backup(
    app: Flask, receipt: Path, tmp_path: Path
) -> None:
    runner, target, good = app.test_cli_runner(), tmp_path / "kept.tar.gz", receipt.read_bytes()
    runner.invoke(args=["ledger", "note-pictures"])
    runner.invoke(args=["backup", str(target)])
    receipt.write_bytes(b"another")
    done = runner.invoke(args=["restore", "--yes", str(target)])
    assert (done.exit_code, "WARNING" in done.output) == (0, False), done.output
    assert receipt.read_bytes() == good


@pytest.mark.parametrize("said", ["NULL", f"'{'0' * 64}'"])
def test_what_the_database_says_of_a_picture_must_be_what_the_log_says(
    app: Flask, world: LedgerWorld, receipt: Path, tmp_path: Path, said: str
) -> None:
    runner, target = app.test_cli_runner(), tmp_path / "kept.tar.gz"
    runner.invoke(args=["ledger", "note-pictures"])
    world.session.execute(text(f"UPDATE receipt SET stored_sha256 = {said}"))
    world.session.commit()
    told = "what is noted of its picture was changed in the database"
    done = runner.invoke(args=["ledger", "verify"])
    assert (done.exit_code, told in done.output) == (1, True), done.output
    runner.invoke(args=["backup", str(target)])
    done = runner.invoke(args=["restore", "--yes", str(target)])
    assert (done.exit_code, told in done.output) == (1, True), done.output
    assert list(Path(app.instance_path).glob("test-before-restore-*.sqlite")) == []
