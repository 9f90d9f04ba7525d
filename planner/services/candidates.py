"""The accounts a rep's rotation may visit, each with its due window, opening hours and standing visits.

Days are counted from the span's ``from_on`` (day 0). What is pinned or agreed stands; other published
visits are only where the search begins.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, selectinload

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
from planner.domain.visits import VisitKind, VisitState
from planner.models.accounts import Account, AccountKind, ClassRule
from planner.models.territories import Ownership
from planner.models.visits import Visit
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

STANDING = (VisitState.PLANNED, VisitState.ARRIVED)


@dataclass(frozen=True, slots=True)
class Span:
    """The dates planned, ``until_on`` not included, and the date it is planned on."""

    from_on: date
    until_on: date
    today: date

    def __len__(self) -> int:
        return (self.until_on - self.from_on).days

    def day(self, on: date) -> int:
        return (on - self.from_on).days

    def date_of(self, day: int) -> date:
        return self.from_on + timedelta(days=day)


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


@dataclass(frozen=True, slots=True)
class _Owned:
    """A range of the rep's ownership; ``until_on`` does not count, None is open."""

    from_on: date
    until_on: date | None


@dataclass(frozen=True, slots=True)
class _Held:
    """The visit the next due window is counted from."""

    on: date
    see_again_days: int | None


def gather(session: Session, rep_id: int, span: Span, prospects_per_week: int) -> tuple[Candidate, ...]:
    """Accounts owned in the span, and those with an agreed visit in it, by id."""
    owned = _ownerships(session, rep_id, span)
    standing = _standing(session, rep_id, span)
    accounts = _accounts(session, {*owned, *standing})
    rules = {rule.account_class: rule for rule in session.scalars(select(ClassRule))}
    held = _last_held(session, span)
    found = [
        _candidate(
            account,
            rules.get(account.account_class),
            held.get(account.id),
            standing.get(account.id, []),
            owned.get(account.id, []),
            span,
        )
        for account in accounts
    ]
    return _with_prospects_spread(
        [candidate for candidate in found if candidate.is_of_use], span, prospects_per_week
    )


def _ownerships(session: Session, rep_id: int, span: Span) -> dict[int, list[_Owned]]:
    query = (
        select(Ownership.account_id, Ownership.from_on, Ownership.until_on)
        .where(Ownership.rep_id == rep_id, Ownership.from_on < span.until_on)
        .where(or_(Ownership.until_on.is_(None), Ownership.until_on > span.from_on))
    )
    found: dict[int, list[_Owned]] = defaultdict(list)
    for account_id, from_on, until_on in session.execute(query):
        found[account_id].append(_Owned(from_on, until_on))
    return found


def _standing(session: Session, rep_id: int, span: Span) -> dict[int, list[Visit]]:
    """Visits to come, from today on: those before the span count as held when it begins."""
    query = (
        select(Visit)
        .where(Visit.rep_id == rep_id, Visit.on >= span.today, Visit.on < span.until_on)
        .where(Visit.state.in_(STANDING))
        .order_by(Visit.on)
    )
    found: dict[int, list[Visit]] = defaultdict(list)
    for visit in session.scalars(query):
        found[visit.account_id].append(visit)
    return found


def _accounts(session: Session, ids: set[int]) -> Sequence[Account]:
    query = (
        select(Account)
        .where(Account.id.in_(ids), Account.archived_at.is_(None))
        .options(selectinload(Account.windows), selectinload(Account.blocks))
        .order_by(Account.id)
    )
    return session.scalars(query).all()


def _last_held(session: Session, span: Span) -> dict[int, _Held]:
    """Of every account the last visit that took place, whoever held it."""
    newest = func.row_number().over(partition_by=Visit.account_id, order_by=Visit.on.desc())
    held = (
        select(Visit.account_id, Visit.on, Visit.see_again_days, newest.label("age"))
        .where(Visit.state == VisitState.DONE, Visit.on < span.from_on)
        .subquery()
    )
    query = select(held.c.account_id, held.c.on, held.c.see_again_days).where(held.c.age == 1)
    return {account_id: _Held(on, see_again) for account_id, on, see_again in session.execute(query)}


def _candidate(
    account: Account,
    rule: ClassRule | None,
    held: _Held | None,
    standing: Sequence[Visit],
    owned: Sequence[_Owned],
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
        held = _Held(basis, None)
    return _with_due_window(candidate, account, rule, held, span)


def _with_due_window(
    candidate: Candidate, account: Account, rule: ClassRule | None, held: _Held | None, span: Span
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


def _due(cadence: Cadence, held: _Held | None, span: Span) -> DueWindow:
    if held is None:
        half = timedelta(days=cadence.days // 2)
        return DueWindow(span.from_on, span.from_on + half, span.from_on + timedelta(days=cadence.days))
    return due_window(held.on, cadence, held.see_again_days)


def _days(dates: Sequence[date], span: Span) -> tuple[int, ...]:
    return tuple(span.day(on) for on in dates)


def _wishes(row: Account | ClassRule) -> Wishes:
    return Wishes(row.cadence_days, row.earliest_gap_days, row.latest_gap_days)


def _windows(
    account: Account, owned: Sequence[_Owned], agreed: Sequence[Visit], span: Span
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
