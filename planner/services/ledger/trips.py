"""Closing a day: the drives to the visits held become trips along the roads, priced by the day driven.

``today`` is the local date of the entry, ``on`` the day driven. A day is closed once, by its own rep.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from uuid import UUID, uuid5

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain import mileage
from planner.domain.access import Actor
from planner.domain.capture import Captured, at_once
from planner.domain.errors import Conflict, Invalid, NotAllowed
from planner.models.ledger import Claim, ClosedDay, Trip
from planner.models.people import Rep
from planner.models.visits import Visit
from planner.services import scope
from planner.services.days import day_facts
from planner.services.ledger import (
    chain,
    claims,
    day_trips,
    entries,
    odometer_notes,
    odometers,
    pricing,
    repricing,
)
from planner.services.ledger.day_trips import HOME_LEG, DayDraft, TripDraft
from planner.services.ledger.pricing import Place as RatePlace
from routing.types import Place

TRIPS = UUID("5f0f3f0a-6d3c-4c53-9a55-6d1b7b6f9f01")
"""Namespace of trip uids: the same drive of the same day is the same entry."""


@dataclass(frozen=True, slots=True)
class Closing:
    """What the rep confirms. ``as_planned``: the distances are the road's. ``changes`` are claimed metres by
    visit id or ``HOME_LEG``, explained by ``reason``. ``noted``: when it was confirmed on a phone that sends
    it; None as it is entered."""

    as_planned: bool
    reason: str = ""
    changes: Mapping[int, int] = field(default_factory=dict)
    odometer_metres: int | None = None
    noted: Captured | None = None


def preview(session: Session, actor: Actor, networks_folder: Path, rep_id: int, on: date) -> DayDraft:
    """The drives a day would be closed with. Raises NotFound for a rep outside the actor's scope."""
    scope.rep(session, actor, rep_id, on)
    return day_trips.draft(session, networks_folder, rep_id, on)


def close_day(
    session: Session,
    actor: Actor,
    now: datetime,
    today: date,
    networks_folder: Path,
    rep_id: int,
    on: date,
    closing: Closing,
) -> ClosedDay:
    """Make the day's trips and close it: its visits stay as they are from then on.

    Raises Conflict("day_closed_already"), Conflict("day_in_future"), Conflict("visits_undecided") and
    Invalid for the reason, a changed distance or the odometer.
    """
    scope.rep(session, actor, rep_id, on)
    _check_day(session, actor, today, rep_id, on)
    noted, noting = closing.noted or at_once(now, today), None
    if closing.odometer_metres is not None:
        odometers.check(session, rep_id, on, closing.odometer_metres)
        noting = odometer_notes.of(session, rep_id, on, noted.on, closing.reason)
    draft = day_trips.draft(session, networks_folder, rep_id, on)
    if draft.undecided:
        raise Conflict("visits_undecided", count=len(draft.undecided))
    changes = _changes(draft, closing)
    day = ClosedDay(
        rep_id=rep_id,
        on=on,
        as_planned=closing.as_planned and not changes,
        reason=entries.checked_text("reason", closing.reason, 400),
        odometer_metres=closing.odometer_metres,
        odometer_is_late=bool(noting and noting.is_late),
        closed_at=now,
    )
    session.add(day)
    session.flush()
    if noting is not None and day.odometer_metres is not None:
        odometer_notes.keep(session, actor, now, on, day.odometer_metres, noting, is_closing=True)
    # Visits that were read before do not know it yet, and would still let themselves be changed.
    for visit in session.scalars(select(Visit).where(Visit.rep_id == rep_id, Visit.on == on)):
        session.expire(visit, ["closed_day"])
    _enter(session, noted, now, draft, changes, day.reason)
    return day


def recompute(networks_folder: Path, trip: Trip) -> int:
    """The road metres of a trip, measured again on the roads it was measured on. Raises
    Conflict("trip_not_measured") for one whose distance was typed."""
    start, goal = _place(trip.from_lat, trip.from_lon), _place(trip.to_lat, trip.to_lon)
    if start is None or goal is None or not trip.network_version:
        raise Conflict("trip_not_measured")
    return day_trips.recompute(networks_folder, trip.network_name, trip.network_version, start, goal)


def _place(lat: float | None, lon: float | None) -> Place | None:
    return None if lat is None or lon is None else Place(lon, lat)


def _check_day(session: Session, actor: Actor, today: date, rep_id: int, on: date) -> None:
    if actor.user_id != rep_id:
        raise NotAllowed("not_your_entry")
    if on > today:
        raise Conflict("day_in_future", on=on.isoformat())
    if session.scalar(select(ClosedDay.id).where(ClosedDay.rep_id == rep_id, ClosedDay.on == on)) is not None:
        raise Conflict("day_closed_already", on=on.isoformat())


def _changes(draft: DayDraft, closing: Closing) -> dict[int, int]:
    """Claimed metres where they differ from the road's. Raises Invalid("reason") when none is given."""
    road = {trip.key: trip.metres for trip in draft.trips}
    changes = {key: metres for key, metres in closing.changes.items() if road.get(key, metres) != metres}
    for metres in changes.values():
        if not 0 <= metres <= mileage.FARTHEST_METRES:
            raise Invalid("distance", "distance_range", most=mileage.FARTHEST_METRES // 1000)
    if changes and not closing.reason.strip():
        raise Invalid("reason", "change_reason_missing")
    return changes


def _enter(
    session: Session,
    noted: Captured,
    now: datetime,
    draft: DayDraft,
    changes: Mapping[int, int],
    reason: str,
) -> None:
    if not draft.trips:
        session.flush()
        return
    rep = session.get_one(Rep, draft.rep_id)
    territory = day_facts.territory_of(session, rep, draft.on)
    claim = claims.open_for(session, draft.rep_id, draft.on, territory.currency)
    rows = list(_rows(draft, changes, reason, claim))
    for row in rows:
        row.entered_at, row.is_late = now, mileage.is_late(draft.on, noted.on)
        row.captured_at = noted.at if noted.at != now else None
    place = RatePlace(territory.country, territory.currency)
    _price(session, place, rows)
    session.add_all(rows)
    session.flush()
    chain.append(session, draft.rep_id, rows)
    repricing.settle_counter(session, now, place, rows[0])


def _price(session: Session, place: RatePlace, rows: Sequence[Trip]) -> None:
    """The counter is read once; within the day each drive comes behind the one before."""
    table, first, before = pricing.table(session), rows[0], 0
    if table.has_bands(place, first.vehicle_kind):
        before = pricing.metres_before(
            session, first.rep_id, place.country, first.vehicle_kind, first.on, first.position
        )
    for row in rows:
        pricing.price(session, table, place, row, before)
        before += row.metres


def _rows(draft: DayDraft, changes: Mapping[int, int], reason: str, claim: Claim) -> Iterator[Trip]:
    for position, trip in enumerate(draft.trips):
        driven = changes.get(trip.key, trip.metres)
        row = _measured(draft, trip)
        row.position, row.commute_metres = position, draft.uncounted_metres(trip, driven)
        row.metres = driven - row.commute_metres
        row.change_reason = reason if trip.key in changes else ""
        row.currency, row.claim_id = claim.currency, claim.id
        yield row


def _measured(draft: DayDraft, trip: TripDraft) -> Trip:
    """A trip as the road has it, without what is claimed."""
    return Trip(
        uid=str(uuid5(TRIPS, f"{draft.rep_id}/{draft.on.isoformat()}/{trip.key}")),
        rep_id=draft.rep_id,
        on=draft.on,
        from_label=trip.start.label,
        to_label=trip.goal.label,
        from_account_id=trip.start.account_id,
        to_account_id=trip.goal.account_id,
        from_lat=trip.start.place.lat,
        from_lon=trip.start.place.lon,
        to_lat=trip.goal.place.lat,
        to_lon=trip.goal.place.lon,
        visit_id=trip.visit_id,
        purpose=trip.purpose,
        vehicle=draft.vehicle,
        vehicle_kind=draft.vehicle_kind,
        road_metres=trip.metres,
        road_seconds=trip.seconds,
        planned_metres=trip.planned_metres,
        network_name=draft.network_name,
        network_version=draft.network_version,
        is_void=False,
    )


__all__ = ["HOME_LEG", "Closing", "close_day", "preview", "recompute"]
