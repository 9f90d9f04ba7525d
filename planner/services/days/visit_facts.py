"""A visit of a day as its route sees it: where, how long, when it may begin, what leaving it out costs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from planner.domain.day import narrowed
from planner.domain.visits import VisitKind, VisitState
from planner.models.accounts import Account, AccountClass, ClassRule
from planner.models.visits import Visit
from planner.services.accounts.opening_hours import hours_on, is_closed_on
from routing.types import Place, TimeWindow

AGREED = (VisitKind.APPOINTMENT, VisitKind.MUST_VISIT)

DEFAULT_SERVICE_SECONDS = 30 * 60


@dataclass(frozen=True, slots=True)
class DayVisit:
    """A visit of the day. ``place`` None: the account has no pin. ``price`` None: it must happen.

    ``held`` is its place among the visits that are over or under way, None while it is to come;
    ``arrived`` and ``left`` of those are seconds after local midnight. ``kept_place`` is the place in the
    route, from 1, at which the rep wants it.
    """

    visit_id: int
    place: Place | None
    service_seconds: int
    is_open: bool
    windows: tuple[TimeWindow, ...]
    price: int | None
    held: int | None
    arrived: int | None
    left: int | None
    kept_place: int | None = None
    is_appointment: bool = False

    @property
    def reached(self) -> int | None:
        """When the rep was there, as far as that was noted."""
        return self.left if self.arrived is None else self.arrived

    @property
    def is_under_way(self) -> bool:
        return self.held is not None and self.left is None and self.arrived is not None

    @property
    def is_movable(self) -> bool:
        """Still to come, and nobody has agreed on it."""
        return self.held is None and self.price is not None

    def not_before(self, seconds: int) -> DayVisit:
        """The visit as it would be that day if it must not begin earlier."""
        left = narrowed(tuple((w.opens, w.closes) for w in self.windows), seconds, None)
        windows = tuple(TimeWindow(*window) for window in left or ())
        return replace(self, windows=windows, is_open=self.is_open and left is not None)


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a rep wants of a visit for one day: not before, not after, and its place in the order."""

    from_seconds: int | None
    until_seconds: int | None
    is_kept: bool


def forget_wishes(visit: Visit) -> None:
    """They are of one date alone."""
    visit.from_seconds = visit.until_seconds = visit.kept_place = None


def day_visit(
    visit: Visit,
    rules: Mapping[AccountClass, ClassRule],
    zone: ZoneInfo,
    held: int | None,
    wish: Wishes | None = None,
) -> DayVisit:
    account, rule = visit.account, rules.get(visit.account.account_class)
    is_agreed = visit.is_pinned or visit.kind in AGREED
    wish = wish or Wishes(visit.from_seconds, visit.until_seconds, visit.kept_place is not None)
    is_wanted = is_agreed or wish.is_kept or wish.until_seconds is not None
    is_open, windows = _windows(visit, is_agreed, wish)
    return DayVisit(
        visit_id=visit.id,
        place=place_of(account),
        service_seconds=visit.service_seconds,
        is_open=is_open,
        windows=windows,
        price=None if is_wanted or rule is None else rule.missed_price_minutes * 60,
        held=held,
        arrived=_local_seconds(visit.arrived_at, zone),
        left=_local_seconds(visit.left_at, zone),
        kept_place=visit.kept_place,
        is_appointment=visit.appointment_seconds is not None,
    )


def must_visit(session: Session, account: Account, on: date, visit_id: int) -> DayVisit:
    """A visit that could be agreed with an account on the day, under a number of the caller's."""
    row = Visit(id=visit_id, account=account, on=on, kind=VisitKind.MUST_VISIT, is_pinned=True)
    row.state, row.leeway_seconds = VisitState.PLANNED, 0
    row.service_seconds = visit_seconds(session, account)
    return day_visit(row, {}, ZoneInfo("UTC"), None)


def wished(
    session: Session,
    row: Visit,
    from_seconds: int | None,
    until_seconds: int | None,
    is_kept: bool,
) -> DayVisit:
    """A visit to come of the day as it would be with other wishes; its place is still to be filled in."""
    rule = session.get(ClassRule, row.account.account_class)
    wish = Wishes(from_seconds, until_seconds, is_kept)
    return day_visit(row, {rule.account_class: rule} if rule else {}, ZoneInfo("UTC"), None, wish)


def visit_seconds(session: Session, account: Account) -> int:
    """How long a visit there lasts: its own length, or its class's."""
    if account.visit_seconds:
        return account.visit_seconds
    rule = session.get(ClassRule, account.account_class)
    return rule.visit_seconds if rule else DEFAULT_SERVICE_SECONDS


def place_of(account: Account) -> Place | None:
    if account.lat is None or account.lon is None:
        return None
    return Place(account.lon, account.lat, account.name)


def _windows(visit: Visit, is_agreed: bool, wish: Wishes) -> tuple[bool, tuple[TimeWindow, ...]]:
    """Whether the account can be visited that day, and when. What was agreed beats closing days."""
    if visit.appointment_seconds is not None:
        begins = visit.appointment_seconds
        return True, (TimeWindow(begins - visit.leeway_seconds, begins + visit.leeway_seconds),)
    account = visit.account
    is_open = not is_closed_on(account, visit.on)
    left = narrowed(hours_on(account, visit.on), wish.from_seconds, wish.until_seconds)
    if left is None or not (is_open or is_agreed):
        return False, ()
    return True, tuple(TimeWindow(*window) for window in left)


def _local_seconds(instant: datetime | None, zone: ZoneInfo) -> int | None:
    if instant is None:
        return None
    local = instant.astimezone(zone)
    return local.hour * 3600 + local.minute * 60 + local.second
