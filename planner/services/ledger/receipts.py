"""Pictures: checked, turned upright, re-encoded as JPEG without their metadata, kept by content hash.

Of a picture that a phone sends by itself, the hash is that of what the phone had: it names the picture before
it has come, so that an entry may point at it while it is still on the phone. The size in pixels is read from
the header and refused before anything is decoded. What is served later are our own bytes, never the ones that
were sent.
"""

from __future__ import annotations

import hashlib
import io
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from PIL import Image, ImageOps
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from planner.domain.access import Actor
from planner.domain.errors import Invalid, NotFound
from planner.domain.likeness import Look
from planner.models.ledger import Expense, Receipt
from planner.services.days.notes import INSERTS
from planner.services.ledger import entries, picture_likeness, receipt_files, stored_pictures

FORMATS = ("JPEG", "PNG", "WEBP")
MOST_BYTES = 12 * 1024 * 1024
MEGAPIXELS = 50
LONGEST_SIDE = 2000
THUMB_SIDE = 240
QUALITY = 80
MEDIA_TYPE = "image/jpeg"
STILL_TO_COME = 0
"""The byte count of a picture that is still on the phone."""
SHRINKABLE = frozenset({"L", "RGB", "RGBA"})


@dataclass(frozen=True, slots=True)
class PreparedReceipt:
    """A picture as it will be kept. ``sha256`` is that of ``picture``, ``look`` what it looks like; None: it
    is no receipt, and compared with nothing."""

    sha256: str
    picture: bytes
    thumb: bytes
    look: Look | None


def prepare(data: bytes, is_receipt: bool = True) -> PreparedReceipt:
    """Check and re-encode a picture; takes its time, so call it outside a transaction.

    Raises Invalid("receipt") with ``receipt_size``, ``receipt_format`` or ``receipt_pixels``.
    """
    if len(data) > MOST_BYTES:
        raise Invalid("receipt", "receipt_size", most=MOST_BYTES // 1024 // 1024)
    upright = _decoded(data)
    picture, thumb = _jpeg(upright, LONGEST_SIDE), _jpeg(upright, THUMB_SIDE)
    look = picture_likeness.of_image(upright) if is_receipt else None
    return PreparedReceipt(hashlib.sha256(picture).hexdigest(), picture, thumb, look)


def keep(session: Session, actor: Actor, now: datetime, folder: Path, prepared: PreparedReceipt) -> Receipt:
    """Store a picture once, whoever sends it how often."""
    return keep_all(session, actor, now, folder, [prepared])[0]


def keep_all(
    session: Session, actor: Actor, now: datetime, folder: Path, pictures: Sequence[PreparedReceipt]
) -> list[Receipt]:
    """Store pictures as ``keep`` does, in the order given. Their rows come first and what is noted of them
    last: whoever waits for the log waits for no row."""
    rows = [_kept(session, actor, now, folder, prepared) for prepared in pictures]
    for row, prepared in zip(rows, pictures, strict=True):
        stored_pictures.note(session, actor, now, row, prepared.sha256)
    return rows


def _kept(session: Session, actor: Actor, now: datetime, folder: Path, prepared: PreparedReceipt) -> Receipt:
    row = session.scalar(select(Receipt).where(Receipt.sha256 == prepared.sha256))
    write(folder, prepared.sha256, prepared)
    if row is None:
        row = Receipt(sha256=prepared.sha256, media_type=MEDIA_TYPE, byte_count=STILL_TO_COME)
        session.add(row)
    if row.byte_count == STILL_TO_COME:
        row.byte_count, row.uploaded_by, row.uploaded_at = len(prepared.picture), actor.user_id, now
    if prepared.look is not None:
        row.likeness, row.shades = prepared.look.bits, prepared.look.shades
    session.flush()
    return row


def expected(session: Session, actor: Actor, now: datetime, sha256: str) -> int:
    """The id of a picture by the hash of what the phone has, whether it has come or is still to come."""
    insert = INSERTS[session.get_bind().dialect.name](Receipt).values(
        sha256=sha256,
        media_type=MEDIA_TYPE,
        byte_count=STILL_TO_COME,
        uploaded_by=actor.user_id,
        uploaded_at=now,
    )
    session.execute(insert.on_conflict_do_nothing(index_elements=["sha256"]))
    return session.scalars(select(Receipt.id).where(Receipt.sha256 == sha256)).one()


def write(folder: Path, sha256: str, prepared: PreparedReceipt) -> None:
    """The files of a picture under the name it goes by, before any row says that it is there."""
    receipt_files.write(receipt_files.picture(folder, sha256), prepared.picture)
    receipt_files.write(receipt_files.thumb(folder, sha256), prepared.thumb)


def arrived(
    session: Session, actor: Actor, now: datetime, sent_sha256: str, prepared: PreparedReceipt
) -> None:
    """Say that a picture, ``expected`` and its files written, has come; whoever may wait for it."""
    picture_id = expected(session, actor, now, sent_sha256)
    session.execute(
        update(Receipt)
        .where(Receipt.id == picture_id, Receipt.byte_count == STILL_TO_COME)
        .values(byte_count=len(prepared.picture), uploaded_by=actor.user_id, uploaded_at=now)
    )
    query = select(Receipt).where(Receipt.id == picture_id).with_for_update(key_share=True)
    row = session.scalars(query, execution_options={"populate_existing": True}).one()
    if prepared.look is not None and not picture_likeness.is_of_visits(session, picture_id):
        row.likeness, row.shades = prepared.look.bits, prepared.look.shades
    stored_pictures.note(session, actor, now, row, prepared.sha256)


def has_come(session: Session, folder: Path, sha256: str) -> bool:
    """Whether a picture is here, its files too: what of them was lost or cut may come again."""
    query = select(Receipt.stored_sha256).where(Receipt.sha256 == sha256, Receipt.byte_count > STILL_TO_COME)
    row = session.execute(query).one_or_none()
    if row is None or not receipt_files.thumb(folder, sha256).is_file():
        return False
    found = stored_pictures.digest(receipt_files.picture(folder, sha256))
    return found is not None and row.stored_sha256 in (None, found)


def as_kept(session: Session, folder: Path, sha256: str, prepared: PreparedReceipt) -> PreparedReceipt:
    """What to keep of a picture that comes again: its file as it is where that is the one noted. Another
    version of the encoder makes other bytes of it, which nobody has noted before it ``arrived``."""
    noted = session.scalar(select(Receipt.stored_sha256).where(Receipt.sha256 == sha256))
    path = receipt_files.picture(folder, sha256)
    if noted is None or stored_pictures.digest(path) != noted:
        return prepared
    return replace(prepared, sha256=noted, picture=path.read_bytes())


def is_here(expense: Expense) -> bool:
    """Whether an expense has a receipt that can be looked at."""
    return expense.receipt is not None and is_whole(expense.receipt.byte_count)


def is_whole(byte_count: int | None) -> bool:
    """None: there is no receipt at all."""
    return byte_count is not None and byte_count > STILL_TO_COME


def id_of(session: Session, sha256: str) -> int | None:
    return session.scalar(select(Receipt.id).where(Receipt.sha256 == sha256))


def path_of(
    session: Session, actor: Actor, today: date, folder: Path, expense_id: int, thumb: bool = False
) -> Path:
    """The picture of an expense the actor may see. Raises NotFound, also when the file is gone."""
    row = entries.expense(session, actor, today, expense_id)
    if row.receipt is None:
        raise NotFound("receipt", id=expense_id)
    return file_of(folder, row.receipt, thumb)


def file_of(folder: Path, picture: Receipt, thumb: bool = False) -> Path:
    """The file of a picture. Raises NotFound while it has not come, or when it is gone."""
    path = (receipt_files.thumb if thumb else receipt_files.picture)(folder, picture.sha256)
    if picture.byte_count == STILL_TO_COME or not path.is_file():
        raise NotFound("receipt", id=picture.id)
    return path


def _decoded(data: bytes) -> Image.Image:
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            with Image.open(io.BytesIO(data), formats=FORMATS) as image:
                _check_pixels(image)
                # A JPEG is decoded at a fraction of its size where that is enough.
                image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
                return _flat(ImageOps.exif_transpose(image))
        except receipt_files.BOMBS as error:
            raise Invalid("receipt", "receipt_pixels", most=MEGAPIXELS) from error
        except receipt_files.UNREADABLE as error:
            raise Invalid("receipt", "receipt_format") from error


def _check_pixels(image: Image.Image) -> None:
    width, height = image.size
    if width * height > MEGAPIXELS * 1_000_000 or not width or not height:
        raise Invalid("receipt", "receipt_pixels", most=MEGAPIXELS)


def _flat(image: Image.Image) -> Image.Image:
    """In RGB, on white where it was transparent. The copy carries no metadata."""
    if image.mode in SHRINKABLE:
        image.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    seen = image.convert("RGBA")
    ground = Image.new("RGB", seen.size, "white")
    ground.paste(seen, mask=seen.getchannel("A"))
    return ground


def _jpeg(image: Image.Image, side: int) -> bytes:
    small = image.copy()
    small.thumbnail((side, side))
    out = io.BytesIO()
    small.save(out, "JPEG", quality=QUALITY, optimize=True)
    return out.getvalue()
