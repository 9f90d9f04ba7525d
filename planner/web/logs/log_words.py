"""The words of official logs: forms, periods, what is missing, what was changed, how far a month has come."""

from __future__ import annotations

from enum import StrEnum

from flask_babel import LazyString, lazy_gettext

from planner.domain.log_forms import LogForm, PeriodKind
from planner.domain.log_missing import MissingKind
from planner.domain.logged_trips import ChangeKind, MonthState

LOG_WORDS: dict[type[StrEnum], dict[StrEnum, LazyString]] = {
    LogForm: {
        LogForm.US: lazy_gettext("Mileage log, USA"),
        LogForm.UK: lazy_gettext("Business mileage record, United Kingdom"),
        LogForm.DE: lazy_gettext("Driver's logbook (Fahrtenbuch), Germany"),
    },
    PeriodKind: {
        PeriodKind.MONTH: lazy_gettext("Month"),
        PeriodKind.QUARTER: lazy_gettext("Quarter"),
        PeriodKind.TAX_YEAR: lazy_gettext("Tax year"),
        PeriodKind.CALENDAR_YEAR: lazy_gettext("Calendar year"),
        PeriodKind.DATES: lazy_gettext("From and to"),
    },
    MissingKind: {
        MissingKind.NOT_CLOSED: lazy_gettext(
            "Visits were held, and the day is not closed: its trips are missing"
        ),
        MissingKind.LATE: lazy_gettext("Recorded more than 7 days later"),
        MissingKind.ADDRESS: lazy_gettext("No address"),
        MissingKind.POSTCODE: lazy_gettext("No postcode"),
        MissingKind.PARTNER: lazy_gettext("No business partner (Geschäftspartner) named"),
        MissingKind.REASON: lazy_gettext("Over 10 % and 2 miles more than the road, and no reason"),
        MissingKind.ROAD: lazy_gettext("No distance by road to compare with"),
        MissingKind.RATE: lazy_gettext("No mileage rate held on the day"),
        MissingKind.VEHICLE: lazy_gettext("No vehicle named"),
        MissingKind.ODOMETER: lazy_gettext("Odometer not read that evening"),
        MissingKind.ODOMETER_START: lazy_gettext("No odometer reading at the start of the period"),
        MissingKind.ODOMETER_END: lazy_gettext("No odometer reading at the end of the period"),
        MissingKind.GAP: lazy_gettext("Gap in the odometer"),
    },
    ChangeKind: {
        ChangeKind.DISTANCE: lazy_gettext("distance"),
        ChangeKind.PURPOSE: lazy_gettext("purpose"),
        ChangeKind.AMOUNT: lazy_gettext("amount"),
        ChangeKind.REVERSED: lazy_gettext("reversed"),
        ChangeKind.ODOMETER: lazy_gettext("odometer"),
    },
    MonthState: {
        MonthState.APPROVED: lazy_gettext("approved"),
        MonthState.PARTLY: lazy_gettext("approved in part"),
        MonthState.OPEN: lazy_gettext("not approved yet"),
        MonthState.EMPTY: lazy_gettext("no trips"),
    },
}
