"""What an update of roads means for the pins on them: whose spot on the roads is another one now.

For the command line of the installation: it does not ask who is looking.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.models.accounts import Account
from planner.models.territories import Ownership, Territory
from planner.services import scope
from planner.services.installation import settings
from routing.distance import metres_apart
from routing.network import NotOnRoad, RoadNetwork, snap
from routing.types import Place, Snap

MOVED_METRES = 25
"""Below this the same street was only drawn a little better."""


class Change(StrEnum):
    LOST = "lost"
    """On the roads before, too far from any now."""
    FOUND = "found"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class MovedPin:
    """``metres`` between both spots on the roads, of ``MOVED`` only; streets are empty without a name."""

    account_id: int
    name: str
    change: Change
    metres: int = 0
    street_before: str = ""
    street_now: str = ""


@dataclass(frozen=True, slots=True)
class Update:
    accounts: int
    moved: tuple[MovedPin, ...]


def compare(session: Session, on: date, before: RoadNetwork, now: RoadNetwork) -> Update:
    """The accounts of all territories on roads of this name whose spot is another one than before."""
    rows = session.execute(
        select(Account.id, Account.name, Account.lon, Account.lat)
        .join(Ownership, (Ownership.account_id == Account.id) & scope.held(Ownership, on))
        .join(Territory, Territory.id == Ownership.territory_id)
        .where(Territory.network_name == now.name, Account.lat.is_not(None), Account.archived_at.is_(None))
        .order_by(Account.name, Account.id)
    ).all()
    places = [Place(row.lon, row.lat) for row in rows]
    limit = settings.read(session).snap_refuse_metres
    spots = zip(rows, snap(before, places, limit), snap(now, places, limit), strict=True)
    found = (_moved(row.id, row.name, was, is_now) for row, was, is_now in spots)
    return Update(len(rows), tuple(pin for pin in found if pin is not None))


def _moved(account_id: int, name: str, was: Snap | NotOnRoad, now: Snap | NotOnRoad) -> MovedPin | None:
    if isinstance(was, NotOnRoad) and isinstance(now, NotOnRoad):
        return None
    if isinstance(now, NotOnRoad):
        return MovedPin(account_id, name, Change.LOST, street_before=_street(was))
    if isinstance(was, NotOnRoad):
        return MovedPin(account_id, name, Change.FOUND, street_now=now.street)
    metres = round(metres_apart((was.lon, was.lat), (now.lon, now.lat)))
    if metres <= MOVED_METRES and was.street == now.street:
        return None
    return MovedPin(account_id, name, Change.MOVED, metres, was.street, now.street)


def _street(spot: Snap | NotOnRoad) -> str:
    return spot.street if isinstance(spot, Snap) else ""
