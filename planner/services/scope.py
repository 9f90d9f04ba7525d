"""Whose rows may this person see? The one place that answers, by territory subtree and date.

A rep sees the accounts they own on the date, and their own visits, trips, expenses and claims; of a
visit to come that they make for somebody else they may read the account, and nothing more. A manager
sees everything owned or worked in the subtree of the territories they manage on the date. An admin sees
everything. What is outside is answered as not found.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import ColumnElement, ScalarSelect, Select, or_, select, true
from sqlalchemy.orm import Session, aliased

from planner.domain.access import Actor, MembershipKind, Role
from planner.domain.errors import NotFound
from planner.domain.visits import VisitState
from planner.models.accounts import Account
from planner.models.follow_ups import FollowUp
from planner.models.people import Rep
from planner.models.territories import Membership, ModelState, Ownership, Territory, TerritoryModel
from planner.models.visits import Visit


def held(table: type[Membership] | type[Ownership], on: date) -> ColumnElement[bool]:
    """The condition that a dated row counts on ``on``."""
    return (table.from_on <= on) & or_(table.until_on.is_(None), table.until_on > on)


def territory_ids(actor: Actor, on: date) -> Select[tuple[int]]:
    """Ids of the territories the actor may see: own ones, and for managers all below theirs."""
    active = select(Territory.id).join(TerritoryModel).where(TerritoryModel.state == ModelState.ACTIVE)
    if actor.is_admin:
        return active
    mine = select(Membership.territory_id).where(Membership.person_id == actor.user_id, held(Membership, on))
    if not actor.is_manager:
        return active.where(Territory.id.in_(mine))
    managed = mine.where(Membership.kind == MembershipKind.MANAGER)
    tree = active.where(Territory.id.in_(managed)).cte("managed", recursive=True)
    below = select(Territory.id).where(Territory.parent_id == tree.c.id)
    return select(tree.union(below).c.id)


def owned_accounts(actor: Actor, on: date) -> ColumnElement[bool]:
    """The condition on ``Account`` that the actor may see it on ``on``."""
    if actor.is_admin:
        return true()
    rows = select(Ownership.account_id).where(held(Ownership, on))
    if actor.role is Role.REP:
        return Account.id.in_(rows.where(Ownership.rep_id == actor.user_id))
    return Account.id.in_(rows.where(Ownership.territory_id.in_(territory_ids(actor, on))))


def given(on: date) -> ColumnElement[bool]:
    """The condition on ``FollowUp`` that it is for whom it was given to: its account has not changed its
    owner since."""
    owning = aliased(Ownership)
    owner = select(owning.rep_id).where(owning.account_id == FollowUp.account_id, held(owning, on))
    still = owner.scalar_subquery().is_not_distinct_from(FollowUp.given_from_id)
    return FollowUp.given_to_id.is_not(None) & still


def follow_ups(actor: Actor, on: date) -> ColumnElement[bool]:
    """The condition on ``FollowUp``, beside its ``Account``, that the actor may see it on ``on``: of an
    account they see, or given to them."""
    return or_(owned_accounts(actor, on), (FollowUp.given_to_id == actor.user_id) & given(on))


def may_read(person_id: ColumnElement[int] | int, on: date) -> ColumnElement[bool]:
    """The condition on ``Account`` that a rep may read it: their own, or with a visit of theirs to come."""
    owns = select(Ownership.id).where(
        Ownership.account_id == Account.id, held(Ownership, on), Ownership.rep_id == person_id
    )
    return or_(owns.correlate_except(Ownership).exists(), _is_visiting(person_id, on))


def rep_ids(actor: Actor, on: date) -> Select[tuple[int]]:
    """Ids of the reps whose days, trips and claims the actor may see on ``on``."""
    if actor.is_admin:
        return select(Rep.person_id)
    if actor.role is Role.REP:
        return select(Rep.person_id).where(Rep.person_id == actor.user_id)
    members = select(Membership.person_id).where(
        Membership.kind == MembershipKind.MEMBER,
        held(Membership, on),
        Membership.territory_id.in_(territory_ids(actor, on)),
    )
    return select(Rep.person_id).where(Rep.person_id.in_(members))


def account(session: Session, actor: Actor, account_id: int, on: date) -> Account:
    """The account, when the actor may see it. Raises NotFound otherwise."""
    row = session.scalar(select(Account).where(Account.id == account_id, owned_accounts(actor, on)))
    if row is None:
        raise NotFound("account", id=account_id)
    return row


def sees_account(session: Session, actor: Actor, account_id: int, on: date) -> bool:
    """Whether the actor may see the account by what they own or manage."""
    query = select(Account.id).where(Account.id == account_id, owned_accounts(actor, on))
    return session.scalar(query) is not None


def readable_account(session: Session, actor: Actor, account_id: int, on: date) -> Account:
    """The account, when the actor may see it or has a visit there on ``on`` or later; else raises NotFound.

    For reading only: who covers for somebody changes, plans and lists nothing of theirs."""
    readable = or_(owned_accounts(actor, on), _is_visiting(actor.user_id, on))
    row = session.scalar(select(Account).where(Account.id == account_id, readable))
    if row is None:
        raise NotFound("account", id=account_id)
    return row


def rep(session: Session, actor: Actor, rep_id: int, on: date) -> Rep:
    """The rep, when the actor may see their days. Raises NotFound otherwise."""
    row = session.scalar(select(Rep).where(Rep.person_id == rep_id, Rep.person_id.in_(rep_ids(actor, on))))
    if row is None:
        raise NotFound("rep", id=rep_id)
    return row


def home_territory(session: Session, person_id: int, on: date) -> Territory | None:
    """The territory a person belongs to on ``on``: its zone, currency, holidays and roads are theirs."""
    return session.scalar(select(Territory).where(Territory.id == home_territory_id(person_id, on)))


def home_territory_id(person_id: int | ColumnElement[int], on: date) -> ScalarSelect[int]:
    """The id of ``home_territory``, to be asked along with something else."""
    return (
        select(Membership.territory_id)
        .where(Membership.person_id == person_id, held(Membership, on))
        .order_by(Membership.kind.desc(), Membership.from_on, Membership.territory_id)
        .limit(1)
        .scalar_subquery()
    )


def _is_visiting(person_id: ColumnElement[int] | int, on: date) -> ColumnElement[bool]:
    """The condition on ``Account`` that somebody has a visit there on ``on`` or later."""
    visits = select(Visit.id).where(
        Visit.account_id == Account.id,
        Visit.rep_id == person_id,
        Visit.on >= on,
        Visit.state != VisitState.CANCELLED,
    )
    return visits.correlate_except(Visit).exists()
