"""The forms of closing a month, and of the limit for one approval."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import MonthField, SelectChoice, SelectField, StringField
from wtforms.validators import DataRequired, Length

from planner.domain.errors import Invalid
from planner.domain.money import parse_amount
from planner.services.ledger.period_locks import LockPage
from planner.services.ledger.rates import exponent, is_currency
from planner.web.forms.login import stripped

WHY = lazy_gettext("Say why.")


class LockForm(FlaskForm):  # type: ignore[misc]
    territory = SelectField(lazy_gettext("Team"), coerce=int)
    month = MonthField(lazy_gettext("Month"), validators=[DataRequired(lazy_gettext("Which month?"))])
    reason = StringField(
        lazy_gettext("Why"), filters=[stripped], validators=[DataRequired(WHY), Length(max=400)]
    )

    def offer(self, page: LockPage) -> None:
        self.territory.choices = [SelectChoice(team.territory_id, team.name) for team in page.mine]
        if not self.is_submitted():
            self.month.data = page.last_month

    @property
    def on(self) -> date:
        found: date = self.month.data
        return found


class ApprovalLimitForm(FlaskForm):  # type: ignore[misc]
    currency = StringField(
        lazy_gettext("Currency"), validators=[DataRequired(lazy_gettext("Which currency?"))]
    )
    above = StringField(lazy_gettext("Two approvals above"))

    def wanted(self) -> tuple[str, int | None]:
        """Currency and minor units; None: no limit. Raises Invalid("currency") and Invalid("above")."""
        currency = (self.currency.data or "").strip().upper()
        if not is_currency(currency):
            raise Invalid("currency", "currency_unknown", currency=currency)
        typed: Any = (self.above.data or "").strip()
        if not typed:
            return currency, None
        try:
            return currency, parse_amount(typed, exponent(currency))
        except Invalid as error:
            raise Invalid("above", error.code, **error.values) from None
