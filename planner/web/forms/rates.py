"""The form of mileage rates."""

from __future__ import annotations

from decimal import Decimal

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import DateField, IntegerField, SelectChoice, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Optional

from planner.domain.mileage_rates import VehicleKind
from planner.services.ledger.rates import NewRate
from planner.web.forms.numbers import NumberField
from planner.web.words import WORDS


class RateForm(FlaskForm):
    country = StringField(lazy_gettext("Country"), validators=[DataRequired(lazy_gettext("Which country?"))])
    currency = StringField(
        lazy_gettext("Currency"), validators=[DataRequired(lazy_gettext("Which currency?"))]
    )
    per_unit = NumberField(
        lazy_gettext("Amount"), of=Decimal, validators=[InputRequired(lazy_gettext("How much?"))]
    )
    unit = SelectField(
        lazy_gettext("Per"),
        choices=[SelectChoice("km", lazy_gettext("kilometre")), SelectChoice("mi", lazy_gettext("mile"))],
    )
    vehicle_kind = SelectField(
        lazy_gettext("Vehicle"),
        choices=[SelectChoice(kind.value, WORDS[VehicleKind][kind]) for kind in VehicleKind],
        default=VehicleKind.CAR.value,
    )
    band_from_units = IntegerField(
        lazy_gettext("From how many a year"),
        default=0,
        validators=[InputRequired(lazy_gettext("A number is needed."))],
    )
    effective_from_on = DateField(
        lazy_gettext("From"), validators=[DataRequired(lazy_gettext("From which day?"))]
    )
    until_on = DateField(lazy_gettext("Up to, not including"), validators=[Optional()])
    announced_on = DateField(lazy_gettext("Announced on"), validators=[Optional()])
    source = StringField(
        lazy_gettext("Source"), validators=[DataRequired(lazy_gettext("Who set it, and where?"))]
    )

    def rate(self) -> NewRate:
        return NewRate(
            country=(self.country.data or "").strip().upper(),
            currency=(self.currency.data or "").strip().upper(),
            per_unit=self.per_unit.data,
            unit=self.unit.data,
            effective_from_on=self.effective_from_on.data,
            until_on=self.until_on.data,
            announced_on=self.announced_on.data,
            source=(self.source.data or "").strip(),
            vehicle_kind=VehicleKind(self.vehicle_kind.data),
            band_from_units=self.band_from_units.data,
        )
