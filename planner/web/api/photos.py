"""Photos by themselves, each under the hash of what the phone has: before their item, after it, or twice."""

from __future__ import annotations

import hashlib
from http import HTTPStatus

from flask import current_app, jsonify, request
from flask.typing import ResponseReturnValue

from planner import clock
from planner.database import reading, transaction
from planner.domain import outbox
from planner.domain.errors import Invalid
from planner.services.ledger import receipts, unnamed_pictures
from planner.web.api.blueprint import api
from planner.web.errors import sentence
from planner.web.signin import actor

MOST_BYTES = 8 * 1024 * 1024


@api.put("/photos/<sha256>")
def photo(sha256: str) -> ResponseReturnValue:
    request.max_content_length = MOST_BYTES
    folder = current_app.config["RECEIPTS_FOLDER"]
    if receipts.has_come(reading(), folder, sha256):
        return jsonify(sha256=sha256), HTTPStatus.OK
    if unnamed_pictures.has_sent_too_many(reading(), actor(), clock.now()):
        many = Invalid("photo", "photo_unnamed", most=unnamed_pictures.MOST_A_DAY)
        return _refusal(many, HTTPStatus.TOO_MANY_REQUESTS)
    try:
        prepared = receipts.as_kept(reading(), folder, sha256, _checked(sha256))
    except Invalid as refused:
        return _refusal(refused, HTTPStatus.UNPROCESSABLE_ENTITY)
    receipts.write(folder, sha256, prepared)
    with transaction() as session:
        # By itself: what arrives waits for the log, and must not keep the row from those who hold that.
        receipts.expected(session, actor(), clock.now(), sha256)
    with transaction() as session:
        receipts.arrived(session, actor(), clock.now(), sha256, prepared)
    return jsonify(sha256=sha256), HTTPStatus.CREATED


def _refusal(error: Invalid, status: HTTPStatus) -> ResponseReturnValue:
    return jsonify(error=error.code, message=sentence(error)), status


def _checked(sha256: str) -> receipts.PreparedReceipt:
    """Raises Invalid where the bytes are not those of the hash, or no picture."""
    data = request.get_data(cache=False)
    if not outbox.SHA256.fullmatch(sha256) or hashlib.sha256(data).hexdigest() != sha256:
        raise Invalid("photo", "photo_hash")
    return receipts.prepare(data)
