"""The forms of the log: correcting and reversing a trip, entering an expense.

Each form carries the ``uid`` of the entry it makes, so that sending it twice makes one entry.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Self
from uuid import uuid4

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import DateField, HiddenField, RadioField, SelectChoice, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length

from planner.domain.errors import Invalid
from planner.domain.expenses import ExpenseCategory
from planner.domain.mileage import METRES_PER, metres_of
from planner.domain.money import major, parse_amount
from planner.services.ledger.entry_pages import ExpensePage, TripPage
from planner.services.ledger.expenses import NewExpense, VisitChoice
from planner.services.ledger.rates import exponent
from planner.services.ledger.trip_changes import TripChange
from planner.web.words import WORDS

NO_VISIT = 0
SHORT = Length(max=400, message=lazy_gettext("At most %(max)d characters."))


class EntryForm(FlaskForm):
    uid = HiddenField(default=lambda: str(uuid4()))


class TripForm(EntryForm):
    """The distance is in the person's unit, with at most three decimals."""

    distance = StringField(lazy_gettext("Distance"), validators=[DataRequired(lazy_gettext("How far?"))])
    purpose = StringField(lazy_gettext("Purpose"), validators=[DataRequired(lazy_gettext("What for?"))])
    reason = StringField(
        lazy_gettext("Why"), validators=[DataRequired(lazy_gettext("Say why it is changed.")), SHORT]
    )

    @classmethod
    def of(cls, page: TripPage, unit: str, purpose: str) -> Self:
        """Filled with a trip as it stands, its purpose in words."""
        shown = round(Decimal(page.trip.metres) / METRES_PER[unit], 1)
        return cls(formdata=None, distance=str(shown), purpose=purpose)

    def change(self, page: TripPage, unit: str, purpose: str) -> TripChange:
        """What to enter. A distance or purpose left as it was shown stays what it is, to the metre.

        Raises Invalid("distance").
        """
        shown = self.of(page, unit, purpose)
        is_same = (self.distance.data or "").strip() == shown.distance.data
        metres = page.trip.metres if is_same else self._metres(unit)
        is_for = page.trip.purpose if self.purpose.data == purpose else self.purpose.data or ""
        return TripChange(self.uid.data or "", metres, is_for, self.reason.data or "")

    def _metres(self, unit: str) -> int:
        typed = (self.distance.data or "").strip()
        try:
            return metres_of(Decimal(typed.replace(",", ".")), unit)
        except InvalidOperation:
            raise Invalid("distance", "not_a_distance", text=typed[:20]) from None


class ReverseForm(EntryForm):
    """Stands on one page with the form that corrects, so its fields have names of their own."""

    def __init__(self, **given: Any) -> None:
        super().__init__(prefix="reverse-", **given)

    reason = StringField(
        lazy_gettext("Why"), validators=[DataRequired(lazy_gettext("Say why it counts no more.")), SHORT]
    )


class ExpenseForm(EntryForm):
    """``kept`` is the hash of a receipt that arrived with an earlier try: a wrong field does not lose it.
    ``reason`` is asked for when an expense is corrected."""

    amount = StringField(lazy_gettext("Amount"), validators=[DataRequired(lazy_gettext("How much?"))])
    category = RadioField(
        lazy_gettext("What for"),
        choices=[SelectChoice(each.value, WORDS[ExpenseCategory][each]) for each in ExpenseCategory],
        validators=[InputRequired(lazy_gettext("Choose what it was for."))],
    )
    on = DateField(lazy_gettext("Day"), validators=[DataRequired(lazy_gettext("Choose a day."))])
    merchant = StringField(lazy_gettext("Where"))
    visit = SelectField(lazy_gettext("Visit it belongs to"), coerce=int, default=NO_VISIT)
    note = StringField(lazy_gettext("Note"))
    receipt = FileField(lazy_gettext("Photo of the receipt"))
    kept = HiddenField()
    reason = StringField(lazy_gettext("Why it is changed"))

    def offer(self, visits: Iterable[VisitChoice]) -> None:
        """The visits of the day to choose from."""
        choices = [SelectChoice(NO_VISIT, lazy_gettext("None"))]
        self.visit.choices = [*choices, *(SelectChoice(v.visit_id, v.account_name) for v in visits)]

    @property
    def day(self) -> date | None:
        chosen: date | None = self.on.data
        return chosen

    def fill(self, page: ExpensePage) -> None:
        """Show an expense as it stands."""
        row = page.expense
        self.amount.data = f"{major(row.amount_minor, exponent(row.currency)):f}"
        self.category.data, self.on.data = row.category.value, row.on
        self.merchant.data, self.note.data = row.merchant, row.note
        self.visit.data = row.visit_id or NO_VISIT

    def expense(self, currency: str, receipt_id: int | None) -> NewExpense:
        """What to enter. Raises Invalid("amount")."""
        return NewExpense(
            uid=self.uid.data or "",
            on=self.on.data,
            category=ExpenseCategory(self.category.data),
            amount_minor=parse_amount(self.amount.data or "", exponent(currency)),
            currency=currency,
            merchant=self.merchant.data or "",
            note=self.note.data or "",
            visit_id=self.visit.data or None,
            receipt_id=receipt_id,
        )
