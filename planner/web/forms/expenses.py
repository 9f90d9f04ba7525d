"""The form of an expense: at a stop, in the log, and out of a phone's outbox."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from flask_babel import lazy_gettext
from flask_wtf.file import FileField
from wtforms import DateField, HiddenField, IntegerField, RadioField, SelectChoice, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Optional

from planner.domain.errors import Invalid
from planner.domain.expenses import TYPED, ExpenseCategory
from planner.domain.money import major, parse_amount
from planner.services.ledger.currencies import exponent, is_currency
from planner.services.ledger.expense_lines import NewExpense
from planner.services.ledger.expense_ties import VisitChoice
from planner.web.forms.ledger import EntryForm
from planner.web.forms.numbers import NumberField, typed
from planner.web.words import WORDS

NOTHING = 0
"""The choice of no visit, drive or account."""


class ExpenseForm(EntryForm):
    """``kept`` is the hash of a receipt that arrived with an earlier try: a wrong field does not lose it.
    ``reason`` is asked for when an expense is corrected. What phones sent before there were more fields
    leaves them out: then the currency is the one that was usual when it was noted."""

    amount = StringField(lazy_gettext("Amount"), validators=[DataRequired(lazy_gettext("How much?"))])
    currency = SelectField(lazy_gettext("Currency"))
    category = RadioField(
        lazy_gettext("What for"),
        choices=[SelectChoice(each.value, WORDS[ExpenseCategory][each]) for each in TYPED],
        validators=[InputRequired(lazy_gettext("Choose what it was for."))],
    )
    on = DateField(lazy_gettext("Day"), validators=[DataRequired(lazy_gettext("Choose a day."))])
    merchant = StringField(lazy_gettext("Where"))
    visit = SelectField(lazy_gettext("Visit it belongs to"), coerce=int, default=NOTHING)
    trip = SelectField(lazy_gettext("Drive it belongs to"), coerce=int, default=NOTHING)
    account = SelectField(lazy_gettext("Account it belongs to"), coerce=int, default=NOTHING)
    nights = IntegerField(lazy_gettext("Nights, of lodging"), validators=[Optional()])
    tax = StringField(lazy_gettext("Tax in it"))
    tax_percent = NumberField(lazy_gettext("or tax in per cent"), of=Decimal, validators=[Optional()])
    note = StringField(lazy_gettext("Note"))
    receipt = FileField(lazy_gettext("Photo of the receipt"))
    kept = HiddenField()
    reason = StringField(lazy_gettext("Why it is changed"))

    def offer(self, visits: Iterable[VisitChoice]) -> None:
        """The visits of the day to choose from."""
        self.visit.choices = _choices((visit.visit_id, visit.account_name) for visit in visits)

    def offer_ties(self, trips: Iterable[tuple[int, str]], accounts: Iterable[tuple[int, str]]) -> None:
        """Drives and accounts to choose from, by id and name."""
        self.trip.choices, self.account.choices = _choices(trips), _choices(accounts)

    def offer_currencies(self, own: str, others: Iterable[str]) -> None:
        """The claim's currency and those that can be reckoned in it. The one that was said stays to be
        chosen: on another day the claim may be in another one, and the same number would be other money."""
        self.currency.data = self.currency.data or own
        said = [self.currency.data] if is_currency(self.currency.data) else []
        self.currency.choices = list(dict.fromkeys([own, *others, *said]))

    @property
    def day(self) -> date | None:
        chosen: date | None = self.on.data
        return chosen

    @property
    def has_more(self) -> bool:
        """Whether something is said that a short form does not show."""
        fields = (self.trip, self.account, self.nights, self.tax, self.tax_percent)
        return any(field.data or field.errors for field in fields)

    def fill(self, said: NewExpense) -> None:
        """Show an expense as it was said."""
        decimals = exponent(said.currency)
        self.amount.data = typed(major(said.amount_minor, decimals))
        self.currency.data, self.category.data, self.on.data = said.currency, said.category.value, said.on
        self.merchant.data, self.note.data = said.merchant, said.note
        self.visit.data, self.trip.data = said.visit_id or NOTHING, said.trip_id or NOTHING
        self.account.data, self.nights.data = said.account_id or NOTHING, said.nights or None
        self.tax_percent.data = said.tax_percent
        self.tax.data = "" if said.tax_minor is None else typed(major(said.tax_minor, decimals))

    def expense(self, receipt_id: int | None) -> NewExpense:
        """What to enter. Raises Invalid("amount") and Invalid("tax")."""
        currency = str(self.currency.data)
        return NewExpense(
            uid=self.uid.data or "",
            on=self.on.data,
            category=ExpenseCategory(self.category.data),
            amount_minor=parse_amount(self.amount.data or "", exponent(currency)),
            currency=currency,
            merchant=self.merchant.data or "",
            note=self.note.data or "",
            visit_id=self.visit.data or None,
            trip_id=self.trip.data or None,
            account_id=self.account.data or None,
            receipt_id=receipt_id,
            nights=self.nights.data or 0,
            tax_minor=_tax(self.tax.data, currency),
            tax_percent=self.tax_percent.data,
        )


def _choices(found: Iterable[tuple[int, str]]) -> Sequence[SelectChoice]:
    return [SelectChoice(NOTHING, lazy_gettext("None")), *(SelectChoice(*each) for each in found)]


def _tax(text: str | None, currency: str) -> int | None:
    written = (text or "").strip()
    if not written:
        return None
    if not written.strip("0.,"):
        return 0
    try:
        return parse_amount(written, exponent(currency))
    except Invalid as error:
        raise Invalid("tax", error.code, **error.values) from None
