"""Entries of the ledger as trips of an official log: where they lead, their rates, and what was corrected."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from planner.domain.log_forms import postcode_in
from planner.domain.logged_trips import Change, ChangeKind, LoggedTrip, RatePaid, Share, Where
from planner.domain.mileage import HOME, NIGHT, REPRICED, TripOrigin, is_home
from planner.models.accounts import Account
from planner.models.ledger import Claim, MileageRate, Trip
from planner.models.people import Person
from planner.services.ledger.entries import noted_at

HOME_NAME = "home"
"""The name of an end that is the rep's home; the edge puts it into words."""


@dataclass(frozen=True, slots=True)
class Known:
    """What entries point at, read once. ``home_address`` None: it is hidden from the reader. ``others`` are
    the names of those who entered something in place of the rep."""

    accounts: dict[int, tuple[str, str]]
    rates: dict[int, RatePaid]
    claims: dict[int, Claim]
    home_address: str | None
    zone: ZoneInfo
    others: dict[int, str]


def read(session: Session, rep_id: int, from_on: date, until_on: date) -> Sequence[Trip]:
    """Every entry of a rep's trips of a period, corrected and reversed ones too, in the order driven."""
    query = select(Trip).where(Trip.rep_id == rep_id, Trip.on >= from_on, Trip.on < until_on)
    ordered = query.order_by(Trip.on, Trip.position, Trip.id)
    return session.scalars(ordered.options(selectinload(Trip.parts))).all()


def known(session: Session, rep_id: int, zone: str, home_address: str | None) -> Known:
    """What any trip of a rep's may point at."""
    ends = select(Trip.from_account_id).where(Trip.rep_id == rep_id)
    ends = ends.union(select(Trip.to_account_id).where(Trip.rep_id == rep_id)).subquery()
    accounts = session.execute(
        select(Account.id, Account.name, Account.postcode).where(Account.id.in_(select(ends)))
    )
    rates = session.scalars(select(MileageRate))
    by_others = select(Trip.entered_by_id).where(Trip.rep_id == rep_id)
    others = session.execute(select(Person.id, Person.name).where(Person.id.in_(by_others)))
    return Known(
        {row[0]: (row[1], row[2]) for row in accounts},
        {row.id: _paid(row) for row in rates},
        {row.id: row for row in session.scalars(select(Claim).where(Claim.rep_id == rep_id))},
        home_address,
        ZoneInfo(zone),
        {row[0]: row[1] for row in others},
    )


def logged(entries: Sequence[Trip], known: Known) -> list[LoggedTrip]:
    """The newest entry of each trip, in the order driven; of a reversed one the reversal. A trip that a
    contra entry takes back is reversed too, in whichever claim that was done."""
    by_id = {entry.id: entry for entry in entries}
    superseded = {entry.corrects_id for entry in entries}
    taken_back = _taken_back(entries)
    return [
        _logged(entry, by_id, known, entry.id in taken_back)
        for entry in entries
        if entry.id not in superseded and entry.contra_of_id is None
    ]


def _taken_back(entries: Sequence[Trip]) -> dict[int, Trip]:
    """The standing contra entries by what they take back."""
    superseded = {entry.corrects_id for entry in entries}
    return {
        entry.contra_of_id: entry
        for entry in entries
        if entry.contra_of_id is not None and not entry.is_void and entry.id not in superseded
    }


def changes(entries: Sequence[Trip], known: Known, name: str) -> Iterator[Change]:
    """Every value that an entry has in place of the one before it, in the order they were made. ``name``: who
    corrects, for only the rep does; what the rates did is by nobody. Also what was taken back, by whom."""
    by_id = {entry.id: entry for entry in entries}
    next_of = {entry.corrects_id: entry for entry in entries if entry.corrects_id}
    for entry in sorted(entries, key=lambda each: each.id):
        old = by_id.get(entry.corrects_id or 0)
        if old is None or entry.contra_of_id is not None:
            continue
        stands = entry
        while stands.id in next_of:
            stands = next_of[stands.id]
        for kind, before, after in _differences(old, entry):
            yield Change(
                stands.id,
                entry.on,
                start(entry, known).name,
                goal(entry, known).name,
                kind,
                before,
                after,
                entry.change_reason,
                entry.entered_at,
                "" if entry.change_reason == REPRICED or kind is ChangeKind.AMOUNT else name,
                entry.currency,
            )
    for old_id, entry in _taken_back(entries).items():
        yield Change(
            old_id,
            entry.on,
            start(entry, known).name,
            goal(entry, known).name,
            ChangeKind.REVERSED,
            -entry.metres - entry.commute_metres,
            0,
            entry.change_reason,
            entry.entered_at,
            known.others.get(entry.entered_by_id or 0, name),
            entry.currency,
        )


def _differences(old: Trip, new: Trip) -> Iterator[tuple[ChangeKind, int | str, int | str]]:
    before, after = old.metres + old.commute_metres, new.metres + new.commute_metres
    if new.is_void:
        yield ChangeKind.REVERSED, before, 0
        return
    if before != after:
        yield ChangeKind.DISTANCE, before, after
    if old.purpose != new.purpose:
        yield ChangeKind.PURPOSE, old.purpose, new.purpose
    if before == after and old.amount_minor != new.amount_minor:
        yield ChangeKind.AMOUNT, old.amount_minor, new.amount_minor


def _logged(entry: Trip, by_id: dict[int, Trip], known: Known, is_taken_back: bool) -> LoggedTrip:
    first = entry
    while (before := first.corrects_id or first.replaces_id) in by_id:
        first = by_id[before]
    claim = known.claims.get(entry.claim_id or 0)
    is_measured, counts = bool(entry.network_version), not is_taken_back
    return LoggedTrip(
        entry_id=entry.id,
        on=entry.on,
        start=start(entry, known),
        goal=goal(entry, known),
        purpose=entry.purpose,
        vehicle=entry.vehicle,
        kind=entry.vehicle_kind,
        metres=entry.metres if counts and not entry.is_private else 0,
        commute_metres=entry.commute_metres if counts else 0,
        private_metres=entry.metres if entry.is_private else 0,
        road_metres=entry.road_metres if is_measured else None,
        reason="" if entry.change_reason == REPRICED else entry.change_reason,
        recorded_on=noted_at(first).astimezone(known.zone).date(),
        is_late=first.is_late,
        shares=tuple(_shares(entry, known)) if counts else (),
        amount_minor=entry.amount_minor if counts else 0,
        currency=entry.currency,
        state=claim.state if claim else None,
        is_void=entry.is_void or is_taken_back,
        is_adjustment=entry.origin is TripOrigin.ADJUSTMENT,
    )


def _shares(entry: Trip, known: Known) -> Iterable[Share]:
    if entry.parts:
        for part in entry.parts:
            yield Share(known.rates.get(part.rate_id or 0), part.metres, part.amount_minor)
    else:
        yield Share(known.rates.get(entry.rate_id or 0), entry.metres, entry.amount_minor)


def start(entry: Trip, known: Known) -> Where:
    return _where(entry.from_account_id, entry.from_lat, entry.from_label, "", known)


def goal(entry: Trip, known: Known) -> Where:
    return _where(entry.to_account_id, entry.to_lat, entry.to_label, entry.purpose, known)


def _where(account_id: int | None, lat: float | None, label: str, purpose: str, known: Known) -> Where:
    if is_home(account_id, lat) or (account_id is None and not label):
        if known.home_address is None:
            return Where(HOME_NAME, is_stay=True, is_hidden=True)
        address = label or known.home_address
        return Where(HOME_NAME, address, postcode_in(address), is_stay=True)
    name, _, address = label.partition(", ")
    is_stay = purpose in (HOME, NIGHT)
    if account_id is None:
        return Where(name, address, postcode_in(label), is_stay=is_stay)
    account, postcode = known.accounts.get(account_id, (name, ""))
    return Where(name, address, postcode or postcode_in(label), "" if is_stay else account, is_stay)


def _paid(row: MileageRate) -> RatePaid:
    return RatePaid(row.id, row.per_unit, row.unit.value, row.currency, row.effective_from_on, row.source)
