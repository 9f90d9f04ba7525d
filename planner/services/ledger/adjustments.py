"""Adjustments: what later rates make of trips whose claim is locked or whose month is closed; proposed, then
booked into an open one.

An adjustment is an entry of its own: it points at the trip, keeps its day, has no metres, and is worth the
difference, which may be below zero. The rep books it, or whoever answers for their territory.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid5

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from planner.domain import mileage
from planner.domain.access import Actor
from planner.domain.mileage import TripOrigin
from planner.models.ledger import Claim, MileageRate, Trip
from planner.models.people import Person
from planner.services import scope
from planner.services.installation import audit
from planner.services.ledger import chain, claims, pricing, repricing
from planner.services.ledger.pricing import RateTable
from planner.services.ledger.repricing import Gap
from planner.services.ledger.successors import UNMEASURED, WAY

ADJUSTMENTS = UUID("5dfe0a35-8a3f-45f0-9a0c-6c0a6b0f2d77")
"""Namespace of the uids of adjustments: the nth of a trip is entered once."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a trip is worth now, against what was booked. ``rates`` are those of its parts, lowest first."""

    trip: Trip
    claim: Claim
    gap: Gap
    rates: tuple[MileageRate, ...]

    @property
    def difference_minor(self) -> int:
        return self.gap.difference_minor


@dataclass(frozen=True, slots=True)
class Waiting:
    """The proposals for one rep, in one currency."""

    rep_id: int
    rep_name: str
    currency: str
    proposals: tuple[Proposal, ...]

    @property
    def difference_minor(self) -> int:
        return sum(each.difference_minor for each in self.proposals)


def of_rep(
    session: Session, actor: Actor, today: date, rep_id: int, since_on: date | None = None
) -> list[Waiting]:
    """What is proposed for a rep, of trips driven since a day. Raises NotFound outside the actor's scope."""
    scope.rep(session, actor, rep_id, today)
    return _waiting(session, rep_id, pricing.table(session), since_on)


def of_team(session: Session, actor: Actor, today: date) -> list[Waiting]:
    """What is proposed for everybody in the actor's scope who has a claim."""
    query = select(Claim.rep_id).where(Claim.rep_id.in_(scope.rep_ids(actor, today)))
    reps = session.scalars(query.distinct().order_by(Claim.rep_id)).all()
    rates = pricing.table(session)
    return [waiting for rep_id in reps for waiting in _waiting(session, rep_id, rates)]


def book(
    session: Session, actor: Actor, now: datetime, today: date, rep_id: int, seen: Iterable[tuple[int, int]]
) -> list[Trip]:
    """Enter what was proposed into the rep's open claim. ``seen`` are trips and differences as they were
    shown: one that is another by now is left. Raises NotFound outside the actor's scope."""
    shown = set(seen)
    found = [each for waiting in of_rep(session, actor, today, rep_id) for each in waiting.proposals]
    wanted = [each for each in found if (each.trip.id, each.difference_minor) in shown]
    rows = [_entry(session, now, today, each) for each in wanted]
    session.add_all(rows)
    session.flush()
    chain.append(session, rep_id, rows)
    if rows:
        booked = {"trips": [row.adjusts_id for row in rows], "amounts": [row.amount_minor for row in rows]}
        audit.record(session, actor, now, "adjustments.booked", "rep", rep_id, None, booked)
    return rows


def of_trip(session: Session, trip_ids: Sequence[int]) -> Sequence[Trip]:
    """The adjustments of a trip, given all its entries, reversed ones included."""
    return session.scalars(select(Trip).where(Trip.adjusts_id.in_(trip_ids)).order_by(Trip.id)).all()


def _waiting(session: Session, rep_id: int, table: RateTable, since_on: date | None = None) -> list[Waiting]:
    found: dict[str, list[Proposal]] = {}
    gaps = [
        gap
        for gap in repricing.gaps(session, rep_id, since_on, table)
        if gap.state is not None and not gap.is_open
    ]
    if not gaps:
        return []
    rows = session.execute(
        select(Trip, Claim)
        .join(Claim, Claim.id == Trip.claim_id)
        .where(Trip.id.in_([g.trip_id for g in gaps]))
    )
    by_id = {trip.id: (trip, claim) for trip, claim in rows}
    rates = {row.id: row for row in table.rows}
    for gap in gaps:
        trip, claim = by_id[gap.trip_id]
        priced_by = tuple(rates[part.key] for part in gap.parts if part.key is not None)
        found.setdefault(trip.currency, []).append(Proposal(trip, claim, gap, priced_by))
    name = session.get_one(Person, rep_id).name
    return [Waiting(rep_id, name, currency, tuple(each)) for currency, each in found.items()]


def _entry(session: Session, now: datetime, today: date, proposal: Proposal) -> Trip:
    old = proposal.trip
    claim = claims.open_for(session, old.rep_id, today, old.currency)
    before = session.scalar(select(func.count(Trip.id)).where(Trip.adjusts_id == old.id))
    return Trip(
        **{name: getattr(old, name) for name in WAY},
        **UNMEASURED,
        uid=str(uuid5(ADJUSTMENTS, f"{old.id}/{before}")),
        origin=TripOrigin.ADJUSTMENT,
        adjusts_id=old.id,
        purpose=mileage.ADJUSTMENT,
        metres=0,
        rate_id=proposal.rates[0].id if proposal.rates else None,
        amount_minor=proposal.difference_minor,
        entered_at=now,
        is_late=False,
        is_void=False,
        claim_id=claim.id,
        change_reason="",
        parts=[],
    )
