"""Closing months and the limit of one approval, as a manager and an admin click them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from planner.database import db, transaction
from planner.domain.claims import ClaimAction, ClaimState
from planner.models.ledger import Claim
from planner.models.people import Person
from tests.services.ledger_world import LedgerWorld

SignIn = Callable[[Person], FlaskClient]


@pytest.fixture
def world(app: Flask) -> LedgerWorld:
    with app.app_context(), transaction() as session:
        made = LedgerWorld(session)
        made.expense(1500)
        made.step(made.ana, ClaimAction.SUBMIT)
        for person in (made.ana, made.company.marta, made.company.admin):
            session.refresh(person)
            session.expunge(person)
        session.refresh(made.company.norte)
        session.expunge(made.company.norte)
    return made


def test_a_month_is_closed_and_opened_with_a_reason(sign_in: SignIn, world: LedgerWorld) -> None:
    marta, admin = sign_in(world.company.marta), sign_in(world.company.admin)
    form = {"territory": world.company.norte.id, "month": "2026-02", "reason": "Payroll is done"}
    assert marta.post("/review/months", data={**form, "reason": " "}).status_code == 400
    unfinished = marta.post("/review/months", data={**form, "month": "2026-03"})
    assert (unfinished.status_code, "when it is over" in unfinished.text) == (400, True)
    assert marta.post("/review/months", data=form).status_code == 302
    again = marta.post("/review/months", data=form)
    assert (again.status_code, "closed for this team already" in again.text) == (409, True)
    page = admin.get("/review/months").text
    assert "February 2026" in page
    assert "Payroll is done" in page
    assert marta.post("/review/months/1/open", data={"reason": ""}).status_code == 302
    assert "No month is closed" not in marta.get("/review/months").text
    marta.post("/review/months/1/open", data={"reason": "A receipt was found"})
    page = marta.get("/review/months").text
    assert "No month is closed" in page
    assert "A receipt was found" in page


def test_above_the_limit_a_manager_and_an_admin_approve(
    app: Flask, sign_in: SignIn, world: LedgerWorld
) -> None:
    marta, admin = sign_in(world.company.marta), sign_in(world.company.admin)
    assert admin.post("/rules/approvals", data={"currency": "XXQ", "above": "1"}).status_code == 400
    assert admin.post("/rules/approvals", data={"currency": "clp", "above": "much"}).status_code == 400
    assert admin.post("/rules/approvals", data={"currency": "clp", "above": "1.000"}).status_code == 302
    assert "above CLP1,000 need two" in admin.get("/rules/approvals").text
    first = marta.post("/review/claims/1/approve", data={"rev": 2}, follow_redirects=True).text
    assert "somebody else has to approve it too" in first
    assert "Somebody else has to approve it" in first
    assert "Waiting for somebody else" in marta.get("/review").text
    assert marta.post("/review/claims/1/approve", data={"rev": 3}).status_code == 403
    assert marta.post("/review/claims/1/endorse", data={"rev": 3}).status_code == 404
    admin.post("/review/claims/1/approve", data={"rev": 3})
    with app.app_context():
        assert db.session.scalars(select(Claim.state)).all() == [ClaimState.APPROVED]
    admin.post("/rules/approvals", data={"currency": "CLP", "above": ""})
    assert "No limit is set" in admin.get("/rules/approvals").text


def test_nobody_closes_another_teams_month(sign_in: SignIn, world: LedgerWorld) -> None:
    marta = sign_in(world.company.marta)
    foreign = {"territory": world.company.norte.id + 1, "month": "2026-02", "reason": "Mine"}
    assert marta.post("/review/months", data=foreign).status_code == 400
