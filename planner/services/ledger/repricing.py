"""Trips whose worth is no longer what the rates say: a rate came later, or the yearly counter moved.

In an open claim a new entry takes the trip's place. In a claim that was submitted nothing changes, nor in a
month that is closed: the difference is proposed as an adjustment, and whoever answers for it books it into
the open claim. Proposals are worked out from the entries and kept nowhere, so they are never out of date.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from itertools import groupby
from uuid import UUID, uuid5

from sqlalchemy import ColumnElement, Row, func, select
from sqlalchemy.orm import Session

from planner.domain import mileage
from planner.domain.claims import EDITABLE, ClaimState
from planner.domain.mileage import BOOKED_LATER
from planner.domain.mileage_rates import Driven, Part, VehicleKind, priced, tax_year
from planner.models.ledger import Claim, Trip
from planner.models.territories import Membership, Territory
from planner.services.ledger import (
    chain,
    claim_locks,
    closed_months,
    entries,
    pricing,
    rate_places,
    successors,
)
from planner.services.ledger.pricing import Place, RateTable

REPRICING = UUID("0b4bfb57-0e0f-4a6c-8f0a-2f7f3a8f4d15")
"""Namespace of the uids of new prices: the same trip is priced anew once."""


@dataclass(frozen=True, slots=True)
class Gap:
    """A standing trip, or one that was reversed or taken back after an adjustment, that is worth something
    else now.

    ``booked_minor`` is what its entries say, adjustments and contra entries included. ``is_adjusted``:
    there are such. ``state`` None: it is in no claim. ``is_closed``: the month it is booked in takes no
    entries.
    """

    trip_id: int
    state: ClaimState | None
    booked_minor: int
    parts: tuple[Part, ...]
    is_adjusted: bool
    is_closed: bool

    @property
    def right_minor(self) -> int:
        return sum(part.amount_minor for part in self.parts)

    @property
    def difference_minor(self) -> int:
        return self.right_minor - self.booked_minor

    @property
    def is_open(self) -> bool:
        """Whether a new entry may take its place."""
        return self.state in EDITABLE and not self.is_adjusted and not self.is_closed


def settle(
    session: Session, now: datetime, rep_id: int, since_on: date, rates: RateTable | None = None
) -> list[Trip]:
    """Price a rep's trips in open claims anew where the rates say something else. Returns the new entries.

    ``since_on``: what was driven before it cannot have changed."""
    chain.hold(session, rep_id)
    made = []
    for gap in _held(session, gaps(session, rep_id, since_on, rates)):
        old = session.get_one(Trip, gap.trip_id)
        row = successors.correcting(
            old, str(uuid5(REPRICING, str(old.id))), old.change_reason or mileage.REPRICED
        )
        row.metres, row.purpose, row.is_late, row.entered_at = old.metres, old.purpose, old.is_late, now
        pricing.write(row, gap.parts)
        made.append(row)
    session.add_all(made)
    session.flush()
    chain.append(session, rep_id, made)
    return made


def _held(session: Session, found: Sequence[Gap]) -> list[Gap]:
    """Those that are open, their claims held: what was submitted meanwhile stays as it is."""
    wanted = {gap.trip_id: gap for gap in found if gap.is_open}
    if not wanted:
        return []
    ids = session.scalars(select(Trip.claim_id).where(Trip.id.in_(wanted)).distinct())
    claim_locks.hold(session, ids)
    still = select(Trip.id).join(Claim, Claim.id == Trip.claim_id).where(Claim.state.in_(EDITABLE))
    open_ids = set(session.scalars(still.where(Trip.id.in_(wanted))))
    return [gap for trip_id, gap in wanted.items() if trip_id in open_ids]


def settle_claims(session: Session, now: datetime, claims: Iterable[Claim]) -> None:
    """After claims came to take entries again: rates may have come while they did not."""
    first_on = select(Trip.rep_id, func.min(Trip.on)).where(Trip.claim_id.in_([each.id for each in claims]))
    for rep_id, on in session.execute(first_on.group_by(Trip.rep_id).order_by(Trip.rep_id)).all():
        settle(session, now, rep_id, on)


def settle_counter(session: Session, now: datetime, place: Place, trip: Trip) -> None:
    """After a trip came, went or changed: those behind it may lie in other bands."""
    rates = pricing.table(session)
    if rates.has_bands(place, trip.vehicle_kind):
        settle(session, now, trip.rep_id, trip.on, rates)


def settle_all(session: Session, now: datetime, rep_ids: Sequence[int], since_on: date) -> None:
    """After a rate of a country came or went: price the trips since its first day in open claims anew, of the
    reps ``hold_all`` has held. Whoever came since waits for the log, or was priced by the rate already."""
    rates = pricing.table(session)
    for rep_id in rep_ids:
        settle(session, now, rep_id, since_on, rates)


def hold_all(session: Session, country: str, since_on: date) -> Sequence[int]:
    """As ``hold``, the reps of a country with open claims; returns them."""
    rep_ids = _reps(session, country, since_on)
    hold(session, rep_ids, since_on)
    return rep_ids


def hold(session: Session, rep_ids: Sequence[int], since_on: date) -> None:
    """Keep the chains and the open claims of reps before anything is noted in the log: whoever decides on a
    claim holds it and then waits for the log, and would wait for us while we wait for the claim."""
    for rep_id in rep_ids:
        chain.hold(session, rep_id)
    of_reps = select(Claim.id).where(Claim.rep_id.in_(rep_ids), *_is_open_since(since_on))
    claim_locks.hold(session, session.scalars(of_reps))


def _reps(session: Session, country: str, since_on: date) -> Sequence[int]:
    """Those of a country with open claims, in the order their chains are held."""
    there = select(Membership.person_id).join(Territory, Territory.id == Membership.territory_id)
    query = select(Claim.rep_id).where(*_is_open_since(since_on))
    found = query.where(Claim.rep_id.in_(there.where(Territory.country == country)))
    return session.scalars(found.distinct().order_by(Claim.rep_id)).all()


def _is_open_since(since_on: date) -> tuple[ColumnElement[bool], ...]:
    return Claim.state.in_(EDITABLE), Claim.until_on > since_on


def gaps(
    session: Session, rep_id: int, since_on: date | None = None, rates: RateTable | None = None
) -> list[Gap]:
    """Every trip of a rep whose entries say something else than the rates, in the order driven.

    ``since_on``: of those only that were driven then or later. ``rates`` None: read here."""
    session.flush()
    rates, places = rates or pricing.table(session), rate_places.of_rep(session, rep_id)
    rows = _standing(session, rep_id, since_on and places.year_began_on(since_on))
    adjusted = _adjusted(session, rep_id)
    openings = pricing.driven_before(session, rep_id)
    right = dict(_right(rates, places, openings, [row for row in rows if row.is_driven]))
    is_closed = cache(lambda on: closed_months.is_closed(session, rep_id, on))
    wanted = [row for row in rows if since_on is None or row.on >= since_on]
    found = (_gap(row, right.get(row.id, ()), adjusted, is_closed) for row in wanted)
    return [gap for gap in found if gap is not None]


def _gap(
    row: Row, right: tuple[Part, ...], adjusted: dict[int, list[int]], is_closed: Callable[[date], bool]
) -> Gap | None:
    """None where nothing is to do: the entries agree, or no rate holds for any of the metres."""
    booked_minor = row.amount_minor + sum(adjusted.get(row.id, ()))
    is_priced_first = row.rate_id is None and row.is_driven
    differs = booked_minor != sum(part.amount_minor for part in right)
    has_no_rate = row.is_driven and all(part.key is None for part in right)
    if has_no_rate or not (differs or is_priced_first):
        return None
    closed = row.state in EDITABLE and is_closed(max(row.on, row.from_on))
    gap = Gap(row.id, row.state, booked_minor, right, row.id in adjusted, closed)
    return gap if differs or gap.is_open else None


def _standing(session: Session, rep_id: int, from_on: date | None) -> Sequence[Row]:
    """Trips that count, in the order driven, and reversed ones some adjustment belongs to. ``is_driven``: not
    reversed, and not taken back."""
    query = select(
        *(Trip.id, Trip.on, Trip.position, Trip.metres, Trip.amount_minor, Trip.currency, Trip.vehicle_kind),
        *(Trip.rate_id, Claim.state, Claim.from_on),
        (Trip.is_void.is_(False) & ~entries.taken_back(Trip)).label("is_driven"),
    ).outerjoin(Claim, Claim.id == Trip.claim_id)
    query = query.where(Trip.rep_id == rep_id, Trip.is_private.is_(False), Trip.origin.not_in(BOOKED_LATER))
    if from_on is not None:
        query = query.where(Trip.on >= from_on)
    last = set(_last_entries(session, rep_id).values())
    counts = entries.standing(Trip) | Trip.id.in_(last)
    return session.execute(query.where(counts).order_by(Trip.on, Trip.position, Trip.id)).all()


def _adjusted(session: Session, rep_id: int) -> dict[int, list[int]]:
    """The standing adjustments and contra entries by the newest entry of the trip they belong to. What is
    taken back is not corrected any more, so it is the newest itself."""
    last = _last_entries(session, rep_id)
    query = select(Trip.adjusts_id, Trip.contra_of_id, Trip.amount_minor).where(
        Trip.rep_id == rep_id, Trip.origin.in_(BOOKED_LATER), entries.standing(Trip)
    )
    found: dict[int, list[int]] = {}
    for adjusts_id, contra_of_id, minor in session.execute(query):
        found.setdefault(contra_of_id or last[adjusts_id], []).append(minor)
    return found


def _last_entries(session: Session, rep_id: int) -> dict[int, int]:
    """For each entry that was adjusted the newest one of the same trip."""
    adjusted = select(Trip.adjusts_id).where(Trip.rep_id == rep_id, Trip.adjusts_id.is_not(None)).distinct()
    ids = session.scalars(adjusted).all()
    if not ids:
        return {}
    links = select(Trip.corrects_id, Trip.id).where(Trip.rep_id == rep_id, Trip.corrects_id.is_not(None))
    later = {row.corrects_id: row.id for row in session.execute(links)}
    return {first: _end(first, later) for first in ids if first is not None}


def _end(entry_id: int, later: dict[int, int]) -> int:
    while entry_id in later:
        entry_id = later[entry_id]
    return entry_id


def _right(
    rates: RateTable,
    places: rate_places.RepPlaces,
    openings: Mapping[VehicleKind, Mapping[date, int]],
    rows: Iterable[Row],
) -> Iterator[tuple[int, tuple[Part, ...]]]:
    """What the rates say of every trip, by kind of vehicle."""
    by_kind = sorted(rows, key=lambda row: row.vehicle_kind)
    for kind, same_kind in groupby(by_kind, key=lambda row: row.vehicle_kind):
        trips = list(same_kind)
        paid_in = {trip.id: trip.currency for trip in trips}
        yield from priced(
            [Driven(trip.id, trip.on, trip.metres) for trip in trips],
            lambda on: tax_year(places.country(on), on)[0],
            lambda drive, kind=kind, paid_in=paid_in: rates.bands(  # type: ignore[misc]
                Place(places.country(drive.on), paid_in[drive.key]), kind, drive.on
            ),
            openings.get(kind, {}),
        )
