"""What the page about the odometer shows: a month between its readings, and the rep's vehicles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from planner.domain.access import Actor
from planner.domain.months import MonthShown, month
from planner.domain.odometer import Reading, Stretch
from planner.models.people import Rep
from planner.models.vehicles import Vehicle
from planner.services.ledger import odometers, vehicles
from planner.services.ledger.vehicles import DrivenWith


@dataclass(frozen=True, slots=True)
class OdometerPage(MonthShown):
    """``stretches`` end in the month, newest first. ``last`` is the newest reading there is."""

    stretches: tuple[Stretch, ...]
    last: Reading | None
    driven_with: DrivenWith
    vehicles: Sequence[Vehicle]


def page(session: Session, actor: Actor, today: date, on: date) -> OdometerPage:
    """The actor's own month of ``on``."""
    first, until = month(on)
    found = odometers.stretches(session, actor.user_id, first, until)
    readings = odometers.readings(session, actor.user_id)
    return OdometerPage(
        first=first,
        today=today,
        stretches=tuple(reversed(found)),
        last=readings[-1] if readings else None,
        driven_with=vehicles.on_day(session, session.get_one(Rep, actor.user_id), today),
        vehicles=vehicles.listed(session, actor.user_id),
    )
