"""The pages of mileage: rates and known rates, trips by hand, odometer and vehicle, adjustments."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from planner.database import db, transaction
from planner.domain.claims import ClaimAction
from planner.domain.mileage import REPRICED, TripOrigin
from planner.domain.mileage_rates import VehicleKind
from planner.domain.review_talk import Act
from planner.models.ledger import Claim, MileageRate, Trip
from planner.models.people import DistanceUnit, Person
from planner.models.vehicles import OdometerReading, Vehicle
from planner.services.ledger import claims, rates
from planner.services.ledger.reviewing import talking
from tests.conftest import NOW, TODAY
from tests.roads import install_into
from tests.services.ledger_world import LedgerWorld, rate, rep

SignIn = Callable[[Person], FlaskClient]
FEBRUARY = date(2026, 2, 25)


@pytest.fixture
def world(app: Flask) -> LedgerWorld:
    """Ana's February is submitted, with a day driven on the 25th; today she held a visit."""
    install_into(Path(app.config["NETWORKS_FOLDER"]))
    with app.app_context(), transaction() as session:
        made = LedgerWorld(session)
        made.visit(hour=9, on=FEBRUARY)
        made.close(on=FEBRUARY)
        made.step(made.ana, ClaimAction.SUBMIT, on=FEBRUARY)
        made.visit(hour=9)
        people = (made.ana, made.company.bruno, made.company.marta, made.company.sergio, made.company.admin)
        for person in people:
            session.refresh(person)
            session.expunge(person)
    return made


@pytest.fixture
def ana(sign_in: SignIn, world: LedgerWorld) -> FlaskClient:
    return sign_in(world.company.ana)


@pytest.fixture
def admin(sign_in: SignIn, world: LedgerWorld) -> FlaskClient:
    return sign_in(world.company.admin)


def by_hand(**more: str) -> dict[str, str]:
    form = {"on": TODAY.isoformat(), "start": "", "start_label": "Office", "goal": "", "goal_label": "Port"}
    return {**form, "purpose": "Samples", "distance": "12.4", "kind": "", **more}


def new_rate(**more: str) -> dict[str, str]:
    form = {"country": "cl", "currency": "clp", "per_unit": "200", "unit": "km", "vehicle_kind": "car"}
    return {**form, "band_from_units": "0", "effective_from_on": "2026-02-01", "source": "Board", **more}


def raise_rate(app: Flask, on: date = date(2026, 2, 1)) -> None:
    """From 180 to 200 pesos a kilometre, for days past too."""
    with app.app_context(), transaction() as session:
        rates.add(session, None, NOW, rate(per_unit=Decimal("200"), effective_from_on=on))


def test_a_rate_is_added_for_a_vehicle_and_a_band(app: Flask, admin: FlaskClient) -> None:
    form = new_rate(per_unit="90", vehicle_kind="motorcycle")
    admin.post("/rules/rates", data=form)
    admin.post("/rules/rates", data={**form, "per_unit": "40", "band_from_units": "5000"})
    page = admin.get("/rules/rates").text
    assert "Motorcycle" in page
    assert "5,000 km" in page
    with app.app_context():
        found = db.session.scalars(
            select(MileageRate).where(MileageRate.vehicle_kind == VehicleKind.MOTORCYCLE)
        )
        assert {(row.band_from_units, row.per_unit) for row in found} == {
            (0, Decimal(90)),
            (5000, Decimal(40)),
        }


def test_a_band_without_a_first_one_is_refused_at_its_field(admin: FlaskClient) -> None:
    answer = admin.post("/rules/rates", data=new_rate(country="fr", currency="eur", band_from_units="9"))
    assert answer.status_code == 400
    assert "Enter first the rate from 0 on" in answer.text


def test_known_rates_are_taken_with_one_tap_and_marked_until_checked(app: Flask, admin: FlaskClient) -> None:
    page = admin.post("/rules/rates/known/GB", follow_redirects=True).text
    assert "5 rates taken over." in page
    assert page.count(">verify<") == 5
    with app.app_context():
        known = db.session.scalars(select(MileageRate.id).where(MileageRate.country == "GB")).all()
    page = admin.post(f"/rules/rates/{known[0]}/confirm", follow_redirects=True).text
    assert page.count(">verify<") == 4


def test_a_trip_by_hand_is_entered_shown_and_marked(app: Flask, ana: FlaskClient) -> None:
    page = ana.post("/log/trips/new", data=by_hand(), follow_redirects=True).text
    assert "by hand" in page
    assert "Office → Port" in page
    assert "not measured" in page
    assert "by hand" in ana.get("/log").text
    with app.app_context():
        row = db.session.scalars(select(Trip).where(Trip.origin == TripOrigin.MANUAL)).one()
        assert (row.metres, row.amount_minor, row.is_private) == (12_400, 2232, False)


def test_a_private_trip_is_marked_and_not_claimed(ana: FlaskClient) -> None:
    page = ana.post("/log/trips/new", data=by_hand(is_private="y"), follow_redirects=True).text
    assert "private trips are not claimed" in page


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"distance": ""}, "Only between home and accounts the road is known"),
        ({"distance": "far"}, "is not a distance"),
        ({"start_label": ""}, "Say where."),
        ({"purpose": ""}, "What for?"),
        ({"on": (TODAY + timedelta(days=1)).isoformat()}, "This day is still to come."),
    ],
)
def test_what_is_wrong_with_a_trip_is_said_and_nothing_typed_is_lost(
    ana: FlaskClient, more: dict[str, str], sentence: str
) -> None:
    answer = ana.post("/log/trips/new", data=by_hand(**more))
    assert answer.status_code == 400
    assert sentence in answer.text
    assert 'value="Port"' in answer.text


def test_where_the_way_to_work_is_not_counted_the_form_says_so_and_takes_it_off(
    ana: FlaskClient, admin: FlaskClient
) -> None:
    told = "counts here as the first and the last leg of a day do"
    assert told not in ana.get("/log/trips/new").text
    settings_form(admin, commute="not_counted")
    assert told in ana.get("/log/trips/new").text
    page = ana.post("/log/trips/new", data=by_hand(start="home"), follow_redirects=True).text
    assert re.search(r"Not counted</dt><dd>12.4.km", page)
    answer = ana.post("/log/trips/new", data=by_hand(start="home", goal="home"))
    assert answer.status_code == 400
    assert "Enter the way there and the way back as two trips." in answer.text


def test_words_that_may_be_home_are_asked_about_of_the_rep(
    app: Flask, world: LedgerWorld, ana: FlaskClient, admin: FlaskClient
) -> None:
    settings_form(admin, commute="not_counted")
    with app.app_context(), transaction():
        world.close()
        leg = world.trips()[0]
        account, metres = str(leg.to_account_id), leg.commute_metres
    data = by_hand(start_label="Mill Lane", goal=account, distance=str(metres / 1000))
    ana.post("/log/trips/new", data=data)
    page = ana.get("/log/claims/2").text
    assert "the way between home and the same account is" in page
    assert "does it begin or end at home?" in page


def test_a_person_who_thinks_in_miles_types_miles(app: Flask, world: LedgerWorld, sign_in: SignIn) -> None:
    with app.app_context(), transaction() as session:
        session.get_one(Person, world.company.ana.id).distance_unit = DistanceUnit.MI
    sign_in(world.company.ana).post("/log/trips/new", data=by_hand(distance="20"))
    with app.app_context():
        row = db.session.scalars(select(Trip).where(Trip.origin == TripOrigin.MANUAL)).one()
        assert (row.metres, row.amount_minor) == (32_187, 5794)  # 32.187 km × 180 = 5793.66


def test_two_readings_show_the_gap_between_them(app: Flask, ana: FlaskClient) -> None:
    yesterday = (TODAY - timedelta(days=1)).isoformat()
    ana.post("/log/odometer", data={"on": yesterday, "occasion": "month", "odometer": "1000"})
    ana.post("/log/trips/new", data=by_hand(distance="30"))
    form = {"on": TODAY.isoformat(), "occasion": "day", "odometer": "1042,5"}
    page = ana.post("/log/odometer", data=form, follow_redirects=True).text
    assert "42.5 km" in page
    assert "12.5 km" in page
    with app.app_context():
        assert db.session.query(OdometerReading).count() == 2


def test_an_odometer_that_runs_backwards_is_refused_at_its_field(ana: FlaskClient) -> None:
    yesterday = (TODAY - timedelta(days=1)).isoformat()
    ana.post("/log/odometer", data={"on": yesterday, "occasion": "month", "odometer": "1000"})
    form = {"on": TODAY.isoformat(), "occasion": "day", "odometer": "999"}
    answer = ana.post("/log/odometer", data=form)
    assert answer.status_code == 400
    assert "The odometer stood higher" in answer.text
    assert 'value="999"' in answer.text


def test_a_reading_for_a_submitted_month_asks_why_and_loses_nothing(
    app: Flask, sign_in: SignIn, ana: FlaskClient, world: LedgerWorld
) -> None:
    yesterday = (TODAY - timedelta(days=1)).isoformat()
    form = {"on": yesterday, "occasion": "month", "odometer": "1000"}
    assert "Why now?" not in ana.post("/log/odometer", data=form, follow_redirects=True).text
    ana.post("/log/trips/new", data=by_hand(distance="30"))
    with app.app_context(), transaction() as session:
        claim = session.scalars(select(Claim).where(Claim.from_on == TODAY.replace(day=1))).one()
        claims.step(session, rep(world.ana), NOW, TODAY, claim.id, claim.rev, ClaimAction.SUBMIT)
        claim_id = claim.id
    form = {"on": TODAY.isoformat(), "occasion": "day", "odometer": "1002,5"}
    asked = ana.post("/log/odometer", data=form)
    assert asked.status_code == 400
    assert "say why this reading is noted now" in asked.text
    assert 'value="1002,5"' in asked.text
    page = ana.post("/log/odometer", data=form | {"reason": "Forgotten"}, follow_redirects=True).text
    assert "entered late" in page
    assert "Forgotten" in page
    told = "the reading of Wednesday 4 Mar was noted late: “Forgotten”"
    assert told in ana.get(f"/log/claims/{claim_id}").text
    line, answer = TODAY.isoformat(), "It was the workshop"
    with app.app_context(), transaction() as session:
        talking.say(session, rep(world.ana), NOW, TODAY, claim_id, Act.ANSWER, line, answer)
    assert told in sign_in(world.company.marta).get(f"/review/claims/{claim_id}").text


def test_another_vehicle_is_noted_and_taken_back(app: Flask, ana: FlaskClient) -> None:
    form = {"vehicle-from_on": TODAY.isoformat(), "vehicle-kind": "moped", "vehicle-label": "Yellow one"}
    page = ana.post("/log/vehicles", data=form, follow_redirects=True).text
    assert "Yellow one" in page
    ana.post(f"/log/vehicles/{TODAY.isoformat()}/remove")
    with app.app_context():
        assert db.session.scalars(select(Vehicle)).all() == []
    answer = ana.post("/log/vehicles", data={**form, "vehicle-former": "x"})
    assert answer.status_code == 400
    assert "is not a distance" in answer.text


def test_a_later_rate_prices_the_open_claim_anew_and_says_so(app: Flask, ana: FlaskClient) -> None:
    ana.post("/log/trips/new", data=by_hand())
    raise_rate(app)
    with app.app_context():
        again = db.session.scalars(select(Trip).where(Trip.change_reason == REPRICED)).one()
        assert again.amount_minor == 2480  # 12.4 km × 200
        trip_id = again.id
    page = ana.get(f"/log/trips/{trip_id}").text
    assert "Priced anew by the rates" in page


def test_the_rep_sees_what_is_proposed_and_books_it_once(app: Flask, ana: FlaskClient) -> None:
    raise_rate(app)
    assert "2 trips you submitted are worth something else by the rates now" in ana.get("/log").text
    page = ana.get("/log/adjustments").text
    seen = proposals(page)
    assert len(seen) == 2
    answer = ana.post("/log/adjustments", data={"proposal": seen}, follow_redirects=True)
    assert "2 adjustments are in the open claim now." in answer.text
    assert "Nothing to adjust" in answer.text
    again = ana.post("/log/adjustments", data={"proposal": seen}, follow_redirects=True)
    assert "2 changed meanwhile and wait for a look." in again.text
    with app.app_context():
        booked = db.session.scalars(select(Trip).where(Trip.origin == TripOrigin.ADJUSTMENT)).all()
        assert sorted(f"{row.adjusts_id}:{row.amount_minor}" for row in booked) == sorted(seen)
        trip_id, made = booked[0].adjusts_id, booked[0].id
    assert "more or less than was booked before" in ana.get(f"/log/trips/{made}").text
    assert "Adjusted later" in ana.get(f"/log/trips/{trip_id}").text


def test_the_reviewer_sees_adjustments_as_what_they_are(
    app: Flask, world: LedgerWorld, sign_in: SignIn, ana: FlaskClient
) -> None:
    raise_rate(app)
    ana.post("/log/adjustments", data={"proposal": proposals(ana.get("/log/adjustments").text)})
    with app.app_context(), transaction() as session:
        (claim,) = claims.of_month(session, world.company.ana.id, TODAY)
        made = claims.step(
            session, rep(world.company.ana), NOW, TODAY, claim.id, claim.rev, ClaimAction.SUBMIT
        )
        address = f"/review/claims/{made.id}"
    marta = sign_in(world.company.marta)
    assert "1 within policy" in marta.get("/review").text
    page = marta.get(address).text
    assert "Rate from 1 Feb 2026: adjustment of 2 trips" in page
    assert "0.0 km</td>" not in page.split("<tfoot>")[0]
    assert "of an earlier month" not in page
    panel = marta.get(f"{address}/lines/{FEBRUARY}").text
    assert "Rate from 1 Feb 2026: adjustment of 2 trips" in panel
    assert "In the order driven" not in panel
    assert ">0.0 km<" not in panel


def test_a_manager_books_for_the_own_reps_only(
    app: Flask, world: LedgerWorld, sign_in: SignIn, ana: FlaskClient
) -> None:
    raise_rate(app)
    marta, sergio = sign_in(world.company.marta), sign_in(world.company.sergio)
    page = marta.get("/review/adjustments").text
    seen = proposals(page)
    assert len(seen) == 2
    assert "Nothing to adjust" in sergio.get("/review/adjustments").text
    address = f"/review/adjustments/{world.company.ana.id}"
    assert sergio.post(address, data={"proposal": seen}).status_code == 404
    assert "2 adjustments" in marta.post(address, data={"proposal": seen}, follow_redirects=True).text
    assert "Adjustment to a later rate" in ana.get("/log?month=2026-02").text


def test_the_way_to_work_is_shown_before_the_day_is_closed(admin: FlaskClient, ana: FlaskClient) -> None:
    page = admin.get("/admin/settings").text
    assert "First leg from home and last leg home are" in page
    assert "not counted: the way to work" not in ana.get(f"/today/{TODAY.isoformat()}/close").text
    settings_form(admin, commute="not_counted")
    assert "not counted: the way to work" in ana.get(f"/today/{TODAY.isoformat()}/close").text


def settings_form(admin: FlaskClient, **more: str) -> None:
    """Send the settings as they are shown, some changed."""
    form = {"company_name": "", "speed_factor": "0.8", "signal_seconds": "2", "travel_engine": "own"}
    form |= {"osrm_table_size": "100", "snap_warn_metres": "150", "snap_refuse_metres": "2000"}
    form |= {"prospects_per_week": "2", "frozen_days": "0", "balance": "moderate", "navigation_app": "geo"}
    answer = admin.post("/admin/settings", data={**form, "commute_beyond_metres": "0", **more})
    assert answer.status_code == 302, answer.text


def proposals(page: str) -> list[str]:
    return [piece.split('"')[0] for piece in page.split('name="proposal" value="')[1:]]
