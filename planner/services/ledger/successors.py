"""Trips made of another one: what a correction, a new price, a contra entry or the trip after it has from
it."""

from __future__ import annotations

from typing import Any

from planner.domain import mileage
from planner.domain.mileage import TripOrigin
from planner.models.ledger import Trip

WAY = (
    *("rep_id", "on", "position", "from_label", "to_label", "from_account_id", "to_account_id"),
    *("from_lat", "from_lon", "to_lat", "to_lon", "vehicle", "vehicle_kind", "currency"),
)
"""Whose, when, from where to where and with what: the same in every entry that belongs to a trip."""

MEASURED = (
    *("origin", "is_private", "visit_id", "road_metres", "road_seconds", "planned_metres"),
    *("commute_metres", "network_name", "network_version"),
)
"""How it came to be and what the roads say of it."""

UNMEASURED = {"road_metres": 0, "road_seconds": 0, "network_name": "", "network_version": ""}
"""Of an entry that is about another trip's worth alone."""


def correcting(old: Trip, uid: str, reason: str) -> Trip:
    """An entry in place of ``old``, its metres and worth still to be said."""
    row = again(old, uid, reason)
    row.corrects_id, row.adjusts_id, row.contra_of_id = old.id, old.adjusts_id, old.contra_of_id
    row.replaces_id, row.claim_id = old.replaces_id, old.claim_id
    return row


def again(old: Trip, uid: str, reason: str) -> Trip:
    """The same drive once more, its claim, metres and worth still to be said."""
    return Trip(**_of(old, *WAY, *MEASURED), uid=uid, change_reason=reason)


def reversal(old: Trip, uid: str, reason: str) -> Trip:
    """In place of ``old``, and it counts no more."""
    row = correcting(old, uid, reason)
    row.purpose, row.metres, row.commute_metres = old.purpose, 0, 0
    row.rate_id, row.amount_minor, row.parts = old.rate_id, 0, []
    row.is_void, row.is_late = True, old.is_late
    return row


def contra(old: Trip, uid: str, reason: str) -> Trip:
    """The exact negative of a trip, its claim still to be said. It is in one rate and has no parts: what it
    is worth is what the trip was."""
    return Trip(
        **_of(old, *WAY),
        **UNMEASURED,
        uid=uid,
        change_reason=reason,
        origin=TripOrigin.CONTRA,
        contra_of_id=old.id,
        purpose=mileage.CONTRA,
        metres=-old.metres,
        commute_metres=-old.commute_metres,
        rate_id=old.rate_id,
        amount_minor=-old.amount_minor,
        is_private=False,
        is_void=False,
        is_late=False,
        parts=[],
    )


def _of(old: Trip, *names: str) -> dict[str, Any]:
    return {name: getattr(old, name) for name in names}
