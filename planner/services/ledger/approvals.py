"""Approving above the limit: what it is set to, who is of a rep's next level, and what an approval is.

The limit stands per currency in minor units; a currency without one needs one approval.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain import approvals as rules
from planner.domain.access import Actor, MembershipKind
from planner.domain.approvals import Approver
from planner.domain.claims import ClaimAction
from planner.domain.errors import Invalid, NotAllowed
from planner.models.ledger import Claim
from planner.models.people import Person
from planner.models.settings import Setting
from planner.models.territories import Membership, Territory
from planner.services import scope
from planner.services.installation import audit

KEY = "approval_limit_minor"
HIGHEST_MINOR = 10**12


def limits(session: Session) -> dict[str, int]:
    """The limits that were set, by currency."""
    row = session.get(Setting, KEY)
    return {str(currency): int(minor) for currency, minor in row.value.items()} if row else {}


def set_limit(
    session: Session, actor: Actor | None, now: datetime, currency: str, above_minor: int | None
) -> None:
    """Claims above it need two approvals; None: one is enough again. Raises Invalid("above")."""
    if above_minor is not None and not 0 <= above_minor <= HIGHEST_MINOR:
        raise Invalid("above", "amount_range")
    before = limits(session)
    after = {key: minor for key, minor in before.items() if key != currency}
    if above_minor is not None:
        after[currency] = above_minor
    session.merge(Setting(key=KEY, value=after))
    session.flush()
    audit.record(session, actor, now, "policy.approvals", "setting", None, before, after)


@dataclass(slots=True)
class Approvals:
    """What approvals are for one actor on one date; what is asked twice is looked up once."""

    session: Session
    actor: Actor
    today: date
    _limits: dict[str, int] = field(init=False)
    _reps_below: dict[int, frozenset[int] | None] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._limits = limits(self.session)

    def of(self, claim: Claim, amount_minor: int) -> ClaimAction:
        """What the actor's approval of a claim would be. Raises as ``rules.approval`` does."""
        limit = self._limits.get(claim.currency)
        if limit is None or amount_minor <= limit:
            return ClaimAction.APPROVE
        first = rules.endorser((event.action, event.actor_id) for event in claim.events)
        known = self._approver(first, claim.rep_id) if first is not None else None
        return rules.approval(amount_minor, limit, self._approver(self.actor.user_id, claim.rep_id), known)

    def may(self, claim: Claim, amount_minor: int) -> bool:
        """Whether the actor's approval would count."""
        try:
            self.of(claim, amount_minor)
        except NotAllowed:
            return False
        return True

    def _approver(self, person_id: int, rep_id: int) -> Approver:
        if person_id not in self._reps_below:
            self._reps_below[person_id] = _reps_below(self.session, person_id, self.today)
        reps = self._reps_below[person_id]
        return Approver(person_id, reps is None or rep_id in reps)


def _reps_below(session: Session, person_id: int, on: date) -> frozenset[int] | None:
    """The reps whose next level a person is: those of territories below theirs. None: everybody's."""
    person = session.get_one(Person, person_id)
    actor = Actor(person.id, person.role)
    if actor.is_admin:
        return None
    if not actor.is_manager:
        return frozenset()
    mine = scope.territory_ids(actor, on)
    below = select(Territory.id).where(Territory.id.in_(mine), Territory.parent_id.in_(mine))
    members = select(Membership.person_id).where(
        Membership.kind == MembershipKind.MEMBER,
        scope.held(Membership, on),
        Membership.territory_id.in_(below),
    )
    return frozenset(session.scalars(members))
