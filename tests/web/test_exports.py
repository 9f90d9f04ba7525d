"""Exporting as a manager clicks it: choose, export, download the same bytes twice, mark as paid."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Callable
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import select, text

from planner.database import db, transaction
from planner.domain.claims import ClaimAction, ClaimState
from planner.models.ledger import Claim
from planner.models.people import Person
from planner.services.ledger import presets
from planner.web.review.batch_words import preset_names
from tests.queries import queries
from tests.services.ledger_world import LedgerWorld
from tests.services.test_export_batches import spent
from tests.tampering import unguarded

SignIn = Callable[[Person], FlaskClient]


@pytest.fixture
def world(app: Flask) -> LedgerWorld:
    """Ana's March is approved: two expenses, 2,400 pesos."""
    with app.app_context(), transaction() as session:
        made = LedgerWorld(session)
        made.expense(1500, merchant="=1+1")
        made.expense(900)
        made.step(made.ana, ClaimAction.SUBMIT)
        made.step(made.company.marta, ClaimAction.APPROVE)
        for person in (made.ana, made.company.marta, made.company.sergio, made.company.admin):
            session.refresh(person)
            session.expunge(person)
    return made


@pytest.fixture
def marta(sign_in: SignIn, world: LedgerWorld) -> FlaskClient:
    return sign_in(world.company.marta)


def downloaded(client: FlaskClient) -> bytes:
    with client.get("/review/exports/1/file") as answer:
        assert answer.content_type == "text/csv; charset=utf-8"
        return answer.data


def states(app: Flask) -> list[ClaimState]:
    with app.app_context():
        return list(db.session.scalars(select(Claim.state)))


SEEN = {"claim": "1:3", "preset": "payroll"}


def test_a_batch_is_made_downloaded_and_paid(app: Flask, marta: FlaskClient) -> None:
    waiting = marta.get("/review/exports").text
    assert "Export this claim" in waiting
    assert 'value="1:3"' in waiting
    made = marta.post("/review/exports?from=2026-03", data=SEEN)
    assert made.headers["Location"] == "/review/exports/1"
    assert states(app) == [ClaimState.EXPORTED]
    first, second = (downloaded(marta) for _ in range(2))
    assert first == second
    page = marta.get("/review/exports/1").text
    assert hashlib.sha256(first).hexdigest() in page
    headers, *lines = csv.reader(io.StringIO(first.decode("utf-8-sig")))
    amounts = [int(line[headers.index("Amount")]) for line in lines]
    assert sum(amounts) == 2400
    assert "CLP2,400" in page
    assert "'=1+1" in {cell for line in lines for cell in line}
    listed = marta.get("/review/exports").text
    assert "Nothing waits for payroll" in listed
    assert "Batch 1" in listed
    assert "In batch 1" in marta.get("/review/claims/1").text
    marta.post("/review/exports/1/pay")
    assert states(app) == [ClaimState.PAID]
    assert marta.post("/review/exports/1/pay").status_code == 409


def test_what_changed_since_it_was_seen_is_not_exported(app: Flask, marta: FlaskClient) -> None:
    assert marta.post("/review/exports", data={**SEEN, "claim": "1:2"}).status_code == 409
    assert marta.post("/review/exports", data={"preset": "payroll"}).status_code == 409
    assert marta.post("/review/exports", data={**SEEN, "preset": "../x"}).status_code == 400
    assert states(app) == [ClaimState.APPROVED]


def test_of_two_who_export_at_once_one_is_told(
    marta: FlaskClient, sign_in: SignIn, world: LedgerWorld
) -> None:
    admin = sign_in(world.company.admin)
    assert marta.post("/review/exports", data=SEEN).status_code == 302
    late = admin.post("/review/exports", data=SEEN)
    assert late.status_code == 409
    assert admin.get("/review/exports/2").status_code == 404


def test_another_teams_manager_neither_sees_nor_exports(
    marta: FlaskClient, sign_in: SignIn, world: LedgerWorld
) -> None:
    sergio = sign_in(world.company.sergio)
    assert sergio.post("/review/exports", data=SEEN).status_code == 404
    marta.post("/review/exports", data=SEEN)
    for path in ("/review/exports/1", "/review/exports/1/file"):
        assert sergio.get(path).status_code == 404
    assert "Batch 1" not in sergio.get("/review/exports").text


def test_the_filter_is_in_the_address(marta: FlaskClient) -> None:
    assert "Nothing waits for payroll" in marta.get("/review/exports?from=2026-04").text
    assert "Nothing waits for payroll" in marta.get("/review/exports?rep=-1").text
    assert "Export this claim" in marta.get("/review/exports?from=2026-03&to=2026-03&rep=").text


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("", ""),
        ("from=2026-02", "from Feb 2026"),
        ("to=2026-03", "up to Mar 2026"),
        ("from=2026-02&to=2026-03", "from Feb 2026 to Mar 2026"),
    ],
)
def test_a_batch_says_by_which_months_it_was_chosen(marta: FlaskClient, asked: str, told: str) -> None:
    marta.post(f"/review/exports?{asked}", data=SEEN)
    page = marta.get("/review/exports/1").text
    assert ("Chosen by" in page) == bool(told)
    assert f"<dd>{told}</dd>" in page if told else "<dd></dd>" not in page


def test_presets_of_ours_are_named_in_english_as_in_their_files(app: Flask) -> None:
    with app.test_request_context():
        assert preset_names() == {code: preset.name for code, preset in presets.available().items()}


def test_a_preset_is_named_in_the_persons_language(marta: FlaskClient) -> None:
    page = marta.get("/review/exports", headers={"Accept-Language": "es"}).text
    assert '<option value="payroll">Remuneraciones</option>' in page


def test_a_long_claim_opens_with_as_many_statements_as_a_short_one(app: Flask, marta: FlaskClient) -> None:
    with app.app_context():
        short = queries(marta, "/review/claims/1")
    with app.app_context(), transaction() as session, unguarded(session):
        rep_id = session.scalars(select(Claim.rep_id)).one()
        session.add_all(spent(rep_id, 1) for _ in range(200))
    with app.app_context():
        assert queries(marta, "/review/claims/1") == short


def test_the_log_says_up_to_where_the_chain_holds(app: Flask, sign_in: SignIn, world: LedgerWorld) -> None:
    ana = sign_in(world.ana)
    assert "Chain holds up to entry 2" in ana.get("/log?month=2026-03").text
    assert "Chain" not in ana.get("/log?month=2026-02").text
    with app.app_context(), transaction() as session, unguarded(session):
        session.execute(text("UPDATE expense SET amount_minor = 1 WHERE id = 2"))
    assert "The chain does not hold at entry 2" in ana.get("/log?month=2026-03").text


def test_the_workbook_of_a_batch_has_the_rows_of_its_csv_and_the_hash_shown(marta: FlaskClient) -> None:
    marta.post("/review/exports", data=SEEN)
    with marta.get("/review/exports/1/sheet") as answer:
        data = answer.data
        assert answer.content_length == len(data)
    with marta.get("/review/exports/1/sheet") as again:
        assert again.data == data
    assert hashlib.sha256(data).hexdigest() in marta.get("/review/exports/1").text
    written = list(csv.reader(io.StringIO(downloaded(marta).decode("utf-8-sig"), newline="")))
    sheet = load_workbook(io.BytesIO(data)).active
    rows = list(sheet.iter_rows(values_only=True))
    assert [len(row) for row in rows] == [len(row) for row in written]
    assert list(rows[0]) == written[0]
    amount = written[0].index("Amount")
    assert [row[amount] for row in rows[1:]] == [1500, 900]
    texts = [[_text(cell) for cell in row] for row in rows[1:]]
    assert texts == written[1:]
    assert "'=1+1" in texts[0]
    assert all(cell.data_type != "f" for row in sheet for cell in row)


def _text(cell: object) -> str:
    if cell is None:
        return ""
    return cell.date().isoformat() if isinstance(cell, datetime) else str(cell)
