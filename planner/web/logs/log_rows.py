"""The main table of each form: its columns in the order its law names them, a row a trip.

Beside distances that are rounded to read, a workbook has whole metres, so that sums are exact.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date

from flask_babel import gettext

from planner.domain.export_columns import Cell
from planner.domain.log_forms import LogForm
from planner.domain.logged_trips import LoggedTrip, amounts
from planner.services.ledger.exports import Table
from planner.services.ledger.official_logs import OfficialLog
from planner.web.logs import cells
from planner.web.logs.cells import Exactness

Column = tuple[str, Callable[[int, LoggedTrip], Cell]]
"""A header, and its cell for the trip with a number in the log."""


def table(log: OfficialLog, exact: Exactness) -> Table:
    return FORMS[log.form](log, exact)


def _us(log: OfficialLog, exact: Exactness) -> Table:
    read = {reading.on: reading.odometer_metres for reading in log.readings}
    last = {trip.on: trip.entry_id for trip in log.trips}
    columns: list[Column] = [
        (gettext("Date"), lambda _, trip: trip.on),
        (gettext("From"), lambda _, trip: cells.name(trip.start)),
        (gettext("Destination"), lambda _, trip: cells.name(trip.goal)),
        (gettext("Address"), lambda _, trip: trip.goal.address),
        (gettext("Business purpose"), lambda _, trip: cells.why(trip)),
        (gettext("Vehicle"), lambda _, trip: trip.vehicle),
        (
            exact.header(gettext("Odometer that evening")),
            lambda _, trip: exact.distance(read.get(trip.on)) if last[trip.on] == trip.entry_id else None,
        ),
        *_recorded(),
        (exact.header(gettext("Commuting, not counted")), lambda _, trip: exact.some(trip.commute_metres)),
        *_worth(exact, gettext("Business")),
    ]
    return _paid_table(log, exact, columns, gettext("Business"))


def _uk(log: OfficialLog, exact: Exactness) -> Table:
    columns: list[Column] = [
        (gettext("Date"), lambda _, trip: trip.on),
        (gettext("From"), lambda _, trip: cells.name(trip.start)),
        (gettext("Postcode"), lambda _, trip: trip.start.postcode),
        (gettext("To"), lambda _, trip: cells.place(trip.goal)),
        (gettext("To postcode"), lambda _, trip: trip.goal.postcode),
        (gettext("Purpose"), lambda _, trip: cells.why(trip)),
        (gettext("Vehicle"), lambda _, trip: trip.vehicle),
        *_recorded(),
        (
            exact.header(gettext("By road")),
            lambda _, trip: None if trip.is_adjustment else exact.distance(trip.road_metres),
        ),
        (gettext("Why not as by road"), lambda _, trip: trip.reason),
        (exact.header(gettext("Commuting, not counted")), lambda _, trip: exact.some(trip.commute_metres)),
        *_worth(exact, gettext("Claimed")),
        (exact.header(gettext("Tax year so far")), lambda index, _: exact.distance(log.running[index])),
    ]
    return _paid_table(log, exact, columns, gettext("Claimed"))


def _recorded() -> list[Column]:
    return [
        (gettext("Recorded on"), lambda _, trip: trip.recorded_on),
        (gettext("At or near the time"), lambda _, trip: cells.in_time(trip)),
    ]


def _worth(exact: Exactness, what: str) -> list[Column]:
    metres: Column = (gettext("Metres"), lambda _, trip: trip.metres)
    return [
        (exact.header(what), lambda _, trip: None if trip.is_adjustment else exact.distance(trip.metres)),
        *([metres] if exact.has_metres else []),
        (gettext("Rate"), lambda _, trip: cells.rate(trip, exact)),
        (gettext("Amount"), lambda _, trip: cells.money(trip.amount_minor, trip.currency)),
        (gettext("Currency"), lambda _, trip: trip.currency),
    ]


def _paid_table(log: OfficialLog, exact: Exactness, columns: Sequence[Column], what: str) -> Table:
    """Business trips with what they are worth; private ones and reversed ones stand elsewhere."""
    headers = [header for header, _ in columns]
    shown = [
        (index, trip) for index, trip in enumerate(log.trips) if not trip.is_private and not trip.is_void
    ]
    rows = [[cell(index, trip) for _, cell in columns] for index, trip in shown]
    totals = []
    for currency, minor in amounts(trip for _, trip in shown).items():
        metres = sum(trip.metres for _, trip in shown if trip.currency == currency)
        sums: dict[str, Cell] = {
            headers[0]: gettext("Total"),
            exact.header(what): exact.distance(metres),
            gettext("Metres"): metres,
            gettext("Amount"): cells.money(minor, currency),
            gettext("Currency"): currency,
        }
        totals.append([sums.get(header) for header in headers])
    return Table(gettext("Log"), headers, rows, totals)


def _de(log: OfficialLog, exact: Exactness) -> Table:
    marks, changed = log.marks, cells.corrected(log, exact)

    def stand(trip: LoggedTrip, is_end: bool) -> Cell:
        mark = marks.get(trip.entry_id)
        return exact.distance(mark.end_metres if is_end else mark.start_metres) if mark else None

    columns: list[Column] = [
        (gettext("Date (Datum)"), lambda _, trip: trip.on),
        (exact.header(gettext("Odometer at start (Kilometerstand)")), lambda _, trip: stand(trip, False)),
        (exact.header(gettext("Odometer at end")), lambda _, trip: stand(trip, True)),
        (gettext("Odometer is"), lambda _, trip: _is_read(log, trip)),
        (gettext("From"), lambda _, trip: "" if trip.is_private else cells.name(trip.start)),
        (
            gettext("Destination (Reiseziel)"),
            lambda _, trip: "" if trip.is_private else cells.place(trip.goal),
        ),
        (gettext("Detour (Umweg)"), lambda _, trip: "" if trip.is_private else trip.reason),
        (gettext("Purpose (Reisezweck)"), lambda _, trip: cells.why(trip)),
        (gettext("Business partner (Geschäftspartner)"), lambda _, trip: trip.goal.account),
        (exact.header(gettext("Business (betrieblich)")), lambda _, trip: exact.some(trip.metres)),
        (
            exact.header(gettext("Home to work (Wohnung–Arbeit)")),
            lambda _, trip: exact.some(trip.commute_metres),
        ),
        (exact.header(gettext("Private (privat)")), lambda _, trip: exact.some(trip.private_metres)),
        *([(gettext("Metres"), _driven)] if exact.has_metres else []),
        (gettext("Recorded on"), lambda _, trip: trip.recorded_on),
        (gettext("Within 7 days"), lambda _, trip: cells.in_time(trip)),
        (gettext("Corrections (Änderungen)"), lambda _, trip: changed.get(trip.entry_id, "")),
    ]
    headers = [header for header, _ in columns]
    dated = [
        (trip.on, 0, [cell(index, trip) for _, cell in columns])
        for index, trip in enumerate(log.trips)
        if not trip.is_adjustment
    ]
    dated += [(on, 1, _wide(headers, said)) for on, said in _readings(log, exact, headers)]
    rows = [row for _, _, row in sorted(dated, key=lambda each: each[:2])]
    return Table(gettext("Log"), headers, rows, [_de_total(log, exact, headers)])


def _driven(_: int, trip: LoggedTrip) -> Cell:
    return trip.driven_metres


def _is_read(log: OfficialLog, trip: LoggedTrip) -> str:
    mark = log.marks.get(trip.entry_id)
    if mark is None:
        return ""
    return gettext("read") if mark.is_start_read and mark.is_end_read else gettext("reckoned")


def _readings(
    log: OfficialLog, exact: Exactness, headers: Sequence[str]
) -> Iterator[tuple[date, dict[str, Cell]]]:
    """A row for each reading and for each gap that one shows."""
    for reading in log.readings:
        yield (
            reading.on,
            {
                headers[0]: reading.on,
                headers[2]: exact.distance(reading.odometer_metres),
                headers[3]: gettext("read"),
                headers[7]: gettext("Odometer read in the evening"),
            },
        )
    for gap in log.gaps:
        said = gettext(
            "GAP: %(distance)s since %(day)s that no trip explains",
            distance=exact.written(gap.metres),
            day=cells.long_day(gap.since_on),
        )
        yield gap.on, {headers[0]: gap.on, headers[7]: said}


def _wide(headers: Sequence[str], said: dict[str, Cell]) -> list[Cell]:
    return [said.get(header) for header in headers]


def _de_total(log: OfficialLog, exact: Exactness, headers: Sequence[str]) -> list[Cell]:
    sums: dict[str, Cell] = {
        headers[0]: gettext("Total"),
        headers[9]: exact.distance(sum(trip.metres for trip in log.trips)),
        headers[10]: exact.distance(sum(trip.commute_metres for trip in log.trips)),
        headers[11]: exact.distance(sum(trip.private_metres for trip in log.trips)),
        gettext("Metres"): sum(trip.driven_metres for trip in log.trips),
    }
    return _wide(headers, sums)


FORMS: dict[LogForm, Callable[[OfficialLog, Exactness], Table]] = {
    LogForm.US: _us,
    LogForm.UK: _uk,
    LogForm.DE: _de,
}
