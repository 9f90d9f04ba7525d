"""Photos at the edge: taking them from a plain form, and sending them to those who may see them."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, current_app, request
from flask_wtf.file import MultipleFileField
from werkzeug.wrappers import Response

from planner import clock
from planner.database import reading, transaction
from planner.domain.errors import Invalid
from planner.domain.outbox import MOST_PHOTOS
from planner.services.days import photos as photo_service
from planner.services.ledger import receipts
from planner.web.signin import actor, signed_in

photos = Blueprint("photos", __name__, url_prefix="/photos")


@photos.get("/<int:photo_id>")
def photo(photo_id: int) -> Response:
    """The picture, or with ``?thumb=1`` a small one."""
    folder, today = current_app.config["RECEIPTS_FOLDER"], clock.today(signed_in().zone)
    is_small = request.args.get("thumb") == "1"
    path = photo_service.path_of(reading(), actor(), today, folder, photo_id, is_small)
    response = Response(path.read_bytes(), mimetype=receipts.MEDIA_TYPE)
    response.headers["Cache-Control"] = "private, max-age=86400"
    return response


def keep_pictures(field: MultipleFileField) -> Sequence[int]:
    """Keep the pictures that came with a form, whatever becomes of the form; returns their ids.

    Raises Invalid, and keeps none, where one of them is no picture.
    """
    sent = [upload for upload in field.data or () if getattr(upload, "filename", "")]
    if len(sent) > MOST_PHOTOS:
        raise Invalid("photos", "photo_many", most=MOST_PHOTOS)
    prepared = [receipts.prepare(upload.read(), is_receipt=False) for upload in sent]
    folder = current_app.config["RECEIPTS_FOLDER"]
    if not prepared:
        return ()
    with transaction() as session:
        return [row.id for row in receipts.keep_all(session, actor(), clock.now(), folder, prepared)]
