"""The tables beside a log: corrections, what is missing, sums by rate, approved months, vehicles."""

from __future__ import annotations

from flask_babel import gettext

from planner.domain.log_missing import Missing
from planner.domain.odometer import Reading
from planner.services.ledger.exports import Table
from planner.services.ledger.official_logs import OfficialLog
from planner.web.formats import instant
from planner.web.ledger.blueprint import why_changed
from planner.web.logs import cells
from planner.web.logs.cells import Exactness
from planner.web.words import word


def changes(log: OfficialLog, exact: Exactness) -> Table:
    headers = (
        *(gettext("Date"), gettext("From"), gettext("To"), gettext("What")),
        *(gettext("Old"), gettext("New"), gettext("Reason"), gettext("Who"), gettext("When")),
    )
    rows = []
    for change in log.changes:
        ends = [gettext("Home") if end == "home" else end for end in (change.start, change.goal)]
        old, new = cells.both(change, exact)
        when = instant(change.at, "d MMM y HH:mm")
        said = [word(change.kind), old, new, why_changed(change.reason), cells.who(change), when]
        rows.append([change.on, *ends, *said])
    return Table(gettext("Changes"), headers, rows)


def missing(log: OfficialLog, exact: Exactness) -> Table:
    headers = (gettext("Date"), gettext("Where"), gettext("What is missing"))
    rows = [[each.on, where(each), missed(each, exact)] for each in log.missing]
    return Table(gettext("Missing"), headers, rows)


def where(each: Missing) -> str:
    return gettext("Home") if each.name == "home" else each.name


def missed(each: Missing, exact: Exactness) -> str:
    said = str(word(each.kind))
    return said if each.metres is None else f"{said}: {exact.written(each.metres)}"


def rates(log: OfficialLog, exact: Exactness) -> Table:
    headers = (
        *(gettext("Rate from"), gettext("Rate"), gettext("Per"), exact.header(gettext("Distance"))),
        *([gettext("Metres")] if exact.has_metres else []),
        *(gettext("Amount"), gettext("Currency"), gettext("Source")),
    )
    rows = []
    for total in log.rates:
        rate = total.rate
        what = gettext("Adjustments to a later rate") if total.is_adjustment else gettext("No rate")
        rows.append(
            [
                *((rate.from_on, cells.plain(rate.per_unit), rate.unit) if rate else (None, None, None)),
                exact.distance(total.metres),
                *([total.metres] if exact.has_metres else []),
                cells.money(total.amount_minor, total.currency),
                *(total.currency, rate.source if rate else what),
            ]
        )
    totals = []
    for currency in dict.fromkeys(total.currency for total in log.rates):
        of_it = [total for total in log.rates if total.currency == currency]
        metres = sum(total.metres for total in of_it)
        totals.append(
            [
                *(gettext("Total"), None, None, exact.distance(metres)),
                *([metres] if exact.has_metres else []),
                *(cells.money(sum(total.amount_minor for total in of_it), currency), currency, None),
            ]
        )
    return Table(gettext("Sums by rate"), headers, rows, totals)


def months(log: OfficialLog, _: Exactness) -> Table:
    rows = [[f"{first:%Y-%m}", str(word(state))] for first, state in log.months]
    return Table(gettext("Months"), (gettext("Month"), gettext("State")), rows)


def vehicles(log: OfficialLog, exact: Exactness) -> Table:
    headers = (
        *(gettext("Vehicle"), exact.header(gettext("Business")), exact.header(gettext("Commuting"))),
        *(exact.header(gettext("Private")), exact.header(gettext("Odometer at start")), gettext("Read on")),
        *(exact.header(gettext("Odometer at the end")), gettext("Last read on")),
        exact.header(gettext("By odometer")),
    )
    rows = []
    for each in log.vehicles:
        noted = (each.work_metres, each.commute_metres, each.private_metres)
        rows.append(
            [
                *(each.label, *(exact.distance(metres) for metres in noted)),
                *_reading(each.first, exact),
                *_reading(each.last, exact),
                exact.distance(each.odometer_metres),
            ]
        )
    return Table(gettext("Vehicles"), headers, rows)


def _reading(reading: Reading | None, exact: Exactness) -> tuple[object, object]:
    return (exact.distance(reading.odometer_metres), reading.on) if reading else (None, None)
