"""The form of a follow-up made by hand; dates in one tap, and how far one is put off."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import DateField, HiddenField, RadioField, SelectChoice, StringField
from wtforms.validators import InputRequired, Length, Optional

from planner.domain.follow_ups import LONGEST_TEXT
from planner.domain.quick_dates import LATER, Quick
from planner.services.days.follow_ups import NewFollowUp
from planner.web.words import WORDS


class QuickField(RadioField):
    """Says a date in one word, where the date field beside it is empty."""

    def __init__(self, **bound: Any) -> None:
        choices = [SelectChoice(quick.value, WORDS[Quick][quick]) for quick in Quick]
        label = lazy_gettext("In one tap")
        super().__init__(label, choices=choices, default="", validate_choice=False, **bound)

    @property
    def quick(self) -> Quick | None:
        return Quick(self.data) if self.data in set(Quick) else None


def later_of(text: str) -> Quick:
    """Raises ValueError for what nothing can be put off by."""
    quick = Quick(text)
    if quick not in LATER:
        raise ValueError(text)
    return quick


def due_of(text: str) -> date | None:
    """The date a follow-up had, empty for none. Raises ValueError."""
    return date.fromisoformat(text) if text else None


class FollowUpForm(FlaskForm):
    """``uid`` is made with the page, so that sending the form twice stores one follow-up."""

    uid = HiddenField(default=lambda: str(uuid4()))
    text = StringField(
        lazy_gettext("What is to be done"),
        validators=[
            InputRequired(lazy_gettext("Say what is to be done next.")),
            Length(max=LONGEST_TEXT, message=lazy_gettext("At most %(max)d characters.")),
        ],
    )
    due_on = DateField(lazy_gettext("By (optional)"), validators=[Optional()])
    due_in = QuickField()

    def wanted(self, account_id: int) -> NewFollowUp:
        due_on, due_in = self.due_on.data, self.due_in.quick
        return NewFollowUp(self.uid.data or "", account_id, self.text.data or "", due_on, due_in)
