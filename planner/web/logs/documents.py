"""An official log as a file: the same tables as PDF, to print and keep, and as a workbook."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from babel.numbers import format_decimal
from flask import Response
from flask_babel import gettext

from planner.domain.export_columns import Cell
from planner.domain.log_forms import LETTER, UNITS, LogForm
from planner.domain.logged_trips import MonthState
from planner.services.ledger import exports, log_pdf
from planner.services.ledger.exports import Table
from planner.services.ledger.log_pdf import Document
from planner.services.ledger.official_logs import OfficialLog
from planner.web.formats import day
from planner.web.languages import locale
from planner.web.logs import cells, log_rows, log_tables
from planner.web.logs.cells import Exactness
from planner.web.words import word

MEDIA = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
BESIDE = (log_tables.changes, log_tables.missing, log_tables.rates, log_tables.vehicles, log_tables.months)
"""What stands behind the log itself, in the order of sheets."""


def answer(log: OfficialLog, file_kind: str) -> Response:
    content = pdf(log) if file_kind == "pdf" else xlsx(log)
    name = f"rounds-log-{log.form}-{log.from_on}-{log.last_on}.{file_kind}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, content_type=MEDIA[file_kind], headers=headers)


def pdf(log: OfficialLog) -> bytes:
    return log_pdf.pdf_bytes(document(log))


def xlsx(log: OfficialLog) -> bytes:
    """Distances to a thousandth and whole metres beside them."""
    about = [*facts(log), *(("", note) for note in notes(log))]
    sheet = Table(gettext("About"), (gettext("About"), str(word(log.form))), about)
    return exports.book_bytes([*_tables(log, Exactness(UNITS[log.form], cells.THOUSANDTH, True)), sheet])


def document(log: OfficialLog) -> Document:
    """The log as it is printed, distances to a tenth."""
    return Document(
        title=str(word(log.form)),
        facts=facts(log),
        notes=notes(log),
        tables=_tables(log, Exactness(UNITS[log.form], cells.TENTH, False)),
        empty=gettext("None."),
        footer=" · ".join((log.person, period(log), *((log.chain.entry_sha256,) if log.chain else ()))),
        is_letter=log.country in LETTER,
        language=locale().replace("_", "-"),
        said=said,
        page_of=lambda number, of: gettext("Page %(n)s of %(all)s", n=number, all=of),
    )


def _tables(log: OfficialLog, exact: Exactness) -> list[Table]:
    return [log_rows.table(log, exact), *(make(log, exact) for make in BESIDE)]


def period(log: OfficialLog) -> str:
    return f"{cells.long_day(log.from_on)} – {cells.long_day(log.last_on)}"


def facts(log: OfficialLog) -> list[tuple[str, str]]:
    """What stands at the head of a log."""
    approved = [f"{first:%Y-%m}" for first, state in log.months if state is MonthState.APPROVED]
    open_ = [f"{first:%Y-%m}" for first, state in log.months if state in (MonthState.OPEN, MonthState.PARTLY)]
    vehicles = list(dict.fromkeys(trip.vehicle for trip in log.trips if trip.vehicle))
    found = [
        (gettext("Person"), log.person),
        (gettext("Vehicle"), ", ".join(vehicles) or "–"),
        (gettext("Period"), period(log)),
        (gettext("Made on"), cells.long_day(log.made_on)),
        (gettext("Months approved"), ", ".join(approved) or gettext("none")),
        (gettext("Not approved yet"), ", ".join(open_) or gettext("none")),
    ]
    if log.chain is not None:
        link = gettext("%(n)s of this person", n=log.chain.position)
        found += [(gettext("Last link of the chain"), link), ("SHA-256", log.chain.entry_sha256)]
    return found


def notes(log: OfficialLog) -> list[str]:
    """What a reader has to know to judge a log."""
    found = [
        gettext(
            "Distances are those of the road network between the places visited, or as the person claimed."
        ),
        gettext("Rows are rounded to read; sums are of exact metres, and amounts are rounded once a trip."),
    ]
    if log.form is LogForm.DE:
        found.append(
            gettext(
                "The odometer between two readings is reckoned from the trips and marked so. A gap stands as "
                "a gap. Corrections stand in their rows and in the table of changes."
            )
        )
    if log.is_home_hidden:
        found.append(
            gettext("Where the person lives is not shown: drives from and to home stand as distances only.")
        )
    if log.chain is not None and log.chain.broken:
        found.append(gettext("THE CHAIN DOES NOT HOLD: an entry was changed outside of Rounds."))
    if log.chain is not None:
        found.append(
            gettext(
                "Each entry is a link of a hash chain. “flask ledger verify --link” with the SHA-256 above "
                "proves that nothing up to that link was changed since."
            )
        )
    return [*found, gettext("A record as the law asks for it, no legal advice.")]


def said(cell: Cell) -> str:
    """A cell as the reader's language writes it; decimals stay as many as there are."""
    if cell is None:
        return ""
    if isinstance(cell, date):
        return day(cell, "d MMM y").replace(" ", "\u00a0")
    if isinstance(cell, Decimal):
        exponent = cell.as_tuple().exponent
        decimals = max(0, -exponent) if isinstance(exponent, int) else 0
        return str(format_decimal(cell, format=f"#,##0.{'0' * decimals}", locale=locale()))
    return f"{cell}"
