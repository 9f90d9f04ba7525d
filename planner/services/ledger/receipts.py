"""Receipt pictures: checked, turned upright, re-encoded as JPEG without their metadata, kept by content hash.

The size in pixels is read from the header and refused before anything is decoded. What is served later
are our own bytes, never the ones that were sent.
"""

from __future__ import annotations

import hashlib
import io
import os
import secrets
import warnings
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from PIL import Image, ImageOps
from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.access import Actor
from planner.domain.errors import Invalid, NotFound
from planner.models.ledger import Receipt
from planner.services.ledger import entries

FORMATS = ("JPEG", "PNG", "WEBP")
MOST_BYTES = 12 * 1024 * 1024
MEGAPIXELS = 50
LONGEST_SIDE = 2000
THUMB_SIDE = 240
QUALITY = 80
MEDIA_TYPE = "image/jpeg"
UNREADABLE = (OSError, ValueError, SyntaxError, EOFError, MemoryError)
"""What Pillow raises for pictures that are truncated or forged."""

BOMBS = (Image.DecompressionBombError, Image.DecompressionBombWarning)
SHRINKABLE = frozenset({"L", "RGB", "RGBA"})


@dataclass(frozen=True, slots=True)
class PreparedReceipt:
    """A picture as it will be kept. ``sha256`` is that of ``picture``."""

    sha256: str
    picture: bytes
    thumb: bytes


def prepare(data: bytes) -> PreparedReceipt:
    """Check and re-encode a picture; takes its time, so call it outside a transaction.

    Raises Invalid("receipt") with ``receipt_size``, ``receipt_format`` or ``receipt_pixels``.
    """
    if len(data) > MOST_BYTES:
        raise Invalid("receipt", "receipt_size", most=MOST_BYTES // 1024 // 1024)
    upright = _decoded(data)
    picture, thumb = _jpeg(upright, LONGEST_SIDE), _jpeg(upright, THUMB_SIDE)
    return PreparedReceipt(hashlib.sha256(picture).hexdigest(), picture, thumb)


def keep(session: Session, actor: Actor, now: datetime, folder: Path, prepared: PreparedReceipt) -> Receipt:
    """Store a picture once, whoever sends it how often."""
    row = session.scalar(select(Receipt).where(Receipt.sha256 == prepared.sha256))
    _write(_file(folder, prepared.sha256), prepared.picture)
    _write(_thumb_file(folder, prepared.sha256), prepared.thumb)
    if row is None:
        row = Receipt(
            sha256=prepared.sha256,
            media_type=MEDIA_TYPE,
            byte_count=len(prepared.picture),
            uploaded_by=actor.user_id,
            uploaded_at=now,
        )
        session.add(row)
        session.flush()
    return row


def id_of(session: Session, sha256: str) -> int | None:
    return session.scalar(select(Receipt.id).where(Receipt.sha256 == sha256))


def path_of(
    session: Session, actor: Actor, today: date, folder: Path, expense_id: int, thumb: bool = False
) -> Path:
    """The picture of an expense the actor may see. Raises NotFound, also when the file is gone."""
    row = entries.expense(session, actor, today, expense_id)
    if row.receipt is None:
        raise NotFound("receipt", id=expense_id)
    path = (_thumb_file if thumb else _file)(folder, row.receipt.sha256)
    if not path.is_file():
        raise NotFound("receipt", id=expense_id)
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
        except BOMBS as error:
            raise Invalid("receipt", "receipt_pixels", most=MEGAPIXELS) from error
        except UNREADABLE as error:
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


def _file(folder: Path, sha256: str) -> Path:
    return folder / sha256[:2] / f"{sha256}.jpg"


def _thumb_file(folder: Path, sha256: str) -> Path:
    return folder / sha256[:2] / f"{sha256}.thumb.jpg"


def _write(path: Path, data: bytes) -> None:
    """All or nothing: a file under its name is always whole."""
    if path.is_file() and path.stat().st_size == len(data):
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    with aside.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)
