"""Entries that stand for another one: what a correction, a new price or an adjustment takes over from it."""

from __future__ import annotations

from planner.models.ledger import Trip

KEPT = (
    *("rep_id", "on", "position", "from_label", "to_label", "from_account_id", "to_account_id"),
    *("from_lat", "from_lon", "to_lat", "to_lon", "vehicle", "vehicle_kind", "origin", "is_private"),
    *("visit_id", "road_metres", "road_seconds", "planned_metres", "commute_metres", "network_name"),
    *("network_version", "currency", "adjusts_id", "claim_id"),
)
"""What a correction takes over from the trip it stands for."""


def correcting(old: Trip, uid: str, reason: str) -> Trip:
    """An entry in place of ``old``, its metres and worth still to be said."""
    return Trip(
        **{name: getattr(old, name) for name in KEPT}, uid=uid, change_reason=reason, corrects_id=old.id
    )
