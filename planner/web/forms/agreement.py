"""The form for an appointment or a must-visit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import time
from typing import Any

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import DateField, RadioField, SelectChoice, SelectField, TimeField
from wtforms.validators import DataRequired, InputRequired, Optional

APPOINTMENT, MUST_VISIT = "appointment", "must_visit"


class AgreementForm(FlaskForm):  # type: ignore[misc]
    """A fixed time with some leeway, or only the day."""

    kind = RadioField(
        lazy_gettext("What was agreed"),
        choices=[
            SelectChoice(APPOINTMENT, lazy_gettext("Appointment at a time")),
            SelectChoice(MUST_VISIT, lazy_gettext("Must-visit on the day")),
        ],
        default=APPOINTMENT,
    )
    on = DateField(lazy_gettext("Day"), validators=[DataRequired(lazy_gettext("Choose a day."))])
    begins = TimeField(lazy_gettext("Time"), validators=[Optional()])
    leeway = SelectField(
        lazy_gettext("May begin earlier or later by"),
        choices=[
            SelectChoice(0, lazy_gettext("not at all")),
            SelectChoice(10, lazy_gettext("10 minutes")),
            SelectChoice(30, lazy_gettext("30 minutes")),
            SelectChoice(60, lazy_gettext("an hour")),
        ],
        coerce=int,
        default=10,
        validators=[InputRequired()],
    )

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        """An empty time ends the field's own validators, so that it is asked for here."""
        is_valid = bool(super().validate(extra_validators))
        if self.kind.data == APPOINTMENT and self.begins.data is None and not self.begins.errors:
            self.begins.errors = [lazy_gettext("An appointment needs a time.")]
            return False
        return is_valid

    def refuse(self, field: str, sentence: str) -> None:
        """Say at the field what a rule found wrong with it."""
        self[field].errors = [*self[field].errors, sentence]

    @property
    def begins_seconds(self) -> int | None:
        """Seconds after local midnight; None for a must-visit."""
        chosen: time | None = self.begins.data
        if self.kind.data == MUST_VISIT or chosen is None:
            return None
        return chosen.hour * 3600 + chosen.minute * 60
