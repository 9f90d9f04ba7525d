"""The forms of expense policy, exchange rates and per diems."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import DateField, IntegerField, SelectChoice, SelectField, SelectMultipleField, StringField
from wtforms.validators import DataRequired, InputRequired
from wtforms.widgets import CheckboxInput, ListWidget

from planner.domain.errors import Invalid
from planner.domain.expense_policy import Basis
from planner.domain.expenses import ExpenseCategory
from planner.domain.money import parse_amount
from planner.domain.per_diem import PerDiemKind
from planner.services.ledger.currencies import exponent, is_currency
from planner.services.ledger.exchange_rates import NewExchange
from planner.services.ledger.expense_policy import NewRule
from planner.services.ledger.per_diem_rates import NewPerDiem
from planner.web.forms.numbers import NumberField
from planner.web.words import WORDS

WHICH_CURRENCY = DataRequired(lazy_gettext("Which currency?"))
WHICH_DAY = DataRequired(lazy_gettext("From which day?"))
WHICH_SOURCE = DataRequired(lazy_gettext("Who set it, and where?"))
HOW_MUCH = DataRequired(lazy_gettext("How much?"))


class PolicyForm(FlaskForm):
    category = SelectMultipleField(
        lazy_gettext("What for"),
        choices=[SelectChoice(each.value, WORDS[ExpenseCategory][each]) for each in ExpenseCategory],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    currency = StringField(lazy_gettext("Currency"), validators=[WHICH_CURRENCY])
    effective_from_on = DateField(lazy_gettext("From"), validators=[WHICH_DAY])
    cap = StringField(lazy_gettext("Cap"))
    basis = SelectField(
        lazy_gettext("The cap is for"),
        choices=[SelectChoice(each.value, WORDS[Basis][each]) for each in Basis],
    )
    receipt_from = StringField(lazy_gettext("Receipt needed from"))
    source = StringField(lazy_gettext("Decided by, and where it is written"))

    def rule(self) -> NewRule:
        """Raises Invalid for an amount or the currency."""
        currency = read_currency("currency", self.currency.data)
        return NewRule(
            categories=tuple(ExpenseCategory(each) for each in self.category.data or ()),
            currency=currency,
            effective_from_on=self.effective_from_on.data,
            cap_minor=read_amount("cap", self.cap.data, currency),
            basis=Basis(self.basis.data),
            receipt_from_minor=read_amount("receipt_from", self.receipt_from.data, currency),
            source=self.source.data or "",
        )


class ExchangeForm(FlaskForm):
    from_currency = StringField(lazy_gettext("One unit of"), validators=[WHICH_CURRENCY])
    to_currency = StringField(lazy_gettext("is worth, in"), validators=[WHICH_CURRENCY])
    rate = NumberField(lazy_gettext("Rate"), of=Decimal, validators=[InputRequired(HOW_MUCH.message)])
    effective_from_on = DateField(lazy_gettext("From"), validators=[WHICH_DAY])
    source = StringField(lazy_gettext("Source"), validators=[WHICH_SOURCE])

    def exchange(self) -> NewExchange:
        return NewExchange(
            from_currency=(self.from_currency.data or "").strip().upper(),
            to_currency=(self.to_currency.data or "").strip().upper(),
            effective_from_on=self.effective_from_on.data,
            rate=self.rate.data,
            source=(self.source.data or "").strip(),
        )


class PerDiemForm(FlaskForm):
    country = StringField(lazy_gettext("Country"), validators=[DataRequired(lazy_gettext("Which country?"))])
    kind = SelectField(
        lazy_gettext("Kind of day"),
        choices=[SelectChoice(each.value, WORDS[PerDiemKind][each]) for each in PerDiemKind],
    )
    from_minutes = IntegerField(
        lazy_gettext("From how many minutes away"),
        default=0,
        validators=[InputRequired(lazy_gettext("A number is needed."))],
    )
    amount = StringField(lazy_gettext("Amount"), validators=[HOW_MUCH])
    currency = StringField(lazy_gettext("Currency"), validators=[WHICH_CURRENCY])
    effective_from_on = DateField(lazy_gettext("From"), validators=[WHICH_DAY])
    source = StringField(lazy_gettext("Source"), validators=[WHICH_SOURCE])

    def per_diem(self) -> NewPerDiem:
        """Raises Invalid for the amount or the currency."""
        currency = read_currency("currency", self.currency.data)
        return NewPerDiem(
            country=(self.country.data or "").strip().upper(),
            kind=PerDiemKind(self.kind.data),
            from_minutes=self.from_minutes.data,
            effective_from_on=self.effective_from_on.data,
            amount_minor=read_amount("amount", self.amount.data, currency) or 0,
            currency=currency,
            source=(self.source.data or "").strip(),
        )


def read_currency(field: str, text: str | None) -> str:
    """Raises Invalid(field, "currency_unknown")."""
    currency = (text or "").strip().upper()
    if not is_currency(currency):
        raise Invalid(field, "currency_unknown", currency=currency)
    return currency


def read_amount(field: str, text: str | None, currency: str) -> int | None:
    """Minor units; nothing may be written as 0; None: nothing is written. Raises Invalid(field)."""
    typed = (text or "").strip()
    if not typed:
        return None
    if not typed.strip("0.,"):
        return 0
    try:
        return parse_amount(typed, exponent(currency))
    except Invalid as error:
        values: dict[str, Any] = error.values
        raise Invalid(field, error.code, **values) from None
