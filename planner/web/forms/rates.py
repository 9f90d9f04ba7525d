"""The forms of mileage rates and of the receipt limit."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import DateField, DecimalField, SelectChoice, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Optional

from planner.domain.errors import Invalid
from planner.domain.money import parse_amount
from planner.services.ledger.rates import NewRate, exponent, is_currency


class RateForm(FlaskForm):
    country = StringField(lazy_gettext("Country"), validators=[DataRequired(lazy_gettext("Which country?"))])
    currency = StringField(
        lazy_gettext("Currency"), validators=[DataRequired(lazy_gettext("Which currency?"))]
    )
    per_unit = DecimalField(
        lazy_gettext("Amount"), places=None, validators=[InputRequired(lazy_gettext("How much?"))]
    )
    unit = SelectField(
        lazy_gettext("Per"),
        choices=[SelectChoice("km", lazy_gettext("kilometre")), SelectChoice("mi", lazy_gettext("mile"))],
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
        )


class ReceiptLimitForm(FlaskForm):
    """Stands on one page with the form of a rate, so its fields have names of their own."""

    def __init__(self, **given: Any) -> None:
        super().__init__(prefix="limit-", **given)

    currency = StringField(
        lazy_gettext("Currency"), validators=[DataRequired(lazy_gettext("Which currency?"))]
    )
    above = StringField(
        lazy_gettext("Receipt needed above"), validators=[DataRequired(lazy_gettext("How much?"))]
    )

    def wanted(self) -> tuple[str, int]:
        """Currency and minor units. Raises Invalid("currency") and Invalid("above")."""
        currency = (self.currency.data or "").strip().upper()
        if not is_currency(currency):
            raise Invalid("currency", "currency_unknown", currency=currency)
        try:
            return currency, parse_amount(self.above.data or "", exponent(currency))
        except Invalid as error:
            raise Invalid("above", error.code, **error.values) from None
