"""The outbox's items: a batch is read, its forms are checked, and then it is stored in one go.

An order wanted for the day is tried on the roads first, and closing a day needs its drives: each of these
two is read for and stored by itself, after what came before it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import jsonify, request
from flask.typing import ResponseReturnValue

from planner import clock
from planner.database import reading, transaction
from planner.domain import capture, outbox
from planner.domain.errors import Invalid
from planner.domain.outbox import Answered, Item, ItemKind
from planner.services.sync import batches
from planner.services.sync.batches import Taken, Wanted
from planner.web.api.answers import answered
from planner.web.api.blueprint import api, today_on
from planner.web.api.forms import act_of
from planner.web.signin import actor, signed_in

APART = frozenset({ItemKind.ORDER, ItemKind.CLOSE})


@dataclass(frozen=True, slots=True)
class Arrival:
    """When and how a batch reached us."""

    received_at: datetime
    today: date
    skew: timedelta
    zone: ZoneInfo


@api.post("/sync")
def sync() -> ResponseReturnValue:
    request.max_content_length = outbox.MOST_BYTES
    received_at = clock.now()
    batch = outbox.read_batch(_body())
    skew = capture.skew(batch.sent_at, received_at)
    arrival = Arrival(received_at, today_on(), skew, ZoneInfo(signed_in().zone))
    answers: list[dict[str, Any]] = []
    for part in _parts(batch.items):
        answers += _take(part, arrival)
    # A page asked for before this was stored may not know it yet: the phone compares the two instants.
    return jsonify(received_at=clock.now().isoformat(), answers=answers)


def _body() -> object:
    """Raises Invalid, and RequestEntityTooLarge."""
    try:
        return json.loads(request.get_data(cache=False))
    except (ValueError, RecursionError):
        raise Invalid("items", "sync_body") from None


def _parts(raws: Sequence[object]) -> Iterator[list[tuple[object, Item | Invalid]]]:
    """The items in turn, cut so that what is taken apart stands alone."""
    part: list[tuple[object, Item | Invalid]] = []
    for raw in raws:
        read = _read(raw)
        is_apart = isinstance(read, Item) and read.kind in APART
        if is_apart and part:
            yield part
            part = []
        part.append((raw, read))
        if is_apart:
            yield part
            part = []
    if part:
        yield part


def _read(raw: object) -> Item | Invalid:
    try:
        return outbox.read_item(raw)
    except Invalid as damaged:
        return damaged


def _take(part: Sequence[tuple[object, Item | Invalid]], arrival: Arrival) -> list[dict[str, Any]]:
    wanted = [_wanted(read, arrival) for _, read in part if isinstance(read, Item)]
    taken = iter(())
    if wanted:
        with transaction() as session:
            taken = iter(batches.take(session, actor(), wanted))
    answers = []
    for raw, read in part:
        one = next(taken) if isinstance(read, Item) else Taken(Answered.REJECTED, error=read)
        answers.append(answered(outbox.uid_as_sent(raw), one))
    return answers


def _wanted(item: Item, arrival: Arrival) -> Wanted:
    when = capture.captured(item.client_at, arrival.skew, arrival.received_at, arrival.today, arrival.zone)
    act = batches.understood(item, lambda: act_of(reading(), item, when))
    return Wanted(item, outbox.digest(item), when, arrival.skew, act)
