"""In which country a rep drives on a day: that of the territory they belong to then, read once for all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.mileage_rates import tax_year
from planner.models.territories import Membership, Territory


@dataclass(frozen=True, slots=True)
class _Stay:
    from_on: date
    until_on: date | None
    country: str


@dataclass(frozen=True, slots=True)
class RepPlaces:
    """In the order in which ``scope.home_territory`` chooses. A day outside them all has no country."""

    stays: Sequence[_Stay]

    def country(self, on: date) -> str:
        held = (s for s in self.stays if s.from_on <= on and (s.until_on is None or on < s.until_on))
        return next((stay.country for stay in held), "")

    def year_began_on(self, on: date) -> date:
        """The first day of the tax year of ``on``, in whichever of the countries it begins first."""
        return min((tax_year(stay.country, on)[0] for stay in self.stays), default=on)


def of_rep(session: Session, rep_id: int) -> RepPlaces:
    query = select(Membership.from_on, Membership.until_on, Territory.country).join(
        Territory, Membership.territory_id == Territory.id
    )
    rows = session.execute(
        query.where(Membership.person_id == rep_id).order_by(
            Membership.kind.desc(), Membership.from_on, Territory.id
        )
    )
    return RepPlaces([_Stay(*row) for row in rows])
