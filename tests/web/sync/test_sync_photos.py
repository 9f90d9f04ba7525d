"""Photos by themselves: under the hash of what the phone has, before their item, after it, or twice."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.models.ledger import Expense, Receipt
from planner.models.people import Person
from planner.models.photos import VisitPhoto
from planner.models.visits import Note, Visit
from planner.services.ledger import chain, picture_proof, receipts, stored_pictures, unnamed_pictures
from planner.web.api.photos import MOST_BYTES
from tests.conftest import TODAY
from tests.phones import Phone, jpeg, report, spending
from tests.world import World

pytestmark = pytest.mark.both_databases

Count = Callable[[type[Any]], int]
SignIn = Callable[[Person], FlaskClient]
PHOTO = jpeg()
SHA = hashlib.sha256(PHOTO).hexdigest()
GPS = 0x8825


def put(phone: Phone, data: bytes = PHOTO, sha256: str = SHA) -> tuple[int, dict[str, Any]]:
    answer = phone.client.put(f"/api/photos/{sha256}", data=data, content_type="image/jpeg")
    return answer.status_code, dict(answer.json or {})


def the_photo(session: Session) -> VisitPhoto:
    session.expire_all()
    return session.scalars(select(VisitPhoto)).one()


@pytest.mark.parametrize("order", ["before", "after", "twice"])
def test_a_photo_of_a_visit_arrives_in_any_order(
    session: Session, visit: Visit, phone: Phone, order: str
) -> None:
    item = phone.item("done", visit=visit, payload=report(), photos=[SHA])
    statuses = [put(phone)[0]] if order != "after" else []
    assert phone.one(item)["answer"] == "created"
    statuses += [put(phone)[0]] if order != "before" else []
    assert statuses == {"before": [201], "after": [201], "twice": [201, 200]}[order]
    row = the_photo(session)
    assert (row.visit_id, row.account_id, row.author_id) == (visit.id, visit.account_id, visit.rep_id)
    answer = phone.client.get(f"/photos/{row.id}")
    with Image.open(io.BytesIO(answer.data)) as picture:
        assert (answer.status_code, picture.format, picture.size) == (200, "JPEG", (60, 30))


def test_a_photo_still_on_the_phone_is_said_to_be_and_not_shown(
    session: Session, visit: Visit, phone: Phone
) -> None:
    phone.one(phone.item("done", visit=visit, payload=report(), photos=[SHA]))
    key = the_photo(session).id
    for page in (f"/today/visits/{visit.id}", f"/accounts/{visit.account_id}"):
        shown = phone.client.get(page).text
        assert "1 photo is still on the phone" in shown
        assert f"/photos/{key}" not in shown
    assert phone.client.get(f"/photos/{key}").status_code == 404
    put(phone)
    for page in (f"/today/visits/{visit.id}", f"/accounts/{visit.account_id}"):
        assert f"/photos/{key}?thumb=1" in phone.client.get(page).text
    assert phone.client.get(f"/photos/{key}?thumb=1").status_code == 200


@pytest.mark.parametrize("order", ["before", "after", "twice"])
def test_the_receipt_of_an_expense_arrives_in_any_order_and_the_chain_holds(
    session: Session, phone: Phone, order: str, count: Count
) -> None:
    item = phone.item("expense", on=TODAY, payload=spending(), photos=[SHA])
    if order != "after":
        assert put(phone)[0] == 201
    assert phone.one(item)["answer"] == "created"
    if order != "before":
        put(phone)
    expense = session.scalars(select(Expense)).one()
    assert expense.receipt is not None
    assert expense.receipt.byte_count > 0
    assert phone.client.get(f"/log/expenses/{expense.id}/receipt").status_code == 200
    assert (chain.verify(session), count(Receipt), count(Expense)) == ([], 1, 1)


def test_an_expense_whose_receipt_is_still_on_the_phone_has_none_yet(
    session: Session, phone: Phone, world: World, sign_in: SignIn
) -> None:
    phone.one(phone.item("expense", on=TODAY, payload=spending(), photos=[SHA]))
    key = session.scalars(select(Expense.id)).one()
    assert "still on the phone" in phone.client.get(f"/log/expenses/{key}").text
    assert "no receipt" in phone.client.get(f"/log?month={TODAY:%Y-%m}").text
    assert phone.client.get(f"/log/expenses/{key}/receipt").status_code == 404
    put(phone)
    assert "still on the phone" not in phone.client.get(f"/log/expenses/{key}").text
    assert "no receipt" not in phone.client.get(f"/log?month={TODAY:%Y-%m}").text


def test_a_receipt_that_has_not_come_is_not_missed_in_a_backup(
    session: Session, phone: Phone, tmp_path: Path
) -> None:
    phone.one(phone.item("expense", on=TODAY, payload=spending(), photos=[SHA]))
    session.expire_all()
    assert picture_proof.finding(session, tmp_path).trouble == ""
    put(phone)
    session.expire_all()
    assert picture_proof.finding(session, tmp_path / "elsewhere").trouble != ""


def test_two_reps_with_the_same_photo_share_its_file(
    world: World, session: Session, visit: Visit, phone: Phone, sign_in: SignIn, count: Count
) -> None:
    bruno = Phone(sign_in(world.bruno))
    assert [put(phone)[0], put(bruno)[0]] == [201, 200]
    assert count(Receipt) == 1


def test_a_note_of_photos_alone_is_kept_without_a_word(
    session: Session, visit: Visit, phone: Phone, count: Count
) -> None:
    assert (
        phone.one(phone.item("note", visit=visit, payload={"text": ""}, photos=[SHA]))["answer"] == "created"
    )
    assert (count(Note), the_photo(session).visit_id) == (0, visit.id)


def test_the_place_data_of_a_photo_is_gone(session: Session, visit: Visit, phone: Phone) -> None:
    exif, out = Image.Exif(), io.BytesIO()
    exif[GPS] = {1: "S", 2: (29.0, 54.0, 0.0)}
    Image.new("RGB", (40, 40), "red").save(out, "JPEG", exif=exif)
    sha256 = hashlib.sha256(out.getvalue()).hexdigest()
    put(phone, out.getvalue(), sha256)
    phone.one(phone.item("done", visit=visit, payload=report(), photos=[sha256]))
    answer = phone.client.get(f"/photos/{the_photo(session).id}")
    with Image.open(io.BytesIO(answer.data)) as picture:
        assert dict(picture.getexif()) == {}


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "receipt_format"),
        (b"<!doctype html><script>alert(1)</script>", "receipt_format"),
        (PHOTO[:300], "receipt_format"),
        (b"", "receipt_format"),
    ],
    ids=["svg", "html", "truncated", "empty"],
)
def test_what_is_no_picture_is_refused_with_a_sentence(
    phone: Phone, count: Count, data: bytes, code: str
) -> None:
    status, said = put(phone, data, hashlib.sha256(data).hexdigest())
    assert (status, said["error"], bool(said["message"])) == (422, code, True)
    assert count(Receipt) == 0


@pytest.mark.parametrize("sha256", ["0" * 64, SHA.upper(), "x", "..%2f..%2fsecret_key"])
def test_bytes_that_are_not_those_of_the_hash_are_refused(phone: Phone, count: Count, sha256: str) -> None:
    status, said = put(phone, PHOTO, sha256)
    assert status in (404, 422)
    assert said["error"] in ("photo_hash", "not_found")
    assert count(Receipt) == 0


def test_a_photo_whose_file_was_lost_may_come_again(app: Flask, phone: Phone, count: Count) -> None:
    put(phone)
    file = next(app.config["RECEIPTS_FOLDER"].rglob(f"{SHA}.jpg"))
    file.unlink()
    assert [put(phone)[0], put(phone)[0]] == [201, 200]
    assert (file.is_file(), count(Receipt)) == (True, 1)


def test_a_photo_that_comes_again_and_is_encoded_otherwise_is_known_by_its_new_bytes(
    app: Flask, session: Session, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone.one(phone.item("expense", on=TODAY, payload=spending(), photos=[SHA]))
    put(phone)
    folder = Path(app.config["RECEIPTS_FOLDER"])
    next(folder.rglob(f"{SHA}.jpg")).unlink()
    monkeypatch.setattr(receipts, "QUALITY", 40)  # as another version of the library would
    assert put(phone)[0] == 201
    session.expire_all()
    row = session.scalars(select(Receipt)).one()
    assert stored_pictures.noted(session, [row.id]) == {row.id: row.stored_sha256}
    assert (picture_proof.finding(session, folder).trouble, row.stored_sha256 == SHA) == ("", False)


@pytest.fixture
def picture(app: Flask, session: Session, phone: Phone, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file of a receipt that has come; whatever comes from now on another version encodes."""
    phone.one(phone.item("expense", on=TODAY, payload=spending(), photos=[SHA]))
    put(phone)
    monkeypatch.setattr(receipts, "QUALITY", 40)
    return next(Path(app.config["RECEIPTS_FOLDER"]).rglob(f"{SHA}.jpg"))


def test_a_picture_whose_preview_comes_again_keeps_its_own_file(
    app: Flask, session: Session, phone: Phone, picture: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(*_: object) -> None:
        raise KeyboardInterrupt

    before, preview = picture.read_bytes(), picture.with_suffix(".thumb.jpg")
    preview.unlink()
    with monkeypatch.context() as patch:
        patch.setattr(receipts, "arrived", dies)
        with pytest.raises(KeyboardInterrupt):
            put(phone)
    assert (preview.is_file(), picture.read_bytes() == before) == (True, True)
    preview.unlink()
    assert [put(phone)[0], put(phone)[0]] == [201, 200]
    session.expire_all()
    assert picture.read_bytes() == before
    assert picture_proof.finding(session, app.config["RECEIPTS_FOLDER"]).trouble == ""


def test_a_picture_that_was_cut_is_whole_again_when_it_comes_again(
    app: Flask, session: Session, phone: Phone, picture: Path
) -> None:
    picture.write_bytes(picture.read_bytes()[:-1])
    assert [put(phone)[0], put(phone)[0]] == [201, 200]
    session.expire_all()
    assert picture_proof.finding(session, app.config["RECEIPTS_FOLDER"]).trouble == ""


def test_photos_that_nothing_names_are_taken_only_so_many_a_day(
    visit: Visit, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unnamed_pictures, "MOST_A_DAY", 2)
    pictures = {hashlib.sha256(one).hexdigest(): one for one in map(jpeg, ("red", "blue", "green"))}
    first, *others = pictures
    assert [put(phone, pictures[one], one)[0] for one in (first, others[0])] == [201, 201]
    status, said = put(phone, pictures[others[1]], others[1])
    assert (status, said["error"], bool(said["message"])) == (429, "photo_unnamed", True)
    phone.one(phone.item("done", visit=visit, payload=report(), photos=[first]))
    assert put(phone, pictures[others[1]], others[1])[0] == 201


def test_more_photos_than_an_item_may_have_are_said_to_be(visit: Visit, phone: Phone) -> None:
    answer = phone.one(phone.item("note", visit=visit, payload={"text": "Many"}, photos=[SHA] * 13))
    assert (answer["answer"], answer["message"]) == ("rejected", "At most 12 photos at once.")


def test_a_receipt_the_server_kept_of_a_plain_form_stays_with_the_expense(
    session: Session, phone: Phone
) -> None:
    fields = spending(amount="no amount") | {"receipt": (io.BytesIO(PHOTO), "a.jpg")}
    page = phone.client.post("/log/expenses/new", data=fields).text
    kept = session.scalars(select(Receipt.sha256)).one()
    assert kept in page
    phone.one(phone.item("expense", on=TODAY, payload=spending(kept=kept)))
    session.expire_all()
    expense = session.scalars(select(Expense)).one()
    assert expense.receipt is not None
    assert expense.receipt.sha256 == kept


def test_a_photo_beyond_eight_megabytes_is_too_large(phone: Phone) -> None:
    status, said = put(phone, bytes(MOST_BYTES + 1))
    assert (status, said["error"]) == (413, "too_large")


def test_a_photo_is_seen_by_its_rep_and_those_above(
    world: World, session: Session, visit: Visit, phone: Phone, sign_in: SignIn
) -> None:
    put(phone)
    phone.one(phone.item("done", visit=visit, payload=report(), photos=[SHA]))
    key = the_photo(session).id
    expected = {"marta": 200, "admin": 200, "sergio": 404, "bruno": 404}
    found = {name: sign_in(getattr(world, name)).get(f"/photos/{key}").status_code for name in expected}
    assert found == expected


def test_the_report_form_takes_photos_without_a_script(
    session: Session, visit: Visit, phone: Phone, count: Count
) -> None:
    files = [(io.BytesIO(jpeg("red")), "a.jpg"), (io.BytesIO(jpeg("blue")), "b.jpg")]
    fields = report() | {"photos": files}
    answer = phone.client.post(f"/today/visits/{visit.id}/report", data=fields)
    assert (answer.status_code, count(VisitPhoto)) == (302, 2)


def test_a_report_with_a_file_that_is_no_picture_says_so_and_stores_nothing(
    session: Session, visit: Visit, phone: Phone, count: Count
) -> None:
    fields = report() | {"photos": [(io.BytesIO(jpeg()), "a.jpg"), (io.BytesIO(b"%PDF"), "b.jpg")]}
    answer = phone.client.post(f"/today/visits/{visit.id}/report", data=fields)
    assert (answer.status_code, count(VisitPhoto), count(Receipt)) == (409, 0, 0)
    assert "no picture we can read" in answer.text


def test_a_note_is_added_at_the_stop_without_a_script(
    session: Session, visit: Visit, phone: Phone, count: Count
) -> None:
    fields = {"uid": "6f1c0e0e-0000-4000-8000-000000000001", "text": "Ring twice"}
    for _ in range(2):
        with_photo = fields | {"photos": (io.BytesIO(PHOTO), "a.jpg")}
        assert phone.client.post(f"/today/visits/{visit.id}/note", data=with_photo).status_code == 302
    assert session.scalars(select(Note.text)).all() == ["Ring twice"]
    assert count(VisitPhoto) == 1
    assert "Ring twice" in phone.client.get(f"/today/visits/{visit.id}").text


def test_an_empty_note_asks_for_words(visit: Visit, phone: Phone, count: Count) -> None:
    answer = phone.client.post(f"/today/visits/{visit.id}/note", data={"text": " "})
    assert (answer.status_code, count(Note)) == (400, 0)
    assert "Write the note first." in answer.text
