"""The ledger at size: opening a claim of 2,000 lines, and exporting 100,000 lines in one batch.

The claim that is opened has all that a reviewer looks at: visits with their times, the routes of its days,
odometer readings, receipts.

In a folder of its own that goes away again, or on the empty database of ``DATABASE_URL``. Times are of this
process alone, without a network; memory is the most it ever took.

    python -m bench.ledger [--lines 2000] [--export 100000]
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import resource
import statistics
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import ColumnElement, event, insert, select, update
from sqlalchemy.orm import Session

from app import create_app
from planner.cli.serve import settle
from planner.database import Base, db, reading, transaction
from planner.domain.access import Actor, MembershipKind, Role
from planner.domain.claims import TRANSITIONS, ClaimAction, ClaimState
from planner.domain.expenses import ExpenseCategory
from planner.domain.months import next_month
from planner.domain.odometer import Occasion
from planner.domain.visits import VisitState
from planner.models.accounts import Account
from planner.models.ledger import Claim, ClaimEvent, Expense, Receipt, Trip
from planner.models.people import Person, Rep
from planner.models.territories import Membership, ModelState, Territory, TerritoryModel
from planner.models.vehicles import OdometerReading
from planner.models.visits import DayRoute, Visit
from planner.services.company.logins import open_session
from planner.services.ledger import export_batches, export_files, presets
from planner.services.ledger.export_batches import WaitingFilter

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
TODAY, FIRST = NOW.date(), date(2024, 1, 1)
LINES_A_CLAIM = 200
MONTHS_A_REP = 20
OPENINGS = 7
QUESTION_EVERY = 50
OPENING_BAR_MS, MEMORY_BAR_MB = 300, 500
"""What opening the claim, and exporting, should take at most on two cores."""
SHOP = 1
WRITTEN = {"created_at": NOW, "updated_at": NOW}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--lines", type=int, default=2000)
    parser.add_argument("--export", type=int, default=100_000)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="rounds-bench-") as folder:
        app = application(Path(folder))
        with app.app_context():
            Base.metadata.create_all(db.engine)
            client = opening(app, asked.lines)
            exporting(asked.export)
            listing(client)
            db.session.remove()
            db.engine.dispose()


def application(folder: Path) -> Flask:
    url = os.environ.get("DATABASE_URL", f"sqlite:///{folder / 'bench.sqlite'}")
    given = {"INSTANCE_FOLDER": str(folder), "SQLALCHEMY_DATABASE_URI": url, "WTF_CSRF_ENABLED": False}
    return create_app({**given, "TESTING": True})


def opening(app: Flask, lines: int) -> FlaskClient:
    """A manager opens one claim of so many lines; who goes on looking."""
    with transaction() as session:
        territory = company(session)
        session.add(Account(id=SHOP, name="Shop", account_class="A", lat=51.5, lon=-0.1, **WRITTEN))
        rep_id = person(session, "rep", Role.REP, territory)
        admin_id = person(session, "admin", Role.ADMIN, territory)
        claim_id = filled_claim(session, rep_id, FIRST, lines)
        looked_at(session, rep_id, claim_id)
        stand(session, ClaimAction.SUBMIT, rep_id, Claim.rep_id == rep_id)
        token = open_session(session, admin_id, "bench", datetime.now(UTC))
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = token
        cookie["_fresh"] = True
    settle()
    address = f"/review/claims/{claim_id}"
    for title, asked in (("a claim", address), ("all that it lists", f"{address}?all=1")):
        taken = [seconds(client, asked) for _ in range(OPENINGS)]
        middle, first = statistics.median(taken[1:]), taken[0]
        print(
            f"{title} of {lines} lines: {middle * 1000:.0f} ms ({first * 1000:.0f} ms the first time; "
            f"bar {OPENING_BAR_MS}), {statements(client, asked)} statements"
        )
    return client


def listing(client: FlaskClient) -> None:
    """Every trip there is, as the lists of the review write them into a file."""
    for form in ("csv", "xlsx"):
        before, began = most_memory(), time.perf_counter()
        answer = client.get(f"/review/trips.{form}?from={FIRST}&to={TODAY}")
        size = sum(len(piece) for piece in answer.iter_encoded())
        print(
            f"all trips as {form}, {size / 1e6:.1f} MB: {time.perf_counter() - began:.1f} s; "
            f"memory {before:.0f} MB before, {most_memory():.0f} MB at most"
        )


def stand(session: Session, action: ClaimAction, actor_id: int, which: ColumnElement[bool]) -> None:
    """Claims where a step leads, by whoever takes it."""
    after = {following for (_, done), (following, _) in TRANSITIONS.items() if done is action}
    ids = session.scalars(select(Claim.id).where(which)).all()
    noted = {"action": action, "actor_id": actor_id, "happened_at": datetime.now(UTC), "reason": ""}
    session.execute(insert(ClaimEvent), [{"claim_id": claim_id, **noted} for claim_id in ids])
    session.execute(update(Claim).where(Claim.id.in_(ids)).values(state=after.pop()))


def seconds(client: FlaskClient, address: str) -> float:
    began = time.process_time()
    answer = client.get(address)
    assert answer.status_code == 200, answer.status
    return time.process_time() - began


def statements(client: FlaskClient, address: str) -> int:
    asked: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    client.get(address)
    return len(asked)


def exporting(lines: int) -> None:
    """So many lines of many reps become one batch, and come back the same."""
    claims = -(-lines // LINES_A_CLAIM)
    with transaction() as session:
        territory = session.query(Territory).one()
        admin = Actor(session.query(Person.id).filter(Person.role == Role.ADMIN).scalar(), Role.ADMIN)
        for number in range(-(-claims // MONTHS_A_REP)):
            rep_id, on = person(session, f"rep{number}", Role.REP, territory), FIRST
            for _ in range(min(MONTHS_A_REP, claims - number * MONTHS_A_REP)):
                filled_claim(session, rep_id, on, LINES_A_CLAIM)
                on = next_month(on)
            stand(session, ClaimAction.SUBMIT, rep_id, Claim.rep_id == rep_id)
        stand(session, ClaimAction.APPROVE, admin.user_id, Claim.state == ClaimState.SUBMITTED)
    before, began = most_memory(), time.perf_counter()
    waiting = export_batches.waiting(reading(), admin, TODAY, WaitingFilter())
    seen = [(line.row.id, line.row.rev) for line in waiting]
    with export_files.prepared(reading(), admin, TODAY, seen, presets.find("payroll"), str, str) as made:
        written = time.perf_counter()
        with transaction() as session:
            batch_id = export_batches.make(session, admin, NOW, TODAY, made, {}).id
    stored = time.perf_counter()
    batch, pieces = export_batches.content(reading(), admin, TODAY, batch_id)
    size, digest = 0, hashlib.sha256()
    for piece in pieces:
        size += len(piece)
        digest.update(piece)
    assert digest.hexdigest() == batch.sha256
    print(
        f"an export of {batch.line_count} lines of {batch.claim_count} claims, {size / 1e6:.1f} MB: "
        f"{written - began:.1f} s to write, {stored - written:.1f} s to store, "
        f"{time.perf_counter() - stored:.1f} s to read back; "
        f"memory {before:.0f} MB before, {most_memory():.0f} MB at most (bar {MEMORY_BAR_MB})"
    )


def most_memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def company(session: Session) -> Territory:
    model = TerritoryModel(name="Now", state=ModelState.ACTIVE)
    session.add(model)
    session.flush()
    territory = Territory(model_id=model.id, name="North", zone="UTC", country="GB", currency="GBP")
    territory.network_name = "none"
    session.add(territory)
    session.flush()
    return territory


def person(session: Session, name: str, role: Role, territory: Territory) -> int:
    row = Person(email=f"{name}@example.org", name=name.title(), role=role, created_at=NOW)
    session.add(row)
    session.flush()
    kind = MembershipKind.MEMBER if role is Role.REP else MembershipKind.MANAGER
    session.add(Membership(person_id=row.id, territory_id=territory.id, kind=kind, from_on=FIRST))
    if role is Role.REP:
        session.add(Rep(person_id=row.id))
    session.flush()
    return row.id


def filled_claim(session: Session, rep_id: int, first: date, lines: int) -> int:
    """Nine trips to an expense, over the days of a month; its totals as they are frozen."""
    claim = Claim(rep_id=rep_id, from_on=first, until_on=next_month(first), currency="GBP")
    session.add(claim)
    session.flush()
    trips = list(trip_rows(rep_id, claim.id, first, lines - lines // 10))
    expenses = list(expense_rows(rep_id, claim.id, first, lines // 10))
    session.execute(insert(Trip), trips)
    if expenses:
        session.execute(insert(Expense), expenses)
    claim.trips_metres = sum(row["metres"] for row in trips)
    claim.trips_minor = sum(row["amount_minor"] for row in trips)
    claim.expenses_minor = sum(row["amount_minor"] for row in expenses)
    session.flush()
    return claim.id


def looked_at(session: Session, rep_id: int, claim_id: int) -> None:
    """The visit that each drive led to, as soon as the road allows or now and then sooner; each day's route
    and odometer; a receipt for each expense."""
    trips = session.scalars(select(Trip).where(Trip.claim_id == claim_id)).all()
    days = [(on, list(rows)) for on, rows in groupby(sorted(trips, key=driven_on), key=driven_on)]
    for number in range(max(len(rows) for _, rows in days)):
        shop = Account(id=SHOP + 1 + number, name="Shop", account_class="A", lat=51.5, lon=-0.1, **WRITTEN)
        session.add(shop)
    session.flush()
    for on, rows in days:
        left = datetime.combine(on, NOW.timetz())
        for number, row in enumerate(rows):
            is_too_soon = row.id % QUESTION_EVERY == 0
            arrived = left + timedelta(seconds=0 if is_too_soon else row.road_seconds)
            visit = Visit(uid=f"v{row.id}", rep_id=rep_id, account_id=SHOP + 1 + number, on=on)
            visit.service_seconds, visit.arrived_at = 600, arrived
            visit.left_at = left = arrived + timedelta(minutes=10)
            visit.state = VisitState.DONE
            session.add(visit)
            session.flush()
            row.visit_id = visit.id
        whole = sum(row.road_metres for row in rows)
        route = DayRoute(rep_id=rep_id, on=on, leaves_seconds=0, home_seconds=80_000, home_leg_seconds=0)
        route.home_leg_metres, route.network_name, route.network_version = whole, "none", "0" * 64
        route.solved_at = NOW
        read = OdometerReading(rep_id=rep_id, on=on, occasion=Occasion.DAY, entered_at=NOW)
        read.odometer_metres = 10**9 + int(f"{on:%d}") * 10**7
        session.add_all([route, read])
    for spent in session.scalars(select(Expense).where(Expense.claim_id == claim_id)):
        paper = Receipt(sha256=f"{spent.id:064d}", media_type="image/jpeg", byte_count=1)
        paper.uploaded_by, paper.uploaded_at, spent.receipt = rep_id, NOW, paper
    session.flush()


def driven_on(row: Trip) -> date:
    return row.on


def trip_rows(rep_id: int, claim_id: int, first: date, count: int) -> Iterator[dict[str, object]]:
    rng = random.Random(f"{rep_id} {first}")
    place = {"from_lat": 51.5, "from_lon": -0.1, "to_lat": 51.6, "to_lon": -0.2}
    roads = {"network_name": "none", "network_version": "0" * 64}
    for number in range(count):
        ends = {"from_account_id": SHOP if number % 10 else None, "to_account_id": SHOP}
        metres = rng.randrange(500, 60_000)
        yield {
            **{"uid": f"t{claim_id}-{number}", "rep_id": rep_id, "on": first + timedelta(days=number % 28)},
            **{"position": number, "purpose": "cadence.order", "vehicle": "Van", "currency": "GBP"},
            **{"from_label": f"High Street {number}, Reading", "to_label": "Market Place, Ely"},
            **{**ends, **place, **roads, "entered_at": NOW, "claim_id": claim_id},
            **{"metres": metres, "road_metres": metres - metres % 7 * 50, "road_seconds": metres // 12},
            "amount_minor": metres * 45 // 1609,
        }


def expense_rows(rep_id: int, claim_id: int, first: date, count: int) -> Iterator[dict[str, object]]:
    for number in range(count):
        yield {
            **{"uid": f"e{claim_id}-{number}", "rep_id": rep_id, "on": first + timedelta(days=number % 28)},
            **{"category": ExpenseCategory.PARKING, "amount_minor": 350 + number, "currency": "GBP"},
            **{"merchant": "Car park", "note": "Two hours", "entered_at": NOW, "claim_id": claim_id},
        }


if __name__ == "__main__":
    main()
