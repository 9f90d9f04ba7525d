"""How even a rep's days are to be: the rep's own choice, or the installation's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from planner.domain.access import Actor
from planner.domain.balance import Balance, in_force
from planner.models.people import Rep
from planner.services import scope
from planner.services.installation import audit, settings


@dataclass(frozen=True, slots=True)
class Choice:
    """``own`` None: the rep goes with what is ``usual`` in the installation."""

    own: Balance | None
    usual: Balance

    @property
    def in_force(self) -> Balance:
        return in_force(self.own, self.usual)


def read(session: Session, actor: Actor, rep_id: int, today: date) -> Choice:
    """Raises NotFound for a rep outside the actor's scope."""
    return _of(session, scope.rep(session, actor, rep_id, today))


def of_rep(session: Session, rep_id: int) -> Choice:
    return _of(session, session.get_one(Rep, rep_id))


def choose(
    session: Session, actor: Actor, now: datetime, today: date, rep_id: int, own: Balance | None
) -> None:
    """The next plan goes by it. Raises NotFound for a rep outside the actor's scope."""
    rep = scope.rep(session, actor, rep_id, today)
    if rep.balance is own:
        return
    before, rep.balance = rep.balance, own
    session.flush()
    audit.record(session, actor, now, "rep.balance", "person", rep_id, {"balance": before}, {"balance": own})


def _of(session: Session, rep: Rep) -> Choice:
    return Choice(rep.balance, Balance(settings.read(session).balance))
