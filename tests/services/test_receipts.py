"""Receipt pictures: what is kept is our own upright JPEG without metadata; everything else is refused."""

from __future__ import annotations

import io
import zlib
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy.orm import Session

from planner.domain.errors import Invalid, NotFound
from planner.services.ledger import receipts
from tests.conftest import NOW, TODAY
from tests.services.ledger_world import LedgerWorld, manager, rep

ORIENTATION, GPS = 0x0112, 0x8825


def picture(form: str = "JPEG", size: tuple[int, int] = (60, 30), **options: object) -> bytes:
    out = io.BytesIO()
    mode = "RGB" if form == "JPEG" else "RGBA"
    Image.new(mode, size, "teal").save(out, form, **options)
    return out.getvalue()


def png_of_size(width: int, height: int) -> bytes:
    """A tiny PNG that says it is huge, one bit a pixel."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")

    header = width.to_bytes(4, "big") + height.to_bytes(4, "big") + bytes([1, 0, 0, 0, 0])
    rows = zlib.compress(bytes((width // 8 + 1) * height), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_every_accepted_format_becomes_a_jpeg(form: str) -> None:
    prepared = receipts.prepare(picture(form))
    with Image.open(io.BytesIO(prepared.picture)) as image:
        assert (image.format, image.size) == ("JPEG", (60, 30))


def test_a_picture_is_turned_upright_and_loses_its_metadata() -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = 6  # to be turned by 90 degrees
    exif[GPS] = {1: "S", 2: (29.0, 54.0, 0.0)}
    sent = picture(exif=exif)
    prepared = receipts.prepare(sent)
    with Image.open(io.BytesIO(prepared.picture)) as image:
        assert image.size == (30, 60)
        assert dict(image.getexif()) == {}
        assert "exif" not in image.info


def test_a_large_photo_is_made_smaller_and_gets_a_thumbnail() -> None:
    prepared = receipts.prepare(picture(size=(4000, 3000)))
    with Image.open(io.BytesIO(prepared.picture)) as image, Image.open(io.BytesIO(prepared.thumb)) as thumb:
        assert image.size == (2000, 1500)
        assert max(thumb.size) <= 240


def test_transparent_parts_become_white() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (8, 8), (0, 0, 0, 0)).save(out, "PNG")
    with Image.open(io.BytesIO(receipts.prepare(out.getvalue()).picture)) as image:
        assert image.getpixel((4, 4)) == (255, 255, 255)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (png_of_size(8_000, 8_000), "receipt_pixels"),
        (png_of_size(30_000, 30_000)[:5000], "receipt_pixels"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "receipt_format"),
        (b"<!doctype html><script>alert(1)</script>", "receipt_format"),
        (b"%PDF-1.7", "receipt_format"),
        (b"", "receipt_format"),
        (picture()[:200], "receipt_format"),
        (b"GIF89a" + picture(), "receipt_format"),
        (bytes(13 * 1024 * 1024), "receipt_size"),
    ],
    ids=["8000²", "30000²", "svg", "html", "pdf", "empty", "truncated", "gif", "13 MB"],
)
def test_what_is_no_plain_picture_is_refused_with_a_sentence(data: bytes, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        receipts.prepare(data)
    assert (refused.value.field, refused.value.code) == ("receipt", code)


def test_a_picture_that_is_also_a_web_page_keeps_only_the_picture() -> None:
    polyglot = picture() + b"<script>alert(1)</script>"
    assert b"<script" not in receipts.prepare(polyglot).picture


def test_the_same_picture_is_kept_once(session: Session, tmp_path: Path) -> None:
    world = LedgerWorld(session)
    prepared = receipts.prepare(picture())
    first = receipts.keep(session, rep(world.ana), NOW, tmp_path, prepared)
    assert receipts.keep(session, rep(world.company.bruno), NOW, tmp_path, prepared) is first
    assert len(list(tmp_path.glob("*/*.jpg"))) == 2  # the picture and its thumbnail


def test_a_receipt_is_seen_by_its_rep_and_those_above(session: Session, tmp_path: Path) -> None:
    world = LedgerWorld(session)
    row = receipts.keep(session, rep(world.ana), NOW, tmp_path, receipts.prepare(picture()))
    expense_id = world.expense(receipt_id=row.id).id
    for actor in (rep(world.ana), manager(world.company.marta)):
        assert receipts.path_of(session, actor, TODAY, tmp_path, expense_id).is_file()
    for actor in (rep(world.company.bruno), manager(world.company.sergio)):
        with pytest.raises(NotFound):
            receipts.path_of(session, actor, TODAY, tmp_path, expense_id)


def test_without_a_receipt_or_its_file_there_is_nothing_to_see(session: Session, tmp_path: Path) -> None:
    world = LedgerWorld(session)
    row = receipts.keep(session, rep(world.ana), NOW, tmp_path, receipts.prepare(picture()))
    without, lost = world.expense().id, world.expense(receipt_id=row.id).id
    for file in tmp_path.glob("*/*.jpg"):
        file.unlink()
    for expense_id in (without, lost):
        with pytest.raises(NotFound):
            receipts.path_of(session, rep(world.ana), TODAY, tmp_path, expense_id)
