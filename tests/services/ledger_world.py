"""A company with roads under it and visits that were held, for tests of the ledger."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import count
from pathlib import Path

from sqlalchemy.orm import Session

from planner.domain.access import Actor, Role
from planner.domain.claims import ClaimAction
from planner.domain.expenses import ExpenseCategory
from planner.domain.visits import Outcome, VisitState
from planner.models.accounts import Account
from planner.models.ledger import Claim, Expense, Trip
from planner.models.people import Person
from planner.models.visits import Visit
from planner.services.ledger import claims, expenses, proof, rates, trips
from planner.services.ledger.expense_lines import NewExpense
from planner.services.ledger.rates import NewRate
from planner.services.ledger.trips import Closing
from tests.conftest import NOW, TODAY
from tests.roads import networks_folder
from tests.world import World

PESOS_PER_KM = Decimal("180")
NO_PICTURES = Path("nowhere")
_numbers = count(1)


def uid() -> str:
    return f"00000000-0000-4000-8000-{next(_numbers):012d}"


def rep(person: Person) -> Actor:
    return Actor(person.id, Role.REP)


def manager(person: Person) -> Actor:
    return Actor(person.id, Role.MANAGER)


@dataclass
class LedgerWorld:
    """``networks`` holds the demo roads; a rate of 180 pesos a kilometre counts from 2025."""

    session: Session
    networks: Path = field(default_factory=networks_folder)
    company: World = field(init=False)

    def __post_init__(self) -> None:
        self.company = World(self.session)
        rates.add(self.session, None, NOW, rate())

    @property
    def ana(self) -> Person:
        return self.company.ana

    def visit(
        self,
        hour: int | None,
        on: date = TODAY,
        state: VisitState = VisitState.DONE,
        account: Account | None = None,
        owner: Person | None = None,
    ) -> Visit:
        """A visit held at ``hour`` UTC; without an hour it has no times."""
        person = owner or self.ana
        row = Visit(uid=uid(), rep_id=person.id, on=on, state=state, service_seconds=1800)
        row.account_id = (account or self.company.account(person)).id
        if hour is not None:
            row.arrived_at = datetime.combine(on, NOW.timetz()).replace(hour=hour)
            row.left_at = row.arrived_at + timedelta(minutes=30)
        row.outcome = Outcome.ORDER if state is VisitState.DONE else None
        self.session.add(row)
        self.session.flush()
        return row

    def close(self, on: date = TODAY, today: date = TODAY, **closing: object) -> None:
        trips.close_day(
            self.session,
            rep(self.ana),
            NOW,
            today,
            self.networks,
            self.ana.id,
            on,
            Closing(**{"as_planned": True, **closing}),  # type: ignore[arg-type]
        )

    def trips(self) -> list[Trip]:
        found = claims.of_month(self.session, self.ana.id, TODAY)
        return [trip for claim in found for trip in claims.trips_of(self.session, claim.id)]

    def expense(self, amount_minor: int = 1500, on: date = TODAY, **more: object) -> Expense:
        new = NewExpense(uid(), on, ExpenseCategory.PARKING, amount_minor, "CLP", **more)  # type: ignore[arg-type]
        return expenses.add(self.session, rep(self.ana), NOW, TODAY, new)

    def claim(self, on: date = TODAY) -> Claim:
        (row,) = claims.of_month(self.session, self.ana.id, on)
        return row

    def step(self, person: Person, action: ClaimAction, reason: str = "", on: date = TODAY) -> Claim:
        actor, row = Actor(person.id, person.role), self.claim(on)
        return claims.step(self.session, actor, NOW, TODAY, row.id, row.rev, action, reason)


def troubles(session: Session) -> list[str]:
    """What of the books does not hold; a picture never does."""
    session.flush()
    session.expire_all()
    found = proof.findings(session, NO_PICTURES)
    return [f"{finding.what}: {finding.trouble}" for finding in found if finding.trouble]


def rate(**values: object) -> NewRate:
    given = {
        "country": "CL",
        "currency": "CLP",
        "per_unit": PESOS_PER_KM,
        "unit": "km",
        "effective_from_on": date(2025, 1, 1),
        "source": "Company rate",
    }
    return NewRate(**{**given, **values})  # type: ignore[arg-type]
