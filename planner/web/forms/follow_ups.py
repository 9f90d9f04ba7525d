"""The form of a follow-up made by hand."""

from __future__ import annotations

from uuid import uuid4

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import DateField, HiddenField, StringField
from wtforms.validators import InputRequired, Length, Optional

from planner.domain.follow_ups import LONGEST_TEXT
from planner.services.days.follow_ups import NewFollowUp


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

    def wanted(self, account_id: int) -> NewFollowUp:
        return NewFollowUp(self.uid.data or "", account_id, self.text.data or "", self.due_on.data)
