"""The company of ``bench.sync``: its reps with a day's visits and a cookie each, and the server they send to.

``python -m bench.sync_company PORT`` serves the database of ``DATABASE_URL``.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import uuid4
from zoneinfo import ZoneInfo

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import create_app
from planner.cli.serve import open_server
from planner.database import Base, db, transaction
from planner.domain.access import MembershipKind, Role
from planner.models.accounts import Account, AccountClass
from planner.models.people import Person, Rep, Shift
from planner.models.sync import SyncItem
from planner.models.territories import Membership, ModelState, Ownership, Territory, TerritoryModel
from planner.models.visits import DayRoute, Note, Stop, Visit
from planner.services.company.logins import open_session

HOURS_EAST = 12 - datetime.now(UTC).hour
ZONE = f"Etc/GMT{-HOURS_EAST:+d}"
"""Where it is noon just now, so that nobody's day ends while it is measured. These names count westwards."""

LONG_AGO = date(2020, 1, 1)
CENTRE = (-29.9045, -71.2489)
HOUR = 3600


@dataclass(frozen=True, slots=True)
class Login:
    cookie: str
    visit_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Company:
    """``count`` says how many items are stored, and how many of them more than once."""

    reps: list[Login]
    reader: Login
    count: Callable[[], tuple[int, int]]


def application(folder: Path, url: str) -> Flask:
    return create_app({"INSTANCE_FOLDER": str(folder), "SQLALCHEMY_DATABASE_URI": url})


def furnish(folder: Path, url: str, reps: int, visits: int) -> Company:
    """Make the tables and the company; the last rep is the one who only looks."""
    app = application(folder, url)
    with app.app_context():
        Base.metadata.create_all(db.engine)
        with transaction() as session:
            territory = _territory(session)
            people = [_rep(session, number, territory, visits) for number in range(reps + 1)]
            logins = [_login(app, session, person_id, ids) for person_id, ids in people]
        db.engine.dispose()

    def count() -> tuple[int, int]:
        with app.app_context():
            session: Session = db.session  # type: ignore[assignment]
            stored = session.scalar(select(func.count(SyncItem.id))) or 0
            uids = session.scalar(select(func.count(func.distinct(SyncItem.uid)))) or 0
            notes = session.scalar(select(func.count(Note.id))) or 0
            told = session.scalar(select(func.count(func.distinct(Note.uid)))) or 0
            db.session.remove()
            db.engine.dispose()
        return stored, (stored - uids) + (notes - told)

    return Company(logins[:-1], logins[-1], count)


def _territory(session: Session) -> Territory:
    model = TerritoryModel(name="Now", state=ModelState.ACTIVE)
    session.add(model)
    session.flush()
    row = Territory(model_id=model.id, name="Norte", zone=ZONE, country="CL", currency="CLP")
    row.network_name = "la-serena-coquimbo"
    session.add(row)
    session.flush()
    return row


def _rep(session: Session, number: int, territory: Territory, visits: int) -> tuple[int, tuple[int, ...]]:
    """A rep with a day of visits in a route; its times are plain numbers, nobody drives here."""
    now, on = datetime.now(UTC), datetime.now(ZoneInfo(ZONE)).date()
    person = Person(email=f"rep{number}@example.org", name=f"Rep {number}", role=Role.REP, created_at=now)
    session.add(person)
    session.flush()
    rep = Rep(person_id=person.id, home_address="Plaza", home_lat=CENTRE[0], home_lon=CENTRE[1])
    rep.shifts = [Shift(weekday=day, starts_seconds=8 * HOUR, ends_seconds=18 * HOUR) for day in range(7)]
    session.add(rep)
    member = Membership(person_id=person.id, territory_id=territory.id, kind=MembershipKind.MEMBER)
    member.from_on = LONG_AGO
    accounts = [_account(number * visits + place, person.id, territory.id, now) for place in range(visits)]
    session.add_all([member, *accounts])
    session.flush()
    rows = [
        Visit(uid=str(uuid4()), account_id=account.id, rep_id=person.id, on=on, service_seconds=1800)
        for account in accounts
    ]
    session.add_all(rows)
    session.flush()
    session.add(_route(person.id, on, rows, now))
    session.flush()
    return person.id, tuple(row.id for row in rows)


def _account(number: int, rep_id: int, territory_id: int, now: datetime) -> Account:
    row = Account(name=f"Almacén {number}", account_class=AccountClass.B, created_at=now, updated_at=now)
    row.lat, row.lon = CENTRE[0] - 0.001 * (number % 7), CENTRE[1] + 0.001 * (number % 11)
    row.ownerships = [Ownership(territory_id=territory_id, rep_id=rep_id, from_on=LONG_AGO)]
    return row


def _route(rep_id: int, on: date, visits: list[Visit], now: datetime) -> DayRoute:
    route = DayRoute(rep_id=rep_id, on=on, network_name="la-serena-coquimbo", network_version="0" * 64)
    route.leaves_seconds, route.home_seconds = 8 * HOUR, 18 * HOUR
    route.home_leg_seconds, route.home_leg_metres, route.solved_at = 600, 4000, now - timedelta(hours=9)
    for position, visit in enumerate(visits):
        at = 8 * HOUR + (position + 1) * 2400
        stop = Stop(visit_id=visit.id, position=position, arrives_seconds=at, begins_seconds=at)
        stop.leaves_seconds, stop.leg_seconds, stop.leg_metres = at + 1800, 600, 4000
        route.stops.append(stop)
    return route


def _login(app: Flask, session: Session, person_id: int, visit_ids: tuple[int, ...]) -> Login:
    """A session row, and the cookie a browser would hold."""
    token = open_session(session, person_id, "bench", datetime.now(UTC))
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    return Login(serializer.dumps({"_user_id": token, "_fresh": True}), visit_ids)


def main(port: int) -> None:
    app = create_app()
    open_server(app, "127.0.0.1", port).run()


# Alone it measures nothing: ``make bench`` runs every module here.
if __name__ == "__main__" and len(sys.argv) > 1:
    main(int(sys.argv[1]))
