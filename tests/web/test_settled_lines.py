"""What is wrong in a claim that was approved, on the pages of the rep and of whoever answers for them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from planner.database import db, transaction
from planner.domain.claims import ClaimAction
from planner.models.ledger import Claim, Expense, Trip
from planner.models.people import Person
from planner.services.ledger import claims
from tests.roads import install_into
from tests.services.ledger_world import LedgerWorld, uid

SignIn = Callable[[Person], FlaskClient]
FEBRUARY = date(2026, 2, 25)
LINE = f"/review/claims/1/lines/{FEBRUARY.isoformat()}"


@pytest.fixture
def world(app: Flask) -> LedgerWorld:
    """Ana's February, a visit and parking, is exported; it is March."""
    install_into(app.config["NETWORKS_FOLDER"])
    with app.app_context(), transaction() as session:
        made = LedgerWorld(session)
        made.visit(hour=9, on=FEBRUARY)
        made.close(on=FEBRUARY)
        made.expense(1500, on=FEBRUARY, merchant="Parking Prat")
        made.step(made.ana, ClaimAction.SUBMIT, on=FEBRUARY)
        for action in (ClaimAction.APPROVE, ClaimAction.EXPORT):
            made.step(made.company.marta, action, on=FEBRUARY)
        for person in (made.ana, made.company.marta, made.company.sergio):
            session.refresh(person)
            session.expunge(person)
    return made


@pytest.fixture
def ana(sign_in: SignIn, world: LedgerWorld) -> FlaskClient:
    return sign_in(world.ana)


@pytest.fixture
def marta(sign_in: SignIn, world: LedgerWorld) -> FlaskClient:
    return sign_in(world.company.marta)


def sums(app: Flask) -> list[tuple[int, int]]:
    """Metres and pesos of each claim's standing lines, by month."""
    with app.app_context():
        rows = db.session.scalars(select(Claim).order_by(Claim.from_on)).all()
        found = [claims.summed(db.session(), row.id) for row in rows]
    return [(each.trips_metres, each.amount_minor) for each in found]


def trip_metres(app: Flask) -> int:
    with app.app_context():
        return db.session.get_one(Trip, 1).metres


def test_a_rep_corrects_a_trip_of_an_exported_claim_in_the_open_one(app: Flask, ana: FlaskClient) -> None:
    before, (whole,) = trip_metres(app), sums(app)
    page = ana.get("/log/trips/1").text
    assert "an entry in your open claim takes it back" in page
    form = {"uid": uid(), "distance": "1", "purpose": "Samples", "reason": "Typed wrong"}
    page = ana.post("/log/trips/1/correct", data=form, follow_redirects=True).text
    assert "Taken back, and entered anew beside that, in the claim of March 2026." in page
    was_worth = round(before * 180 / 1000)
    assert sums(app) == [whole, (1000 - before, 180 - was_worth)]
    page = ana.get("/log/trips/1").text
    assert "it counts no more" in page
    assert "Correct it" not in page
    # The day's log comes to what was driven.
    page = ana.get("/log?month=2026-02").text
    assert "takes back" in page
    assert "2 trips" in page


def test_an_expense_is_corrected_by_its_form_and_counts_again_once_nothing_is_in_its_place(
    app: Flask, ana: FlaskClient
) -> None:
    (whole,) = sums(app)
    form = {"uid": uid(), "on": FEBRUARY.isoformat(), "category": "parking", "amount": "500"}
    form |= {"currency": "CLP", "merchant": "Parking Prat", "reason": "A zero too many"}
    page = ana.post("/log/expenses/1/correct", data=form, follow_redirects=True).text
    assert "entered anew beside that" in page
    assert sums(app) == [whole, (0, -1000)]
    with app.app_context():
        contra = db.session.scalars(select(Expense).where(Expense.contra_of_id == 1)).one().id
    page = ana.get(f"/log/expenses/{contra}").text
    assert "Let it count again" in page
    said = {"reverse-uid": uid(), "reverse-reason": "It was right"}
    answer = ana.post(f"/log/expenses/{contra}/reverse", data=said)
    assert answer.status_code == 409
    assert "so it would count twice" in answer.text
    with app.app_context():
        anew = db.session.scalars(select(Expense).where(Expense.replaces_id == 1)).one().id
    ana.post(f"/log/expenses/{anew}/reverse", data={**said, "reverse-uid": uid()})
    page = ana.post(f"/log/expenses/{contra}/reverse", data=said, follow_redirects=True).text
    assert "It counts again." in page
    assert sums(app) == [whole, (0, 0)]


def test_a_manager_takes_a_drive_back_and_lets_it_count_again(app: Flask, marta: FlaskClient) -> None:
    before, (whole,) = trip_metres(app), sums(app)
    page = marta.get(LINE).text
    assert "Something in it is wrong" in page
    (chosen,) = set(re.findall(r'value="(trip-1)"', page))
    said = {"reverse-uid": uid(), "reverse-entry": chosen, "reverse-reason": "A private drive"}
    page = marta.post(f"{LINE}/reverse", data=said, follow_redirects=True).text
    assert "Taken back in the claim of March 2026." in page
    assert "Taken back in a later claim" in page
    assert "A private drive" in page
    assert sums(app)[0] == whole
    assert sums(app)[1][0] == -before
    (contra,) = set(re.findall(r'value="(trip-\d+)"[^>]*>[^<]*let it count again', page))
    said = {"reverse-uid": uid(), "reverse-entry": contra, "reverse-reason": "It was for work"}
    page = marta.post(f"{LINE}/reverse", data=said, follow_redirects=True).text
    assert "It counts again." in page
    assert sums(app) == [whole, (0, 0)]


def test_the_rep_reads_who_took_it_back_and_cannot_undo_it(
    app: Flask, sign_in: SignIn, world: LedgerWorld
) -> None:
    marta, ana = sign_in(world.company.marta), sign_in(world.ana)
    said = {"reverse-uid": uid(), "reverse-entry": "expense-1", "reverse-reason": "Paid by the firm"}
    assert marta.post("/review/claims/1/lines/expense-1/reverse", data=said).status_code == 302
    page = ana.get("/log/expenses/1").text
    assert f"By {world.company.marta.name}." in page
    assert "Paid by the firm" in page
    with app.app_context():
        contra = db.session.scalars(select(Expense).where(Expense.contra_of_id == 1)).one().id
    assert "Let it count again" not in ana.get(f"/log/expenses/{contra}").text
    undo = {"reverse-uid": uid(), "reverse-reason": "Not so"}
    answer = ana.post(f"/log/expenses/{contra}/reverse", data=undo)
    assert answer.status_code == 403
    assert "Only they let it count again" in answer.text


@pytest.mark.parametrize("entry", ["expense-1", "trip-99999", f"trip-{'9' * 30}", "trip-x"])
def test_only_entries_of_the_line_are_taken_back_there(app: Flask, marta: FlaskClient, entry: str) -> None:
    said = {"reverse-uid": uid(), "reverse-entry": entry, "reverse-reason": "A private drive"}
    assert marta.post(f"{LINE}/reverse", data=said).status_code in (400, 404)
    assert len(sums(app)) == 1


def test_without_a_reason_or_an_entry_the_form_says_so(app: Flask, marta: FlaskClient) -> None:
    answer = marta.post(f"{LINE}/reverse", data={"reverse-uid": uid(), "reverse-reason": ""})
    assert answer.status_code == 400
    assert "Choose an entry." in answer.text
    assert "Say why it counts no more." in answer.text
    assert len(sums(app)) == 1
