"""The forms of a trip by hand, of an odometer reading and of a change of vehicle. Distances are in the
person's unit, with either decimal sign."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Any

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, SelectChoice, SelectField, StringField
from wtforms.validators import DataRequired, Length

from planner.domain.errors import Invalid
from planner.domain.mileage import METRES_PER
from planner.domain.mileage_rates import VehicleKind
from planner.domain.odometer import Occasion
from planner.services.ledger.manual_ends import HOME, ManualEnd
from planner.services.ledger.manual_trips import ManualTrip
from planner.services.ledger.odometers import BY_HAND
from planner.services.ledger.vehicles import NewVehicle
from planner.web.forms.ledger import EntryForm
from planner.web.forms.login import stripped
from planner.web.words import WORDS

DAY_ON = lazy_gettext("Choose a day.")
FARTHEST = Decimal(3_000_000)


class ManualTripForm(EntryForm):
    """``start`` and ``goal`` choose home or an account; without a choice their words count."""

    on = DateField(lazy_gettext("Day"), validators=[DataRequired(DAY_ON)])
    start = SelectField(lazy_gettext("From"), default=HOME)
    start_label = StringField(
        lazy_gettext("From, in words"), filters=[stripped], validators=[Length(max=240)]
    )
    goal = SelectField(lazy_gettext("To"), default="")
    goal_label = StringField(lazy_gettext("To, in words"), filters=[stripped], validators=[Length(max=240)])
    purpose = StringField(
        lazy_gettext("Purpose"),
        filters=[stripped],
        validators=[DataRequired(lazy_gettext("What for?")), Length(max=240)],
    )
    distance = StringField(
        lazy_gettext("Distance"), render_kw={"inputmode": "decimal", "autocomplete": "off"}
    )
    kind = SelectField(lazy_gettext("Vehicle"), default="")
    is_private = BooleanField(lazy_gettext("Private: only for the odometer, not claimed"))

    def offer(self, accounts: Iterable[tuple[int, str]]) -> None:
        """The places and vehicles to choose from."""
        places = [
            SelectChoice("", lazy_gettext("Elsewhere (in words)")),
            SelectChoice(HOME, lazy_gettext("Home")),
            *(SelectChoice(str(account_id), name) for account_id, name in accounts),
        ]
        self.start.choices = self.goal.choices = places
        kinds = (SelectChoice(kind.value, WORDS[VehicleKind][kind]) for kind in VehicleKind)
        self.kind.choices = [SelectChoice("", lazy_gettext("as usual on that day")), *kinds]

    def trip(self, unit: str) -> ManualTrip:
        """What to enter. Raises Invalid("distance")."""
        typed = (self.distance.data or "").strip()
        return ManualTrip(
            uid=self.uid.data or "",
            on=self.on.data,
            start=ManualEnd(self.start.data or "", self.start_label.data or ""),
            goal=ManualEnd(self.goal.data or "", self.goal_label.data or ""),
            purpose=self.purpose.data or "",
            metres=metres_typed("distance", typed, unit) if typed else None,
            is_private=self.is_private.data,
            kind=VehicleKind(self.kind.data) if self.kind.data else None,
        )


class OdometerForm(FlaskForm):  # type: ignore[misc]
    on = DateField(lazy_gettext("In the evening of"), validators=[DataRequired(DAY_ON)])
    occasion = SelectField(
        lazy_gettext("Why"),
        choices=[SelectChoice(each.value, WORDS[Occasion][each]) for each in BY_HAND],
        default=Occasion.MONTH.value,
    )
    odometer = StringField(
        lazy_gettext("Odometer"),
        validators=[DataRequired(lazy_gettext("What does it show?"))],
        render_kw={"inputmode": "decimal", "autocomplete": "off"},
    )

    reason = StringField(lazy_gettext("Why now?"), filters=[stripped], validators=[Length(max=400)])

    def metres(self, unit: str) -> int:
        """Raises Invalid("odometer")."""
        return metres_typed("odometer", self.odometer.data or "", unit)


class VehicleForm(FlaskForm):  # type: ignore[misc]
    """Stands on one page with the odometer's form, so its fields have names of their own."""

    def __init__(self, **given: Any) -> None:
        super().__init__(prefix="vehicle-", **given)

    from_on = DateField(lazy_gettext("Driven from"), validators=[DataRequired(DAY_ON)])
    kind = SelectField(
        lazy_gettext("Kind"),
        choices=[SelectChoice(kind.value, WORDS[VehicleKind][kind]) for kind in VehicleKind],
        default=VehicleKind.CAR.value,
    )
    label = StringField(
        lazy_gettext("Vehicle"),
        filters=[stripped],
        validators=[
            DataRequired(lazy_gettext("Say which vehicle it is, such as its plate.")),
            Length(max=80),
        ],
    )
    former = StringField(lazy_gettext("Last odometer of the one before"), render_kw={"inputmode": "decimal"})
    first = StringField(lazy_gettext("First odometer of this one"), render_kw={"inputmode": "decimal"})

    def vehicle(self, unit: str) -> NewVehicle:
        """What to note. Raises Invalid("former") and Invalid("first")."""
        former, first = (self.former.data or "").strip(), (self.first.data or "").strip()
        return NewVehicle(
            from_on=self.from_on.data,
            kind=VehicleKind(self.kind.data),
            label=self.label.data or "",
            former_metres=metres_typed("former", former, unit) if former else None,
            first_metres=metres_typed("first", first, unit) if first else None,
        )


def metres_typed(field: str, text: str, unit: str) -> int:
    """Whole metres of a typed distance or odometer. Raises Invalid(field, "not_a_distance")."""
    try:
        number = Decimal(text.strip().replace(",", "."))
    except InvalidOperation:
        raise Invalid(field, "not_a_distance", text=text.strip()[:20]) from None
    if not number.is_finite() or not 0 <= number <= FARTHEST:
        raise Invalid(field, "not_a_distance", text=text.strip()[:20])
    return round(number * METRES_PER[unit])
