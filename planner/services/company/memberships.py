"""Who belongs to which territory, from when until when. Ranges are closed, never deleted, once they began.

``until_on`` does not count; None is open.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from planner.domain.access import Actor, MembershipKind, Role
from planner.domain.errors import Invalid, NotFound
from planner.domain.working_week import check_range
from planner.models.people import Person
from planner.models.territories import Membership, Territory
from planner.services.company import people
from planner.services.installation import audit


@dataclass(frozen=True, slots=True)
class MembershipLine:
    membership_id: int
    person_id: int
    person_name: str
    territory_id: int
    territory_name: str
    kind: MembershipKind
    from_on: date
    until_on: date | None


def lines(
    session: Session, person_id: int | None = None, territory_id: int | None = None
) -> list[MembershipLine]:
    """The memberships of a person, of a territory or of all, newest first."""
    query = (
        select(
            Membership.id,
            Person.id,
            Person.name,
            Territory.id,
            Territory.name,
            Membership.kind,
            Membership.from_on,
            Membership.until_on,
        )
        .join(Person, Person.id == Membership.person_id)
        .join(Territory, Territory.id == Membership.territory_id)
        .order_by(Membership.from_on.desc(), Membership.id.desc())
    )
    if person_id is not None:
        query = query.where(Membership.person_id == person_id)
    if territory_id is not None:
        query = query.where(Membership.territory_id == territory_id)
    return [MembershipLine(*row) for row in session.execute(query)]


def add(
    session: Session,
    actor: Actor,
    now: datetime,
    person_id: int,
    territory_id: int,
    from_on: date,
    until_on: date | None = None,
) -> None:
    """Put a person into a territory: managers answer for it and all below, others work it.

    Raises Invalid for a reversed range or one that overlaps with the same membership.
    """
    check_range(from_on, until_on)
    person = people.find(session, person_id)
    territory = session.get(Territory, territory_id)
    if territory is None:
        raise NotFound("territory", id=territory_id)
    kind = MembershipKind.MANAGER if person.role is Role.MANAGER else MembershipKind.MEMBER
    _check_free(session, person_id, territory_id, kind, from_on, until_on)
    row = Membership(person_id=person_id, territory_id=territory_id, kind=kind)
    row.from_on, row.until_on = from_on, until_on
    session.add(row)
    session.flush()
    after = {"territory": territory.name, "kind": kind, "from": from_on, "until": until_on}
    audit.record(session, actor, now, "membership.added", "person", person_id, {}, after)


def end(session: Session, actor: Actor, now: datetime, membership_id: int, until_on: date) -> int:
    """End a membership; one that would end before it begins is taken back. Returns the person's id."""
    row = session.get(Membership, membership_id)
    if row is None:
        raise NotFound("membership", id=membership_id)
    before = {"territory": row.territory.name, "from": row.from_on, "until": row.until_on}
    if until_on <= row.from_on:
        session.delete(row)
    else:
        row.until_on = until_on
    session.flush()
    after = {**before, "until": until_on}
    audit.record(session, actor, now, "membership.ended", "person", row.person_id, before, after)
    return row.person_id


def _check_free(
    session: Session,
    person_id: int,
    territory_id: int,
    kind: MembershipKind,
    from_on: date,
    until_on: date | None,
) -> None:
    query = select(Membership.id).where(
        Membership.person_id == person_id,
        Membership.territory_id == territory_id,
        Membership.kind == kind,
        or_(Membership.until_on.is_(None), Membership.until_on > from_on),
    )
    if until_on is not None:
        query = query.where(Membership.from_on < until_on)
    if session.scalar(query.limit(1)) is not None:
        raise Invalid("from_on", "membership_overlap")
