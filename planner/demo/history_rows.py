"""Past days as rows: visits with outcome and times, notes, and the day routes they were planned on."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from uuid import UUID

import polyline
from sqlalchemy.orm import Session

from planner.demo import words
from planner.demo.days import Calendar, instant
from planner.demo.history import HOME, Past, PastDay, PastStop, Shop
from planner.demo.staff import NETWORK, DemoRep
from planner.domain import cadence
from planner.domain.visits import VisitKind, VisitState
from planner.models.accounts import Account, AccountClass, AccountKind, ClassRule
from planner.models.people import Rep, Shift
from planner.models.visits import DayRoute, Note, Stop, Visit
from routing.network import snap
from routing.travel import RoadTravel
from routing.types import Leg, Lunch, Place, Snap
from routing.types import Shift as WorkingTime

PROSPECT_DAYS = 40
"""How often a prospect was looked in on."""

NOTED_SHARE, NEXT_STEP_SHARE = 0.65, 0.15
PATH_PRECISION = 5


@dataclass(frozen=True, slots=True)
class RepsPast:
    """What writing a rep's past needs. ``shops`` are the accounts that were visited, in matrix order;
    ``until_on`` says from when on one of them was not visited any more."""

    spec: DemoRep
    rep: Rep
    shops: Sequence[Account]
    rules: Mapping[AccountClass, ClassRule]
    travel: RoadTravel
    until_on: Mapping[int, date]


def write(session: Session, calendar: Calendar, past: RepsPast) -> None:
    """Live through the rep's past days and store them."""
    writer = _Writer(calendar, past, random.Random(f"history {past.spec.login}"))
    session.add_all(writer.rows())
    session.flush()


class _Writer:
    def __init__(self, calendar: Calendar, past: RepsPast, rng: random.Random) -> None:
        self.calendar, self.past, self.rng = calendar, past, rng
        places = [Place(past.rep.home_lon or 0, past.rep.home_lat or 0)]
        places += [Place(shop.lon or 0, shop.lat or 0) for shop in past.shops]
        found = snap(past.travel.network, places)
        self.snaps = [spot for spot in found if isinstance(spot, Snap)]
        assert len(self.snaps) == len(places), "every shop of the past lies on the roads"
        self.legs: dict[tuple[int, int], Leg] = {}

    def rows(self) -> Iterator[Visit | DayRoute]:
        shops = [self._shop(account) for account in self.past.shops]
        past = Past(shops, self.past.travel.matrix(self.snaps), self.calendar.from_on, self.rng)
        for on in self.calendar.past():
            shift = self._shift(on)
            day = past.day(on, shift) if shift is not None else None
            if day is not None:
                visits = [self._visit(on, stop) for stop in day.stops]
                yield from visits
                yield self._route(day, visits)

    def _shop(self, account: Account) -> Shop:
        rule = self.past.rules[account.account_class]
        days = account.cadence_days or rule.cadence_days
        if account.kind is AccountKind.PROSPECT:
            days = PROSPECT_DAYS
        windows: list[list[tuple[int, int]]] = [[] for _ in range(7)]
        for row in account.windows:
            windows[row.weekday].append((row.opens_seconds, row.closes_seconds))
        return Shop(
            cadence_days=days,
            service_seconds=account.visit_seconds or rule.visit_seconds,
            windows=tuple(map(tuple, windows)),
            only_on=self._cycle(account),
            until_on=self.past.until_on.get(account.id),
        )

    def _cycle(self, account: Account) -> frozenset[date]:
        if not account.cycle_rule:
            return frozenset()
        return frozenset(cadence.cycle_days(account.cycle_rule, self.calendar.from_on, self.calendar.today))

    def _shift(self, on: date) -> WorkingTime | None:
        absent = any(absence.from_on <= on < absence.until_on for absence in self.past.rep.absences)
        row = next((shift for shift in self.past.rep.shifts if shift.weekday == on.weekday()), None)
        return None if absent or row is None else _working_time(row)

    def _visit(self, on: date, stop: PastStop) -> Visit:
        account = self.past.shops[stop.shop]
        row = Visit(
            uid=self._uid(),
            account_id=account.id,
            rep_id=self.past.rep.person_id,
            on=on,
            kind=VisitKind.PROSPECT if account.kind is AccountKind.PROSPECT else VisitKind.CADENCE,
            state=stop.state,
            service_seconds=stop.leaves - stop.begins,
            reason="prospect" if account.kind is AccountKind.PROSPECT else "due",
            arrived_at=None if stop.arrived is None else instant(on, stop.arrived),
            left_at=None if stop.left is None else instant(on, stop.left),
            outcome=stop.outcome,
            not_held_reason=stop.reason,
            next_step=self._next_step(stop),
        )
        row.notes = self._notes(row, on, stop)
        return row

    def _next_step(self, stop: PastStop) -> str:
        wanted = stop.state is VisitState.DONE and self.rng.random() < NEXT_STEP_SHARE
        return self.rng.choice(words.NEXT_STEPS) if wanted else ""

    def _notes(self, visit: Visit, on: date, stop: PastStop) -> list[Note]:
        text = self._text(stop)
        if not text:
            return []
        written_at = instant(on, (stop.left or stop.leaves) + self.rng.randrange(20, 180))
        return [
            Note(
                uid=self._uid(),
                account_id=visit.account_id,
                author_id=visit.rep_id,
                text=text,
                captured_at=written_at,
                received_at=written_at + timedelta(seconds=self.rng.randrange(1, 900)),
            )
        ]

    def _text(self, stop: PastStop) -> str:
        spanish = self.past.spec.writes_spanish
        if stop.reason is not None:
            return words.NOT_HELD[stop.reason][0 if spanish else 1]
        if stop.outcome is None or self.rng.random() > NOTED_SHARE:
            return ""
        return self.rng.choice((words.SPANISH if spanish else words.ENGLISH)[stop.outcome])

    def _route(self, day: PastDay, visits: Sequence[Visit]) -> DayRoute:
        way = [HOME, *(stop.shop + 1 for stop in day.stops), HOME]
        legs = [self._leg(a, b) for a, b in pairwise(way)]
        row = DayRoute(
            rep_id=self.past.rep.person_id,
            on=day.on,
            leaves_seconds=day.leaves,
            home_seconds=day.home,
            home_leg_seconds=legs[-1].seconds,
            home_leg_metres=legs[-1].metres,
            home_leg_path=_path(legs[-1]),
            network_name=NETWORK,
            network_version=self.past.travel.network.version,
            solved_at=instant(day.on - timedelta(days=1), 20 * 3600),
        )
        row.stops = [
            Stop(
                visit=visit,
                position=position,
                arrives_seconds=stop.arrives,
                begins_seconds=stop.begins,
                leaves_seconds=stop.leaves,
                leg_seconds=stop.leg_seconds,
                leg_metres=stop.leg_metres,
                leg_path=_path(legs[position]),
                leg_class_seconds=legs[position].class_seconds,
            )
            for position, (stop, visit) in enumerate(zip(day.stops, visits, strict=True))
        ]
        return row

    def _leg(self, a: int, b: int) -> Leg:
        if (a, b) not in self.legs:
            self.legs[a, b] = self.past.travel.leg(self.snaps[a], self.snaps[b])
        return self.legs[a, b]

    def _uid(self) -> str:
        return str(UUID(int=self.rng.getrandbits(128), version=4))


def _working_time(row: Shift) -> WorkingTime:
    lunch = Lunch(row.lunch_from_seconds, row.lunch_to_seconds, row.lunch_seconds)
    return WorkingTime(row.starts_seconds, row.ends_seconds, lunch=lunch if row.lunch_seconds else None)


def _path(leg: Leg) -> str:
    return polyline.encode([(lat, lon) for lon, lat in leg.path], PATH_PRECISION)
