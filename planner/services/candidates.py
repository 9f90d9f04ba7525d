"""The accounts a rep's rotation may visit, each with its due window, opening hours and standing visits.

Days are counted from the span's ``from_on`` (day 0). What is pinned or agreed stands; other published
visits are only where the search begins.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.cadence import (
    Cadence,
    DueState,
    DueWindow,
    Wishes,
    cycle_days,
    due_state,
    due_window,
    inherited,
)
from planner.domain.errors import Invalid
from planner.domain.visits import VisitKind
from planner.models.accounts import Account, AccountKind, ClassRule
from planner.models.visits import Visit
from planner.services.candidate_rows import (
    Held,
    Owned,
    Span,
    accounts,
    last_held,
    ownerships,
    standing_visits,
)
from planner.services.day_facts import AGREED, place_of
from routing.types import Place, TimeWindow

ANY_TIME = (TimeWindow(0, 24 * 3600),)
WEEK = 7
DEFAULT_SERVICE_SECONDS = 30 * 60
DEFAULT_PRICE_SECONDS = 4 * 3600

PROSPECT_WEEKS = 4
"""Prospects get a month each, so that the rotation may choose the day whose route passes near."""

PROSPECT_PRICE_SECONDS = 45 * 60
"""The longest detour a prospect is worth."""

NEVER = 10**6


@dataclass(frozen=True, slots=True)
class Pinned:
    """A visit that stands on its day whatever the rotation does."""

    day: int
    kind: VisitKind
    service_seconds: int

    @property
    def is_agreed(self) -> bool:
        return self.kind in AGREED


@dataclass(frozen=True, slots=True)
class Candidate:
    """An account in the rotation; ``trouble`` names why it can only be listed, not planned.

    ``first_from``, ``first_wish`` and ``first_to`` are days of the first visit, ``promised_to`` what
    ``first_to`` was before an overdue account was given more time. ``cadence_days`` None: one visit.
    """

    account_id: int
    name: str
    account_class: str
    value_minor: int | None
    place: Place | None
    kind: VisitKind
    service_seconds: int
    price_seconds: int
    windows: tuple[tuple[TimeWindow, ...], ...]
    pinned: tuple[Pinned, ...]
    published_days: tuple[int, ...]
    last_on: date | None
    see_again_days: int | None = None
    cadence_days: int | None = None
    earliest_gap: int = 1
    latest_gap: int = 1
    first_from: int = 0
    first_wish: int = 0
    first_to: int = 0
    promised_to: int = 0
    state: DueState = DueState.NOT_DUE
    fixed_days: tuple[int, ...] = ()
    trouble: str = ""

    @property
    def is_recurring(self) -> bool:
        """Visited again and again, or meant to be: what the due list is about."""
        return bool(self.cadence_days or self.fixed_days or self.trouble)

    @property
    def is_of_use(self) -> bool:
        """Something can be planned for it, or must be said about it."""
        return self.is_recurring or bool(self.pinned) or self.kind is VisitKind.PROSPECT


def gather(session: Session, rep_id: int, span: Span, prospects_per_week: int) -> tuple[Candidate, ...]:
    """Accounts owned in the span, and those with an agreed visit in it, by id."""
    owned = ownerships(session, rep_id, span)
    standing = standing_visits(session, rep_id, span)
    rules = {rule.account_class: rule for rule in session.scalars(select(ClassRule))}
    held = last_held(session, span)
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
    return _with_prospects_spread(
        [candidate for candidate in found if candidate.is_of_use], span, prospects_per_week
    )


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
        value_minor=account.value_minor,
        place=place_of(account),
        kind=VisitKind.PROSPECT if account.kind is AccountKind.PROSPECT else VisitKind.CADENCE,
        service_seconds=account.visit_seconds or (rule.visit_seconds if rule else DEFAULT_SERVICE_SECONDS),
        price_seconds=rule.missed_price_minutes * 60 if rule else DEFAULT_PRICE_SECONDS,
        windows=_windows(account, owned, agreed, span),
        pinned=tuple(Pinned(span.day(v.on), v.kind, v.service_seconds) for v in agreed),
        published_days=tuple(span.day(visit.on) for visit in inside if visit not in agreed),
        last_on=held.on if held else None,
    )
    if not owned:
        return candidate
    if basis is not None and (held is None or basis > held.on):
        held = Held(basis, None)
    return _with_due_window(candidate, account, rule, held, span)


def _with_due_window(
    candidate: Candidate, account: Account, rule: ClassRule | None, held: Held | None, span: Span
) -> Candidate:
    """When the first visit is due, by the account's own cadence or its class's.

    What was never visited is wanted within one cadence; what is overdue gets a cadence's time from
    day 0, for its promise is broken already and any day is better than none.
    """
    if candidate.kind is VisitKind.PROSPECT and not (account.cadence_days or account.cycle_rule):
        return candidate
    try:
        cadence = inherited(_wishes(account), _wishes(rule) if rule else Wishes())
        fixed = cycle_days(account.cycle_rule, span.from_on, span.until_on) if account.cycle_rule else ()
    except Invalid:
        return replace(candidate, trouble="bad_cadence")
    if cadence is None:
        return replace(candidate, trouble="" if fixed else "no_cadence", fixed_days=_days(fixed, span))
    due = _due(cadence, held, span)
    promised_to = span.day(due.latest)
    return replace(
        candidate,
        see_again_days=held.see_again_days if held else None,
        cadence_days=cadence.days,
        earliest_gap=cadence.earliest_gap,
        latest_gap=cadence.latest_gap,
        first_from=span.day(due.earliest),
        first_wish=span.day(due.wish),
        first_to=promised_to if promised_to >= 0 else cadence.days,
        promised_to=promised_to,
        state=due_state(due, span.from_on),
        fixed_days=_days(fixed, span),
    )


def _due(cadence: Cadence, held: Held | None, span: Span) -> DueWindow:
    if held is None:
        half = timedelta(days=cadence.days // 2)
        return DueWindow(span.from_on, span.from_on + half, span.from_on + timedelta(days=cadence.days))
    return due_window(held.on, cadence, held.see_again_days)


def _days(dates: Sequence[date], span: Span) -> tuple[int, ...]:
    return tuple(span.day(on) for on in dates)


def _wishes(row: Account | ClassRule) -> Wishes:
    return Wishes(row.cadence_days, row.earliest_gap_days, row.latest_gap_days)


def _windows(
    account: Account, owned: Sequence[Owned], agreed: Sequence[Visit], span: Span
) -> tuple[tuple[TimeWindow, ...], ...]:
    """Opening windows of each day; closed where blocked, or owned by somebody else by then. An agreed
    visit opens its day: what was agreed beats closing days."""
    by_weekday: dict[int, list[TimeWindow]] = defaultdict(list)
    for row in account.windows:
        by_weekday[row.weekday].append(TimeWindow(row.opens_seconds, row.closes_seconds))
    windows = []
    for number in range(len(span)):
        on = span.date_of(number)
        is_mine = any(o.from_on <= on and (o.until_on is None or on < o.until_on) for o in owned)
        is_blocked = any(block.from_on <= on < block.until_on for block in account.blocks)
        hours = tuple(by_weekday[on.weekday()]) if account.windows else ANY_TIME
        windows.append(hours if is_mine and not is_blocked else ())
    for visit in agreed:
        day = span.day(visit.on)
        windows[day] = _agreed_hours(visit) or windows[day] or ANY_TIME
    return tuple(windows)


def _agreed_hours(visit: Visit) -> tuple[TimeWindow, ...]:
    if visit.appointment_seconds is None:
        return ()
    begins, leeway = visit.appointment_seconds, visit.leeway_seconds
    return (TimeWindow(max(0, begins - leeway), begins + leeway),)


def _with_prospects_spread(
    found: Sequence[Candidate], span: Span, prospects_per_week: int
) -> tuple[Candidate, ...]:
    """Give every prospect without a cadence its month: those never visited and of most value first, so
    many a month as the weekly quota allows; the rest wait for a later plan."""
    waiting = [c for c in found if c.kind is VisitKind.PROSPECT and not c.is_recurring and not c.pinned]
    waiting.sort(key=lambda c: (c.last_on is not None, -(c.value_minor or 0), c.account_id))
    month, quota = PROSPECT_WEEKS * WEEK, prospects_per_week * PROSPECT_WEEKS
    months = {c.account_id: number // quota if quota else NEVER for number, c in enumerate(waiting)}
    spread = []
    for candidate in found:
        number = months.get(candidate.account_id)
        if number is None:
            spread.append(candidate)
        elif number * month < len(span):
            begins, ends = number * month, min((number + 1) * month, len(span)) - 1
            spread.append(_prospect(candidate, begins, ends))
    return tuple(spread)


def _prospect(candidate: Candidate, first_from: int, first_to: int) -> Candidate:
    middle = (first_from + first_to) // 2
    return replace(
        candidate,
        price_seconds=PROSPECT_PRICE_SECONDS,
        first_from=first_from,
        first_wish=middle,
        first_to=first_to,
        promised_to=first_to,
    )
