"""Official logs as a rep and a manager click them: the page, the PDF read back, and the workbook."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from pypdf import PdfReader
from sqlalchemy import select

from planner.database import db, transaction
from planner.domain.logged_trips import RatePaid, Share
from planner.models.ledger import LedgerEntry, Trip
from planner.models.people import Person
from planner.services.ledger import entries, manual_trips, rates, trip_changes
from planner.services.ledger.manual_ends import ManualEnd
from planner.services.ledger.manual_trips import ManualTrip
from planner.services.ledger.trip_changes import TripChange
from planner.web.logs import cells
from tests.conftest import NOW, TODAY
from tests.roads import install_into
from tests.services.ledger_world import LedgerWorld, rate, rep, uid

SignIn = Callable[[Person], FlaskClient]
NAMES = (
    "Peñalolén, Av. Grecia 8735",
    "Łódź, Piotrkowska 1",
    "Müller & Söhne, Hauptstraße 3",
    "=SUM(A1), Oslo",
)
MONTH = "period=month&from=2026-03-04"
HOME = "Camino Secreto 77"


@pytest.fixture
def world(app: Flask) -> LedgerWorld:
    """Ana drove 60 trips by hand in March, one of which was corrected, and held a visit from home."""
    install_into(Path(app.config["NETWORKS_FOLDER"]))
    with app.app_context(), transaction() as session:
        made = LedgerWorld(session)
        made.ana.rep.home_address = HOME
        rates.add(session, None, NOW, rate(country="GB", currency="GBP", unit="mi", per_unit=Decimal("0.45")))
        made.visit(hour=9)
        made.close()
        for number in range(60):
            ends = ManualEnd(label=NAMES[number % 4]), ManualEnd(label=NAMES[(number + 1) % 4])
            new = ManualTrip(uid(), date(2026, 3, 1 + number % 4), *ends, "Samples", 12_345 + number)
            trip = manual_trips.add(session, rep(made.ana), NOW, TODAY, made.networks, new)
        what = TripChange(uid(), 14_000, "Samples", "Road closed")
        trip_changes.correct(session, rep(made.ana), NOW, TODAY, trip.id, what)
        for person in (made.ana, made.company.marta, made.company.sergio, made.company.admin):
            session.refresh(person)
            session.expunge(person)
    return made


@pytest.fixture
def ana(sign_in: SignIn, world: LedgerWorld) -> FlaskClient:
    return sign_in(world.company.ana)


def read(content: bytes) -> list[str]:
    """The text of each page, its blanks as one."""
    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(content)).pages]


def got(client: FlaskClient, address: str) -> bytes:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.data


def sums(app: Flask) -> tuple[int, int]:
    with app.app_context():
        rows = db.session.scalars(select(Trip).where(entries.standing(Trip))).all()
        return sum(row.metres for row in rows), sum(row.amount_minor for row in rows)


@pytest.mark.parametrize("law", ["us", "uk", "de"])
def test_names_come_out_of_the_pdf_as_they_went_in(ana: FlaskClient, law: str) -> None:
    text = " ".join(read(got(ana, f"/log/official.pdf?law={law}&{MONTH}")))
    for name in ("Peñalolén", "Łódź", "Müller", "Hauptstraße"):
        assert name in text


@pytest.mark.parametrize(
    ("law", "header"), [("us", "Business purpose"), ("uk", "Tax year so far"), ("de", "Reiseziel")]
)
def test_headers_stand_on_each_page_of_the_table_and_pages_count_to_the_last(
    ana: FlaskClient, law: str, header: str
) -> None:
    pages = read(got(ana, f"/log/official.pdf?law={law}&{MONTH}"))
    assert len(pages) > 2
    for number, page in enumerate(pages, start=1):
        assert f"Page {number} of {len(pages)}" in page
    with_rows = [page for page in pages if len(re.findall(r"Samples", page)) > 3]
    assert len(with_rows) > 1
    assert all(header in page for page in with_rows)


def test_the_total_of_the_pdf_is_the_ledgers(app: Flask, ana: FlaskClient) -> None:
    metres, minor = sums(app)
    text = " ".join(read(got(ana, f"/log/official.pdf?law=us&{MONTH}")))
    miles = f"{Decimal(metres) / Decimal('1609.344'):.1f}"
    assert f"Total {miles} {minor:,} CLP" in text


def test_the_same_log_gives_the_same_bytes(ana: FlaskClient) -> None:
    for form in ("pdf", "xlsx"):
        address = f"/log/official.{form}?law=de&{MONTH}"
        assert got(ana, address) == got(ana, address)


def test_the_document_names_the_last_link_and_what_is_not_approved(app: Flask, ana: FlaskClient) -> None:
    with app.app_context():
        newest = select(LedgerEntry.entry_sha256).order_by(LedgerEntry.position.desc())
        head = db.session.scalars(newest).first()
    first = read(got(ana, f"/log/official.pdf?law=de&{MONTH}"))[0]
    assert str(head) in first
    assert "Not approved yet 2026-03" in first
    assert "Made on 4 Mar 2026" in first


def test_the_german_log_shows_the_correction_in_its_row(ana: FlaskClient) -> None:
    text = " ".join(read(got(ana, f"/log/official.pdf?law=de&{MONTH}")))
    assert re.search(r"distance 14 km, was 12\.4 km \(Ana", text)
    assert "Road closed" in text


def test_letter_or_a4_is_of_the_country(app: Flask, ana: FlaskClient, world: LedgerWorld) -> None:
    def width() -> float:
        return float(PdfReader(io.BytesIO(got(ana, f"/log/official.pdf?{MONTH}"))).pages[0].mediabox.width)

    assert width() == 792
    with app.app_context(), transaction() as session:
        session.merge(world.company.norte).country = "DE"
    assert round(width()) == 842


def test_the_workbook_holds_dates_numbers_changes_and_what_is_missing(app: Flask, ana: FlaskClient) -> None:
    book = load_workbook(io.BytesIO(got(ana, f"/log/official.xlsx?law=us&{MONTH}")))
    assert book.sheetnames[:3] == ["Log", "Changes", "Missing"]
    rows = list(book["Log"].iter_rows(values_only=True))
    header = rows[0]
    assert "Business (mi)" in header
    assert isinstance(rows[1][0], datetime)
    metres, minor = sums(app)
    column = header.index("Metres")
    assert sum(row[column] for row in rows[1:-1]) == rows[-1][column] == metres
    amount = header.index("Amount")
    assert sum(row[amount] for row in rows[1:-1]) == rows[-1][amount] == minor
    assert all(cell.data_type != "f" for sheet in book for row in sheet for cell in row)
    assert any(cell == "'=SUM(A1)" for row in rows for cell in row)
    (change,) = list(book["Changes"].iter_rows(min_row=2, values_only=True))
    assert change[3:6] == ("distance", "7.707 mi", "8.699 mi")  # 12 404 m, 14 000 m
    assert book["Missing"].max_row > 1


@pytest.mark.parametrize("law", ["us", "uk"])
def test_a_rate_says_which_unit_it_is_for_in_a_log_of_another(ana: FlaskClient, law: str) -> None:
    """The distances are miles; the rate is 180 pesos a kilometre."""
    address = f"law={law}&{MONTH}"
    rows = list(load_workbook(io.BytesIO(got(ana, f"/log/official.xlsx?{address}")))["Log"].values)
    assert {row[rows[0].index("Rate")] for row in rows[1:-1]} == {"180/km"}
    assert " 180/km " in " ".join(read(got(ana, f"/log/official.pdf?{address}")))


def test_each_share_of_a_trip_across_a_band_says_the_unit_of_its_rate(app: Flask) -> None:
    first, beyond = (
        RatePaid(at, Decimal(pence), "mi", "GBP", TODAY) for at, pence in enumerate(("0.4500", "0.25"))
    )
    trip = SimpleNamespace(
        is_adjustment=False, shares=(Share(first, 48_280, 1350), Share(beyond, 48_281, 750))
    )
    exact = cells.Exactness("mi", cells.TENTH, has_metres=False)
    with app.test_request_context():
        assert cells.rate(trip, exact) == "30 mi × 0.45/mi + 30 mi × 0.25/mi"


def test_what_is_missing_is_told_before_the_download(ana: FlaskClient) -> None:
    page = ana.get(f"/log/official?law=uk&{MONTH}").text
    assert "What is missing for this log" in page
    assert "No postcode" in page
    assert "Peñalolén" in page
    assert "/log/official.pdf?" in page


def test_without_a_form_the_countrys_is_chosen(app: Flask, ana: FlaskClient, world: LedgerWorld) -> None:
    assert 'value="de" selected' in ana.get("/log/official").text
    with app.app_context(), transaction() as session:
        session.merge(world.company.norte).country = "GB"
    assert 'value="uk" selected' in ana.get("/log/official").text


@pytest.mark.parametrize(
    "query", ["law=xx&period=yy", "from=2026-13-01", "from=2199-12-31&period=calendar_year"]
)
def test_nonsense_in_the_address_is_as_if_not_asked(ana: FlaskClient, query: str) -> None:
    for path in ("/log/official", "/log/official.pdf", "/log/official.xlsx"):
        assert ana.get(f"{path}?{query}").status_code == 200


def test_a_manager_gets_a_reps_log_without_where_they_live(
    sign_in: SignIn, world: LedgerWorld, ana: FlaskClient
) -> None:
    address = f"law=uk&{MONTH}"
    own = " ".join(read(got(ana, f"/log/official.pdf?{address}")))
    assert HOME in own
    marta = sign_in(world.company.marta)
    page = marta.get(f"/review/official?rep={world.company.ana.id}&{address}").text
    links = re.findall(r'href="(/review/official\.\w+\?[^"]+)"', page)
    assert len(links) == 2
    pdf = " ".join(read(got(marta, links[0].replace("&amp;", "&"))))
    assert "Secreto" not in pdf
    assert "Where the person lives is not shown" in pdf
    book = load_workbook(io.BytesIO(got(marta, links[1].replace("&amp;", "&"))))
    assert not any("Secreto" in str(cell) for sheet in book for row in sheet.values for cell in row)
    assert len(list(book["Log"].values)) == 64


def test_whom_a_manager_does_not_answer_for_has_no_log_for_them(sign_in: SignIn, world: LedgerWorld) -> None:
    sergio = sign_in(world.company.sergio)
    assert sergio.get(f"/review/official?rep={world.company.ana.id}").status_code == 404
    assert sergio.get(f"/review/official.pdf?rep={world.company.ana.id}").status_code == 404


def test_a_document_is_in_the_readers_language(app: Flask, ana: FlaskClient, world: LedgerWorld) -> None:
    with app.app_context(), transaction() as session:
        session.merge(world.company.ana).locale = "es"
    pages = read(got(ana, f"/log/official.pdf?law=de&{MONTH}"))
    assert f"Página 1 de {len(pages)}" in pages[0]
    assert "Fahrtenbuch" in pages[0]


def test_a_month_before_has_nothing(ana: FlaskClient) -> None:
    before = TODAY - timedelta(days=60)
    (page,) = read(got(ana, f"/log/official.pdf?law=us&period=month&from={before}"))
    assert "None." in page
