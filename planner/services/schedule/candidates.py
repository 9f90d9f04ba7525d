"""The accounts a rep's rotation may visit, each with its due window, opening hours and standing visits.

What is pinned or agreed stands; other published visits are only where the search begins.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.visits import VisitKind
from planner.models.accounts import Account, AccountKind, ClassRule
from planner.models.visits import Visit
from planner.services.days.visit_facts import AGREED, place_of
from planner.services.schedule import prospects
from planner.services.schedule.candidacy import Candidate, Pinned
from planner.services.schedule.candidate_rows import (
    Held,
    Owned,
    Span,
    accounts,
    covered_visits,
    last_held,
    ownerships,
    standing_visits,
)
from planner.services.schedule.due_windows import with_due_window
from planner.services.schedule.opening import windows_by_day

DEFAULT_SERVICE_SECONDS = 30 * 60
DEFAULT_PRICE_SECONDS = 4 * 3600


def gather(session: Session, rep_id: int, span: Span, prospects_per_week: int) -> tuple[Candidate, ...]:
    """Accounts owned in the span, and those with an agreed visit in it, by id."""
    owned = ownerships(session, rep_id, span)
    standing = standing_visits(session, rep_id, span)
    rules = {rule.account_class: rule for rule in session.scalars(select(ClassRule))}
    held = last_held(session, span)
    held |= {account_id: Held(on, None) for account_id, on in covered_visits(session, rep_id, span).items()}
    found = [
        _candidate(
            account,
            rules.get(account.account_class),
            held.get(account.id),
            standing.get(account.id, []),
            owned.get(account.id, []),
            span,
        )
        for account in accounts(session, {*owned, *standing})
    ]
    return prospects.competing(
        [candidate for candidate in found if candidate.is_of_use], span, prospects_per_week
    )


def _value(account: Account) -> int | None:
    """A year's: of a prospect what it may become."""
    if account.kind is AccountKind.PROSPECT and account.potential_minor is not None:
        return account.potential_minor
    return account.value_minor


def _candidate(
    account: Account,
    rule: ClassRule | None,
    held: Held | None,
    standing: Sequence[Visit],
    owned: Sequence[Owned],
    span: Span,
) -> Candidate:
    inside = [visit for visit in standing if visit.on >= span.from_on]
    agreed = [visit for visit in inside if visit.is_pinned or visit.kind in AGREED]
    basis = max((visit.on for visit in standing if visit.on < span.from_on), default=None)
    candidate = Candidate(
        account_id=account.id,
        name=account.name,
        account_class=account.account_class.value,
        value_minor=_value(account),
        place=place_of(account),
        kind=VisitKind.PROSPECT if account.kind is AccountKind.PROSPECT else VisitKind.CADENCE,
        service_seconds=account.visit_seconds or (rule.visit_seconds if rule else DEFAULT_SERVICE_SECONDS),
        price_seconds=rule.missed_price_minutes * 60 if rule else DEFAULT_PRICE_SECONDS,
        windows=windows_by_day(account, owned, agreed, span),
        pinned=tuple(Pinned(span.day(v.on), v.kind, v.service_seconds) for v in agreed),
        published_days=tuple(span.day(visit.on) for visit in inside if visit not in agreed),
        last_on=held.on if held else None,
    )
    if not owned:
        return candidate
    if basis is not None and (held is None or basis > held.on):
        held = Held(basis, None)
    return with_due_window(candidate, account, rule, held, span)
