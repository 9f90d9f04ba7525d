"""Proving the books: the chains over entries and audit log, and that lines, claims and batches add up."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from planner.models.ledger import Claim, LedgerEntry
from planner.models.people import Person
from planner.services.company import erasing
from planner.services.installation import audit
from planner.services.installation.findings import Finding
from planner.services.ledger import (
    amounts,
    chain,
    claim_states,
    claim_steps,
    claims,
    export_proof,
    odometer_proof,
    picture_proof,
)

MOST_TOLD = 3

UNKNOWN_LINK = "there is none with this hash: it was copied wrongly, or what it proves was changed or removed"


def findings(session: Session, pictures_folder: Path) -> list[Finding]:
    """Everything ``flask ledger verify`` proves; it reads every picture of an expense or a visit."""
    return [audit_chain(session), *books(session, pictures_folder)]


def books(session: Session, pictures_folder: Path) -> list[Finding]:
    """Without the audit log, of which a backup knows more."""
    return [*entries(session), picture_proof.finding(session, pictures_folder)]


def entries(session: Session) -> list[Finding]:
    """Without the files of pictures too."""
    proofs = (_ledger_chain, _amounts, _claims, _states, _batches, _erasures)
    found = [prove(session) for prove in proofs]
    return [*found, *_steps(session), *odometer_proof.findings(session)]


def audit_chain(session: Session, at_least: int = 0) -> Finding:
    """``at_least`` so many entries there were when somebody counted."""
    found = audit.verify(session)
    what = f"audit chain, {found.entries} entries"
    if not found.holds:
        return Finding(what, f"broken at entry {found.broken_id}")
    return Finding(what, f"the manifest counts {at_least}" if found.entries < at_least else "")


def link(session: Session, entry_sha256: str) -> Finding:
    """Whether the chain holds up to a link whose hash somebody kept, as printed on an official log."""
    found = chain.find(session, entry_sha256)
    if found is None:
        return Finding("link", UNKNOWN_LINK)
    what = f"chain of rep {found.rep_id} up to link {found.position}"
    return Finding(
        what, "; ".join(f"{each.subject} ({each.kind.value})" for each in found.breaks[:MOST_TOLD])
    )


def _ledger_chain(session: Session) -> Finding:
    links = session.scalar(select(func.count(LedgerEntry.id)))
    return Finding(f"ledger chain, {links} entries", _told(chain.verify(session)))


def _amounts(session: Session) -> Finding:
    return Finding(
        f"amounts of {amounts.counted(session)} trips and foreign expenses", _told(amounts.verify(session))
    )


def _erasures(session: Session) -> Finding:
    count = session.scalar(select(func.count(Person.id)).where(Person.erased_at.is_not(None)))
    return Finding(f"{count} erased people", "; ".join(erasing.troubles(session)[:MOST_TOLD]))


def _claims(session: Session) -> Finding:
    count = session.scalar(select(func.count(Claim.id)))
    return Finding(f"sums of {count} claims", _told(claims.verify_totals(session)))


def _states(session: Session) -> Finding:
    count = session.scalar(select(func.count(Claim.id)))
    return Finding(f"states of {count} claims", _told(claim_states.verify(session)))


def _steps(session: Session) -> list[Finding]:
    """A line for each that is not in the audit log as it is noted."""
    wrong = [Finding(each.step, each.trouble) for each in claim_steps.verify(session)]
    return wrong or [Finding(f"{claim_steps.counted(session)} steps of claims, each in the audit log")]


def _batches(session: Session) -> Finding:
    what = f"bytes and sums of {export_proof.counted(session)} export batches"
    before = export_proof.without_batch(session)
    aside = f" ({before} claims were exported before there were batches)" if before else ""
    return Finding(what + aside, _told(export_proof.verify(session)))


def _told(troubles: Sequence[object]) -> str:
    return "; ".join(str(trouble) for trouble in troubles[:MOST_TOLD])
