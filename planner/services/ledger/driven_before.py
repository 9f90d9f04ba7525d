"""What a rep drove on business in a tax year before Rounds kept count: rates that change after so many miles
a year begin behind it.

Entries in open claims are priced anew when it changes; for those submitted the difference is proposed as an
adjustment, as after a new rate.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.access import Actor
from planner.domain.errors import Invalid, NotFound
from planner.domain.mileage_rates import VehicleKind, tax_year
from planner.models.people import Rep
from planner.models.vehicles import DrivenBefore
from planner.services import scope
from planner.services.installation import audit
from planner.services.ledger import pricing, repricing
from planner.services.ledger.pricing import Place

FARTHEST_METRES = 500_000_000
"""In one year: more than a thousand kilometres every day."""


@dataclass(frozen=True, slots=True)
class Page:
    """``kinds`` are those whose rate in the rep's country changes after some distance a year, ``years`` the
    first days of the present tax year and of the one before."""

    rows: Sequence[DrivenBefore]
    kinds: Sequence[VehicleKind]
    years: Sequence[date]


def page(session: Session, rep_id: int, today: date) -> Page:
    """Raises NotFound for somebody who is no rep."""
    _rep(session, rep_id)
    query = select(DrivenBefore).where(DrivenBefore.rep_id == rep_id)
    rows = session.scalars(query.order_by(DrivenBefore.year_from_on.desc(), DrivenBefore.kind)).all()
    territory = scope.home_territory(session, rep_id, today)
    if territory is None:
        return Page(rows, (), ())
    rates, place = pricing.table(session), Place(territory.country, territory.currency)
    this_year = tax_year(territory.country, today)[0]
    last_year = tax_year(territory.country, this_year - timedelta(days=1))[0]
    kinds = [kind for kind in VehicleKind if rates.has_bands(place, kind)]
    return Page(rows, kinds, (this_year, last_year))


def note(
    session: Session,
    actor: Actor,
    now: datetime,
    today: date,
    rep_id: int,
    kind: VehicleKind,
    year_from_on: date,
    metres: int,
) -> None:
    """Note it, in place of what was noted for that kind and year.

    Raises NotFound for somebody who is no rep, Invalid("kind"), Invalid("year") for what the page does not
    offer, Invalid("distance")."""
    offered = page(session, rep_id, today)
    if kind not in offered.kinds:
        raise Invalid("kind", "driven_before_kind")
    if year_from_on not in offered.years:
        raise Invalid("year", "driven_before_year")
    if not 0 < metres <= FARTHEST_METRES:
        raise Invalid("distance", "driven_before_range", most=FARTHEST_METRES // 1000)
    repricing.hold(session, [rep_id], year_from_on)
    row = session.get(DrivenBefore, (rep_id, kind, year_from_on))
    before = _shown(row) if row else None
    if row is None:
        row = DrivenBefore(rep_id=rep_id, kind=kind, year_from_on=year_from_on)
        session.add(row)
    row.metres = metres
    session.flush()
    audit.record(session, actor, now, "driven_before.noted", "rep", rep_id, before, _shown(row))
    repricing.settle(session, now, rep_id, year_from_on)


def remove(
    session: Session, actor: Actor, now: datetime, rep_id: int, kind: VehicleKind, year_from_on: date
) -> None:
    """Raises NotFound."""
    row = session.get(DrivenBefore, (rep_id, kind, year_from_on))
    if row is None:
        raise NotFound("driven_before", id=rep_id)
    repricing.hold(session, [rep_id], year_from_on)
    audit.record(session, actor, now, "driven_before.removed", "rep", rep_id, _shown(row), None)
    session.delete(row)
    session.flush()
    repricing.settle(session, now, rep_id, year_from_on)


def _rep(session: Session, rep_id: int) -> Rep:
    rep = session.get(Rep, rep_id)
    if rep is None:
        raise NotFound("rep", id=rep_id)
    return rep


def _shown(row: DrivenBefore) -> dict[str, object]:
    return {"kind": row.kind.value, "year_from_on": row.year_from_on, "metres": row.metres}
