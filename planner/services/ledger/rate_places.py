"""In which country and currency a rep drives on a day: those of the territory they belong to then, read once
for all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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
    currency: str


@dataclass(frozen=True, slots=True)
class RepPlaces:
    """In the order in which ``scope.home_territory`` chooses. A day outside them all has no country."""

    stays: Sequence[_Stay]

    def country(self, on: date) -> str:
        stay = self._stay(on)
        return stay.country if stay else ""

    def currency(self, on: date) -> str:
        stay = self._stay(on)
        return stay.currency if stay else ""

    def year_began_on(self, on: date) -> date:
        """The first day of the tax year of ``on``, in whichever of the countries it begins first."""
        return min((tax_year(stay.country, on)[0] for stay in self.stays), default=on)

    def _stay(self, on: date) -> _Stay | None:
        held = (s for s in self.stays if s.from_on <= on and (s.until_on is None or on < s.until_on))
        return next(held, None)


def of_rep(session: Session, rep_id: int) -> RepPlaces:
    return of_reps(session, [rep_id])[rep_id]


def of_reps(session: Session, rep_ids: Iterable[int]) -> dict[int, RepPlaces]:
    """In one query, for every one of the reps."""
    stays: dict[int, list[_Stay]] = {rep_id: [] for rep_id in rep_ids}
    query = (
        select(
            *(Membership.person_id, Membership.from_on, Membership.until_on),
            *(Territory.country, Territory.currency),
        )
        .join(Territory, Membership.territory_id == Territory.id)
        .where(Membership.person_id.in_(stays))
    )
    order = (Membership.kind.desc(), Membership.from_on, Territory.id)
    for rep_id, *stay in session.execute(query.order_by(*order)):
        stays[rep_id].append(_Stay(*stay))
    return {rep_id: RepPlaces(found) for rep_id, found in stays.items()}
