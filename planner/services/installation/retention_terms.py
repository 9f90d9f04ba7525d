"""How long what is kept here: the program's terms, or what an admin has set within their bounds."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.access import Actor
from planner.domain.errors import Invalid
from planner.domain.retention import TERMS, Kept
from planner.models.retention import RetentionRule
from planner.services.installation import audit


def days(session: Session) -> dict[Kept, int]:
    """The term in force of each kind that is removed."""
    rows = session.execute(select(RetentionRule.kind, RetentionRule.keep_days))
    own = {kind: keep for kind, keep in rows if kind in TERMS and _is_fine(kind, keep)}
    return {kind: own.get(kind, term.usual) for kind, term in TERMS.items()}


def kept(session: Session, kind: Kept) -> timedelta:
    return timedelta(days=days(session)[kind])


def change(session: Session, actor: Actor, now: datetime, wanted: Mapping[Kept, int]) -> None:
    """Set terms in days. Raises Invalid(kind) and changes nothing where one lies out of its bounds."""
    before = days(session)
    for kind, keep in wanted.items():
        if not _is_fine(kind, keep):
            term = TERMS[kind]
            raise Invalid(kind.value, "retention_range", least=term.least, most=term.most)
    changed = {kind: keep for kind, keep in wanted.items() if before[kind] != keep}
    for kind, keep in changed.items():
        session.merge(RetentionRule(kind=kind, keep_days=keep))
    if changed:
        former = {kind.value: before[kind] for kind in changed}
        after = {kind.value: keep for kind, keep in changed.items()}
        audit.record(session, actor, now, "retention.changed", "installation", None, former, after)


def _is_fine(kind: Kept, keep: int) -> bool:
    return TERMS[kind].least <= keep <= TERMS[kind].most
