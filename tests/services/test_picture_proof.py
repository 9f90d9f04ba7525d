"""Pictures on the disk are those that were stored; one that was swapped, cut or removed is named."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import inspect, select, text
from sqlalchemy.orm import Session

from planner.domain.access import Actor, Role
from planner.models.ledger import Expense, Receipt
from planner.models.settings import AuditEntry
from planner.services.company import erasing
from planner.services.days import photos
from planner.services.days.photos import NewPhotos
from planner.services.installation import audit
from planner.services.ledger import (
    picture_proof,
    receipt_files,
    receipts,
    stored_pictures,
    unnamed_pictures,
)
from tests.conftest import NOW, TODAY
from tests.phones import jpeg
from tests.services.ledger_world import LedgerWorld, rep
from tests.tampering import unguarded

pytestmark = pytest.mark.both_databases


@pytest.fixture
def world(session: Session) -> LedgerWorld:
    return LedgerWorld(session)


def of_form(world: LedgerWorld, folder: Path, colour: str = "teal") -> Receipt:
    prepared = receipts.prepare(jpeg(colour))
    return receipts.keep(world.session, rep(world.ana), NOW, folder, prepared)


def of_phone(world: LedgerWorld, folder: Path, colour: str = "teal") -> Receipt:
    sent = jpeg(colour)
    sha256, prepared = hashlib.sha256(sent).hexdigest(), receipts.prepare(sent)
    receipts.write(folder, sha256, prepared)
    receipts.arrived(world.session, rep(world.ana), NOW, sha256, prepared)
    return world.session.scalars(select(Receipt).where(Receipt.sha256 == sha256)).one()


def from_before(world: LedgerWorld, row: Receipt) -> None:
    """As if it had been stored by a program that noted nothing."""
    with unguarded(world.session):
        world.session.execute(
            text("DELETE FROM audit_entry WHERE subject_kind = 'receipt' AND subject_id = :id"),
            {"id": row.id},
        )
    row.stored_sha256 = None
    world.session.flush()


Store = Callable[[LedgerWorld, Path], Receipt]
BOTH_WAYS = pytest.mark.parametrize("store", [of_form, of_phone])


@BOTH_WAYS
def test_pictures_as_they_were_stored_hold(world: LedgerWorld, tmp_path: Path, store: Store) -> None:
    row = store(world, tmp_path)
    world.expense(receipt_id=row.id)
    found = picture_proof.finding(world.session, tmp_path)
    assert (found.what, found.trouble) == ("files of 1 pictures", "")
    assert audit.verify(world.session).holds


@BOTH_WAYS
@pytest.mark.parametrize(
    ("harm", "told"),
    [
        (lambda file: file.unlink(), "its picture is missing"),
        (lambda file: file.write_bytes(file.read_bytes()[:-1]), "its picture is not the one that was stored"),
        (lambda file: file.write_bytes(receipts.prepare(jpeg("red")).picture), "not the one that was"),
        (lambda file: file.write_bytes(b""), "not the one that was stored"),
    ],
    ids=["removed", "cut", "swapped", "emptied"],
)
def test_a_file_that_was_harmed_is_told_by_its_expense(
    world: LedgerWorld, tmp_path: Path, store: Store, harm: Callable[[Path], None], told: str
) -> None:
    row = store(world, tmp_path)
    whole = of_form(world, tmp_path, "green")
    world.expense(receipt_id=whole.id)
    expense = world.expense(receipt_id=row.id)
    harm(receipt_files.picture(tmp_path, row.sha256))
    trouble = picture_proof.finding(world.session, tmp_path).trouble
    assert trouble.startswith(f"expense {expense.id} (Ana, {TODAY}, parking): ")
    assert told in trouble
    assert ";" not in trouble


def test_a_swap_that_is_hidden_in_the_row_is_told(world: LedgerWorld, tmp_path: Path) -> None:
    row = of_phone(world, tmp_path)
    world.expense(receipt_id=row.id)
    other = receipts.prepare(jpeg("red"))
    receipt_files.picture(tmp_path, row.sha256).write_bytes(other.picture)
    for said in (other.sha256, None):
        row.stored_sha256 = said
        world.session.flush()
        trouble = picture_proof.finding(world.session, tmp_path).trouble
        assert ("not the one that was stored" if said is None else "changed in the database") in trouble
    # What the log knows is not learnt anew from a file.
    pictures = stored_pictures.unknown(world.session, 0, 10)
    assert pictures == []
    assert stored_pictures.note_unknown(world.session, NOW, {row.id: other.sha256}) == 0


def test_a_picture_said_to_be_on_the_phone_again_is_told(world: LedgerWorld, tmp_path: Path) -> None:
    row = of_phone(world, tmp_path)
    world.expense(receipt_id=row.id)
    row.byte_count = receipts.STILL_TO_COME
    assert "changed in the database" in picture_proof.finding(world.session, tmp_path).trouble


def test_what_is_still_on_the_phone_is_not_missed(world: LedgerWorld, tmp_path: Path) -> None:
    world.expense(receipt_id=receipts.expected(world.session, rep(world.ana), NOW, "a" * 64))
    found = picture_proof.finding(world.session, tmp_path)
    assert (found.what, found.trouble) == ("files of 0 pictures", "")
    assert stored_pictures.unknown(world.session, 0, 10) == []


def test_a_picture_that_nothing_names_is_not_missed(world: LedgerWorld, tmp_path: Path) -> None:
    row = of_phone(world, tmp_path)
    receipt_files.picture(tmp_path, row.sha256).unlink()
    assert picture_proof.finding(world.session, tmp_path).trouble == ""


def test_a_form_brings_what_a_phone_was_to_send(world: LedgerWorld, tmp_path: Path) -> None:
    prepared = receipts.prepare(jpeg())
    expected = receipts.expected(world.session, rep(world.ana), NOW, prepared.sha256)
    row = receipts.keep(world.session, rep(world.ana), NOW, tmp_path, prepared)
    world.expense(receipt_id=row.id)
    assert (row.id, row.byte_count) == (expected, len(prepared.picture))
    assert picture_proof.finding(world.session, tmp_path).trouble == ""


def test_pictures_from_before_are_told_apart_until_they_are_noted(world: LedgerWorld, tmp_path: Path) -> None:
    phones, form, lost = (
        of_phone(world, tmp_path, "red"),
        of_form(world, tmp_path, "blue"),
        of_phone(world, tmp_path, "green"),
    )
    for row in (phones, form, lost):
        world.expense(receipt_id=row.id)
        from_before(world, row)
    receipt_files.picture(tmp_path, lost.sha256).unlink()
    found = picture_proof.finding(world.session, tmp_path)
    assert (
        "files of 3 pictures (of 1 older ones only that the file is there is known: run" in found.what
    )  # the form's is named by its bytes
    assert found.trouble.endswith("its picture is missing")
    pictures = stored_pictures.unknown(world.session, 0, 10)
    found_now = stored_pictures.digests(tmp_path, pictures)
    assert set(found_now) == {phones.id, form.id}
    assert stored_pictures.note_unknown(world.session, NOW, found_now) == 2
    receipt_files.picture(tmp_path, phones.sha256).write_bytes(jpeg("white"))
    found = picture_proof.finding(world.session, tmp_path)
    assert found.what == "files of 3 pictures"
    assert "is not the one that was stored; " in found.trouble


def test_a_photo_of_a_visit_is_told_by_its_visit(world: LedgerWorld, tmp_path: Path) -> None:
    row, visit = of_phone(world, tmp_path), world.visit(9)
    photos.add(world.session, rep(world.ana), NOW, NewPhotos(visit.account_id, visit.id, [row.id], NOW))
    assert picture_proof.finding(world.session, tmp_path).trouble == ""
    receipt_files.picture(tmp_path, row.sha256).unlink()
    assert " of a visit (Ana, 2026-03-04): its picture is missing" in (
        picture_proof.finding(world.session, tmp_path).trouble
    )


def test_pictures_that_went_by_their_term_or_with_their_rep_are_not_missed(
    world: LedgerWorld, tmp_path: Path
) -> None:
    session = world.session
    kept, old, hers = (of_phone(world, tmp_path, colour) for colour in ("red", "blue", "green"))
    world.expense(receipt_id=kept.id)
    kept_id, gone = kept.id, [old.sha256, hers.sha256]
    old.uploaded_at = NOW - timedelta(days=400)
    session.flush()
    assert unnamed_pictures.drop_old(session, NOW) == 1
    admin = Actor(world.company.admin.id, Role.ADMIN)
    erasing.ask(session, admin, NOW, TODAY, world.ana.id, world.ana.name, True)
    session.commit()
    erasing.erase(session, NOW, world.ana.id, "Former rep 7")
    session.commit()
    for name in gone:
        receipt_files.picture(tmp_path, name).unlink()
    assert session.scalars(select(Receipt.id)).all() == [kept_id]
    found = picture_proof.finding(session, tmp_path)
    assert (found.what, found.trouble) == ("files of 1 pictures", "")
    assert audit.verify(session).holds


def test_what_the_log_says_of_a_picture_that_went_is_not_said_of_the_next(
    world: LedgerWorld, tmp_path: Path
) -> None:
    old = of_phone(world, tmp_path)
    old_id, name, old.uploaded_at = old.id, old.sha256, NOW - timedelta(days=400)
    world.session.flush()
    assert unnamed_pictures.drop_old(world.session, NOW) == 1
    again = receipts.expected(world.session, rep(world.ana), NOW, name)
    world.expense(receipt_id=again)
    assert again != old_id
    assert picture_proof.finding(world.session, tmp_path).trouble == ""


def test_the_photos_of_visits_that_name_a_picture_are_found_by_an_index(world: LedgerWorld) -> None:
    found = inspect(world.session.connection()).get_indexes("visit_photo")
    assert ["receipt_id"] in [each["column_names"] for each in found]


def test_many_are_read_in_pieces_and_the_first_are_told(
    world: LedgerWorld, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(picture_proof, "AT_ONCE", 2)
    monkeypatch.setattr(picture_proof, "MOST_TOLD", 3)
    for number in range(5):
        row = of_form(world, tmp_path, f"#{number:02x}8080")
        world.expense(receipt_id=row.id)
        receipt_files.picture(tmp_path, row.sha256).unlink()
    found = picture_proof.finding(world.session, tmp_path)
    assert (found.what, found.trouble.count("missing")) == ("files of 5 pictures", 3)
    assert found.trouble.endswith("; and 2 more")


def test_storing_the_same_picture_again_notes_nothing_and_mends_its_file(
    world: LedgerWorld, tmp_path: Path
) -> None:
    row = of_form(world, tmp_path)
    world.expense(receipt_id=row.id)
    file = receipt_files.picture(tmp_path, row.sha256)
    whole = file.read_bytes()
    file.write_bytes(bytes(len(whole)))
    of_form(world, tmp_path)
    assert file.read_bytes() == whole
    noted = select(AuditEntry.after).where(AuditEntry.subject_kind == "receipt")
    assert world.session.scalars(noted).all() == [{"stored_sha256": row.sha256}]
    assert world.session.scalars(select(Expense)).one().receipt_id == row.id
