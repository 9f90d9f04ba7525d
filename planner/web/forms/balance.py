"""How even a rep's days are to be: one of the choices, or the installation's."""

from __future__ import annotations

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import RadioField, SelectChoice

from planner.domain.balance import Balance
from planner.services.schedule.evenness import Choice

USUAL = ""


class BalanceForm(FlaskForm):  # type: ignore[misc]
    """The page has the words: each choice stands there with its cost."""

    balance = RadioField(
        lazy_gettext("Days are planned"),
        choices=[SelectChoice(value, value) for value in (*Balance, USUAL)],
        default=USUAL,
    )

    @classmethod
    def of(cls, choice: Choice) -> BalanceForm:
        """The form, filled with what stands."""
        return cls(balance=choice.own.value if choice.own else USUAL)

    @property
    def choice(self) -> Balance | None:
        return Balance(self.balance.data) if self.balance.data else None
