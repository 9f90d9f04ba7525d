"""What a picture looks like, from far and from near (``planner.domain.likeness``).

The bits are the perceptual hash of C. Zauner, "Implementation and Benchmarking of Perceptual Image Hash
Functions" (2010). 64 bits, whether of differences or of this kind, did not tell receipts apart: two of them
differed in 5 to 6, one and the same in up to 5.
"""

from __future__ import annotations

import warnings
from base64 import b64encode
from collections.abc import Collection, Mapping
from pathlib import Path

import imagehash
from PIL import Image
from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from planner.domain.likeness import Look
from planner.models.ledger import Expense, Receipt
from planner.models.photos import VisitPhoto
from planner.services.ledger import receipt_files

FREQUENCIES = 16
"""A side: 16 × 16 are the bits."""

FIELDS = 48
"""A side, for the shades."""

NOTHING = Look()
"""Of a picture that is one colour all over: it would look like every other one."""

FAINTEST = 8
"""Fewer shades of grey between the darkest and the lightest field are the noise of the encoding."""


def of_image(image: Image.Image) -> Look:
    """What an upright picture looks like: 64 hexadecimal digits, and 48 × 48 bytes in Base64."""
    grey = image.convert("L")
    fields = grey.resize((FIELDS, FIELDS), Image.Resampling.BOX)
    darkest, lightest = fields.getextrema()
    if lightest - darkest < FAINTEST:
        return NOTHING
    bits = imagehash.phash(grey, hash_size=FREQUENCIES)
    return Look(str(bits), b64encode(fields.tobytes()).decode("ascii"))


def of_file(path: Path) -> Look | None:
    """The look of a stored picture; ``NOTHING`` too where it cannot be read, None where it is not there."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            with Image.open(path, formats=("JPEG",)) as image:
                # In grey at once, 16 ms where colours take 22. Not at a fraction of its size, which takes 4:
                # its shades are up to 22 off then, and two tickets of one app may be only 9 apart.
                image.draft("L", image.size)
                return of_image(image)
        except FileNotFoundError:
            return None
        except (*receipt_files.BOMBS, *receipt_files.UNREADABLE):
            return NOTHING


def unseen(session: Session, after_id: int, most: int) -> list[tuple[int, str]]:
    """Id and file's name of expenses' pictures that came before this was looked at, by id, from beyond
    ``after_id``. Those of visits alone are compared with nothing."""
    of_expense = select(Expense.id).where(Expense.receipt_id == Receipt.id).exists()
    query = select(Receipt.id, Receipt.sha256).where(
        Receipt.id > after_id, Receipt.byte_count > 0, Receipt.likeness.is_(None), of_expense
    )
    return [(row.id, row.sha256) for row in session.execute(query.order_by(Receipt.id).limit(most))]


def look_at(folder: Path, pictures: Collection[tuple[int, str]]) -> dict[int, Look]:
    """Of the files that are there, by the picture's id. Takes its time: not within a transaction."""
    seen = ((picture_id, of_file(receipt_files.picture(folder, name))) for picture_id, name in pictures)
    return {picture_id: found for picture_id, found in seen if found is not None}


def is_of_visits(session: Session, picture_id: int) -> bool:
    """Whether visits name a picture, and no expense."""
    return session.scalar(select(Receipt.id).where(Receipt.id == picture_id, *_is_of_visits())) is not None


def forget(session: Session, most: int) -> int:
    """What pictures look like that visits alone name: a phone's may come before anybody knows what it is of.
    Returns how many."""
    query = select(Receipt.id).where(Receipt.likeness.is_not(None), *_is_of_visits()).limit(most)
    ids = session.scalars(query.with_for_update(skip_locked=True)).all()
    if ids:
        seen = update(Receipt).where(Receipt.id.in_(ids), *_is_of_visits())
        session.execute(seen.values(likeness=None, shades=None))
    return len(ids)


def _is_of_visits() -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    of_expense = select(Expense.id).where(Expense.receipt_id == Receipt.id).exists()
    return select(VisitPhoto.id).where(VisitPhoto.receipt_id == Receipt.id).exists(), ~of_expense


def keep(session: Session, found: Mapping[int, Look]) -> int:
    """What was seen of pictures, as many as that; what came meanwhile stays."""
    for picture_id, look in found.items():
        seen = update(Receipt).where(Receipt.id == picture_id, Receipt.likeness.is_(None))
        session.execute(seen.values(likeness=look.bits, shades=look.shades))
    return len(found)
