"""Trips entered by hand: for work or private, measured along the roads or typed, always marked as such.

``today`` is the local date of the entry. A private trip explains the odometer; it is in no claim and worth
nothing. An end is the rep's home, an account of theirs, or words: see ``manual_ends``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from planner.domain import mileage
from planner.domain.access import Actor
from planner.domain.errors import Invalid
from planner.domain.mileage import TripOrigin
from planner.domain.mileage_rates import VehicleKind
from planner.models.accounts import Account
from planner.models.ledger import Trip
from planner.models.people import Rep
from planner.models.territories import Territory
from planner.services import roads, scope
from planner.services.days import day_facts
from planner.services.installation import settings
from planner.services.ledger import chain, claims, entries, manual_ends, pricing, repricing, vehicles
from planner.services.ledger.manual_ends import End, ManualEnd
from planner.services.ledger.pricing import Place as RatePlace
from routing.network import NotOnRoad, snap
from routing.types import UNREACHABLE_SECONDS

AFTER_THE_DAY = 1000
"""Trips by hand stand behind those of the day's visits, whichever were entered first."""


@dataclass(frozen=True, slots=True)
class ManualTrip:
    """``metres`` None: along the roads, which both ends need a place for. ``uid`` is made with the form;
    ``kind`` None: the vehicle of the day."""

    uid: str
    on: date
    start: ManualEnd
    goal: ManualEnd
    purpose: str
    metres: int | None = None
    is_private: bool = False
    kind: VehicleKind | None = None


@dataclass(frozen=True, slots=True)
class _Road:
    metres: int = 0
    seconds: int = 0
    network_name: str = ""
    network_version: str = ""


def add(
    session: Session, actor: Actor, now: datetime, today: date, networks_folder: Path, new: ManualTrip
) -> Trip:
    """Enter a trip. The same uid again is the same trip.

    Raises Invalid for a field, Conflict("rep_without_territory") and routing's
    errors about the network.
    """
    uid = entries.uuid_text(new.uid)
    known = session.scalar(select(Trip).where(Trip.rep_id == actor.user_id, Trip.uid == uid))
    if known is not None:
        return known
    if new.on > today:
        raise Invalid("on", "date_in_future")
    rep = session.get_one(Rep, actor.user_id)
    territory = day_facts.territory_of(session, rep, new.on)
    row = _row(session, actor, today, networks_folder, rep, territory, new)
    row.uid, row.entered_at, row.is_late = uid, now, mileage.is_late(new.on, today)
    place = RatePlace(territory.country, territory.currency)
    if not new.is_private:
        row.claim_id = claims.open_for(session, rep.person_id, new.on, territory.currency).id
    pricing.price(session, pricing.table(session), place, row)
    session.add(row)
    session.flush()
    chain.append(session, row.rep_id, [row])
    repricing.settle_counter(session, now, place, row)
    return row


def accounts_to_choose(session: Session, actor: Actor, today: date) -> Sequence[tuple[int, str]]:
    """Ids and names of the accounts a trip may lead to, by name."""
    visible = scope.owned_accounts(actor, today)
    rows = session.execute(select(Account.id, Account.name).where(visible).order_by(Account.name, Account.id))
    return [(account_id, name) for account_id, name in rows]


def _row(
    session: Session,
    actor: Actor,
    today: date,
    folder: Path,
    rep: Rep,
    territory: Territory,
    new: ManualTrip,
) -> Trip:
    purpose = entries.checked_text("purpose", new.purpose, 240)
    if not purpose:
        raise Invalid("purpose", "purpose_missing")
    start = manual_ends.read(session, actor, rep, today, "start", new.start)
    goal = manual_ends.read(session, actor, rep, today, "goal", new.goal)
    road = _road(session, folder, territory.network_name, start, goal, new.metres is None)
    metres = road.metres if new.metres is None else new.metres
    if not 0 < metres <= mileage.FARTHEST_METRES:
        raise Invalid("distance", "distance_range", most=mileage.FARTHEST_METRES // 1000)
    uncounted = (
        0 if new.is_private else manual_ends.uncounted(session, rep.person_id, new.on, start, goal, metres)
    )
    usual = vehicles.on_day(session, rep, new.on)
    kind = new.kind or usual.kind
    return Trip(
        rep_id=rep.person_id,
        on=new.on,
        position=_position(session, rep.person_id, new.on),
        origin=TripOrigin.MANUAL,
        from_label=start.label,
        to_label=goal.label,
        from_account_id=start.account_id,
        to_account_id=goal.account_id,
        from_lat=start.place.lat if start.place else None,
        from_lon=start.place.lon if start.place else None,
        to_lat=goal.place.lat if goal.place else None,
        to_lon=goal.place.lon if goal.place else None,
        purpose=purpose,
        vehicle=usual.label if kind is usual.kind else "",
        vehicle_kind=kind,
        is_private=new.is_private,
        metres=metres - uncounted,
        commute_metres=uncounted,
        road_metres=road.metres,
        road_seconds=road.seconds,
        network_name=road.network_name,
        network_version=road.network_version,
        change_reason="",
        currency=territory.currency,
        is_void=False,
    )


def _road(session: Session, folder: Path, network: str, start: End, goal: End, must: bool) -> _Road:
    """The way by road where both ends lie on it. Raises Invalid("distance") when it ``must`` and none is."""
    if start.place is None or goal.place is None:
        if must:
            raise Invalid("distance", "distance_needs_places")
        return _Road()
    travel = roads.travel(folder, network)
    refuse_metres = settings.read(session).snap_refuse_metres
    begin, end = snap(travel.network, [start.place, goal.place], refuse_metres)
    if isinstance(begin, NotOnRoad) or isinstance(end, NotOnRoad):
        if must:
            raise Invalid("distance", "distance_off_road")
        return _Road()
    matrix = travel.matrix([begin, end])
    metres, seconds = int(matrix.metres[0, 1]), int(matrix.seconds[0, 1])
    if metres == UNREACHABLE_SECONDS:
        if must:
            raise Invalid("distance", "distance_off_road")
        return _Road()
    return _Road(metres, seconds, network, matrix.network_version)


def _position(session: Session, rep_id: int, on: date) -> int:
    last = session.scalar(select(func.max(Trip.position)).where(Trip.rep_id == rep_id, Trip.on == on))
    return max(AFTER_THE_DAY, (last or 0) + 1)
