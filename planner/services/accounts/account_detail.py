"""One account in full: its facts, when it is due, who owns it, and what happened there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, selectinload

from planner.domain.access import Actor
from planner.domain.cadence import Cadence
from planner.domain.visits import UNDECIDED, NotHeldReason, Outcome, VisitKind, VisitState
from planner.models.accounts import Account, ClassRule
from planner.models.people import Person
from planner.models.territories import Ownership, Territory
from planner.models.visits import Note, Visit
from planner.services import scope
from planner.services.accounts import account_due, account_next
from planner.services.accounts.account_due import Due
from planner.services.days import photos
from planner.services.days.photos import ShownPhoto

MOST_ENTRIES = 60
MOST_PLANNED = 5


@dataclass(frozen=True, slots=True)
class OwnerRange:
    """``rep_name`` None: nobody in that territory yet."""

    territory_id: int
    territory_name: str
    rep_id: int | None
    rep_name: str | None
    from_on: date
    until_on: date | None

    def counts_on(self, on: date) -> bool:
        return self.from_on <= on and (self.until_on is None or on < self.until_on)


@dataclass(frozen=True, slots=True)
class PlannedVisit:
    visit_id: int
    rep_id: int
    on: date
    kind: VisitKind


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that happened: a visit that is over (``state``), a note without one, a change of owner."""

    on: date
    person_name: str
    state: VisitState | None = None
    outcome: Outcome | None = None
    not_held_reason: NotHeldReason | None = None
    next_step: str = ""
    notes: tuple[str, ...] = ()
    owner: OwnerRange | None = None


@dataclass(frozen=True, slots=True)
class AccountDetail:
    """``cadence`` is the one in force, own or inherited; ``rule`` what the class says. ``is_theirs``: the
    actor may change and plan it, not only read it."""

    account: Account
    rule: ClassRule | None
    cadence: Cadence | None
    due: Due | None
    last_on: date | None
    owner: OwnerRange | None
    owners: tuple[OwnerRange, ...]
    currency: str
    network_name: str
    planned: tuple[PlannedVisit, ...]
    proposed_on: date | None
    timeline: tuple[Entry, ...]
    photos: tuple[ShownPhoto, ...]
    is_theirs: bool = True


def detail(session: Session, actor: Actor, account_id: int, on: date) -> AccountDetail:
    """For who may also change it. Raises NotFound outside the actor's scope."""
    scope.account(session, actor, account_id, on)
    return _detail(session, account_id, on)


def readable(session: Session, actor: Actor, account_id: int, on: date) -> AccountDetail:
    """Raises NotFound for an account the actor may not read."""
    scope.readable_account(session, actor, account_id, on)
    is_theirs = scope.sees_account(session, actor, account_id, on)
    return replace(_detail(session, account_id, on), is_theirs=is_theirs)


def _detail(session: Session, account_id: int, on: date) -> AccountDetail:
    account = session.scalars(_loaded(account_id)).one()
    rules = account_due.rules(session)
    owners = _owners(session, account_id)
    owner = next((row for row in owners if row.counts_on(on)), None)
    territory = session.get(Territory, owner.territory_id) if owner else None
    visits = session.scalars(_visits(account_id)).all()
    held = next((visit for visit in visits if visit.state is VisitState.DONE and visit.on <= on), None)
    last_on, see_again = (held.on, held.see_again_days) if held else (None, None)
    due = account_due.due_of(account, rules, last_on, see_again, on)
    return AccountDetail(
        account=account,
        rule=rules.get(account.account_class),
        cadence=due.cadence if due else None,
        due=due,
        last_on=last_on,
        owner=owner,
        owners=tuple(reversed(owners)),
        currency=territory.currency if territory else "",
        network_name=territory.network_name if territory else "",
        planned=_planned(visits, on),
        proposed_on=_proposed_on(session, account_id, on),
        timeline=_timeline(session, account_id, visits, owners),
        photos=tuple(photos.of_account(session, account_id)),
    )


def _proposed_on(session: Session, account_id: int, on: date) -> date | None:
    proposed = account_next.proposed(on)
    return session.scalar(select(proposed.c.on).where(proposed.c.account_id == account_id))


def _loaded(account_id: int) -> Select[tuple[Account]]:
    return (
        select(Account)
        .where(Account.id == account_id)
        .options(selectinload(Account.windows), selectinload(Account.blocks), selectinload(Account.contacts))
        .execution_options(populate_existing=True)
    )


def _visits(account_id: int) -> Select[tuple[Visit]]:
    return (
        select(Visit)
        .where(Visit.account_id == account_id, Visit.state != VisitState.CANCELLED)
        .options(selectinload(Visit.notes))
        .order_by(Visit.on.desc())
        .limit(MOST_ENTRIES)
    )


def _owners(session: Session, account_id: int) -> tuple[OwnerRange, ...]:
    """By date, the present one and those to come at the end."""
    query = (
        select(Ownership, Territory.name, Person.name)
        .join(Territory, Territory.id == Ownership.territory_id)
        .outerjoin(Person, Person.id == Ownership.rep_id)
        .where(Ownership.account_id == account_id)
        .order_by(Ownership.from_on)
    )
    return tuple(
        OwnerRange(row.territory_id, territory, row.rep_id, rep, row.from_on, row.until_on)
        for row, territory, rep in session.execute(query)
    )


def _planned(visits: Sequence[Visit], on: date) -> tuple[PlannedVisit, ...]:
    ahead = sorted((v for v in visits if v.state in UNDECIDED and v.on >= on), key=lambda v: v.on)
    return tuple(PlannedVisit(v.id, v.rep_id, v.on, v.kind) for v in ahead[:MOST_PLANNED])


def _timeline(
    session: Session, account_id: int, visits: Sequence[Visit], owners: Sequence[OwnerRange]
) -> tuple[Entry, ...]:
    """Newest first. Notes stand with their visit; notes without one stand alone."""
    names = _names(session, {visit.rep_id for visit in visits})
    entries = [_of_visit(visit, names) for visit in visits if visit.state not in UNDECIDED]
    entries += _of_notes(session, account_id)
    entries += [Entry(owner.from_on, owner.rep_name or "", owner=owner) for owner in owners]
    return tuple(sorted(entries, key=lambda entry: entry.on, reverse=True)[:MOST_ENTRIES])


def _of_visit(visit: Visit, names: Mapping[int, str]) -> Entry:
    return Entry(
        on=visit.on,
        person_name=names.get(visit.rep_id, ""),
        state=visit.state,
        outcome=visit.outcome,
        not_held_reason=visit.not_held_reason,
        next_step=visit.next_step,
        notes=tuple(note.text for note in visit.notes),
    )


def _of_notes(session: Session, account_id: int) -> list[Entry]:
    query = (
        select(Note.captured_at, Note.text, Person.name)
        .join(Person, Person.id == Note.author_id)
        .where(Note.account_id == account_id, Note.visit_id.is_(None))
        .order_by(Note.captured_at.desc())
        .limit(MOST_ENTRIES)
    )
    return [Entry(at.date(), name, notes=(text,)) for at, text, name in session.execute(query)]


def _names(session: Session, ids: set[int]) -> dict[int, str]:
    return dict(session.execute(select(Person.id, Person.name).where(Person.id.in_(ids))).all())
