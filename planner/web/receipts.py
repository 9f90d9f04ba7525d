"""Receipt pictures at the edge: taking them from a form, and sending them to those who may see them."""

from __future__ import annotations

from datetime import date

from flask import current_app, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from planner import clock
from planner.database import reading, transaction
from planner.domain.errors import Invalid
from planner.services.ledger import receipts
from planner.web.forms.expenses import ExpenseForm
from planner.web.signin import actor


def keep_receipt(form: ExpenseForm) -> Invalid | None:
    """Keep the picture that came with a form, and note its hash there; or say what is wrong with it."""
    upload = form.receipt.data
    if not upload or not upload.filename:
        return None
    try:
        prepared = receipts.prepare(upload.read())
    except Invalid as trouble:
        return trouble
    with transaction() as session:
        receipts.keep(session, actor(), clock.now(), current_app.config["RECEIPTS_FOLDER"], prepared)
    form.kept.data = prepared.sha256
    return None


def receipt_id(session: Session, sha256: str | None) -> int | None:
    """The receipt a form noted. Whoever knows the hash of a picture has had the picture."""
    return receipts.id_of(session, sha256) if sha256 else None


def send_receipt(expense_id: int, today: date) -> Response:
    """The picture, or with ``?thumb=1`` a small one. Raises NotFound."""
    folder, thumb = current_app.config["RECEIPTS_FOLDER"], request.args.get("thumb") == "1"
    path = receipts.path_of(reading(), actor(), today, folder, expense_id, thumb)
    response = Response(path.read_bytes(), mimetype=receipts.MEDIA_TYPE)
    response.headers["Cache-Control"] = "private, max-age=86400"
    return response
