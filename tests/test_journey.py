"""The whole way through the web: one account, from its cadence to an approved claim."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from itertools import pairwise

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from planner import clock
from planner.domain.claims import ClaimState
from planner.domain.visits import VisitState
from planner.models.accounts import Account
from planner.models.ledger import Claim, Trip
from planner.models.people import Person
from planner.models.schedule import ScheduleVersion
from planner.models.visits import DayRoute, Note, Visit
from planner.services.ledger import chain
from tests.conftest import TODAY
from tests.roads import install_into
from tests.workers import carry_out_runs
from tests.world import World

NAME = "Panadería El Trigal"
NOTE = "Wants the new flour, price by Friday."


@pytest.fixture
def set_today(monkeypatch: pytest.MonkeyPatch) -> Callable[[date], None]:
    """Moves the clock to noon of a day in La Serena."""

    def go(on: date) -> None:
        monkeypatch.setenv("ROUNDS_TODAY", on.isoformat())
        monkeypatch.setattr(clock, "now", lambda: datetime.combine(on, time(15), UTC))

    return go


def posted(client: FlaskClient, path: str, **fields: object) -> str:
    """Send a form and follow where it leads; returns the page."""
    response = client.post(path, data=fields, follow_redirects=True)
    assert response.status_code == 200, response.text
    return response.text


def rev_on(page: str) -> str:
    found = re.search(r'name="rev" value="(\d+)"', page)
    assert found is not None
    return found[1]


@pytest.mark.both_databases
def test_one_account_from_its_cadence_to_an_approved_claim(
    app: Flask,
    session: Session,
    sign_in: Callable[[Person], FlaskClient],
    set_today: Callable[[date], None],
) -> None:
    install_into(app.config["NETWORKS_FOLDER"])
    set_today(TODAY)
    world = World(session)
    session.commit()
    marta, ana = sign_in(world.marta), sign_in(world.ana)
    norte_id, ana_id = world.norte.id, world.ana.id

    # Marta enters the account: every two weeks, open in the morning, owned by Ana.
    page = posted(
        marta,
        "/accounts/new",
        **{
            "name": NAME,
            "kind": "account",
            "account_class": "B",
            "address": "Cordovez 210",
            "lat": "-29.9052",
            "lon": "-71.2501",
            "cadence_days": "2 weeks",
            "visit_seconds": "30",
            "territory_id": norte_id,
            "rep_id": ana_id,
            **{f"hours-{weekday}": "09:00-13:00" for weekday in range(5)},
        },
    )
    assert NAME in page
    account_id = session.scalars(select(Account.id).where(Account.name == NAME)).one()

    # Ana plans from today and publishes; the days are solved.
    posted(ana, "/schedule/plan", from_on=TODAY.isoformat())
    assert carry_out_runs(app) == 1
    session.rollback()
    version_id = session.scalars(select(ScheduleVersion.id)).one()
    assert NAME in ana.get("/schedule/due").text
    posted(ana, f"/schedule/versions/{version_id}/publish")
    assert carry_out_runs(app) == 1
    session.rollback()
    visits = session.scalars(select(Visit).where(Visit.account_id == account_id).order_by(Visit.on)).all()
    assert len(visits) >= 2, "four weeks hold at least two visits of a fortnightly account"
    gaps = {(later.on - former.on).days for former, later in pairwise(visits)}
    assert all(10 <= gap <= 18 for gap in gaps)
    visit_id, on = visits[0].id, visits[0].on
    route = session.scalars(select(DayRoute).where(DayRoute.on == on)).one()
    assert [stop.visit_id for stop in route.stops] == [visit_id]
    assert route.is_proven
    planned_metres = route.stops[0].leg_metres + route.home_leg_metres

    # The day has come: the phone shows the stop, Ana arrives and reports.
    set_today(on)
    assert NAME in ana.get("/today").text
    assert ana.get(f"/today/{on}/map").status_code == 200
    posted(ana, f"/today/visits/{visit_id}/arrived")
    report = {
        "uid": "6f1c1c53-0b6e-4d1c-9b1e-0a8f6a1f0c11",
        "outcome": "order",
        "note": NOTE,
        "see_again": "",
    }
    posted(ana, f"/today/visits/{visit_id}/report", **report)
    session.rollback()
    assert session.get_one(Visit, visit_id).state is VisitState.DONE
    assert session.scalars(select(Note.text)).one() == NOTE
    assert NOTE in ana.get(f"/accounts/{account_id}").text

    # She closes the day: two drives, as planned, along the roads.
    posted(ana, f"/today/{on}/close")
    session.rollback()
    trips = session.scalars(select(Trip).order_by(Trip.position)).all()
    assert [trip.visit_id for trip in trips] == [visit_id, None]
    assert sum(trip.metres for trip in trips) == planned_metres
    assert chain.verify(session) == []

    # The claim goes to Marta, who approves it; then it is locked, and what was wrong goes into the next one.
    claim_id = session.scalars(select(Claim.id)).one()
    posted(ana, f"/log/claims/{claim_id}/submit", rev=rev_on(ana.get(f"/log/claims/{claim_id}").text))
    shown = marta.get(f"/review/claims/{claim_id}").text
    posted(marta, f"/review/claims/{claim_id}/approve", rev=rev_on(shown))
    session.rollback()
    claim = session.get_one(Claim, claim_id)
    assert claim.state is ClaimState.APPROVED
    assert claim.trips_metres == planned_metres
    changed = {
        "distance": "1",
        "purpose": "Visit",
        "reason": "Too long",
        "uid": "6f1c1c53-0b6e-4d1c-9b1e-0a8f6a1f0c12",
    }
    assert ana.post(f"/log/trips/{trips[0].id}/correct", data=changed).status_code == 302
    session.rollback()
    assert session.get_one(Claim, claim_id).trips_metres == planned_metres
    following = session.scalars(select(Claim.id).where(Claim.id != claim_id)).one()
    lines = session.scalars(select(Trip.metres).where(Trip.claim_id == following).order_by(Trip.id)).all()
    assert lines == [-trips[0].metres, 1000]
