"""The words on screen for values with a fixed set of meanings: states, kinds, outcomes, reasons.

One table per enum. Templates use the ``word`` filter; a value without its word fails a test.
"""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache

from flask import Flask
from flask_babel import LazyString, lazy_gettext

from planner.domain.access import MembershipKind, Role
from planner.domain.balance import Balance
from planner.domain.cadence import DueState
from planner.domain.claims import ClaimAction, ClaimState
from planner.domain.commuting import Commute
from planner.domain.day_goals import DayGoal
from planner.domain.expense_policy import Basis
from planner.domain.expenses import ExpenseCategory
from planner.domain.import_columns import Column
from planner.domain.mileage_rates import VehicleKind
from planner.domain.odometer import Occasion
from planner.domain.per_diem import PerDiemKind
from planner.domain.quick_dates import Quick
from planner.domain.review import Flag
from planner.domain.visits import NotHeldReason, Outcome, VisitKind, VisitState
from planner.domain.working_week import AbsenceKind
from planner.services.accounts.data_check import Trouble
from planner.services.accounts.pins_on_roads import RoadTrouble
from planner.services.importing.import_pins import PinState
from planner.services.installation.settings import NavigationApp, TravelEngine
from planner.web.formats import reader_locale
from planner.web.logs.log_words import LOG_WORDS
from routing.geocode import FoundKind

ROAD_TROUBLES = {
    RoadTrouble.SWAPPED: lazy_gettext("Latitude and longitude exchanged"),
    RoadTrouble.OFF_ROAD: lazy_gettext("Too far from any road to be planned"),
    RoadTrouble.ISLAND: lazy_gettext("On roads that no road or ferry joins to the rest"),
    RoadTrouble.NO_WAY_OUT: lazy_gettext("On a street that one can enter and never leave"),
    RoadTrouble.NO_WAY_IN: lazy_gettext("On a street that one can leave and never enter"),
    RoadTrouble.FAR: lazy_gettext("Far from the road: is the pin right?"),
}

WORDS: dict[type[StrEnum], dict[StrEnum, LazyString]] = {
    **LOG_WORDS,
    Quick: {
        Quick.TODAY: lazy_gettext("Today"),
        Quick.TOMORROW: lazy_gettext("Tomorrow"),
        Quick.WEEK: lazy_gettext("In a week"),
        Quick.TWO_WEEKS: lazy_gettext("In two weeks"),
        Quick.MONTH: lazy_gettext("In a month"),
    },
    Role: {
        Role.REP: lazy_gettext("rep"),
        Role.MANAGER: lazy_gettext("manager"),
        Role.ADMIN: lazy_gettext("admin"),
    },
    MembershipKind: {
        MembershipKind.MEMBER: lazy_gettext("works here"),
        MembershipKind.MANAGER: lazy_gettext("answers for it"),
    },
    AbsenceKind: {
        AbsenceKind.LEAVE: lazy_gettext("Leave"),
        AbsenceKind.ILLNESS: lazy_gettext("Illness"),
        AbsenceKind.TRAINING: lazy_gettext("Training"),
        AbsenceKind.OTHER: lazy_gettext("Other"),
    },
    Balance: {
        Balance.NONE: lazy_gettext("with the least driving, however uneven"),
        Balance.MODERATE: lazy_gettext("moderately even"),
        Balance.STRONG: lazy_gettext("as even as can be"),
    },
    DayGoal: {
        DayGoal.LEAST_DRIVING: lazy_gettext("Least driving"),
        DayGoal.EARLIEST_HOME: lazy_gettext("Home earliest"),
        DayGoal.MOST_VALUE: lazy_gettext("Most valuable visits first"),
    },
    NavigationApp: {
        NavigationApp.GEO: lazy_gettext("what the phone offers"),
        NavigationApp.GOOGLE: lazy_gettext("Google Maps"),
        NavigationApp.APPLE: lazy_gettext("Apple Maps"),
        NavigationApp.WAZE: lazy_gettext("Waze"),
    },
    TravelEngine: {
        TravelEngine.OWN: lazy_gettext("our own engine"),
        TravelEngine.OSRM: lazy_gettext("an OSRM server"),
    },
    DueState: {
        DueState.NOT_DUE: lazy_gettext("not due"),
        DueState.DUE: lazy_gettext("due"),
        DueState.OVERDUE: lazy_gettext("overdue"),
    },
    VisitState: {
        VisitState.PLANNED: lazy_gettext("planned"),
        VisitState.ARRIVED: lazy_gettext("arrived"),
        VisitState.LEFT: lazy_gettext("left"),
        VisitState.DONE: lazy_gettext("done"),
        VisitState.MISSED: lazy_gettext("missed"),
        VisitState.SKIPPED: lazy_gettext("skipped"),
        VisitState.CANCELLED: lazy_gettext("cancelled"),
    },
    VisitKind: {
        VisitKind.APPOINTMENT: lazy_gettext("appointment"),
        VisitKind.MUST_VISIT: lazy_gettext("must-visit"),
        VisitKind.CADENCE: lazy_gettext("by cadence"),
        VisitKind.PROSPECT: lazy_gettext("prospect"),
    },
    Outcome: {
        Outcome.ORDER: lazy_gettext("Order"),
        Outcome.AGREED: lazy_gettext("Agreed"),
        Outcome.INFORMATION: lazy_gettext("Information"),
        Outcome.SERVICE: lazy_gettext("Service"),
        Outcome.NO_DECISION: lazy_gettext("No decision"),
        Outcome.NOT_INTERESTED: lazy_gettext("Not interested"),
    },
    NotHeldReason: {
        NotHeldReason.CLOSED: lazy_gettext("Closed"),
        NotHeldReason.CONTACT_AWAY: lazy_gettext("Contact away"),
        NotHeldReason.NO_TIME: lazy_gettext("No time"),
        NotHeldReason.NOT_NEEDED: lazy_gettext("Not needed"),
        NotHeldReason.ROAD_BLOCKED: lazy_gettext("Road blocked"),
        NotHeldReason.OTHER: lazy_gettext("Other"),
    },
    ClaimState: {
        ClaimState.DRAFT: lazy_gettext("draft"),
        ClaimState.SUBMITTED: lazy_gettext("submitted"),
        ClaimState.APPROVED: lazy_gettext("approved"),
        ClaimState.EXPORTED: lazy_gettext("exported"),
        ClaimState.PAID: lazy_gettext("paid"),
        ClaimState.RETURNED: lazy_gettext("returned"),
    },
    ClaimAction: {
        ClaimAction.SUBMIT: lazy_gettext("submitted"),
        ClaimAction.WITHDRAW: lazy_gettext("withdrawn"),
        ClaimAction.ENDORSE: lazy_gettext("approved, a second approval is asked for"),
        ClaimAction.APPROVE: lazy_gettext("approved"),
        ClaimAction.RETURN: lazy_gettext("returned"),
        ClaimAction.UNAPPROVE: lazy_gettext("approval taken back"),
        ClaimAction.EXPORT: lazy_gettext("exported"),
        ClaimAction.PAY: lazy_gettext("paid"),
    },
    VehicleKind: {
        VehicleKind.CAR: lazy_gettext("Car or van"),
        VehicleKind.MOTORCYCLE: lazy_gettext("Motorcycle"),
        VehicleKind.MOPED: lazy_gettext("Moped"),
        VehicleKind.BICYCLE: lazy_gettext("Bicycle"),
    },
    Commute: {
        Commute.COUNTED: lazy_gettext("counted like any other"),
        Commute.NOT_COUNTED: lazy_gettext("not counted: the way to work"),
        Commute.BEYOND: lazy_gettext("counted beyond a distance"),
    },
    Occasion: {
        Occasion.DAY: lazy_gettext("End of a day"),
        Occasion.MONTH: lazy_gettext("End of a month"),
        Occasion.YEAR: lazy_gettext("End of a year"),
        Occasion.CAR_LEFT: lazy_gettext("Vehicle given up"),
        Occasion.CAR_TAKEN: lazy_gettext("Vehicle taken over"),
    },
    ExpenseCategory: {
        ExpenseCategory.PARKING: lazy_gettext("Parking"),
        ExpenseCategory.TOLL: lazy_gettext("Toll"),
        ExpenseCategory.MEAL: lazy_gettext("Meal"),
        ExpenseCategory.LODGING: lazy_gettext("Lodging"),
        ExpenseCategory.TRANSPORT: lazy_gettext("Transport"),
        ExpenseCategory.SAMPLES: lazy_gettext("Samples"),
        ExpenseCategory.PER_DIEM: lazy_gettext("Per diem"),
        ExpenseCategory.OTHER: lazy_gettext("Other"),
    },
    Basis: {
        Basis.ITEM: lazy_gettext("each"),
        Basis.DAY: lazy_gettext("a day"),
        Basis.NIGHT: lazy_gettext("a night"),
    },
    PerDiemKind: {
        PerDiemKind.HOURS: lazy_gettext("Day away, by its hours"),
        PerDiemKind.TRAVEL_DAY: lazy_gettext("Day of leaving or coming back"),
        PerDiemKind.FULL_DAY: lazy_gettext("Whole day between two nights away"),
        PerDiemKind.NIGHT: lazy_gettext("Night away without lodging"),
    },
    Flag: {
        Flag.LONGER: lazy_gettext("longer than the road"),
        Flag.DAY_LONGER: lazy_gettext("longer than the road over the day"),
        Flag.CLAIM_LONGER: lazy_gettext("longer than the road over the whole claim"),
        Flag.SHORTER: lazy_gettext("shorter than the road"),
        Flag.OFF_PLAN: lazy_gettext("more than planned"),
        Flag.LATE: lazy_gettext("entered late"),
        Flag.NO_RECEIPT: lazy_gettext("no receipt"),
        Flag.OVER_CAP: lazy_gettext("over the cap"),
        Flag.SAME_RECEIPT: lazy_gettext("receipt used twice"),
        Flag.ALIKE_RECEIPT: lazy_gettext("receipt looks like another"),
        Flag.TWICE: lazy_gettext("perhaps entered twice"),
        Flag.DAY_OFF: lazy_gettext("on a day off"),
        Flag.NO_RATE: lazy_gettext("no rate"),
        Flag.MANUAL: lazy_gettext("entered by hand"),
        Flag.COMMUTE: lazy_gettext("perhaps the way to work"),
        Flag.NOT_CLOSED: lazy_gettext("day not closed"),
        Flag.ODOMETER: lazy_gettext("more than the odometer"),
        Flag.TOO_FAST: lazy_gettext("visits closer than the road allows"),
        Flag.OTHER_PERIOD: lazy_gettext("of an earlier month"),
        Flag.TAKES_BACK: lazy_gettext("takes an earlier line back"),
    },
    FoundKind: {
        FoundKind.ADDRESS: lazy_gettext("address"),
        FoundKind.STREET: lazy_gettext("street"),
        FoundKind.PLACE: lazy_gettext("place"),
    },
    PinState: {
        PinState.WAITING: lazy_gettext("not looked up yet"),
        PinState.NOTHING: lazy_gettext("not found"),
        PinState.SEVERAL: lazy_gettext("several fit"),
        PinState.UNSURE: lazy_gettext("not sure"),
        PinState.PLACE: lazy_gettext("place"),
        PinState.STREET: lazy_gettext("street"),
        PinState.ADDRESS: lazy_gettext("address"),
    },
    RoadTrouble: ROAD_TROUBLES,
    Trouble: {
        Trouble.NO_PIN: lazy_gettext("No pin on the map"),
        **{Trouble(trouble): text for trouble, text in ROAD_TROUBLES.items()},
        Trouble.STREET_ONLY: lazy_gettext("The pin is only exact to the street"),
        Trouble.NO_OWNER: lazy_gettext("Nobody owns it"),
        Trouble.NO_RULE: lazy_gettext("No rule for its class, and no cadence of its own"),
        Trouble.BAD_CADENCE: lazy_gettext("Cadence and gaps contradict each other"),
        Trouble.BAD_CYCLE: lazy_gettext("Fixed cycle that cannot be read"),
        Trouble.NO_HOURS: lazy_gettext("No opening hours"),
        Trouble.DUPLICATE: lazy_gettext("Perhaps twice: same name, same corner"),
    },
    Column: {
        Column.EXTERNAL_ID: lazy_gettext("External id"),
        Column.NAME: lazy_gettext("Name"),
        Column.KIND: lazy_gettext("Kind"),
        Column.ACCOUNT_CLASS: lazy_gettext("Class"),
        Column.INDUSTRY: lazy_gettext("Industry"),
        Column.TAGS: lazy_gettext("Tags"),
        Column.ADDRESS: lazy_gettext("Address"),
        Column.CITY: lazy_gettext("City"),
        Column.POSTCODE: lazy_gettext("Postcode"),
        Column.LAT: lazy_gettext("Latitude"),
        Column.LON: lazy_gettext("Longitude"),
        Column.PHONE: lazy_gettext("Phone"),
        Column.VALUE: lazy_gettext("Value a year"),
        Column.POTENTIAL: lazy_gettext("Potential a year"),
        Column.CADENCE: lazy_gettext("Cadence"),
        Column.VISIT_MINUTES: lazy_gettext("Visit length, minutes"),
        Column.HOURS: lazy_gettext("Opening hours"),
        Column.PARKING_HINT: lazy_gettext("Parking hint"),
        Column.TERRITORY: lazy_gettext("Territory"),
        Column.OWNER: lazy_gettext("Owner's e-mail"),
        Column.CONTACT_NAME: lazy_gettext("Contact"),
        Column.CONTACT_PHONE: lazy_gettext("Contact's phone"),
        Column.CONTACT_EMAIL: lazy_gettext("Contact's e-mail"),
    },
}


def word(value: StrEnum | None) -> str:
    """The translated word of an enum's member; empty for None. Raises KeyError when it has none."""
    return "" if value is None else _said(value, reader_locale())


# Typed: members of two enums may be the same text, and mean something else.
@lru_cache(maxsize=4096, typed=True)
def _said(value: StrEnum, _locale: str) -> str:
    """Few words, on thousands of lines; the locale is the one they are in."""
    return str(WORDS[type(value)][value])


def register(app: Flask) -> None:
    app.add_template_filter(word)
