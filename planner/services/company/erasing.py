"""Erasing a person: what goes and what stays, asked for a week ahead, and taken back until then.

Whoever is to be erased is shut out in the same step. Their name becomes a pseudonym, so what the books need
goes on standing under it: amounts, metres, dates, reasons, receipts. The rows are emptied by ``erased_rows``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from planner.domain.access import Actor, Role
from planner.domain.claims import ClaimState
from planner.domain.errors import Conflict, Invalid
from planner.domain.ledger import canonical
from planner.domain.seals import seal
from planner.models.ledger import Claim, SealedLink
from planner.models.people import Person
from planner.models.settings import AuditEntry
from planner.services.company import erased_rows, people
from planner.services.installation import audit

WAITS = timedelta(days=7)
"""Between asking and erasing: so long it can be taken back."""

ASKED, CANCELLED, ERASED = (f"{audit.ERASURE}{end}" for end in ("ure_asked", "ure_taken_back", "ed"))


@dataclass(frozen=True, slots=True)
class Preview:
    """``goes`` and ``stays`` count rows by what they are; ``open_months`` are the first days of months whose
    claim is not paid."""

    goes: Mapping[str, int]
    stays: Mapping[str, int]
    open_months: tuple[date, ...]


def preview(session: Session, person_id: int) -> Preview:
    """What erasing would do now. Raises NotFound."""
    person = people.find(session, person_id)
    goes, stays = erased_rows.counts(session, person)
    return Preview(goes, stays, _open_months(session, person_id))


def ask(
    session: Session,
    actor: Actor,
    now: datetime,
    today: date,
    person_id: int,
    name: str,
    without_open_claims: bool = False,
) -> date:
    """Shut a person out and have them erased ``WAITS`` from ``today``; returns that day.

    ``name`` is typed to confirm. Raises Invalid("name"), Conflict for oneself, the last admin, somebody
    erased, and Conflict("erasing_open_claims") where claims are not paid, unless ``without_open_claims``:
    settled elsewhere.
    """
    person = people.find(session, person_id)
    if person.erased_at is not None:
        raise Conflict("guard_erased")
    if name.strip() != person.name:
        raise Invalid("name", "erasing_name", name=person.name)
    months = _open_months(session, person_id)
    if months and not without_open_claims:
        raise Conflict("erasing_open_claims", months=", ".join(f"{month:%Y-%m}" for month in months))
    if person_id == actor.user_id:
        raise Conflict("erasing_own")
    people.set_active(session, actor, now, person_id, is_active=False)
    person.erase_on = today + WAITS
    after = {"on": person.erase_on, "open_claims": len(months)}
    audit.record(session, actor, now, ASKED, "person", person_id, None, after)
    return person.erase_on


def take_back(session: Session, actor: Actor, now: datetime, person_id: int) -> None:
    """Not to be erased after all; shut out they stay. Nothing happens where that was not asked for."""
    person = people.find(session, person_id)
    if person.erase_on is None:
        return
    before, person.erase_on = {"on": person.erase_on}, None
    audit.record(session, actor, now, CANCELLED, "person", person_id, before, None)


def due(session: Session, today: date) -> list[tuple[int, Role]]:
    """Who is to be erased this night."""
    query = select(Person.id, Person.role).where(Person.erase_on <= today, Person.erased_at.is_(None))
    return [(person_id, role) for person_id, role in session.execute(query.order_by(Person.id))]


def erase(session: Session, now: datetime, person_id: int, pseudonym: str) -> None:
    """Erase one of ``due``. Nothing happens to somebody who was let in again, or erased, meanwhile."""
    whole = select(Person).where(Person.id == person_id).with_for_update()
    person = session.scalar(whole, execution_options={"populate_existing": True})
    if person is None or person.erase_on is None or person.erased_at is not None or person.is_active:
        return
    email = person.email
    person.name, person.email = pseudonym, f"erased-{person_id}@erased.invalid"
    person.password_hash = person.locale = person.erase_on = None
    person.erased_at = now
    session.flush()
    counts = erased_rows.empty(session, person_id, email)
    seals, total = seal_sum(session, person_id)
    after = {**counts, "seals": seals, "seals_sha256": total}
    audit.record(session, None, now, ERASED, "person", person_id, None, after)


def seal_sum(session: Session, person_id: int) -> tuple[int, str]:
    """How many links of the first form were sealed for a person, and the digest over them all."""
    query = select(SealedLink).where(SealedLink.person_id == person_id)
    rows = {f"{row.kind} {row.subject_id}": row.rest_sha256 for row in session.scalars(query)}
    return len(rows), seal("", canonical(rows))


def troubles(session: Session) -> list[str]:
    """Who is erased or has sealed links, and the audit log does not say so or says another sum."""
    sealed = select(SealedLink.person_id)
    query = select(Person.id).where(or_(Person.erased_at.is_not(None), Person.id.in_(sealed)))
    found = []
    for person_id in session.scalars(query.order_by(Person.id)):
        said = session.scalar(
            select(AuditEntry.after).where(
                AuditEntry.action == ERASED,
                AuditEntry.subject_kind == "person",
                AuditEntry.subject_id == person_id,
            )
        )
        seals, total = seal_sum(session, person_id)
        if said is None or (said["seals"], said["seals_sha256"]) != (seals, total):
            found.append(f"person {person_id}")
    return found


def _open_months(session: Session, person_id: int) -> tuple[date, ...]:
    """A claim without lines owes nothing."""
    query = select(Claim.from_on).where(
        Claim.rep_id == person_id,
        Claim.state != ClaimState.PAID,
        or_(erased_rows.has_lines(Claim.id), Claim.state != ClaimState.DRAFT),
    )
    return tuple(session.scalars(query.distinct().order_by(Claim.from_on)))
